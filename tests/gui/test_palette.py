"""The search over everything, by keyboard, on a real store."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crmdesk.domain.customers import PhoneNumber
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pages.customers.form_values import blank
from crmdesk.gui.palette.commands import number_choices
from crmdesk.gui.palette.palette import CommandPalette
from crmdesk.gui.widgets.cells import CELL
from crmdesk.gui.widgets.messages import Question
from crmdesk.matching.numbers import line_rules
from crmdesk.store import Writer
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import LINE, Windows, now


def palette(desk: Windows) -> CommandPalette:
    """Opens it."""
    desk.window.show_palette()
    made = desk.dialog(CommandPalette)
    assert isinstance(made, CommandPalette)
    return made


def rows(made: CommandPalette) -> list[object]:
    return [made.model.data(made.model.index(row, 0)) for row in range(made.model.rowCount())]


def test_customers_are_found_and_opened_with_enter(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    number = PhoneNumber("+493023125100", "+493023125100")
    customer = replace(blank(now()), name="Jane Doe", numbers=(number,))
    windows.store.write(lambda writer: writer.save_customer(customer)).result()
    made = palette(windows)
    qtbot.keyClicks(made.search, "jan")
    windows.wait(lambda: rows(made)[:1] == ["Jane Doe"])
    qtbot.keyClick(made.search, Qt.Key.Key_Return)
    page = windows.window.customers()
    windows.wait(lambda: page.card.header._name.full_text() == "Jane Doe")


def test_arrows_choose_a_command_while_one_types(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    made = palette(windows)
    assert "New customer" in rows(made)
    qtbot.keyClicks(made.search, "go")
    windows.wait(lambda: all(row.startswith("Go to ") for row in rows(made)))
    assert rows(made)[:2] == ["Go to calls", "Go to customers"]
    qtbot.keyClick(made.search, Qt.Key.Key_Down)
    qtbot.keyClick(made.search, Qt.Key.Key_Return)
    assert windows.window.stack.currentWidget() is windows.window.customers()


def test_a_number_can_be_called_after_it_was_shown(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    made = palette(windows)
    qtbot.keyClicks(made.search, "030 23125777")
    windows.wait(lambda: "Call 030 23125777" in rows(made))
    qtbot.keyClick(made.search, Qt.Key.Key_Return)
    texts = [label.text() for label in windows.dialog(Question).findChildren(QLabel)]
    assert "Call 030 23125777?" in texts


def test_a_number_becomes_a_new_customer(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    made = palette(windows)
    qtbot.keyClicks(made.search, "030 23125777")
    windows.wait(lambda: len(rows(made)) == 2)
    qtbot.keyClick(made.search, Qt.Key.Key_Down)
    qtbot.keyClick(made.search, Qt.Key.Key_Return)
    form = windows.dialog(CustomerForm)
    assert isinstance(form, CustomerForm)
    assert form.editor.numbers.rows()[0].edit.text() == "+493023125777"


def test_words_and_short_figures_are_no_numbers() -> None:
    rules = line_rules(LINE)
    for text in ("", "12", "jane 030", "order 1042"):
        assert number_choices(text, rules, str) == []


def test_who_types_fast_gets_what_was_typed(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    made = palette(windows)
    assert rows(made)[:1] == ["Go to calls"]
    qtbot.keyClicks(made.search, "import cust")
    qtbot.keyClick(made.search, Qt.Key.Key_Return)
    windows.wait(lambda: windows.window.stack.currentWidget() is windows.window.pages["imports"])


def test_records_are_found_by_their_words_and_opened_at_their_customer(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = replace(blank(now()), name="Jane Doe")

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        text = "First line\nShe asked about the Quittungsblock, <b>urgently</b>"
        writer.add_note(customer.id, text, "Ben", now())
        writer.add_order(customer.id, now(), number="88-21", title="Toner", total_cents=100)

    windows.store.write(fill).result()
    made = palette(windows)
    qtbot.keyClicks(made.search, "quittungsbl")
    windows.wait(lambda: rows(made)[:2] == ["Notes, e-mails and visits", "First line"])
    assert made.list.currentIndex().row() == 1
    cell = made.model.data(made.model.index(1, 0), CELL)
    assert "She asked about the Quittungsblock" in cell.second
    qtbot.keyClick(made.search, Qt.Key.Key_Return)
    page = windows.window.customers()
    windows.wait(lambda: page.card.shows_record)
    assert page.card.header._name.full_text() == "Jane Doe"
    view = page.card.record.view
    assert view is not None
    assert any("<b>urgently</b>" in text.accessibleName() for text in view.findChildren(QLabel))
    windows.window.activateWindow()
    windows.wait(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    windows.wait(lambda: not page.card.shows_record)
    windows.window.go_back()
    windows.wait(lambda: page.card.shows_record)
    windows.window.go_forward()
    windows.wait(lambda: not page.card.shows_record)


def test_a_record_of_the_very_number_stands_before_everybody(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    number = PhoneNumber("+493023125882", "+493023125882")
    customer = replace(blank(now()), name="Jane Doe", numbers=(number,))

    def fill(writer: Writer) -> None:
        writer.save_customer(customer)
        for name in ("5882", "58821"):
            writer.add_order(customer.id, now(), number=name, title="Toner", total_cents=100)

    windows.store.write(fill).result()
    made = palette(windows)
    qtbot.keyClicks(made.search, "5882")
    expected = ["Order 5882: Toner", "Jane Doe", "Orders", "Order 58821: Toner"]
    windows.wait(lambda: rows(made)[:4] == expected)
    qtbot.keyClick(made.search, Qt.Key.Key_Down)
    qtbot.keyClick(made.search, Qt.Key.Key_Down)
    assert made.list.currentIndex().row() == 3
