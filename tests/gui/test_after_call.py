"""What a customer lacks is asked after a call: quietly, once for each call, and by key."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from crmdesk.desk.after_call import Asking, is_talk_of, read_asking
from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.importing import CustomField
from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.gui.after_call.form import MissingForm
from crmdesk.gui.models import after_call_words
from crmdesk.store.planning.writing import PlanWriting
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, Windows, now
from tests.gui.opened_customer import jane
from tests.gui.sales_hands import CTRL, SHIFT, SalesHands, words

JANE = jane(segment="", source="", language="")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    made = SalesHands(windows, qtbot, JANE)
    require(made, "segment", "source", "custom:card")
    return made


def require(hands: SalesHands, *names: str) -> None:
    def plan(writer: object) -> object:
        PlanWriting(writer, "Ann").save_fields((CustomField("card", "Loyalty card"),))
        return PlanWriting(writer, "Ann").save_required(Situation.AFTER_CALL, names)

    hands.desk.store.write(plan).result()
    book = hands.desk.window.context.plan
    book.read()
    hands.desk.wait(lambda: book.value.required.get(Situation.AFTER_CALL) == set(names))


def talk(**facts: object) -> Call:
    """A talk with Jane that is just over."""
    at = now() - 5 * MINUTE
    values = {
        "direction": Direction.INBOUND, "caller_raw": JANE.numbers[0].raw, "answered_at": at,
        "answered_by": "1001", "ended_at": at + MINUTE, "outcome": CallOutcome.ANSWERED, **facts,
    }  # fmt: skip
    return Call(uuid.uuid4(), LINE.id, started_at=at, **values)


def shown(hands: SalesHands) -> str:
    """What the line says, "" while it is hidden."""
    bar = hands.desk.window.after_call
    return "" if bar.isHidden() else bar.text.text()


def test_what_is_missing_is_said_without_taking_the_keyboard_and_filled_in_by_key(
    hands: SalesHands,
) -> None:
    hands.press(Qt.Key.Key_N)
    note = QApplication.focusWidget()
    hands.type("She asks for")
    call = talk()
    hands.desk.save(call)
    hands.desk.wait(lambda: bool(shown(hands)))
    assert shown(hands) == "Jane Doe: segment, how they found us and loyalty card are missing."
    assert QApplication.focusWidget() is note
    hands.type(" two chairs")
    assert "She asks for two chairs" in words_of(note)
    form = hands.ask(MissingForm, Qt.Key.Key_M, CTRL | SHIFT)
    assert not form.save_button.isEnabled()
    assert isinstance(form.focusWidget(), QComboBox)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Tab)
    hands.type("SÜD-77")
    hands.save()
    hands.desk.wait(lambda: not shown(hands))
    stored = hands.read(lambda reader: reader.customer(JANE.id))
    assert (stored.segment, stored.source) == ("Gold", "Recommendation")
    assert (stored.name, stored.numbers[0].raw) == (JANE.name, JANE.numbers[0].raw)
    assert hands.read(lambda reader: reader.custom_values(JANE.id)) == {"card": "SÜD-77"}
    hands.page.card.timeline.list.setFocus()  # in the note the key takes back what is typed
    hands.undo()
    hands.desk.wait(lambda: hands.read(lambda reader: reader.customer(JANE.id)).segment == "")
    hands.desk.save(call)  # as it is when the phone system tells of it once more
    settled(hands, call)
    assert not shown(hands)


def words_of(widget: object) -> str:
    return widget.toPlainText()


def settled(hands: SalesHands, call: Call) -> None:
    """Waits until what was told of a call has arrived, and what is missing has been read."""
    asker = hands.desk.window.after_calls
    hands.desk.wait(lambda: call.id in asker.asking.asked)
    other = replace(talk(), id=uuid.uuid4(), answered_at=None)
    heard: list[uuid.UUID] = []
    hands.desk.bridge.call_changed_signal.connect(lambda row: heard.append(row.call.id))
    hands.desk.save(other)
    hands.desk.wait(lambda: other.id in heard)


def test_it_can_be_put_off_and_asks_again_after_the_next_call_for_what_is_left(
    hands: SalesHands,
) -> None:
    first = talk()
    hands.desk.save(first)
    hands.desk.wait(lambda: bool(shown(hands)))
    asker = hands.desk.window.after_calls
    remembered = read_asking(hands.desk.window.memory.get("after_call", {}))
    assert (remembered.asked, remembered.waiting) == ((first.id,), (JANE.id,))
    hands.desk.window.after_call.later.click()
    hands.desk.wait(lambda: not shown(hands))
    assert asker.asking == Asking((first.id,), ())
    asker.look()
    hands.desk.save(talk())
    hands.desk.wait(lambda: bool(shown(hands)))
    form = hands.ask(MissingForm, Qt.Key.Key_M, CTRL | SHIFT)
    hands.press(Qt.Key.Key_Down)
    hands.save()
    hands.desk.wait(lambda: not shown(hands))  # what she did not say is not asked again
    hands.desk.wait(lambda: not hands.desk.window.findChildren(MissingForm))
    hands.desk.save(talk())
    hands.desk.wait(lambda: bool(shown(hands)))
    assert shown(hands) == "Jane Doe: how they found us and loyalty card are missing."
    form = hands.ask(MissingForm, Qt.Key.Key_M, CTRL | SHIFT)
    assert "Segment" not in words(form.editor._part_of("source"))
    form.reject()
    assert shown(hands)  # the form was closed, not the question


def test_what_is_filled_in_elsewhere_is_not_asked_any_more(hands: SalesHands) -> None:
    hands.desk.save(talk())
    hands.desk.wait(lambda: bool(shown(hands)))
    hands.desk.store.write(
        lambda writer: PlanWriting(writer, "Ann").save_required(Situation.AFTER_CALL, {"segment"})
    ).result()
    hands.desk.window.context.plan.read()
    hands.desk.wait(lambda: shown(hands) == "Jane Doe: segment is missing.")
    known = hands.read(lambda reader: reader.customer(JANE.id))
    hands.desk.store.write(lambda w: w.save_customer(replace(known, segment="Gold"))).result()
    hands.page.desk.written.emit()
    hands.desk.wait(lambda: not shown(hands))
    assert hands.desk.window.after_calls.asking.waiting == ()


@pytest.mark.parametrize(
    ("facts", "extension", "is_one"),
    [
        ({}, "1001", True),
        ({}, "", True),
        ({}, "1002", False),
        ({"direction": Direction.OUTBOUND, "agent": "1002", "answered_by": None}, "1002", True),
        ({"direction": Direction.OUTBOUND, "agent": "1001"}, "1002", False),
        ({"direction": Direction.INTERNAL, "agent": "1001"}, "1001", False),
        ({"answered_at": None}, "1001", False),
        ({"ended_at": None}, "1001", False),
        ({"ended_at": datetime(2020, 5, 1, tzinfo=now().tzinfo)}, "1001", False),
    ],
)
def test_only_talks_of_this_desk_that_are_just_over_ask(
    facts: dict[str, object], extension: str, is_one: bool
) -> None:
    assert is_talk_of(talk(**facts), extension, now()) is is_one


def test_what_was_asked_is_kept_short_and_survives_a_damaged_file() -> None:
    asking, people = Asking(), [uuid.uuid4() for _ in range(30)]
    for number in range(300):
        asking = asking.ask(uuid.UUID(int=number), people[number % 30])
    assert (len(asking.asked), len(asking.waiting)) == (200, 20)
    assert asking.ask(asking.asked[0], uuid.uuid4()) is asking
    assert read_asking(asking.as_json()) == asking
    assert read_asking({"asked": ["no key"], "waiting": 7}) == Asking()
    assert asking.settle(asking.waiting[-1]).waiting == asking.waiting[:-1]


def test_many_fields_are_counted_and_one_is_named() -> None:
    plan = CompanyPlan()
    names = ("segment", "source", "language", "numbers", "emails")
    assert after_call_words.missing("Jane", names, plan) == (
        "Jane: segment, how they found us and 3 more fields are missing."
    )
    assert after_call_words.missing("Jane", ("numbers",), plan) == (
        "Jane: a phone number is missing."
    )
    assert after_call_words.others(0) == ""
    assert after_call_words.others(1) == "1 more customer after it."
