"""Databases on the page of imports, by keyboard: the form, its words, saved profiles."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from crmdesk.domain.importing import ImportSummary, SourceKind
from crmdesk.gui.pages.imports import saved as saved_words
from crmdesk.gui.pages.imports.answers import AnswerError, looked_from_json
from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.origin import ServerOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.saved import SavedProfile
from crmdesk.gui.pages.imports.server_entry import (
    FORMS,
    answers_of,
    first_name,
    name_problem,
    options_of,
    problems,
)
from crmdesk.gui.pages.imports.words import would_words
from crmdesk.gui.widgets.messages import Question
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.runs import ProfileRun, keep_run, last_run
from tests.gui.desk_fixtures import themed, wait, windows
from tests.gui.desk_windows import Windows
from tests.gui.import_hands import (
    CTRL,
    NOW,
    at,
    go_on,
    names,
    own,
    page,
    press,
    shop,
    sqlite_profile,
    type_into,
)

__all__ = ["own", "page", "shop", "themed", "wait", "windows"]

# --- a database, from the first key to the second night -------------------------------------------


def test_every_question_of_a_server_is_told_in_words() -> None:
    asked = [one for form in FORMS.values() for one in form]
    assert all(len(one.title) > 3 for one in asked)
    assert all(len(one.hint) > 8 for one in asked if one.hint)


def test_a_database_comes_in_by_keyboard_and_again_from_the_list(
    own: Windows, page: ImportsPage, shop: Path, qtbot: QtBot
) -> None:
    press(qtbot, page.start.servers[SourceKind.SQL], Qt.Key.Key_Space)
    assert page.stage is Stage.SERVER
    form = page.server.form
    type_into(qtbot, page, "system", "SQLite")
    assert not form.fields["host"].field.isVisible()
    assert not form.fields["password"].field.isVisible()
    form.fields["database"].set_value(str(shop))
    assert page.next.text() == "Connect"
    go_on(qtbot, page)
    at(own, page, Stage.SERVER)
    assert "There are 2 tables" in page.server.found.accessibleName()
    assert page.next.text() == "Connect", "a table has to be chosen first"
    table = form.fields["table"]
    assert table.editor.isAncestorOf(own.window.focusWidget())
    type_into(qtbot, page, "table", "customer")
    go_on(qtbot, page)
    own.wait(page.server.is_connected)
    assert page.server.rows.model.index(0, 2).data() == "Jane Doe"
    assert page.next.text() == "Next"

    form.name.setText("shop")
    go_on(qtbot, page)
    at(own, page, Stage.COLUMNS)
    assert page.columns.fixed.text() == "shop"
    assert not page.columns.profile_choice.isVisible()
    assert page.columns.rows.mapping()["phone"] == "number"
    go_on(qtbot, page)
    at(own, page, Stage.CHECK)
    assert names(own) == set(), "a check changes nothing"
    kept = profiles.load("shop")
    assert (kept.kind, kept.source_name) == ("sql", "shop")
    assert kept.options == {"system": "sqlite", "database": str(shop), "table": "customer"}
    go_on(qtbot, page)
    at(own, page, Stage.RESULT)
    assert names(own) == {"Jane Doe", "John Roe"}

    page.start_over()
    own.wait(lambda: "shop" in page.start.profiles.rows)
    row = page.start.profiles.rows["shop"]
    own.wait(lambda: "2 new" in page.start.profiles.rows["shop"].result)
    row = page.start.profiles.rows["shop"]
    assert row.command.text() == "crmdesk sync sql --profile shop"
    press(qtbot, row.command.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == row.command.text()

    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("UPDATE customer SET name = 'Jane Smith' WHERE id = 1")
    press(qtbot, row.run, Qt.Key.Key_Space)
    at(own, page, Stage.RESULT)
    assert names(own) == {"Jane Smith", "John Roe"}
    press(qtbot, page.result.undo, Qt.Key.Key_Space)
    own.wait(lambda: page.result.undone.isVisible())
    assert names(own) == {"Jane Doe", "John Roe"}
    page.start_over()
    own.wait(lambda: "taken back" in page.start.profiles.rows["shop"].result)


def test_a_query_of_ones_own_is_only_read(
    own: Windows, page: ImportsPage, shop: Path, qtbot: QtBot
) -> None:
    page.open_server(SourceKind.SQL)
    form = page.server.form
    for option, value in {"system": "sqlite", "database": str(shop), "reads": "query"}.items():
        form.fields[option].set_value(value)
    assert form.fields["query"].field.isVisible()
    assert not form.fields["table"].field.isVisible()
    type_into(qtbot, page, "query", "DELETE FROM customer")
    qtbot.keyClick(  # type: ignore[no-untyped-call]
        form.fields["query"].editor, Qt.Key.Key_Return, CTRL
    )
    own.wait(lambda: page.trouble.isVisible() and not page.jobs.is_running)
    form.fields["query"].set_value("SELECT id, name FROM customer WHERE id = 2")
    go_on(qtbot, page)
    own.wait(page.server.is_connected)
    assert page.server.rows.model.rowCount() == 1
    with closing(sqlite3.connect(shop)) as connection:
        assert connection.execute("SELECT count(*) FROM customer").fetchone() == (2,)


def test_a_saved_profile_is_edited_with_what_it_maps(
    own: Windows, page: ImportsPage, shop: Path, qtbot: QtBot
) -> None:
    sqlite_profile(shop, updated="changed")
    page.activate()
    own.wait(lambda: "shop" in page.start.profiles.rows)
    press(qtbot, page.start.profiles.rows["shop"].edit, Qt.Key.Key_Space)
    assert page.stage is Stage.SERVER
    assert page.server.form.name.isReadOnly()
    assert page.server.form.fields["updated"].value() == "changed"
    go_on(qtbot, page)
    own.wait(page.server.is_connected)
    go_on(qtbot, page)
    assert page.columns.rows.mapping()["changed"] == "", "as it was saved, not as it is guessed"
    assert page.columns.profile().region == "US"
    page.columns.rules.creates.setChecked(False)
    go_on(qtbot, page)
    at(own, page, Stage.CHECK)
    assert not profiles.load("shop").creates
    assert profiles.load("shop").options["updated"] == "changed"


def test_a_profile_is_deleted_when_somebody_says_so(
    own: Windows, page: ImportsPage, shop: Path, qtbot: QtBot
) -> None:
    sqlite_profile(shop)
    keep_run(own.store, "shop", ProfileRun(at=NOW, created=3))
    page.activate()
    own.wait(lambda: "shop" in page.start.profiles.rows)
    press(qtbot, page.start.profiles.rows["shop"].delete, Qt.Key.Key_Space)
    question = own.dialog(Question)
    assert isinstance(question, Question)
    question.reject()
    assert profiles.names() == ("shop",)
    press(qtbot, page.start.profiles.rows["shop"].delete, Qt.Key.Key_Space)
    own.dialog(Question).accept()
    own.wait(lambda: page.told.isVisible() and not page.jobs.is_running)
    assert profiles.names() == ()
    assert own.store.read(lambda r: last_run(r, "shop")).result() is None
    own.wait(lambda: not page.start.profiles.isVisible())


def test_a_run_that_fails_says_why_and_stays_in_the_list(
    own: Windows, page: ImportsPage, shop: Path, qtbot: QtBot
) -> None:
    sqlite_profile(shop)
    shop.unlink()
    page.activate()
    own.wait(lambda: "shop" in page.start.profiles.rows)
    press(qtbot, page.start.profiles.rows["shop"].run, Qt.Key.Key_Space)
    own.wait(lambda: page.trouble.isVisible() and not page.jobs.is_running)
    assert "shop.db" in page.trouble.accessibleName()
    assert page.stage is Stage.START
    own.wait(lambda: "failed" in page.start.profiles.rows["shop"].result)


def test_a_profile_of_a_file_asks_for_the_file(
    own: Windows, page: ImportsPage, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "fair.csv"
    file.write_text("Name;Telefon\nJonas Brandt;+49 30 23125 101\n", "utf-8")
    made = ImportProfile(kind="csv", columns={"Name": "name", "Telefon": "number"})
    profiles.save(made, "trade fair")
    page.activate()
    own.wait(lambda: "trade fair" in page.start.profiles.rows)
    row = page.start.profiles.rows["trade fair"]
    assert row.command.text() == 'crmdesk import FILE --profile "trade fair"'
    press(qtbot, row.run, Qt.Key.Key_Space)
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    at(own, page, Stage.RESULT)
    assert names(own) == {"Jonas Brandt"}
    page.start_over()
    own.wait(lambda: str(file) in page.start.profiles.rows["trade fair"].command.text())

    press(qtbot, page.start.profiles.rows["trade fair"].edit, Qt.Key.Key_Space)
    dialog = page.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    at(own, page, Stage.FILE)
    assert page.columns.profile_choice.currentData() == "trade fair"


# --- the form -------------------------------------------------------------------------------------


def test_what_is_missing_stands_beside_its_field(page: ImportsPage) -> None:
    page.open_server(SourceKind.LDAP)
    page.server.form.name.setText("con")
    page.connect_server()
    assert not page.jobs.is_running
    host = page.server.form.fields["host"].editor
    assert "needed" in host.accessibleDescription()
    assert page.window().focusWidget() is host
    assert page.server.form.name.accessibleDescription()
    page.server.form.fields["host"].set_value("ldap.example.com")
    assert host.accessibleDescription() == ""


@pytest.mark.parametrize(
    ("kind", "answers", "wrong"),
    [
        (SourceKind.CARDDAV, {"url": "https://x.example"}, set()),
        (SourceKind.CARDDAV, {}, {"url"}),
        (SourceKind.LDAP, {"host": "ldap://x", "base": "dc=x", "port": "0"}, {"host", "port"}),
        (SourceKind.SQL, {"system": "sqlite", "database": "x.db", "reads": "table"}, set()),
        (SourceKind.SQL, {"system": "mysql", "reads": "query"}, {"host", "database", "query"}),
        (SourceKind.SQL, {"system": "sqlite", "database": "x", "port": "no"}, set()),
    ],
)
def test_problems_of_a_form(kind: SourceKind, answers: dict[str, str], wrong: set[str]) -> None:
    assert set(problems(kind, answers)) == wrong


def test_only_what_is_asked_goes_into_a_profile() -> None:
    answers = answers_of(SourceKind.SQL, {"system": "postgresql", "query": "SELECT 1", "user": "u"})
    assert answers["reads"] == "query"
    assert options_of({**answers, "table": "old", "password": "secret"}) == {
        "system": "postgresql", "query": "SELECT 1", "user": "u",
    }  # fmt: skip
    assert "user" not in options_of({**answers, "system": "sqlite"})
    assert options_of({"host": "h", "base": "b", "security": "ldaps"}) == {"host": "h", "base": "b"}


def test_names_of_profiles() -> None:
    assert first_name(SourceKind.LDAP, ("directory", "directory-2")) == "directory-3"
    assert name_problem("office", "", ("office",))
    assert not name_problem("office", "office", ("office",))
    assert name_problem("../x", "", ())


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "is_back", "words"),
    [
        (None, False, "Not run yet"),
        (ProfileRun(at=NOW), False, "nothing new"),
        (ProfileRun(at=NOW, created=1204, updated=3, bad=2, removed=1), False,
         "1,204 new, 3 changed, 2 bad, 1 gone there"),
        (ProfileRun(at=NOW, created=1), True, "1 new; taken back"),
        (ProfileRun(at=NOW, error="It is off."), False, "failed. It is off."),
    ],
)  # fmt: skip
def test_the_last_run_in_words(run: ProfileRun | None, is_back: bool, words: str) -> None:
    saved = SavedProfile("x", ImportProfile(kind="sql"), run=run, is_taken_back=is_back)
    assert saved_words.run_words(saved, NOW)[0].endswith(words)


def test_a_command_line_keeps_names_together() -> None:
    saved = SavedProfile("trade fair", ImportProfile(kind="ldap"))
    assert saved_words.command_line(saved) == 'crmdesk sync ldap --profile "trade fair"'
    run = ProfileRun(at=NOW, file="/home/user/my list.csv")
    of_file = replace(saved, profile=ImportProfile(kind="csv"), run=run)
    assert saved_words.command_line(of_file) == (
        'crmdesk import "/home/user/my list.csv" --profile "trade fair"'
    )


def test_a_broken_profile_can_be_seen_and_deleted_only(own: Windows, page: ImportsPage) -> None:
    profiles.save(ImportProfile(), "broken")
    profiles.file_of("broken").write_text("version = [", "utf-8")
    page.activate()
    own.wait(lambda: "broken" in page.start.profiles.rows)
    row = page.start.profiles.rows["broken"]
    assert "cannot be used" in row.accessibleName()
    assert not row.run.isVisible()
    assert not row.edit.isVisible()
    assert row.delete.isVisible()


def test_nothing_changed_there_is_said() -> None:
    origin = ServerOrigin(SourceKind.SQL, "shop")
    assert "nothing changed there" in would_words(ImportSummary(), origin)


def test_what_a_server_offers_is_cut_and_cleaned() -> None:
    evil = "<b>" + "x" * 900
    plain = {"kind": "carddav", "columns": [], "choices": {"book": [["b", evil]] * 2000}}
    looked = looked_from_json(plain)
    assert len(looked.choices["book"]) == 1_000
    assert len(looked.choices["book"][0][1]) <= 200
    with pytest.raises(AnswerError):
        looked_from_json({"kind": "carddav", "columns": [], "choices": {"book": [1]}})


def test_runs_of_nonsense_are_none(own: Windows) -> None:
    own.store.write(lambda writer: writer.keep_sync_state("run/shop", "{nonsense")).result()
    assert own.store.read(lambda r: last_run(r, "shop")).result() is None
    key = uuid.uuid4()
    keep_run(own.store, "shop", ProfileRun(at=NOW, batch=key, error="x" * 9_000))
    run = own.store.read(lambda r: last_run(r, "shop")).result()
    assert run is not None
    assert run.batch == key
    assert len(run.error) == 500
