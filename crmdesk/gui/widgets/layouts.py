"""Rows and columns on the spacing grid."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from crmdesk.gui.theme.tokens import Space


def row(*items: QWidget | QLayout | int, spacing: int = Space.S, margin: int = 0) -> QHBoxLayout:
    """A row; a number among the items is a stretch of that weight."""
    made = QHBoxLayout()
    _fill(made, items, spacing, margin)
    return made


def column(*items: QWidget | QLayout | int, spacing: int = Space.S, margin: int = 0) -> QVBoxLayout:
    """A column; a number among the items is a stretch of that weight."""
    made = QVBoxLayout()
    _fill(made, items, spacing, margin)
    return made


def _fill(
    box: QBoxLayout, items: tuple[QWidget | QLayout | int, ...], spacing: int, margin: int
) -> None:
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(spacing)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addStretch(item)
