"""The windows of a running desk: what the core tells is seen, what is pressed is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from crmdesk.bootstrap.core import Core
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.gui.app import DeskWindows, application, run_gui
from crmdesk.gui.follow_ups.dialog import FollowUpDialog
from crmdesk.gui.main_window import MainWindow
from crmdesk.gui.pages.customers.form import CustomerForm
from crmdesk.gui.pop.chooser import Chooser
from crmdesk.gui.shortcuts import keys as key_list
from crmdesk.gui.widgets.messages import Question
from crmdesk.store import keys, open_store
from tests.conftest import ExpectedLogs
from tests.end2end.people import JANE, people
from tests.gui.cards import KNOWN, NOBODY, NOW, card, several
from tests.gui.desk_windows import SETTINGS, end, theme_of

Wait = Callable[[Callable[[], bool]], None]
JANES = card(title=JANE.name, match=replace(KNOWN, customer_id=JANE.id))


def sweep(windows: DeskWindows | None = None) -> None:
    """Ends every window, and what a window takes with it."""
    if windows is not None:
        windows.deleteLater()
    for widget in QApplication.topLevelWidgets():
        if isValid(widget):
            end(widget)


async def idle() -> None:
    """A core whose lines tell nothing."""


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    return lambda holds: qtbot.waitUntil(holds, timeout=60_000)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as store:
        people(store)
        yield Core(SETTINGS, store, None)


@pytest.fixture
def desk(qapp: QApplication, core: Core) -> Iterator[DeskWindows]:
    with theme_of(qapp):
        windows = DeskWindows(qapp, core, idle, lambda: NOW)
        windows.start()
        yield windows
        windows.stop()
        sweep(windows)


def test_card_told_on_another_thread_is_shown(desk: DeskWindows, core: Core, wait: Wait) -> None:
    desk.runtime.call_soon(core.listeners.pop_changed, JANES)
    wait(desk.pop.isVisible)
    assert desk.pop._full.accessibleName().startswith(f"Ringing, {JANE.name}")


def test_chord_opens_who_is_calling(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.show_card(JANES)
    desk.chord_pressed.emit(key_list.POP_OPEN.sequence)
    page = desk.window.customers()
    wait(lambda: page.card.header._name.full_text() == JANE.name)
    assert desk.window.stack.currentWidget() is page


def test_chord_starts_a_note_and_puts_away(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.show_card(JANES)
    desk.chord_pressed.emit(key_list.POP_NOTE.sequence)
    page = desk.window.customers()
    wait(lambda: page.card.header._name.full_text() == JANE.name)
    wait(page.card.note.edit.isVisible)
    desk.chord_pressed.emit(key_list.POP_LATER.sequence)
    wait(lambda: not desk.pop.isVisible())
    assert "1 calls put away" in desk.tray.words()


def test_chord_asks_what_was_promised(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.show_card(JANES)
    desk.chord_pressed.emit(key_list.POP_FOLLOW_UP.sequence)
    wait(lambda: bool(desk.window.findChildren(FollowUpDialog)))
    (dialog,) = desk.window.findChildren(FollowUpDialog)
    dialog.reject()


def test_stranger_opens_as_a_new_customer_with_the_number(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.show_card(card(match=NOBODY, story=None))
    desk.chord_pressed.emit(key_list.POP_OPEN.sequence)
    page = desk.window.customers()
    wait(lambda: desk.window.stack.currentWidget() is page)
    wait(lambda: page.stack.currentWidget() is not page.card)


def test_chord_brings_the_open_form_back_and_what_it_asks(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.show_card(card(match=NOBODY, story=None))
    desk.chord_pressed.emit(key_list.POP_OPEN.sequence)
    wait(lambda: bool(desk.window.findChildren(CustomerForm)))
    (form,) = desk.window.findChildren(CustomerForm)
    form.editor.texts["name"].setText("Nia New")
    form.reject()
    wait(lambda: isinstance(QApplication.activeModalWidget(), Question))
    for _ in range(2):
        desk.chord_pressed.emit(key_list.POP_OPEN.sequence)
        QApplication.processEvents()
    assert desk.window.findChildren(CustomerForm) == [form]
    assert isinstance(QApplication.activeModalWidget(), Question)
    assert form.editor.texts["name"].text() == "Nia New"


def test_several_ask_which_one(desk: DeskWindows, wait: Wait) -> None:
    desk.pop.show_card(card(match=several(3), story=None))
    desk.chord_pressed.emit(key_list.POP_OPEN.sequence)
    wait(lambda: any(isinstance(w, Chooser) for w in QApplication.topLevelWidgets()))


def test_second_start_brings_the_window_and_never_dials(desk: DeskWindows, wait: Wait) -> None:
    desk.window.showMinimized()
    desk.bridge.desk_requested(DeskRequest(RequestVerb.FRONT))
    wait(lambda: not desk.window.isMinimized())


def test_line_in_trouble_is_in_the_tray(desk: DeskWindows, wait: Wait) -> None:
    health = LineHealth("support", "Support line", LineState.REFUSED, NOW, "Wrong password.")
    desk.bridge.line_health_changed(health)
    wait(lambda: "Support line: refused" in desk.tray.words())


def test_core_that_breaks_is_told_once(
    qapp: QApplication, core: Core, wait: Wait, expect_log: ExpectedLogs
) -> None:
    expect_log("stopped by an error")

    async def broken() -> None:
        raise RuntimeError("the cable is cut")

    with theme_of(qapp):
        windows = DeskWindows(qapp, core, broken)
        windows.start()
        wait(lambda: any(isinstance(w, Question) for w in QApplication.topLevelWidgets()))
        windows.stop()
        sweep(windows)


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_desk_in_order(qapp: QApplication, core: Core, number: int) -> None:
    before = signal.getsignal(number)
    with theme_of(qapp):
        QTimer.singleShot(300, lambda: os.kill(os.getpid(), number))
        assert run_gui(core, idle) == 0
        sweep()
    assert signal.getsignal(number) is before


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_signal_ends_the_desk_also_where_a_form_is_not_saved(
    qapp: QApplication, core: Core
) -> None:
    def type_a_name() -> None:
        (window,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        window.show_new_customer()
        (form,) = window.findChildren(CustomerForm)
        form.editor.texts["name"].setText("Nia New")
        os.kill(os.getpid(), signal.SIGTERM)

    with theme_of(qapp):
        QTimer.singleShot(300, type_a_name)
        late = QTimer(singleShot=True, interval=15_000)
        late.timeout.connect(lambda: qapp.exit(9))  # a desk that asks would stay for ever
        late.start()
        assert run_gui(core, idle) == 0
        late.stop()
        sweep()


def test_application_is_made_once(qapp: QApplication) -> None:
    assert application() is qapp


OPTIONS = """
import sys
sys.argv = ["crmdesk", "-platformpluginpath", "/nonexistent/evil", "-stylesheet", "/etc/passwd",
            "-style", "windows", "crmdesk:show?n=1"]
from crmdesk.gui.app import application
app = application()
print(len(app.arguments()), app.styleSheet() == "")
"""


def test_options_of_qt_never_reach_qt(repository: Path) -> None:
    """Threat row 13: a link's text must not load plug-ins or stylesheets."""
    done = subprocess.run(
        [sys.executable, "-c", OPTIONS],
        cwd=repository,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["1", "True"], done.stderr


def test_options_before_a_link_open_no_file(
    repository: Path, tmp_path: Path, needs_program: Callable[[str], str]
) -> None:
    """The whole command, watched by strace: the folder of the attacker is never looked into."""
    evil, trace = tmp_path / "evil", tmp_path / "trace"
    evil.mkdir()
    command = [needs_program("strace"), "-f", "-e", "trace=%file", "-o", str(trace), sys.executable]
    program = ["-m", "crmdesk", "-platformpluginpath", str(evil), "crmdesk:show?n=1"]
    done = subprocess.run(
        [*command, *program],
        cwd=repository,
        env={**os.environ, "CRMDESK_HOME": str(tmp_path / "home")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    after_start = trace.read_text(errors="replace").split("execve(", 1)[1].split("\n", 1)[1]
    assert str(evil) not in after_start
