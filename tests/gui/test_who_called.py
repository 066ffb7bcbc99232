"""What is said of numbers on the pages: of a past call, of a customer's number, of the ignored."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Customer, PhoneNumber
from crmdesk.domain.ignoring import IgnoreKind
from crmdesk.domain.matches import ClaimKind, MatchRule
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.ignored import IgnoredSection
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.why.assign import AssignDialog
from crmdesk.gui.why.dialog import WhyDialog
from crmdesk.gui.why.ignore_dialog import IgnoreDialog
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from crmdesk.gui.why.steps import Subject
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, end
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import offered, take_back

SHARED, STRANGER = "+493023125100", "+442079460123"


def save(desk: Windows, *customers: Customer) -> None:
    for customer in customers:
        desk.store.write(lambda writer, one=customer: writer.save_customer(one)).result()


def ended_call(desk: Windows, number: str) -> Call:
    """A call of just now, opened on the calls page."""
    at = datetime.now(UTC)
    call = Call(
        uuid.uuid4(), "support", Direction.INBOUND, at, number, first_rang_at=at, ended_at=at,
        outcome=CallOutcome.MISSED,
    )  # fmt: skip
    desk.save(call)
    desk.window.open_call(call.id)
    desk.wait(lambda: desk.calls.who.detail is not None and desk.calls.detail_stack.isVisible())
    return call


def customer_of(desk: Windows, call: Call) -> uuid.UUID | None:
    row = desk.store.read(lambda reader: reader.call_row(call.id)).result()
    assert row is not None
    return row.customer_id


def press(desk: Windows, text: str, within: QWidget) -> None:
    """Presses the first visible button of a name, once it is there."""

    def found() -> list[QPushButton]:
        shown = [b for b in within.findChildren(QPushButton) if b.isVisible()]
        return [b for b in shown if text in {b.text(), b.accessibleName()}]

    desk.wait(lambda: bool(found()))
    found()[0].click()


def texts(of: QWidget) -> str:
    return " | ".join(w.text() for w in of.findChildren(QLabel) if w.isVisible())


def two_of_one_number() -> tuple[Customer, Customer]:
    one = jane()
    return one, replace(jane(), id=uuid.uuid4(), name="Ben Brandt", emails=())


def test_one_of_several_is_chosen_for_a_past_call(windows: Windows) -> None:  # noqa: F811
    one, other = two_of_one_number()
    save(windows, one, other)
    call = ended_call(windows, SHARED)
    page = windows.calls
    windows.wait(lambda: "One of several customers" in texts(page.detail))
    assert customer_of(windows, call) is None
    press(windows, "Choose Ben Brandt", page.detail)
    windows.wait(lambda: customer_of(windows, call) == other.id)
    windows.wait(page.undo_bar.isVisible)
    assert "Ben Brandt" in page.undo_bar.text()
    windows.wait(lambda: "An agent chose it for this call." in texts(page.detail))
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: customer_of(windows, call) is None)
    windows.wait(lambda: page.undo_bar.text().startswith("Taken back"))
    windows.wait(lambda: "One of several customers" in texts(page.detail))


def test_what_was_so_already_offers_no_undo(windows: Windows) -> None:  # noqa: F811
    one, other = two_of_one_number()
    save(windows, one, other)
    call = ended_call(windows, SHARED)
    page = windows.calls
    windows.wait(lambda: "One of several customers" in texts(page.detail))
    steps = page.undo_bar._steps
    about = Subject(SHARED, SHARED, other.id, other.name, call.id)
    for rows in (1, 0):
        told: list[ChangeSet] = []
        steps.done.connect(lambda change, _call, told=told: told.append(change))
        steps.choose(about)
        windows.wait(lambda told=told: bool(told))
        assert told[0].rows == rows
        assert page.undo_bar._undo.isHidden() == (not rows)
    assert steps.last is None


def test_w_says_why_and_not_this_person_is_undone_with_a_key(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = jane()
    save(windows, customer)
    call = ended_call(windows, SHARED)
    page = windows.calls
    windows.wait(lambda: page.detail.why.isVisible())
    page.activate()
    qtbot.keyClick(page.table.view, keys.WHY.sequence.lower())
    dialog = windows.dialog(WhyDialog)
    assert "The whole number is the same." in texts(dialog)
    press(windows, "Copy for support", dialog)
    assert "Jane" not in QApplication.clipboard().text()
    press(windows, "Not this person", dialog)
    question = windows.dialog(NotThisPersonDialog)
    assert isinstance(question, NotThisPersonDialog)
    question.never.setChecked(True)
    question.accept()
    windows.wait(lambda: customer_of(windows, call) is None)
    windows.wait(page.undo_bar.isVisible)
    windows.window.activateWindow()  # a window manager does that when a dialog is gone
    page.activate()
    windows.wait(page.table.view.hasFocus)
    offered(page.undo_bar, windows.store, windows.wait)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    windows.wait(lambda: customer_of(windows, call) == customer.id)


def test_only_a_past_call_was_somebody_else_s(windows: Windows) -> None:  # noqa: F811
    customer = jane()
    save(windows, customer)
    call = ended_call(windows, SHARED)
    page = windows.calls
    windows.wait(lambda: page.detail.why.isVisible())
    press(windows, "Not this person", page.detail)
    question = windows.dialog(NotThisPersonDialog)
    assert isinstance(question, NotThisPersonDialog)
    question.only_call.setChecked(True)
    question.accept()
    windows.wait(lambda: customer_of(windows, call) is None)
    windows.wait(lambda: "from somebody else" in texts(page.detail))
    assert windows.store.read(lambda reader: reader.claims(SHARED)).result() == ()


def test_a_stranger_of_a_past_call_is_assigned_in_place(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = jane()
    save(windows, customer)
    call = ended_call(windows, STRANGER)
    windows.wait(lambda: windows.calls.detail._assign.isVisible())
    press(windows, "Assign to customer", windows.calls.detail)
    dialog = windows.dialog(AssignDialog)
    assert isinstance(dialog, AssignDialog)
    qtbot.keyClicks(dialog.search, "jane")
    windows.wait(lambda: dialog.model.rowCount() == 1)
    dialog.save()
    windows.wait(lambda: customer_of(windows, call) == customer.id)
    assert windows.window.stack.currentWidget() is windows.calls
    windows.wait(windows.calls.undo_bar.isVisible)
    take_back(windows.calls.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: customer_of(windows, call) is None)


def menu_of(desk: Windows, number: str) -> dict[str, object]:
    """The menu of a number on the customer's page, by text."""
    buttons = desk.window.customers().card.side.findChildren(QToolButton)
    (more,) = [b for b in buttons if b.accessibleName() == f"More for {number}"]
    menu = more.menu()
    assert isinstance(menu, QMenu)
    return {action.text(): action for action in menu.actions()}


