"""Address books and directories of real servers on the page of imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.domain.importing import SourceKind
from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.saved import SavedProfile
from crmdesk.gui.widgets.messages import Question
from crmdesk.store.keys.vault import StoreVault
from crmdesk.sync import profile as profiles
from tests.fakes.real_radicale import PASSWORD, USER, Radicale
from tests.fakes.real_slapd import PASSWORD as DIRECTORY_PASSWORD
from tests.fakes.real_slapd import READER, SUFFIX, real_slapd
from tests.gui.desk_fixtures import themed, wait, windows
from tests.gui.desk_windows import Windows
from tests.gui.import_hands import (
    at,
    go_on,
    names,
    own,
    page,
    page_of,
    press,
    radicale,
    shop,
    type_into,
)

__all__ = ["own", "page", "radicale", "shop", "themed", "wait", "windows"]

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
    windows: Windows,
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
