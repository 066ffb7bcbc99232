"""The page of imports: a real file through real programs into a real store, and back."""
# ruff: noqa: F811  fixtures of other modules

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import openpyxl
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import (
    RowAction,
)
from crmdesk.gui.main_window.commands import window_commands
from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.origin import FileOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pictures import scenes_imports
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows
from tests.gui.import_pages import (  # noqa: F401
    at,
    cells,
    click,
    mapped,
    messy,
    names,
    page,
    press,
    type_into,
)


def test_a_messy_file_comes_in_and_goes_again(
    windows: Windows,
    page: ImportsPage,
    messy: Path,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    page.open_file(messy)
    assert page.stack.currentWidget() is page.running
    at(windows, page, Stage.FILE)
    assert page.file.combos["encoding"].currentData() == "cp1252"
    assert page.file.combos["delimiter"].currentText() == "Semicolon  ;"
    assert page.file.combos["header"].currentText() == "In line 3"
    assert page.file.rows.model.index(0, 2).data() == "Brandt, Jonas"

    click(qtbot, page.next)
    assert page.stage is Stage.COLUMNS
    mapping = page.columns.rows.mapping()
    assert mapping == {"Kd-Nr": "account_id", "Name": "name", "Firma": "company",
                       "Telefon": "number", "Status": "status"}  # fmt: skip
    windows.wait(lambda: bool(page.columns.preview.cards))
    said = page.columns.preview.cards[0].accessibleName()
    assert said.startswith("Jonas Brandt. Hansen Logistik GmbH")
    assert "+49 30 23125101" in said

    click(qtbot, page.next)
    at(windows, page, Stage.CHECK)
    assert names(windows) == set(), "a check changes nothing"
    tiles = page.check.tiles.tiles
    assert tiles[RowAction.CREATE].accessibleName().startswith("New: 3 rows")
    assert tiles[RowAction.BAD].accessibleName().startswith("Bad: 1 row")
    click(qtbot, tiles[RowAction.BAD])
    assert len(cells(page)) == 1
    assert "no name" in cells(page)[0][3]
    copied = tmp_path / "bad.csv"
    page.bad_rows.save(str(copied))
    assert "no name" in copied.read_text("utf-8-sig")
    assert page.told.isVisible()

    assert page.next.text() == "Import 3 customers"
    click(qtbot, page.next)
    at(windows, page, Stage.RESULT)
    assert {"Jonas Brandt", "Mia Schröder", "Nair & Söhne"} <= names(windows)
    assert page.result.heading.text().startswith("3 customers added")

    click(qtbot, page.result.customers)
    shown = windows.window.customers().finder.model
    windows.wait(lambda: shown.rowCount() == len(names(windows)))
    windows.window.show_page("imports")
    click(qtbot, page.result.undo)
    windows.wait(lambda: page.result.undone.isVisible())
    assert names(windows) == set()


def test_an_import_of_before_can_be_taken_back_later(
    windows: Windows,
    page: ImportsPage,
    messy: Path,
    qtbot: QtBot,
) -> None:
    page.open_file(messy)
    at(windows, page, Stage.FILE)
    page.go_on()
    page.go_on()
    at(windows, page, Stage.CHECK)
    page.go_on()
    at(windows, page, Stage.RESULT)
    assert names(windows)
    click(qtbot, page.result.again)
    windows.wait(lambda: bool(page.start.past))
    (past,) = page.start.past.values()
    assert "Kundenliste.csv" in past.accessibleName()
    click(qtbot, past.undo)
    windows.wait(lambda: page.told.isVisible() and not page.jobs.is_running)
    assert names(windows) == set()
    windows.wait(lambda: all(not one.undo.isVisible() for one in page.start.past.values()))


def test_another_delimiter_is_read_again(
    windows: Windows,
    page: ImportsPage,
    messy: Path,
) -> None:
    page.open_file(messy)
    at(windows, page, Stage.FILE)
    delimiter = page.file.combos["delimiter"]
    delimiter.setCurrentIndex(delimiter.findData("|"))
    delimiter.activated.emit(delimiter.currentIndex())
    assert page.jobs.is_running
    at(windows, page, Stage.FILE)
    assert page.file.combos["delimiter"].currentData() == "|"
    assert page._looked is not None
    assert len(page._looked.facts.columns) == 1
    assert page.columns.profile().options == {"delimiter": "|"}


def test_a_file_whose_content_misleads_is_read_as_somebody_says(
    windows: Windows,
    page: ImportsPage,
    tmp_path: Path,
) -> None:
    file = tmp_path / "odd.txt"
    file.write_text("{Name};Telefon\nJonas Brandt;030 23125 101\n", "utf-8")
    page.open_file(file)
    windows.wait(lambda: not page.jobs.is_running)
    page.show_looked(scenes_imports.looked(), FileOrigin(file))
    kind = page.file.combos["kind"]
    kind.setCurrentIndex(kind.findData("csv"))
    kind.activated.emit(kind.currentIndex())
    assert page.jobs.is_running
    at(windows, page, Stage.FILE)
    assert page.file.rows.model.index(0, 1).data() == "Jonas Brandt"
    assert page.columns.profile().options == {"kind": "csv"}


def test_a_file_that_is_none_says_so(
    windows: Windows,
    page: ImportsPage,
    tmp_path: Path,
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    page.open_file(file)
    windows.wait(lambda: page.trouble.isVisible() and not page.jobs.is_running)
    assert "PDF" in page.trouble.accessibleName()
    assert page.stage is Stage.START


def test_an_import_goes_on_when_one_leaves_the_page_and_can_be_cancelled(
    windows: Windows,
    page: ImportsPage,
    messy: Path,
) -> None:
    page.open_file(messy)
    windows.window.show_page("calls")
    assert windows.window.status._work.full_text().startswith("Looking at the file")
    windows.window.status._cancel.click()
    windows.wait(lambda: not page.jobs.is_running)
    assert page.stage is Stage.START
    assert not windows.window.status._work.isVisible()


def test_a_dropped_file_is_looked_at(
    windows: Windows,
    page: ImportsPage,
    messy: Path,
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(messy))])
    event = QDropEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.start.drop.dropEvent(event)
    at(windows, page, Stage.FILE)
    assert page.summary.full_text().startswith("Kundenliste.csv")


