"""The survey for the end of a call is offered: quietly, once for each call, and by key."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.outreach import Channel, Consent
from crmdesk.domain.planning import Situation
from crmdesk.domain.surveys import Survey, SurveyAnswer, SurveyScale
from crmdesk.gui.surveys.ask_dialog import AskDialog
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.store.surveys.writing import SurveyWriting
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, Windows, now
from tests.gui.opened_customer import jane
from tests.gui.sales_hands import SalesHands

JANE = jane(segment="")
MINUTE = timedelta(minutes=1)
AFTER = Survey(uuid.uuid4(), "After a call", SurveyScale.CSAT, "How was it?", (), True)
OTHER = Survey(uuid.uuid4(), "Once a year", SurveyScale.NPS, "How likely?")
SAID = "Jane Doe can be asked: After a call."


@pytest.fixture
def hands(windows: Windows, qtbot: QtBot) -> SalesHands:  # noqa: F811
    made = SalesHands(windows, qtbot, JANE)
    made.write(lambda writer: SurveyWriting(writer, "Ann").save((OTHER, AFTER)))
    return made


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
    bar = hands.desk.window.survey_bar
    return "" if bar.isHidden() else bar.text.text().replace("\u2068", "").replace("\u2069", "")


def settled(hands: SalesHands, call: Call) -> None:
    """Waits until a call that asks nobody was looked at to the end."""
    offers = hands.desk.window.survey_offers
    hands.desk.wait(lambda: call.id in offers.asking.asked and not offers.asking.waiting)


def test_it_is_offered_without_taking_the_keyboard_and_asked_by_key(hands: SalesHands) -> None:
    hands.press(Qt.Key.Key_N)
    note = QApplication.focusWidget()
    hands.type("She asks for")
    call = talk()
    hands.desk.save(call)
    hands.desk.wait(lambda: shown(hands) == SAID)
    assert QApplication.focusWidget() is note
    hands.type(" five vases")
    assert "She asks for five vases" in note.toPlainText()
    assert hands.desk.window.survey_bar.fill.text() == "Ask  V"
    note.clearFocus()  # a note takes the letter
    dialog = hands.ask(AskDialog, Qt.Key.Key_V)
    assert dialog.chosen == AFTER
    hands.qtbot.keyClick(dialog.scores, Qt.Key.Key_5)
    assert dialog.save_button.isEnabled()
    hands.save()
    hands.desk.wait(lambda: not shown(hands))
    (answer,) = hands.read(lambda reader: reader.survey_answers_of(JANE.id))
    assert (answer.score, answer.call_id) == (5, call.id)
    again = talk()
    hands.desk.save(again)
    settled(hands, again)
    assert not shown(hands), "she was asked lately"


def test_elsewhere_the_key_is_the_lines_and_beside_another_customer_the_button(
    hands: SalesHands,
) -> None:
    hands.desk.save(talk())
    hands.desk.wait(lambda: shown(hands) == SAID)
    max_ = replace(jane(), id=uuid.uuid4(), name="Max Neumann", numbers=(), emails=())
    hands.write(lambda writer: writer.save_customer(max_))
    hands.desk.window.open_customer(max_.id)
    bar = hands.desk.window.survey_bar
    hands.desk.wait(lambda: bar.fill.text() == "Ask")
    bar.fill.click()
    hands.desk.wait(lambda: bool(hands.desk.window.findChildren(AskDialog)))
    asked = hands.desk.dialog(AskDialog)
    assert asked._form.customer.id == JANE.id
    asked.reject()
    hands.desk.wait(lambda: not hands.desk.window.findChildren(AskDialog))
    hands.desk.window.show_page("tickets")
    hands.desk.wait(lambda: bar.fill.text() == "Ask  V")
    assert hands.ask(AskDialog, Qt.Key.Key_V)._form.customer.id == JANE.id


def test_later_means_after_the_next_call(hands: SalesHands) -> None:
    first = talk()
    hands.desk.save(first)
    hands.desk.wait(lambda: shown(hands) == SAID)
    hands.desk.window.survey_bar.later.click()
    assert not shown(hands)
    heard: list[object] = []
    hands.desk.bridge.call_changed_signal.connect(heard.append)
    hands.desk.save(first)  # as it is when the phone system tells of it once more
    hands.desk.wait(lambda: bool(heard))
    assert not shown(hands)
    hands.desk.save(talk())
    hands.desk.wait(lambda: shown(hands) == SAID)


def test_what_is_missing_is_asked_first(hands: SalesHands) -> None:
    hands.desk.store.write(
        lambda writer: PlanWriting(writer, "Ann").save_required(Situation.AFTER_CALL, {"segment"})
    ).result()
    book = hands.desk.window.context.plan
    book.read()
    hands.desk.wait(lambda: bool(book.value.required.get(Situation.AFTER_CALL)))
    hands.desk.save(talk())
    first = hands.desk.window.after_call
    hands.desk.wait(lambda: not first.isHidden() and bool(hands.desk.window.survey_offers.offers))
    assert not shown(hands), "one line at a time"
    first.later.click()
    hands.desk.wait(lambda: first.isHidden())
    assert shown(hands) == SAID


def _answered(hands: SalesHands) -> None:
    answer = SurveyAnswer(uuid.uuid4(), JANE.id, now() - timedelta(days=20), SurveyScale.NPS, 9)
    hands.write(lambda writer: SurveyWriting(writer, "Ann").answer(answer))


def _refused(hands: SalesHands) -> None:
    said = Consent(uuid.uuid4(), JANE.id, now(), Channel.PHONE, "surveys", is_given=False)
    hands.write(lambda writer: writer.record_consents((said,), "Ann"))


def _not_to_be_called(hands: SalesHands) -> None:
    known = hands.read(lambda reader: reader.customer(JANE.id))
    hands.write(lambda writer: writer.save_customer(replace(known, do_not_call=True)))


def _no_survey_of_calls(hands: SalesHands) -> None:
    hands.write(lambda writer: SurveyWriting(writer, "Ann").save((OTHER,)))


@pytest.mark.parametrize("why_not", [_answered, _refused, _not_to_be_called, _no_survey_of_calls])
def test_who_does_not_want_it_is_not_asked(hands: SalesHands, why_not: object) -> None:
    why_not(hands)
    call = talk()
    hands.desk.save(call)
    settled(hands, call)
    assert not shown(hands)
