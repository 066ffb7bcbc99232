"""Long words from outside must not widen a page: they may break anywhere."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QLabel

from crmdesk.gui.widgets.text import label

_LONG_WORD = re.compile(r"\S{25,}")
_PIECE = re.compile(r"(.{12})(?=.)")
_BREAK = "\u200b"
"""Zero width space: a place where a line may end. Only shown, never kept or compared."""


def breakable(text: str) -> str:
    """The same text with places to break in its long words."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\1{_BREAK}", word.group()), text)


def wrapped(text: str, role: str = "body", tone: str = "text") -> QLabel:
    """A label of several lines whose width is the page's, whatever stands in it."""
    made = label(breakable(text), role, tone, wrap=True)
    made.setAccessibleName(text)
    made.setMinimumWidth(1)
    return made


def set_wrapped(made: QLabel, text: str) -> None:
    """Changes the text of such a label."""
    made.setText(breakable(text))
    made.setAccessibleName(text)
