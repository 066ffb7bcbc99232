"""The left side: what was found, with a tick at what can be fixed, and what it does to calls."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.desk.clinic.report import ClinicReport, LineRate, Problem, ProblemCount
from crmdesk.gui.pages.numbers import words
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import PushButton
from crmdesk.gui.widgets.fields import check_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import ElidedLabel, label

SHARED_KEY = "shared"
Key = tuple[str, str]
"""Kind and line of a row."""


class ProblemRow(PushButton):
    """One problem: a tick where it can be fixed, its name, how many.

    Signals:
        ticked: The tick changed.
    """

    ticked = Signal()

    def __init__(self, title: str, count: int, fixable: int = 0) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.tick = check_box("", checked=True)
        self.tick.setAccessibleName(f"Fix: {title}")
        set_shown(self.tick, bool(fixable))
        self.tick.toggled.connect(self.ticked)
        self._title = ElidedLabel(title, "body")
        self._count = label(f"{count:,}", "strong")
        self._note = label(f"{fixable:,} of", "small", "muted")
        set_shown(self._note, 0 < fixable < count)
        for part in (self._title, self._count, self._note):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        items = row(self.tick, spacing=Space.S)
        items.addWidget(self._title, 1)
        items.addWidget(self._note)
        items.addWidget(self._count)
        items.setContentsMargins(Space.S, Space.XS, Space.S, Space.XS)
        self.setLayout(items)
        fixes = f", {fixable:,} can be fixed" if fixable else ""
        self.setAccessibleName(f"{title}: {words.counted(count)}{fixes}")


class RateRow(QWidget):
    """What becomes of the calls of one line."""

    def __init__(self, rate: LineRate) -> None:
        super().__init__()
        name = ElidedLabel(rate.name or "Lines that are gone", "small", "muted")
        now = label(words.rate_line(rate), "body", wrap=True)
        is_more = rate.after.matched > rate.now.matched
        after = label(words.rate_after(rate), "small", "good" if is_more else "muted", wrap=True)
        rest = label(words.rate_rest(rate), "small", "muted")
        set_shown(after, bool(after.text()))
        items = column(name, now, after, rest, spacing=Space.HAIR)
        items.setContentsMargins(Space.S, Space.NONE, Space.S, Space.S)
        self.setLayout(items)


class ProblemList(QWidget):
    """All problems of a report.

    Signals:
        chosen: Kind and line of the row whose numbers are wanted.
        ticked: Other kinds shall be fixed.
    """

    chosen = Signal(str, str)
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[Key, ProblemRow] = {}
        self._fixable: dict[Problem, int] = {}
        self._items = column(spacing=Space.HAIR, margin=Space.S)
        self.setLayout(self._items)

    def show_report(self, report: ClinicReport, line_names: dict[str, str]) -> None:
        """Shows what was found; everything that can be fixed is ticked."""
        clear(self._items)
        self.rows.clear()
        self._fixable = {p.kind: p.fixable for p in report.problems if p.fixable}
        fixable = [p for p in report.problems if p.fixable]
        others = [p for p in report.problems if not p.fixable]
        self._rates(report)
        self._section("Can be fixed", fixable, line_names)
        self._section("Look at these yourself", others, line_names)
        self._shared(report)
        self._items.addStretch(1)

    def wanted(self) -> tuple[Problem, ...]:
        """The kinds that are ticked."""
        return tuple(kind for kind in self._fixable if self.rows[kind.value, ""].tick.isChecked())

    def wanted_count(self) -> int:
        """How many numbers that are."""
        return sum(self._fixable[kind] for kind in self.wanted())

    def choose(self, key: Key) -> None:
        """Selects a row and tells it."""
        for place, problem_row in self.rows.items():
            problem_row.setChecked(place == key)
        self.chosen.emit(*key)

    def choose_none(self) -> None:
        """Nothing is selected: something else is shown."""
        for problem_row in self.rows.values():
            problem_row.setChecked(False)

    def choose_first(self) -> None:
        """Selects the first row there is."""
        if self.rows:
            self.choose(next(iter(self.rows)))

    def _section(
        self, title: str, problems: list[ProblemCount], line_names: dict[str, str]
    ) -> None:
        if not problems:
            return
        self._heading(title)
        for problem in problems:
            made = ProblemRow(
                words.problem_title(problem, line_names), problem.count, problem.fixable
            )
            self._add_row((problem.kind.value, problem.line), made)

    def _shared(self, report: ClinicReport) -> None:
        if report.shared.numbers:
            self._heading("Good to know")
            made = ProblemRow(words.SHARED.title, report.shared.numbers)
            self._add_row((SHARED_KEY, ""), made)

    def _rates(self, report: ClinicReport) -> None:
        self._heading("Calls of the last 30 days")
        for rate in report.rates:
            self._items.addWidget(RateRow(rate))
        if not report.rates:
            self._note("No calls from outside in that time.")
        if report.sampled:
            text = f"From a sample of {report.sampled:,} of {report.callers:,} callers."
            self._note(text)

    def _heading(self, title: str) -> None:
        heading = SectionHeader(title)
        heading.setContentsMargins(Space.S, Space.S, Space.S, Space.XS)
        if self._items.count():
            self._items.addSpacing(Space.S)
        self._items.addWidget(heading)

    def _note(self, text: str) -> None:
        made = label(text, "small", "muted", wrap=True)
        made.setContentsMargins(Space.S, Space.NONE, Space.S, Space.NONE)
        self._items.addWidget(made)

    def _add_row(self, key: Key, made: ProblemRow) -> None:
        made.clicked.connect(partial(self.choose, key))
        made.ticked.connect(self.ticked)
        self.rows[key] = made
        self._items.addWidget(made)
