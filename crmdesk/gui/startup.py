"""What happens between `crmdesk` and the main window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt, QTimer

from crmdesk.gui.app import application
from crmdesk.gui.crash import CrashHook
from crmdesk.gui.gc_guard import GcGuard
from crmdesk.gui.opening import Ready, Startup
from crmdesk.gui.theme.theme import Theme, theme

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core


def start_desk(store: str | None = None, passphrase_file: Path | None = None) -> int:
    """Opens the desk and shows it until it is closed.

    Args:
        store: Another place of the store than the settings say.
        passphrase_file: Holds the passphrase, for an unattended start.

    Returns:
        Exit code.
    """
    from crmdesk.desk.runtime import Runtime

    app = application()
    _dress()
    guard = GcGuard(app)
    app.setQuitOnLastWindowClosed(False)
    runtime = Runtime()
    runtime.start()
    startup = Startup(runtime, store, passphrase_file)
    try:
        ready = _wait_for(startup)
    finally:
        runtime.stop()
    guard.deleteLater()
    return _run(ready) if ready is not None else int(startup.has_failed)


def _dress() -> None:
    """The theme, which the settings change once they are read."""
    try:
        theme()
    except RuntimeError:
        Theme(application())


def _wait_for(startup: Startup) -> Ready | None:
    loop, crash = QEventLoop(), CrashHook()
    crash.told.connect(startup.crashed)
    startup.finished.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    QTimer.singleShot(0, startup.begin)
    crash.install()
    try:
        loop.exec()
        startup.close()
    finally:
        crash.uninstall()
    return startup.ready


def _run(ready: Ready) -> int:
    from crmdesk.gui.app import run_gui

    try:
        return run_gui(make_core(ready))
    finally:
        ready.opened.store.close()


def make_core(ready: Ready) -> Core:
    """The core of what was opened; simulated calls come from people the store knows."""
    from crmdesk.bootstrap.core import Core
    from crmdesk.telephony.registry import Extras

    settings, store = ready.settings, ready.opened.store
    extras = None
    if any(line.system == "simulator" for line in settings.lines):
        from crmdesk.bootstrap.demo_cast import demo_cast

        extras = Extras(cast=demo_cast(store, settings.agent.extension))
    return Core(settings, store, ready.opened.vault, extras=extras)
