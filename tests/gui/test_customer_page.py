"""One customer on a real store: head, timeline, form, numbers."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.customers import CustomerKind, PhoneNumber, TimelineKind
from crmdesk.gui.models.timeline_items import Heading
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_values import (
    blank,
    date_error,
    email_error,
    read_number,
    reread_number,
)
from crmdesk.gui.why.assign import AssignDialog
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.widgets.text import ElidedLabel
from crmdesk.matching.numbers import line_rules
from crmdesk.store import StoreFull, Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, Windows, now
from tests.gui.opened_customer import entries, jane, opened

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_head_answers_at_one_glance(windows: Windows) -> None:  # noqa: F811
    customer = jane(salutation="Frau Doe", do_not_call=True)
    page = opened(windows, customer)
    chips = {chip.text() for chip in page.card.header._chips.values() if chip.isVisible()}
    assert chips == {"Gold", "Active", "German", "Do not call"}
    assert "Say Frau Doe" in page.card.header._address_as.full_text()
    texts = {label.text() for label in page.card.side.findChildren(QLabel)}
    assert {"030 23125100", "work", "jane@example.com", "work e-mail"} <= texts


def test_a_number_is_copied_and_called_from_its_row(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane(do_not_call=True))
    from PySide6.QtWidgets import QToolButton

    by_name = {b.accessibleName(): b for b in page.card.side.findChildren(QToolButton)}
    menu = {action.text(): action for action in by_name["More for 030 23125100"].menu().actions()}
    menu["Copy"].trigger()
    assert QApplication.clipboard().text() == "+493023125100"
    by_name["Call 030 23125100"].click()
    texts = [label.text() for label in windows.dialog(Question).findChildren(QLabel)]
    assert "This customer does not want to be called." in texts


def test_days_gaps_and_kinds_of_the_timeline(windows: Windows) -> None:  # noqa: F811
    customer, start = jane(), now()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        writer.add_note(customer.id, "newest", "Ben", start)
        old = start - timedelta(days=40)
        writer.add_interaction(customer.id, TimelineKind.EMAIL, old, title="Old mail")

    windows.store.write(fill).result()
    page = opened(windows, customer)
    windows.wait(lambda: len(entries(page)) == 2)
    model = page.card.timeline.model
    headings = [i.text for i in map(model.item, range(model.rowCount())) if isinstance(i, Heading)]
    assert headings[0] == "Today"
    assert headings[1] == "Nothing for 5 weeks"
    chips = page.card.timeline.chips.chips
    chips["E-mails"].click()
    windows.wait(lambda: entries(page) == ["Old mail"])
    assert not chips["All"].isChecked()
    chips["Notes"].click()
    windows.wait(lambda: entries(page) == ["newest", "Old mail"])
    for name in ("E-mails", "Notes", "Surveys"):
        chips[name].click()
    windows.wait(lambda: page.card.timeline._stack.currentWidget() is page.card.timeline._empty)
    assert page.card.timeline._empty._title.text() == "Nothing of this kind yet."


def test_kinds_without_entries_are_folded_into_more(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    windows.store.write(lambda writer: writer.add_note(customer.id, "one", "Ben", now())).result()
    page = opened(windows, customer)
    bar = page.card.timeline.chips
    shown = lambda: [title for title, chip in bar.chips.items() if chip.isVisible()]  # noqa: E731
    assert shown() == ["All", "Notes"]
    bar.more.click()
    windows.wait(lambda: bar.more.findChild(QMenu) is not None)
    menu = bar.more.findChild(QMenu)
    next(one for one in menu.actions() if one.text() == "Surveys").trigger()
    menu.close()
    assert shown() == ["All", "Notes", "Surveys"]
    assert bar.kinds() == (TimelineKind.SURVEY,)
    windows.wait(lambda: entries(page) == [])
    bar.chips["All"].click()
    assert shown() == ["All", "Notes"]
    stops = [one for one in (*bar.chips.values(), bar.more) if one.focusPolicy() & Qt.TabFocus]
    assert [one.isVisible() for one in stops] == [True]


def test_the_promise_in_the_head_is_not_said_again_below(windows: Windows) -> None:  # noqa: F811
    customer, at = jane(), now()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for title, days in (("10 % off", 1), ("call about the desk", 3)):
            due = at + timedelta(days=days)
            writer.add_follow_up(customer.id, at, title=title, due_at=due, kind="promise")

    windows.store.write(fill).result()
    page = opened(windows, customer)
    said = [one.full_text() for one in page.card.since.findChildren(ElidedLabel)]
    head = [one.full_text() for one in page.card.header.glance.findChildren(ElidedLabel)]
    assert any("10 % off" in text for text in head)
    assert not any("10 % off" in text for text in said)
    assert any("call about the desk" in text for text in said)


def test_search_inside_a_long_timeline_finds_the_oldest(windows: Windows) -> None:  # noqa: F811
    customer, start = jane(), now()

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for number in range(230):
            at = start - timedelta(hours=number)
            writer.add_note(customer.id, f"note {number}", "Ben", at)
        writer.add_note(customer.id, "the Needle in it", "Ben", start - timedelta(days=60))

    windows.store.write(fill).result()
    page = opened(windows, customer)
    windows.wait(lambda: len(entries(page)) == 50)
    bar = page.card.timeline.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    windows.wait(lambda: len(entries(page)) == 100)
    page.card.timeline._search("needle")
    windows.wait(lambda: entries(page) == ["the Needle in it"])


def test_an_entry_opens_in_place_with_all_of_its_text(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    text = "A long story. " * 40
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    windows.store.write(lambda writer: writer.add_note(customer.id, text, "Ben", now())).result()
    page = opened(windows, customer)
    view, model = page.card.timeline.list, page.card.timeline.model
    windows.wait(lambda: model.rowCount() == 2)
    closed = view.visualRect(model.index(1, 0)).height()
    view.setFocus()
    page.card.timeline.move_cursor(1)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    windows.wait(lambda: view.visualRect(model.index(1, 0)).height() > 3 * closed)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    windows.wait(lambda: view.visualRect(model.index(1, 0)).height() == closed)


def test_the_form_checks_as_one_types_and_saves(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    page.card.timeline.list.setFocus()
    qtbot.keyClick(page.card.timeline.list, Qt.Key.Key_E)
    form = windows.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    form.editor.texts["name"].clear()
    assert form.editor.fields["name"]._note.text() == "A customer needs a name."
    form.save()
    assert form.isVisible()
    form.editor.texts["name"].setText("Jane Miller")
    form.editor.texts["company"].setText("Miller & Söhne")
    row = form.editor.numbers.rows()[0]
    row.edit.setText("030 23125 777")
    assert row.note.text() == "+49 30 23125777"
    windows.wait(form.isActiveWindow)
    qtbot.keyClick(form.editor.texts["name"], Qt.Key.Key_Return, CTRL)
    windows.wait(lambda: page.card.header._name.full_text() == "Jane Miller")
    saved = windows.store.read(lambda reader: reader.customer(customer.id)).result()
    assert saved is not None
    assert [number.e164 for number in saved.numbers] == ["+493023125777"]
    assert saved.company_name == "Miller & Söhne"
    company = windows.store.read(lambda reader: reader.customer(saved.company_id)).result()
    assert company is not None
    assert company.kind is CustomerKind.COMPANY


def test_a_known_company_is_not_made_twice(windows: Windows) -> None:  # noqa: F811
    company = replace(blank(now()), kind=CustomerKind.COMPANY, name="Hansen Logistics")
    windows.store.write(lambda writer: writer.save_customer(company)).result()
    page = opened(windows, jane())
    page.edit()
    form = windows.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    form.editor.texts["company"].setText("hansen logistics")
    form.save()
    windows.wait(lambda: "Hansen Logistics" in page.card.header._what.full_text())
    assert windows.store.read(lambda reader: reader.counts()).result().customers == 2


def test_closing_a_changed_form_asks_first(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane())
    page.edit()
    form = windows.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    form.editor.choices["segment"].setCurrentIndex(
        form.editor.choices["segment"].findData("Silver")
    )
    form.reject()
    assert form.isVisible()
    windows.dialog(Question).accept()
    windows.wait(
        lambda: not [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is form]
    )


def test_an_unknown_caller_becomes_a_customer_with_the_number(windows: Windows) -> None:  # noqa: F811
    windows.window.show_new_customer("+493023125777")
    form = windows.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    assert form.editor.numbers.rows()[0].edit.text() == "+493023125777"
    form.editor.texts["name"].setText("Nia New")
    form.save()
    page = windows.window.customers()
    windows.wait(lambda: page.card.header._name.full_text() == "Nia New")
    owners = windows.store.read(lambda reader: reader.by_e164("+493023125777")).result()
    assert [owner.name for owner in owners] == ["Nia New"]


def _missed(desk: Windows, number: str) -> Call:
    call = Call(
        uuid.uuid4(), "support", Direction.INBOUND, now(), number, first_rang_at=now(),
        ended_at=now(), outcome=CallOutcome.MISSED,
    )  # fmt: skip
    assert desk.save(call).customer_id is None
    return call


def test_the_call_a_customer_was_made_from_is_theirs(windows: Windows) -> None:  # noqa: F811
    call = _missed(windows, "+493023125777")
    windows.window.show_new_customer("+493023125777", "Nia New")
    form = windows.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    assert form.editor.texts["name"].selectedText() == "Nia New"
    assert form.editor.numbers.values() == [("+493023125777", "work")]
    form.save()
    page = windows.window.customers()
    windows.wait(lambda: page.card.header._name.full_text() == "Nia New")
    windows.wait(lambda: bool(entries(page)))
    row = windows.store.read(lambda reader: reader.call_row(call.id)).result()
    assert row is not None
    assert row.customer_name == "Nia New"


def test_the_call_of_an_assigned_number_is_theirs(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    call, customer = _missed(windows, "+4917139200001"), jane()
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    windows.window.show_assign("+4917139200001")
    dialog = windows.dialog(AssignDialog)
    assert isinstance(dialog, AssignDialog)
    assert dialog.kind.currentData() == "mobile"
    qtbot.keyClicks(dialog.search, "jane")
    windows.wait(lambda: dialog.model.rowCount() == 1)
    dialog.save()
    windows.wait(lambda: windows.window.customers().opened() == customer.id)
    row = windows.store.read(lambda reader: reader.call_row(call.id)).result()
    assert row is not None
    assert row.customer_id == customer.id


def test_a_number_is_assigned_to_somebody_known(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    windows.window.show_assign("+493023125777")
    dialog = windows.dialog(AssignDialog)
    assert isinstance(dialog, AssignDialog)
    assert not dialog._save.isEnabled()
    qtbot.keyClicks(dialog.search, "jane")
    windows.wait(lambda: dialog.model.rowCount() == 1)
    dialog.save()
    windows.wait(lambda: windows.window.customers().opened() == customer.id)
    saved = windows.store.read(lambda reader: reader.customer(customer.id)).result()
    assert saved is not None
    assert {number.e164 for number in saved.numbers} == {"+493023125100", "+493023125777"}


def test_a_customer_that_is_gone_is_told_in_words(windows: Windows) -> None:  # noqa: F811
    windows.window.open_customer(uuid.uuid4())
    page = windows.window.customers()
    windows.wait(page.trouble.isVisible)
    assert "no longer in the store" in page.trouble._what.text()


def test_only_the_last_of_several_answers_is_shown(windows: Windows) -> None:  # noqa: F811
    def fill(writer: Writer) -> None:
        for name in ("Anna Adler", "Bernd Bauer"):
            writer.save_customer(replace(blank(now()), name=name))

    windows.store.write(fill).result()
    finder = windows.window.customers().finder
    for text in ("anna", "b", "bernd"):
        finder.look_for(text)
    windows.wait(lambda: finder.model.rowCount() == 1)
    assert finder.model.hit(0).name == "Bernd Bauer"
    finder.look_for("xyz")
    windows.wait(lambda: finder._stack.currentWidget() is finder.empty)
    assert finder.empty._title.text() == "No customer matches “xyz”."


def test_a_page_that_could_not_be_read_is_asked_for_again(windows: Windows) -> None:  # noqa: F811
    page = opened(windows, jane())
    page.finder.model.append((), has_more=True)
    page.card.timeline.model.append((), now(), has_more=True)
    for model, failed in (
        (page.finder.model, page.finder._page_failed),
        (page.card.timeline.model, page.timeline._page_failed),
    ):
        with QSignalBlocker(model):
            model.fetchMore(QModelIndex())
        assert not model.canFetchMore(QModelIndex())
        failed(StoreFull())
        assert model.canFetchMore(QModelIndex())
    assert page.trouble.isVisible()


def test_a_number_that_was_not_touched_stays_what_it_was() -> None:
    imported = PhoneNumber("020 7946 0123", "+442079460123", "work", "12")
    rules = line_rules(LINE)
    same = reread_number("020 7946 0123", "mobile", (imported,), rules)
    assert same.number == replace(imported, label="mobile")
    assert same.note == "+44 20 7946 0123 ext. 12"
    typed = reread_number("030 23125 777", "work", (imported,), rules)
    assert typed.number is not None
    assert typed.number.e164 == "+493023125777"


@pytest.mark.parametrize(
    ("text", "tone", "e164"),
    [
        ("030 23125 200", "good", "+493023125200"),
        ("+44 20 7946 0123", "good", "+442079460123"),
        ("", "muted", None),
        ("anonymous", "bad", None),
        ("call me", "bad", None),
        ("12", "warn", None),
    ],
)
def test_typed_numbers_are_read_as_they_would_be_when_they_call(
    text: str, tone: str, e164: str | None
) -> None:
    reading = read_number(text, "work", line_rules(LINE))
    assert reading.tone == tone
    assert (reading.number.e164 if reading.number else None) == e164


def test_e_mails_and_days_are_checked() -> None:
    assert email_error("jane@example.com") == ""
    assert email_error("") == ""
    assert email_error("jane(at)example")
    assert [date_error(day, now()) for day in ("2019-05-31", "31.5.2019", "31 May 2019", "")] == [
        ""
    ] * 4
    assert date_error("last May", now())
