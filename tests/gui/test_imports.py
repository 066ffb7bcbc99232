"""The page of imports: a real file through real programs into a real store, and back."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec
import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.changes import ChangeKind, ChangeSet, ChangeState
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import (
    ImportSummary,
    RowAction,
    SourceColumn,
    SourceFacts,
    SourceKind,
    SourceRecord,
)
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.jobs.job_view import count_words
from crmdesk.gui.main_window.commands import window_commands
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.answers import (
    AnswerError,
    Looked,
    looked_from_json,
    outcome_from_json,
)
from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.origin import FileOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.save_profile import SaveProfileDialog
from crmdesk.gui.pages.imports.saved import LAST_USED
from crmdesk.gui.pages.imports.target_choice import entries, own_field
from crmdesk.gui.pictures import scenes_imports
from crmdesk.gui.widgets.times import utc_now
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile, MatchBy, Merge, Unknown
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows

MESSY = """Kundenliste Hansen, Stand 20.11.2026;;;;
;;;;
Kd-Nr;Name;Firma;Telefon;Status
1;"Brandt, Jonas";Hansen Logistik GmbH;030/23125-101 (Mo-Fr);aktiv
2;"Schröder, Mia";;0171 3920 441 / 030 23125-144;ruhend
2;"Schröder, Mia";;0171 3920 441;ruhend
3;;;;
4;Nair & Söhne;Nair & Söhne GmbH;+49 30 23125 170;gesperrt
"""


@pytest.fixture
def page(windows: Windows, crmdesk_home: Path) -> Iterator[ImportsPage]:  # noqa: F811
    crmdesk_home.mkdir(parents=True, exist_ok=True)
    made = windows.window.pages["imports"]
    assert isinstance(made, ImportsPage)
    windows.window.show()
    windows.window.show_page("imports")
    yield made
    windows.window.jobs.stop()


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    file = tmp_path / "Kundenliste.csv"
    file.write_bytes(MESSY.encode("cp1252"))
    return file


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key) -> None:
    qtbot.keyClick(widget, key)  # type: ignore[no-untyped-call]


def type_into(qtbot: QtBot, widget: QWidget, text: str) -> None:
    qtbot.keyClicks(widget, text)  # type: ignore[no-untyped-call]


def cells(page: ImportsPage) -> list[list[str]]:
    model = page.check.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def names(windows: Windows) -> set[str]:  # noqa: F811
    return {hit.name for hit in windows.store.read(lambda r: r.customers()).result().customers}


def at(windows: Windows, page: ImportsPage, stage: Stage) -> None:  # noqa: F811
    windows.wait(lambda: page.stage is stage and not page.jobs.is_running)


def test_a_messy_file_comes_in_and_goes_again(
    windows: Windows,  # noqa: F811
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
    windows: Windows,  # noqa: F811
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
    windows: Windows,  # noqa: F811
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
    windows: Windows,  # noqa: F811
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
    windows: Windows,  # noqa: F811
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
    windows: Windows,  # noqa: F811
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
    windows: Windows,  # noqa: F811
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


# --- columns --------------------------------------------------------------------------------------


@pytest.fixture
def mapped(page: ImportsPage) -> ImportsPage:
    """The page with the columns of the pictures."""
    page.show_looked(scenes_imports.looked(), FileOrigin(scenes_imports.FILE))
    page.go_on()
    return page


def test_a_target_is_found_by_typing_and_leaves_its_other_column(
    mapped: ImportsPage, qtbot: QtBot
) -> None:
    rows = {row.name: row for row in mapped.columns.rows.rows}
    popup = mapped.columns.rows.popup
    click(qtbot, rows["Info"].button)
    assert popup.isVisible()
    type_into(qtbot, popup.search, "e-mail")
    press(qtbot, popup.search, Qt.Key.Key_Down)
    press(qtbot, popup.search, Qt.Key.Key_Up)
    press(qtbot, popup.search, Qt.Key.Key_Return)
    assert rows["Info"].target == "email", "several columns may be e-mails"
    assert rows["E-Mail"].target == "email"
    click(qtbot, rows["Info"].button)
    type_into(qtbot, popup.search, "customer number")
    press(qtbot, popup.search, Qt.Key.Key_Return)
    assert rows["Info"].target == "account_id"
    assert rows["Kd-Nr"].target == "", "a customer has one number"
    assert mapped.window().focusWidget() is rows["Info"].button


def test_without_any_column_nothing_can_be_checked(mapped: ImportsPage) -> None:
    assert mapped.next.isEnabled()
    for row in mapped.columns.rows.rows:
        row.choose("")
    assert not mapped.next.isEnabled()


def test_words_get_a_meaning_in_place(mapped: ImportsPage) -> None:
    rows = {row.name: row for row in mapped.columns.rows.rows}
    picklist = rows["Status"].picklist
    assert picklist is not None
    assert mapped.columns.rows.picklists() == {}, "what is known needs no choice"
    editor = picklist._editors["gesperrt"]
    editor.setCurrentIndex(editor.findData("former"))  # type: ignore[attr-defined]
    assert mapped.columns.profile().picklists == {"status": {"gesperrt": "former"}}


def test_rules_go_into_the_profile(mapped: ImportsPage) -> None:
    rules = mapped.columns.rules
    rules.matches.move_match(MatchBy.EMAIL, -1)
    rules.matches.rows[MatchBy.ACCOUNT_ID].switch.setChecked(False)
    rules.region.setCurrentIndex(rules.region.findData("FR"))
    combo = rules.merges.combos["name"]
    combo.setCurrentIndex(combo.findData(Merge.KEEP))
    rules.creates.setChecked(False)
    rules.unknown.setCurrentIndex(rules.unknown.findData(Unknown.BAD))
    usual = mapped.columns.profile().source_name
    assert usual.startswith("csv-")
    assert rules.source_name.text() == "", "told from the columns, and nobody needs to see how"
    rules.source_name.setText(" shop ")
    made = mapped.columns.profile()
    assert (made.unknown, made.source_name) == (Unknown.BAD, "shop")
    rules.source_name.clear()
    assert mapped.columns.profile().source_name == usual
    assert made.match_by == (MatchBy.EXTERNAL_ID, MatchBy.EMAIL, MatchBy.NUMBER)
    assert (made.region, made.creates, made.updates) == ("FR", False, True)
    assert made.merge == {"name": Merge.KEEP}
    assert "street" not in rules.merges.combos


def test_a_profile_is_saved_and_comes_back(
    windows: Windows,  # noqa: F811
    mapped: ImportsPage,
) -> None:
    mapped.columns.rows.rows[-1].choose(own_field("Info"))
    mapped.save_profile()
    dialog = windows.dialog(SaveProfileDialog)
    assert isinstance(dialog, SaveProfileDialog)
    dialog.name.setText("con")
    dialog.save()
    assert dialog.isVisible(), "that is no name"
    dialog.name.setText("shop nightly")
    dialog.save()
    assert profiles.load("shop nightly").columns["Info"] == "custom:info"
    mapped.columns.rows.rows[-1].choose("")
    choice = mapped.columns.profile_choice
    assert choice.currentData() == "shop nightly"
    mapped.columns._choose_profile()
    assert mapped.columns.rows.mapping()["Info"] == "custom:info"


def test_a_profile_of_another_file_says_what_is_missing(mapped: ImportsPage) -> None:
    profiles.save(ImportProfile(columns={"Rufnummer": "number"}), LAST_USED)
    choice = mapped.columns.profile_choice
    mapped.columns.show_names(profiles.names(), LAST_USED)
    assert choice.currentText() == "As the last time"
    mapped.columns._choose_profile()
    assert "Rufnummer" in mapped.trouble.accessibleName()
    assert choice.currentData() == ""


def test_hostile_texts_stay_text(page: ImportsPage) -> None:
    evil = "<img src=x>" + "A" * 500
    facts = SourceFacts(SourceKind.CSV, (SourceColumn(evil, (evil,)),), {"encoding": evil},
                        (evil,))  # fmt: skip
    page.show_looked(Looked(facts, (SourceRecord(1, (evil,)),)), FileOrigin(Path(evil)))
    tip = page.file.rows.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img" in tip
    page.go_on()
    assert page.columns.rows.rows[0].name == evil


def test_two_hundred_columns_can_be_scrolled(page: ImportsPage) -> None:
    columns = tuple(SourceColumn(f"Column {i}", ("a",)) for i in range(200))
    page.show_looked(Looked(SourceFacts(SourceKind.CSV, columns)), FileOrigin(Path("wide.csv")))
    page.go_on()
    assert len(page.columns.rows.rows) == 200
    assert page.width() <= page.window().width()


def test_the_list_of_targets_has_groups_and_a_field_of_ones_own() -> None:
    everything = entries("", "Loyalty card", ["custom:vat"])
    titles = [entry.title for entry in everything]
    assert titles[0] == "Left out"
    assert {"Who", "Phone", "Fields of your own", "Own field: loyalty_card"} <= set(titles)
    assert [entry.target for entry in entries("vat", "x", ["custom:vat"])] == [None, "custom:vat"]
    assert own_field("!!!") == "custom:field"


# --- answers and words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [{}, {"kind": "exe", "columns": []}, {"kind": "csv", "columns": [1]}, {"kind": "csv"}],
)
def test_a_look_that_returns_nonsense_is_refused(answer: dict[str, object]) -> None:
    with pytest.raises(AnswerError):
        looked_from_json(answer)


def test_an_outcome_is_cut_and_cleaned() -> None:
    row = {"record": 1, "action": "bad", "title": "A\x00\u202eB", "why": ["x" * 9_000]}
    outcome = outcome_from_json({"bad": 1, "rows": [row] * 3_000})
    assert len(outcome.rows) == 2_000
    assert "\x00" not in outcome.rows[0].title
    assert len(outcome.rows[0].why[0]) <= 2_000
    with pytest.raises(AnswerError):
        outcome_from_json({"rows": [{"record": "x", "action": "eat"}]})


@pytest.mark.parametrize(
    ("summary", "would"),
    [
        (ImportSummary(), "The file has no rows."),
        (ImportSummary(records=3, same=3), "There is nothing to import: no row is new or"
         " different."),
        (ImportSummary(records=3, created=1), "An import would add 1 customer."
         " Nothing has been changed yet."),
        (ImportSummary(records=3, created=2, updated=1), "An import would add 2 customers and"
         " change 1. Nothing has been changed yet."),
    ],
)  # fmt: skip
def test_figures_in_words(summary: ImportSummary, would: str) -> None:
    assert words.would_words(summary) == would


def test_the_size_of_a_file_is_told_in_kilobytes() -> None:
    progress = words.in_kilobytes(JobProgress(41_431_000, 96_000_000, 6_410_000.0, 8.9))
    assert count_words(progress, "KB") == "41,431 of 96,000 KB · 6,410 a second · 9 s left"
    assert words.in_kilobytes(JobProgress(500)).of is None


def test_behind_the_last_record_rows_are_told() -> None:
    reading = JobProgress(41_431_000, 96_000_000, note="importing")
    assert words.as_counted(reading, is_of_file=True)[1] == "KB"
    showing = JobProgress(100_000, 1_000_000, note="showing the new customers")
    assert words.as_counted(showing, is_of_file=True) == (showing, "rows")
    assert words.as_counted(reading, is_of_file=False) == (reading, "rows")


def test_the_past_in_words() -> None:
    change = ChangeSet(uuid.UUID(int=1), ChangeKind.IMPORT, "Import of a.csv", "Alice",
                       utc_now(), created=2, state=ChangeState.OPEN)  # fmt: skip
    assert words.past_words(change, utc_now()).endswith("Alice · 2 new customers · not finished")


def test_the_ways_to_the_page(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
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


def test_choosing_asks_the_system(windows: Windows, page: ImportsPage) -> None:  # noqa: F811
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
    windows: Windows,  # noqa: F811
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
