"""Fixtures of the tests of pages; imported by those that use them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.store import keys, open_store
from crmdesk.store.demo import make_demo
from tests.gui.desk_windows import Windows, desk_windows, theme_of

_LONG_MS = 60_000
"""Only what never comes waits this long."""
_MANY = 10_000


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    """Lets Qt run until something holds."""
    return lambda holds: qtbot.waitUntil(holds, timeout=_LONG_MS)


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[None]:
    """The light theme."""
    with theme_of(qapp):
        yield


@pytest.fixture
def windows(
    themed: None, tmp_path: Path, wait: Callable[[Callable[[], bool]], None]
) -> Iterator[Windows]:
    """A main window on an empty store."""
    with desk_windows(tmp_path, wait) as made:
        yield made


@pytest.fixture
def demo(
    themed: None, tmp_path: Path, wait: Callable[[Callable[[], bool]], None]
) -> Iterator[Windows]:
    """A main window on a small demo store."""
    with desk_windows(tmp_path, wait, lambda store: make_demo(store, 60)) as made:
        yield made


@pytest.fixture(scope="session")
def many_customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of 10,000 customers, made once."""
    folder = tmp_path_factory.mktemp("many")
    with open_store(folder / "test.db", keys.DEMO_KEY) as store:
        make_demo(store, _MANY, calls=2_000)
    return folder


@pytest.fixture
def big(
    themed: None,
    tmp_path: Path,
    many_customers: Path,
    wait: Callable[[Callable[[], bool]], None],
) -> Iterator[Windows]:
    """A main window on 10,000 customers."""
    shutil.copytree(many_customers, tmp_path, dirs_exist_ok=True)
    with desk_windows(tmp_path, wait) as made:
        yield made
