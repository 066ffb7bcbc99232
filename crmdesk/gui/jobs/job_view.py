"""A job in the middle of a page: what it does, how far it is, and a button that ends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.jobs.registry import time_left
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import joined, label

_WIDTH = 2 * Size.FIELD
_STEPS = 1000


class JobView(QWidget):
    """Shows the progress of one job.

    Args:
        unit: What is counted, e.g. "numbers".

    Signals:
        cancel_wanted: The button was pressed.
    """

    cancel_wanted = Signal()

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit
        self.note = label("", "lead-strong")
        self.words = label("", "body", "muted")
        for text in (self.note, self.words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.cancel_wanted)
        middle = QWidget()
        middle.setFixedWidth(_WIDTH)
        buttons = row(1, self.cancel, 1)
        middle.setLayout(column(self.note, self.bar, self.words, buttons, spacing=Space.M))
        self.setLayout(column(1, row(1, middle, 1), 1))
        self.show_progress(JobProgress())

    def set_unit(self, unit: str) -> None:
        """Something else is counted from now on."""
        self._unit = unit

    def show_progress(self, progress: JobProgress) -> None:
        """Shows how far it is."""
        share = progress.share
        self.bar.setRange(0, 0 if share is None else _STEPS)
        self.bar.setValue(round((share or 0) * _STEPS))
        self.note.setText(f"{(progress.note or 'starting').capitalize()}…")
        self.words.setText(count_words(progress, self._unit))
        self.bar.setAccessibleName(f"{self.note.text()} {self.words.text()}")


def count_words(progress: JobProgress, unit: str) -> str:
    """E.g. "431,000 of 1,500,000 numbers · 92,100 a second · 12 s left"."""
    if not progress.done:
        return ""
    of = f" of {progress.of:,}" if progress.of else ""
    rate = f"{progress.rate:,.0f} a second" if progress.rate >= 1 else ""
    left = f"{time_left(progress.left_s)} left" if progress.left_s is not None else ""
    return joined((f"{progress.done:,}{of} {unit}", rate, left))
