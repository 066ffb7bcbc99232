"""The page of imports in front of servers, and the hands on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.store import keys
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from tests.fakes.real_radicale import BOOK, Radicale, real_radicale
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
