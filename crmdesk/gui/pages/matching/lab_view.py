"""The right side: a try of the rules on past calls, from nothing over its progress to figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from crmdesk.desk.rule_lab.report import LabKind, LabReport
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.pages.matching.examples import ExampleTable
from crmdesk.gui.pages.matching.tiles import Tiles
from crmdesk.gui.pages.matching.words import progress_line, shares, summary
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, EmptyState
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import label

_PERIODS: Final = (
    ("All calls", None),
    ("Last 12 months", 365),
    ("Last 30 days", 30),
    ("Last 7 days", 7),
)
_WIDEST_PROGRESS = 2 * Size.FIELD


class LabView(QWidget):
    """Shows one try.

    Signals:
        try_wanted, cancel_wanted: Somebody pressed the button.
    """

    try_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._report: LabReport | None = None
        self._region = ""
        self.period = combo_box(_PERIODS, name="Which calls")
        self.start = button(
            "Try",
            "primary",
            key=keys.TRY.sequence,
            tip="Look past calls up with these rules; nothing is saved",
        )
        self.start.setAccessibleName("Try on past calls")
        self.start.clicked.connect(self.try_wanted)
        self.stale = Banner("warn", closable=False)
        self.stale.tell("The rules were changed after this try.", action="Try again")
        self.stale.action_clicked.connect(self.try_wanted)
        self._make_states()
        head = row(label("Try on past calls", "lead-strong"), 1, self.period, self.start)
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.setLayout(column(head, rule(), self.stack, spacing=Space.NONE))

    def _make_states(self) -> None:
        self.empty = EmptyState(
            "filter",
            "Try other rules",
            "Change a rule, then try it: the calls of the past are looked up once more, and the"
            " figures say who would be found, lost or unclear. Nothing is saved.",
        )
        self.nothing = EmptyState("check-circle", "Nothing would change")
        self.running = self._running()
        self.result = self._result()
        self.stack = QStackedWidget()
        for state in (self.empty, self.running, self.result):
            self.stack.addWidget(state)

    def _running(self) -> QWidget:
        self.note = label("", "lead-strong")
        self.progress_words = label("", "body", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.cancel_wanted)
        middle = QWidget()
        middle.setFixedWidth(_WIDEST_PROGRESS)
        stop = row(1, self.cancel, 1)
        middle.setLayout(column(self.note, self.bar, self.progress_words, stop, spacing=Space.M))
        for text in (self.note, self.progress_words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        made = QWidget()
        made.setLayout(column(1, row(1, middle, 1), 1))
        return made

    def _result(self) -> QWidget:
        self.tiles = Tiles()
        self.tiles.chosen.connect(self._show_examples)
        self.table = ExampleTable()
        self.share = label("", "body", "text", wrap=True)
        self.summary = label("", "small", "muted", wrap=True)
        self.below = QStackedWidget()
        self.below.addWidget(self.table)
        self.below.addWidget(self.nothing)
        texts = column(self.share, self.summary, spacing=Space.HAIR)
        upper = column(self.stale, self.tiles, texts, spacing=Space.M)
        upper.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        made = QWidget()
        items = column(upper, rule(), spacing=Space.NONE)
        items.addWidget(self.below, 1)
        made.setLayout(items)
        return made

    # --- what the page tells ----------------------------------------------------------------

    def since(self, now: datetime) -> datetime | None:
        """From when calls are wanted, None for all."""
        days = self.period.currentData()
        return None if days is None else now - timedelta(days=days)

    def show_running(self, progress: JobProgress) -> None:
        """A try is on."""
        self.start.setEnabled(False)
        self.period.setEnabled(False)
        share = progress.share
        self.bar.setRange(0, 0 if share is None else 1000)
        self.bar.setValue(round((share or 0) * 1000))
        words = progress_line(progress)
        self.note.setText(f"{(progress.note or 'Starting').capitalize()}…")
        self.progress_words.setText(words)
        self.bar.setAccessibleName(f"{self.note.text()} {words}")
        self.stack.setCurrentWidget(self.running)

    def show_report(self, report: LabReport, region: str) -> None:
        """What a try found; `region` is the country numbers are written for."""
        self._report, self._region = report, region
        self.tiles.show_report(report)
        self.share.setText(shares(report))
        self.summary.setText(summary(report))
        self._show_examples(None)
        self.show_idle()

    def show_idle(self) -> None:
        """No try is on: the last one's figures, else what to do."""
        self.start.setEnabled(True)
        self.period.setEnabled(True)
        self.stack.setCurrentWidget(self.empty if self._report is None else self.result)

    def show_stale(self, is_stale: bool) -> None:
        """Whether the figures belong to other rules than those on the left."""
        self.stale.setVisible(is_stale)

    def forget(self) -> None:
        """The figures say nothing any more."""
        self._report = None
        self.show_idle()

    def _show_examples(self, kind: LabKind | None) -> None:
        if self._report is None:
            return
        wanted = [e for e in self._report.examples if kind is None or e.kind is kind]
        self.table.show_examples(wanted, self._region)
        self.below.setCurrentWidget(self.table if wanted else self.nothing)
        hint = "Every number of the call log is treated as with the rules in force."
        if not self._report.looked_at.calls:
            self.nothing.set_texts("No calls to try on", "Choose a longer time above.")
        else:
            self.nothing.set_texts("Nothing would change", hint)
