"""On which of two screens the pop appears; a platform with two screens needs its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_SCREENS = [
    {"name": "left", "x": 0, "y": 0, "width": 1600, "height": 900},
    {"name": "right", "x": 1600, "y": 0, "width": 1600, "height": 900},
]
_PROGRAM = """
import sys
from datetime import UTC, datetime
from PySide6.QtWidgets import QApplication
from PySide6.QtGui import QCursor
app = QApplication(["crmdesk"])
from crmdesk.gui.pop.deck import PopDeck
from crmdesk.gui.pop.window import PopWindow
from crmdesk.gui.theme.theme import Theme
from tests.gui.cards import NOW, card
theme = Theme(app, "light")
pop = PopWindow(PopDeck(4.0), lambda: NOW)
pop.wanted_screen = sys.argv[1]
QCursor.setPos(1700, 400)
pop.show_card(card())
print("left" if pop.x() < 1600 else "right")
"""


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("mouse", "right"),
        ("primary", "left"),
        ("left", "left"),
        ("right", "right"),
        ("unplugged", "left"),
    ],
)
def test_screen_of_the_settings(wanted: str, where: str, tmp_path: Path, repository: Path) -> None:
    screens = [{"logicalDpi": 96, "dpr": 1, **screen} for screen in _SCREENS]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    told = subprocess.run(
        [sys.executable, "-c", _PROGRAM, wanted],
        cwd=repository, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout.strip() == where, told.stderr
