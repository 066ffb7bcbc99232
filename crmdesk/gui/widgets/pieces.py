"""Small pieces: chips, avatars, dots, key hints, rules, section headings."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from crmdesk.gui.theme.tokens import LIGHT, Size, Space
from crmdesk.gui.widgets.buttons import PushButton, icon_label, shown_key
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import label, set_property, unmarked

_AVATAR_SIZES = {"small": Size.AVATAR_SMALL, "medium": Size.AVATAR, "large": Size.AVATAR_LARGE}


def chip(text: str, tone: str = "neutral") -> QLabel:
    """A short word on a tinted ground: a segment, a status, a priority."""
    made = label(text, "small")
    made.setProperty("kind", "chip")
    made.setProperty("chip", tone)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def chip_button(text: str, tone: str = "neutral") -> QPushButton:
    """A chip that opens something, e.g. why a customer was matched."""
    made = PushButton(unmarked(text))
    made.setProperty("kind", "chip")
    made.setProperty("chip", tone)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def set_chip(widget: QLabel | QPushButton, text: str, tone: str) -> None:
    """Changes text and tone of a chip; without text it is hidden."""
    widget.setText(unmarked(text) if isinstance(widget, QPushButton) else text)
    widget.setAccessibleName(text)
    set_shown(widget, bool(text))
    set_property(widget, "chip", tone)


def initials(name: str) -> str:
    """One or two letters that stand for a name; "?" where it has none."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def avatar(name: str = "", key: uuid.UUID | None = None, size: str = "medium") -> QLabel:
    """A round mark with initials; its colour belongs to the id and never changes.

    Args:
        name: Whose initials.
        key: Whose colour; grey where None.
        size: "small", "medium" or "large".
    """
    made = label()
    made.setProperty("kind", "avatar")
    made.setProperty("avatarSize", size)
    made.setFixedSize(_AVATAR_SIZES[size], _AVATAR_SIZES[size])
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    set_avatar(made, name, key)
    return made


def set_avatar(widget: QLabel, name: str, key: uuid.UUID | None) -> None:
    """Shows another person on an avatar; without a key it is grey."""
    widget.setText(initials(name))
    last = len(LIGHT.avatars) - 1
    set_property(widget, "avatar", key.int % last if key else last)


def state_dot(tone: str = "faint") -> QLabel:
    """A dot in a meaning's colour; a word always stands beside it."""
    made = label()
    made.setProperty("kind", "dot")
    made.setProperty("dot", tone)
    made.setFixedSize(Size.DOT, Size.DOT)
    return made


def set_dot(widget: QLabel, tone: str) -> None:
    """Changes the tone of a dot."""
    set_property(widget, "dot", tone)


def key_hint(key: str) -> QLabel:
    """A key, drawn as a key; nothing where there is none."""
    made = label(shown_key(key))
    made.setProperty("kind", "key")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.setVisible(bool(key))
    return made


def rule() -> QFrame:
    """A hair line across."""
    made = QFrame()
    made.setProperty("kind", "rule")
    return made


def upright_rule() -> QFrame:
    """A hair line from top to bottom."""
    made = QFrame()
    made.setProperty("kind", "rule-vertical")
    return made


class SectionHeader(QWidget):
    """A heading of a block, with a count and one quiet action at the right."""

    def __init__(self, title: str, icon: str = "", trailing: QWidget | None = None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        row.setSpacing(Space.S)
        if icon:
            row.addWidget(icon_label(icon))
        self._title = label(title, "strong")
        self._count = label("", "small", "muted")
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch(1)
        if trailing is not None:
            row.addWidget(trailing)

    def set_title(self, title: str) -> None:
        """Changes the heading."""
        self._title.setText(title)

    def set_count(self, count: int | None) -> None:
        """Shows how many there are; None shows nothing."""
        self._count.setText("" if count is None else f"{count:,}")
