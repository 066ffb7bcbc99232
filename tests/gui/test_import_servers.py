"""Servers on the page of imports: a real address book, a real database, real child programs."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
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
from crmdesk.store import keys
from crmdesk.store.secrets import StoreVault
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.runs import ProfileRun, keep_run, last_run
from tests.fakes.real_radicale import BOOK, PASSWORD, USER, Radicale, real_radicale
from tests.fakes.real_slapd import PASSWORD as DIRECTORY_PASSWORD
from tests.fakes.real_slapd import READER, SUFFIX, real_slapd
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, desk_windows

CTRL = Qt.KeyboardModifier.ControlModifier
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def own(
    themed: None,  # noqa: F811
    tmp_path: Path,
    crmdesk_home: Path,
    wait: Callable[[Callable[[], bool]], None],  # noqa: F811
) -> Iterator[Windows]:
    """A main window on a store of one's own, which may keep passwords."""
    crmdesk_home.mkdir(parents=True, exist_ok=True)
    key, _ = keys.create_keys(tmp_path / "test.db", passphrase="correct horse battery staple")
    with desk_windows(tmp_path, wait, key=key.raw) as made:
        yield made
        made.window.jobs.stop()


@pytest.fixture
def page(own: Windows) -> ImportsPage:
    return page_of(own)


def page_of(windows: Windows) -> ImportsPage:  # noqa: F811
    made = windows.window.pages["imports"]
    assert isinstance(made, ImportsPage)
    windows.window.show()
    windows.window.activateWindow()
    windows.window.show_page("imports")
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            """
            CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, changed TEXT);
            CREATE TABLE invoice (id INTEGER PRIMARY KEY, total REAL);
            INSERT INTO customer VALUES
              (1, 'Jane Doe', '+1 202 555 0101', '2026-01-01 10:00'),
              (2, 'John Roe', '+1 202 555 0102', '2026-01-02 10:00');
            """
        )
    return file


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with real_radicale(tmp_path_factory.mktemp("radicale")) as server:
        server.make_book(BOOK, "Customers")
        server.put("u1", "Jane Doe", "TEL;TYPE=CELL:+49 171 39 20 001")
        server.put("u2", "Hansen Ltd", "TEL;TYPE=WORK:+49 30 23125 101")
        yield server


def go_on(qtbot: QtBot, page: ImportsPage) -> None:
    qtbot.keyClick(page.window(), Qt.Key.Key_Return, CTRL)  # type: ignore[no-untyped-call]


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key) -> None:
    qtbot.keyClick(widget, key)  # type: ignore[no-untyped-call]


def type_into(qtbot: QtBot, page: ImportsPage, option: str, text: str) -> None:
    qtbot.keyClicks(page.server.form.fields[option].editor, text)  # type: ignore[no-untyped-call]


def at(windows: Windows, page: ImportsPage, stage: Stage) -> None:  # noqa: F811
    windows.wait(lambda: page.stage is stage and not page.jobs.is_running)


def names(windows: Windows) -> set[str]:  # noqa: F811
    return {hit.name for hit in windows.store.read(lambda r: r.customers()).result().customers}


def sqlite_profile(shop: Path, name: str = "shop", **options: str) -> None:
    columns = {"id": "external_id", "name": "name", "phone": "number", "changed": ""}
    where = {"system": "sqlite", "database": str(shop), "table": "customer", **options}
    made = ImportProfile(kind="sql", options=where, columns=columns, source_name=name, region="US")
    profiles.save(made, name)


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


# --- an address book ------------------------------------------------------------------------------


def test_an_address_book_of_a_real_server_comes_in(
    own: Windows, page: ImportsPage, radicale: Radicale, qtbot: QtBot
) -> None:
    press(qtbot, page.start.servers[SourceKind.CARDDAV], Qt.Key.Key_Space)
    assert own.window.focusWidget() is page.server.form.fields["url"].editor
    type_into(qtbot, page, "url", radicale.access.url)
    type_into(qtbot, page, "user", USER)
    page.server.form.fields["password"].set_value("wrong")
    page.server.form.fields["ca_file"].set_value(radicale.access.ca_file)
    go_on(qtbot, page)
    own.wait(lambda: page.trouble.isVisible() and not page.jobs.is_running)
    assert not page.server.is_connected()

    page.server.form.fields["password"].set_value(PASSWORD)
    go_on(qtbot, page)
    own.wait(page.server.is_connected)
    assert page.server.form.fields["book"].value() == ""
    assert page.server.form.fields["book"].editor.findText("Customers") >= 0  # type: ignore[attr-defined]
    page.server.form.name.setText("office")
    go_on(qtbot, page)
    go_on(qtbot, page)
    at(own, page, Stage.CHECK)
    kept = profiles.file_of("office").read_text("utf-8")
    assert PASSWORD not in kept
    assert profiles.load("office").options["secret_ref"] == "sync-office"
    assert StoreVault(own.store).get("sync-office") == PASSWORD
    go_on(qtbot, page)
    at(own, page, Stage.RESULT)
    assert names(own) == {"Jane Doe", "Hansen Ltd"}

    page.start_over()
    own.wait(lambda: "office" in page.start.profiles.rows)
    page.edit_saved(page.start.profiles.rows["office"].saved)
    assert page.server.form.password() == "", "the form does not hold the one that is kept"
    go_on(qtbot, page)
    own.wait(page.server.is_connected)
    page.start_over()
    page.saved.ask_to_delete(SavedProfile("office", profiles.load("office")))
    own.dialog(Question).accept()
    own.wait(lambda: profiles.names() == () and not page.jobs.is_running)
    assert StoreVault(own.store).get("sync-office") is None