def test_a_number_of_a_customer_ends_and_comes_back(windows: Windows) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    menu_of(windows, "030 23125100")["Not theirs, or no longer…"].trigger()  # type: ignore[attr-defined]
    question = windows.dialog(NotThisPersonDialog)
    assert isinstance(question, NotThisPersonDialog)
    assert not question.only_call.isVisible()
    question.accept()
    windows.wait(lambda: "until" in texts(page.card.side))
    take_back(page.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: "until" not in texts(page.card.side))


def test_a_remembered_choice_is_seen_and_forgotten(windows: Windows) -> None:  # noqa: F811
    one, other = two_of_one_number()
    save(windows, other)
    save(windows, one)
    windows.store.write(
        lambda writer: writer.choose_owner(SHARED, one.id, None, "Anna", remember=True)
    ).result()
    page = opened(windows, one)
    windows.wait(lambda: "Remembered choice of Anna" in texts(page.card.side))
    menu_of(windows, "030 23125100")["Forget the remembered choice"].trigger()  # type: ignore[attr-defined]
    windows.wait(lambda: "Remembered choice" not in texts(page.card.side))
    assert windows.store.read(lambda reader: reader.claims(SHARED)).result() == ()


def test_a_number_of_former_days_stands_below_and_says_so(windows: Windows) -> None:  # noqa: F811
    old = PhoneNumber("0171 39200123", "+4917139200123", "mobile", until=date(2023, 12, 31))
    now_theirs = PhoneNumber("030 23125 100", SHARED, "work")
    customer = jane(numbers=(old, now_theirs))
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    windows.store.write(
        lambda writer: writer.deny_number(SHARED, customer.id, "Ben", "a wrong digit")
    ).result()
    page = opened(windows, customer)
    said = texts(page.card.side)
    assert "mobile · until 2023" in said
    assert said.index("030 23125100") < said.index("0171 39200123")
    assert "a wrong digit" in said
    claims = windows.store.read(lambda reader: reader.claims(SHARED)).result()
    assert [claim.kind for claim in claims] == [ClaimKind.DENIED]