def test_the_ways_to_the_page(windows: Windows, qtbot: QtBot) -> None:
    window = windows.window
    window.show_page("customers")
    click(qtbot, window.customers().finder.bring_in)
    assert window.stack.currentWidget() is window.pages["imports"]
    window.show_page("calls")
    commands = window_commands(window, window._entries)
    next(one for one in commands if one.title.startswith("Import")).run()
    assert window.stack.currentWidget() is window.pages["imports"]


def test_bad_rows_that_cannot_be_saved_say_why(page: ImportsPage, tmp_path: Path) -> None:
    page.bad_rows.save(str(tmp_path / "nowhere" / "bad.csv"))
    assert "could not be saved" in page.trouble.accessibleName()


def test_choosing_asks_the_system(windows: Windows, page: ImportsPage) -> None:
    page.choose_file()
    dialogs = page.findChildren(QFileDialog)
    assert [dialog.fileMode() for dialog in dialogs] == [QFileDialog.FileMode.ExistingFile]
    dialogs[0].reject()


def test_what_fails_is_told_and_leads_back(page: ImportsPage) -> None:
    page.show_running()
    page.jobs.failed.emit(UserFacingError("It is full.", "Nothing fits.", "Make room."))
    page.jobs.ended.emit()
    assert page.trouble.accessibleName() == "It is full. Nothing fits. Make room."
    assert page.stack.currentWidget() is page.start


def test_the_copy_of_bad_rows_is_for_this_user_alone(page: ImportsPage) -> None:
    if os.name == "posix":
        assert page.bad_rows.file.parent.stat().st_mode & 0o077 == 0


def test_another_sheet_of_a_workbook_is_offered_and_read(
    windows: Windows,
    page: ImportsPage,
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Kunden"
    book.active.append(["Name", "Telefon"])
    book.active.append(["Jana Weber", "030 23125 101"])
    other = book.create_sheet("Archiv")
    other.append(["Firma", "Telefon"])
    other.append(["Alt GmbH", "030 23125 102"])
    file = tmp_path / "kunden.xlsx"
    book.save(file)
    page.open_file(file)
    at(windows, page, Stage.FILE)
    sheets = page.file.combos["sheet"]
    assert [sheets.itemText(i) for i in range(sheets.count())] == ["Kunden", "Archiv"]
    page.file.option_changed.emit("sheet", "Archiv")
    at(windows, page, Stage.FILE)
    assert page.file.combos["sheet"].currentText() == "Archiv"
    assert page.columns.rows.mapping() == {"Firma": "company", "Telefon": "number"}


def test_only_customers_of_a_segment_can_be_changed(mapped: ImportsPage) -> None:
    rules = mapped.columns.rules
    assert mapped.columns.profile().segment == ""
    rules.set_segments(("Gold ones", "Owes money"))
    rules.segment.setCurrentIndex(rules.segment.findData("Owes money"))
    assert mapped.columns.profile().segment == "Owes money"
    rules.set_segments(("Gold ones",))  # somebody removed it: it stays chosen until it is told
    made = mapped.columns.profile()
    assert made.segment == "Owes money"
    rules.show_profile(msgspec.structs.replace(made, segment=""))
    assert mapped.columns.profile().segment == ""
    rules.updates.setChecked(False)
    assert not rules.segment.isEnabled()
