"""Takes the pictures: every scene, light and dark, at one scaling per process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.gui.app import application
from crmdesk.gui.pictures.registry import Scene, scenes
from crmdesk.gui.theme.theme import Theme
from crmdesk.settings.own_program import own_command, own_environment

SCALES = ("1", "1.5")
THEMES = ("light", "dark")
_CHILD = "CRMDESK_PICTURE_SCALE"
_TURN_MS = 20


def take_all(folder: Path, only: str = "") -> int:
    """Takes all pictures into a folder; starts itself once for every scaling.

    Args:
        folder: Where `<name>-<theme>-<scale>.png` go; made where it is missing.
        only: A part of the names to take, "" for all.

    Returns:
        Exit code: 0 where all went well.
    """
    if _CHILD in os.environ:
        return _take(folder, only, os.environ[_CHILD])
    folder.mkdir(parents=True, exist_ok=True)
    for scale in SCALES:
        environment = own_environment(os.environ) | {_CHILD: scale, "QT_SCALE_FACTOR": scale}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        command = own_command("pictures", str(folder), "--only", only)
        code = subprocess.call(command, env=environment)  # noqa: S603  our own program
        if code:
            return code
    return 0


def _take(folder: Path, only: str, scale: str) -> int:
    app = application()
    look = Theme(app, THEMES[0])
    wanted = [scene for scene in scenes() if only in scene.name]
    percent = round(float(scale) * 100)
    for mode in THEMES:
        look.set_mode(mode)
        for scene in wanted:
            path = folder / f"{_file_name(scene.name)}-{mode}-{percent}.png"
            if not _shoot(app, scene, path):
                print(f"{path} could not be written.", file=sys.stderr)
                return 1
    print(f"{len(wanted) * len(THEMES)} pictures at {percent} % in {folder}")
    return 0


def _shoot(app: QApplication, scene: Scene, path: Path) -> bool:
    widget = scene.make()
    if scene.size:
        widget.resize(*scene.size)
    else:
        widget.adjustSize()
    widget.show()
    _settle(app, scene.pause_ms)
    saved = widget.grab().save(str(path))
    _dispose(app, widget)
    return saved


def _settle(app: QApplication, pause_ms: int) -> None:
    """Lets everything be laid out and painted, and answers of other threads come in."""
    timer = QElapsedTimer()
    timer.start()
    app.processEvents()
    while timer.elapsed() < pause_ms:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)
    app.processEvents()


def _dispose(app: QApplication, widget: QWidget) -> None:
    widget.close()
    widget.deleteLater()
    app.sendPostedEvents(None, 0)
    app.processEvents()


def _file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.lower())