@pytest.fixture
def section(windows: Windows) -> Iterator[IgnoredSection]:  # noqa: F811
    book = SettingsBook(windows.core, windows.window._runtime)
    made = IgnoredSection(book)
    made.show()
    made.enter()
    yield made
    end(made)
    book.deleteLater()


def test_the_ignored_are_listed_added_removed_and_brought_back(
    section: IgnoredSection,
    windows: Windows,  # noqa: F811
) -> None:
    assert section.empty.isVisible()
    section.add.click()
    dialog = windows.dialog(IgnoreDialog)
    assert isinstance(dialog, IgnoreDialog)
    dialog.kinds[IgnoreKind.PREFIX].setChecked(True)
    dialog.text.setText("+44 20 7946")
    dialog.reason.setText("sells solar roofs")
    dialog.accept()
    windows.wait(lambda: len(section.rules()) == 1)
    (rule,) = section.rules()
    assert (rule.kind, rule.text, rule.who) == (IgnoreKind.PREFIX, "+44207946", "Alice Adler")
    assert not section.remove.isEnabled()
    section.list.setCurrentIndex(section.list.model().index(0, 0))
    section.remove.click()
    windows.wait(lambda: section.rules() == ())
    take_back(section.undo_bar, windows.store, windows.wait)
    windows.wait(lambda: len(section.rules()) == 1)


@pytest.mark.parametrize(
    ("kind", "text", "is_right"),
    [
        (IgnoreKind.EXACT, "+49 30 (23125) 710", True),
        (IgnoreKind.EXACT, "030 23125710", False),
        (IgnoreKind.EXACT, "+49 30 2312?", False),
        (IgnoreKind.PREFIX, "+4930", True),
        (IgnoreKind.PREFIX, "+", False),
        (IgnoreKind.PATTERN, "+49302312????", True),
        (IgnoreKind.PATTERN, "*", False),
        (IgnoreKind.PATTERN, "(a+)+$", False),
        (IgnoreKind.PATTERN, "+" + "?" * 40, False),
    ],
)
def test_what_would_ignore_nearly_everybody_is_refused(
    section: IgnoredSection,
    windows: Windows,  # noqa: F811
    kind: IgnoreKind,
    text: str,
    is_right: bool,
) -> None:
    dialog = IgnoreDialog(section, "", section.steps)
    dialog.kinds[kind].setChecked(True)
    dialog.text.setText(text)
    assert (dialog.rule() is not None) is is_right
    assert dialog._ignore.isEnabled() is is_right
    assert isinstance(dialog, QDialog)
    dialog.accept()
    wanted = 1 if is_right else 0
    windows.wait(lambda: len(section.rules()) == wanted)


def test_a_choice_is_a_rule_of_its_own(windows: Windows) -> None:  # noqa: F811
    one, other = two_of_one_number()
    save(windows, one, other)
    call = ended_call(windows, SHARED)
    windows.wait(lambda: "One of several customers" in texts(windows.calls.detail))
    press(windows, "Choose Jane Doe", windows.calls.detail)
    windows.wait(lambda: customer_of(windows, call) == one.id)
    row = windows.store.read(lambda reader: reader.call_row(call.id)).result()
    assert row is not None
    assert row.match_rule is MatchRule.CHOSEN
