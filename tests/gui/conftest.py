"""Strict by default: a test of windows leaves no window, no running timer, no garbage of Qt's.

Python's collector runs only here, in the GUI thread, as in the program (`crmdesk.gui.gc_guard`):
objects of Qt that another thread destroys crash the whole run.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Generator, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget


@pytest.fixture(autouse=True, scope="module")
def _what_was_there_is_not_searched() -> Iterator[None]:
    """The collector looks at what the tests make, not at the libraries again and again."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """What pytest held of a test until its very end is gone before a test without Qt begins."""
    result = yield
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
    return result


@pytest.fixture(autouse=True)
def _collector_in_this_thread() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    yield
    gc.collect()
    if was_on:
        gc.enable()


@pytest.fixture(autouse=True)
def _nothing_of_qt_left_behind(
    qapp: QApplication, _collector_in_this_thread: None
) -> Iterator[None]:
    windows, timers = set(map(id, QApplication.topLevelWidgets())), _running_timers(qapp)
    yield
    _forget_quit(qapp)
    _forget()
    left = [w for w in QApplication.topLevelWidgets() if id(w) not in windows]
    assert not left, f"windows left behind: {left}"
    running = _running_timers(qapp) - timers
    assert not running, f"timers left running: {running}"


@pytest.fixture(autouse=True)
def _hooks_given_back() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook
    yield
    assert (sys.excepthook, threading.excepthook) == before, "an exception hook was left behind"


def _forget_quit(app: QApplication) -> None:
    """A program that was told to quit while no loop ran would end the loops of all later tests.

    Qt remembers it until a loop of the application itself has run.
    """
    QTimer.singleShot(0, app.quit)
    app.exec()


def _forget() -> None:
    """Lets Qt and Python destroy what is not wanted any more."""
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


def _running_timers(app: QApplication) -> set[str]:
    owners: list[QObject] = [app, *QApplication.topLevelWidgets()]
    return {
        f"{type(owner).__name__}.{timer.objectName() or type(timer.parent()).__name__}"
        for owner in owners
        for timer in owner.findChildren(QTimer)
        if timer.isActive() and _is_ours(timer)
    }


def _is_ours(timer: QTimer) -> bool:
    parent = timer.parent()
    return isinstance(parent, QWidget) or type(parent).__module__.startswith("crmdesk")
