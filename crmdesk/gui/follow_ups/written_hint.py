"""Under a note: what its lines will make when it is saved, and why one will not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.desk.follow_ups.promises import Written
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import icon_label
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import isolate, joined

_MOST = 4


class WrittenHint(QWidget):
    """A line for each; hidden where the note makes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(spacing=Space.XS)
        self.setLayout(self._lines)
        self.hide()

    def show_written(self, found: Iterable[Written], now: datetime) -> None:
        """Says what will be made."""
        clear(self._lines)
        told = [_words(one, now) for one in found]
        for text, icon, tone in told[:_MOST]:
            self._lines.addWidget(_line(text, icon, tone))
        if len(told) > _MOST:
            self._lines.addWidget(_line(f"and {len(told) - _MOST} more", "more", "muted"))
        self.setAccessibleName("\n".join(text for text, _, _ in told))
        self.setVisible(bool(told))

    def text(self) -> str:
        """What it says, a line for each."""
        return self.accessibleName()


def _words(one: Written, now: datetime) -> tuple[str, str, str]:
    kind = follow_up_words.KINDS[one.kind]
    trouble = one.trouble(now)
    if trouble or one.when is None:
        return f"{kind}: {trouble}", "warning", "warn"
    when = follow_up_words.meaning(one.when.at, now)
    text = joined((f"{kind}: {isolate(one.title)}", when))
    return text, follow_up_words.ICONS[one.kind], "accent"


def _line(text: str, icon: str, tone: str) -> QWidget:
    made = QWidget()
    items = row(spacing=Space.XS)
    items.addWidget(icon_label(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    items.addWidget(wrapped(text, "small", "text" if tone == "accent" else tone), 1)
    made.setLayout(items)
    return made
