"""The page of imports: what columns become, the rules, and what is said of it."""
# ruff: noqa: F811  fixtures of other modules

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.domain.changes import ChangeKind, ChangeSet, ChangeState
from crmdesk.domain.importing import (
    ImportSummary,
    SourceColumn,
    SourceFacts,
    SourceKind,
    SourceRecord,
)
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.jobs.job_view import count_words
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.answers import (
    AnswerError,
    Looked,
    looked_from_json,
    outcome_from_json,
)
from crmdesk.gui.pages.imports.origin import FileOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.save_profile import SaveProfileDialog
from crmdesk.gui.pages.imports.saved import LAST_USED
from crmdesk.gui.pages.imports.target_choice import entries, own_field
from crmdesk.gui.widgets.times import utc_now
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile, MatchBy, Merge, Unknown
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
    windows: Windows,
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