def test_several_address_books_have_to_be_chosen_among(
    own: Windows, page: ImportsPage, radicale: Radicale, qtbot: QtBot
) -> None:
    radicale.make_book("/jane/private/", "Privat")
    try:
        page.open_server(SourceKind.CARDDAV)
        for option, value in {"url": radicale.access.url, "user": USER, "password": PASSWORD,
                              "ca_file": radicale.access.ca_file}.items():  # fmt: skip
            page.server.form.fields[option].set_value(value)
        go_on(qtbot, page)
        own.wait(lambda: page.server.found.isVisible() and not page.jobs.is_running)
        assert "2 address books" in page.server.found.accessibleName()
        book = page.server.form.fields["book"]
        assert book.editor.isAncestorOf(own.window.focusWidget())
        qtbot.keyClicks(book.editor, "Customers")  # type: ignore[no-untyped-call]
        assert book.value() == "customers"
        go_on(qtbot, page)
        own.wait(page.server.is_connected)
    finally:
        radicale.send("DELETE", "/jane/private/")


def test_a_demo_store_keeps_no_password(
    windows: Windows,  # noqa: F811
    crmdesk_home: Path,
    radicale: Radicale,
    qtbot: QtBot,
) -> None:
    crmdesk_home.mkdir(parents=True, exist_ok=True)
    page = page_of(windows)
    page.open_server(SourceKind.CARDDAV)
    for option, value in {"url": radicale.access.url, "user": USER, "password": PASSWORD,
                          "ca_file": radicale.access.ca_file}.items():  # fmt: skip
        page.server.form.fields[option].set_value(value)
    go_on(qtbot, page)
    windows.wait(page.server.is_connected)
    go_on(qtbot, page)
    go_on(qtbot, page)
    windows.wait(lambda: page.trouble.isVisible() and not page.jobs.is_running)
    assert "demo store" in page.trouble.accessibleName()
    windows.window.jobs.stop()


def test_a_server_that_is_not_there_says_so_and_can_be_cancelled(
    own: Windows, page: ImportsPage, qtbot: QtBot
) -> None:
    page.open_server(SourceKind.LDAP)
    page.server.form.fields["host"].set_value("127.0.0.1")
    page.server.form.fields["port"].set_value("9")
    page.server.form.fields["base"].set_value("dc=example,dc=com")
    go_on(qtbot, page)
    own.wait(lambda: page.trouble.isVisible() and not page.jobs.is_running)
    assert "127.0.0.1" in page.trouble.accessibleName()
    go_on(qtbot, page)
    press(qtbot, page.running.cancel, Qt.Key.Key_Space)
    own.wait(lambda: not page.jobs.is_running)
    assert page.stage is Stage.SERVER


def test_nothing_secret_stands_on_the_command_line(
    own: Windows, page: ImportsPage, qtbot: QtBot
) -> None:
    page.open_server(SourceKind.CARDDAV)
    for option, value in {"url": "https://127.0.0.1:9", "user": USER,
                          "password": PASSWORD}.items():  # fmt: skip
        page.server.form.fields[option].set_value(value)
    go_on(qtbot, page)
    (job,) = own.window.jobs.running()
    words = " ".join([job._process.program(), *job._process.arguments()])
    assert PASSWORD not in words
    assert USER not in job._process.arguments()
    assert PASSWORD not in repr(page.server.origin())
    own.wait(lambda: not page.jobs.is_running)


# --- a directory ----------------------------------------------------------------------------------


def test_a_real_directory_comes_in_with_its_filter(
    own: Windows, page: ImportsPage, tmp_path_factory: pytest.TempPathFactory, qtbot: QtBot
) -> None:
    with real_slapd(tmp_path_factory.mktemp("slapd")) as server:
        press(qtbot, page.start.servers[SourceKind.LDAP], Qt.Key.Key_Space)
        for option, value in {"host": "127.0.0.1", "port": str(server.tls_port),
                              "base": f"ou=people,{SUFFIX}", "user": READER,
                              "password": DIRECTORY_PASSWORD, "filter": "(cn=Zoë Müller)",
                              "ca_file": str(server.ca_file)}.items():  # fmt: skip
            page.server.form.fields[option].set_value(value)
        go_on(qtbot, page)
        own.wait(page.server.is_connected)
        assert page.server.rows.model.index(0, 1).data() == "Zoë Müller"
        go_on(qtbot, page)
        go_on(qtbot, page)
        at(own, page, Stage.CHECK)
        go_on(qtbot, page)
        at(own, page, Stage.RESULT)
    assert "Zoë Müller" in names(own)
    assert profiles.load("directory").options["filter"] == "(cn=Zoë Müller)"


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
