"""Orders out of a file, by keyboard, into a real store and back again."""
# ruff: noqa: F811  fixtures of other modules

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.exporting import ExportedRecord
from crmdesk.domain.importing import RowAction, SourceColumn
from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.holdings import (
    HOLDINGS,
    holding_of,
    record_groups,
    target_title,
)
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.saved import about_words, names_for, saved_profile
from crmdesk.gui.pages.imports.target_choice import entries
from crmdesk.sync import profile as profiles
from crmdesk.sync.export.record_columns import record_objects, titles_of
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.records.kinds import RecordKind, cells_of
from crmdesk.sync.sources.jsonl_source import flattened
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.import_hands import go_on
from tests.gui.import_pages import at, cells, page  # noqa: F401

ANNA = Customer(uuid.UUID(int=7), CustomerKind.PERSON, "Anna Groß", account_id="K-7")
OURS = ("first_due_at", "first_breached_at", "breached_at", "escalation", "escalated_to", "replies")
SHOP = """Bestellnummer;Kundennummer;Betrag;Bestelldatum;Artikel;Menge
1001;K-7;1.234,50 €;05.06.2026;Stuhl;2
1001;K-7;1.234,50 €;05.06.2026;Lampe;1
1002;K-9;5,00;05.06.2026;Stift;1
"""


@pytest.fixture
def shop(windows: Windows, tmp_path: Path) -> Path:
    windows.store.write(lambda w: w.save_customer(ANNA)).result()
    file = tmp_path / "shop.csv"
    file.write_text(SHOP, "utf-8")
    return file


def press(qtbot: QtBot, widget: QWidget | None, key: Qt.Key) -> None:
    assert widget is not None
    qtbot.keyClick(widget, key)  # type: ignore[no-untyped-call]


def orders(windows: Windows) -> list[str]:
    found = windows.store.read(lambda r: r.orders_of(ANNA.id)).result()
    return [f"{one.number}: {one.title}" for one in found]


def test_orders_come_in_by_keyboard_and_go_again(
    windows: Windows, page: ImportsPage, shop: Path, qtbot: QtBot
) -> None:
    windows.window.activateWindow()
    page.activate()
    press(qtbot, page.window().focusWidget(), Qt.Key.Key_Space)
    [dialog] = page.findChildren(QFileDialog)
    name = dialog.findChild(QLineEdit)
    assert name is not None
    name.setText(str(shop))
    press(qtbot, name, Qt.Key.Key_Return)
    at(windows, page, Stage.FILE)
    holds = page.file.combos["holds"]
    windows.window.activateWindow()
    windows.wait(windows.window.isActiveWindow)
    assert holds.currentText() == "Customers", "nobody else knows what a file of a shop is"
    holds.setFocus()
    for _ in range(2):
        press(qtbot, holds, Qt.Key.Key_Down)
    assert holds.currentText() == "Orders"
    go_on(qtbot, page)
    assert page.stage is Stage.COLUMNS
    assert page.columns.rows.mapping() == {
        "Bestellnummer": "number", "Kundennummer": "customer_account", "Betrag": "total_cents",
        "Bestelldatum": "at", "Artikel": "line_title", "Menge": "line_quantity",
    }  # fmt: skip

    def previewed() -> str:
        return next((one.accessibleName() for one in page.columns.preview.cards), "")

    windows.wait(lambda: previewed().startswith("1001. Order of K-7. "))  # read as customers before
    assert "Total: 1,234.50" in previewed()
    assert not page.columns.rules.isVisible()
    page.columns.record_rules.source_name.setText("shop")
    go_on(qtbot, page)
    at(windows, page, Stage.CHECK)
    assert orders(windows) == [], "a check changes nothing"
    tiles = page.check.tiles.tiles
    assert tiles[RowAction.CREATE].accessibleName().startswith("New: 1 row")
    press(qtbot, tiles[RowAction.BAD], Qt.Key.Key_Space)
    assert [row[2:4] for row in cells(page)] == [["1002", "No customer has customer number K-9."]]
    assert page.next.text() == "Import 1 order"
    go_on(qtbot, page)
    at(windows, page, Stage.RESULT)
    assert page.result.heading.text() == "1 order added."
    assert orders(windows) == ["1001: Stuhl and 1 more"]
    press(qtbot, page.result.undo, Qt.Key.Key_Space)
    windows.wait(lambda: page.result.undone.isVisible())
    windows.wait(lambda: not page.jobs.is_running)
    assert orders(windows) == []


def test_what_a_file_holds_can_be_said_otherwise(
    windows: Windows, page: ImportsPage, shop: Path
) -> None:
    page.open_file(shop)
    at(windows, page, Stage.FILE)
    page.set_holding("tickets")
    assert "subject" not in page.columns.rows.mapping().values()
    page.go_on()
    for row in page.columns.rows.rows:
        row.choose("")
    assert not page.next.isEnabled(), "nobody says whose they are"
    page.columns.rows.rows[1].choose("customer_account")
    assert page.next.isEnabled()
    page.go_back()
    page.set_holding("customers")
    assert page.columns.rows.mapping()["Kundennummer"] == "account_id"
    assert page.columns.rules.isVisibleTo(page.columns)


def test_a_file_of_ours_says_what_it_holds() -> None:
    for kind in RecordKind:
        titles = [SourceColumn(title) for title in titles_of(kind)]
        assert holding_of(titles) == kind
        values: dict[str, None] = dict.fromkeys((*cells_of(kind), *OURS))
        record = ExportedRecord(ANNA.id, ANNA.id, ANNA.name, "", values)
        (made,) = record_objects(kind, record)
        assert holding_of([SourceColumn(name) for name in flattened(made)]) == kind
    assert holding_of([SourceColumn("Name"), SourceColumn("Total")]) == "customers"


def test_profiles_are_offered_for_what_they_hold(crmdesk_home: Path) -> None:
    profiles.save(ImportProfile(holds="orders", columns={"No": "number"}), "shop")
    profiles.save(ImportProfile(columns={"Name": "name"}), "people")
    assert names_for("orders") == ("shop",)
    assert names_for("customers") == ("people",)
    assert about_words(saved_profile("shop")) == "Orders · Any file"


def test_every_cell_of_a_record_can_be_chosen() -> None:
    for kind in RecordKind:
        offered = {target for _, targets in record_groups(kind) for target in targets}
        assert offered == set(cells_of(kind))
        assert len({target_title(target, kind) for target in offered}) == len(offered)
    found = [entry.title for entry in entries("price", "x", (), "orders")]
    assert found == ["Lines", "Line price"]
    assert list(HOLDINGS)[:3] == ["customers", "tickets", "orders"]
