"""The page of imports in tests: a messy file, the page with its columns, and hands on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.gui.pages.imports.frame import Stage
from crmdesk.gui.pages.imports.origin import FileOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pictures import scenes_imports
from tests.gui.desk_fixtures import windows  # noqa: F401
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


@pytest.fixture
def mapped(page: ImportsPage) -> ImportsPage:
    """The page with the columns of the pictures."""
    page.show_looked(scenes_imports.looked(), FileOrigin(scenes_imports.FILE))
    page.go_on()
    return page
