"""The page of the number clinic: check, look, preview, fix, undo."""

from __future__ import annotations

import uuid
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QSplitter, QStackedWidget, QWidget

from crmdesk.desk.clinic.report import (
    ClinicReport,
    Example,
    Problem,
    report_from_json,
    report_from_text,
)
from crmdesk.gui.jobs.job_view import JobView
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.numbers import words
from crmdesk.gui.pages.numbers.jobs import NumberJobs
from crmdesk.gui.pages.numbers.problem_list import SHARED_KEY, ProblemList
from crmdesk.gui.pages.numbers.table import NumberRow, NumberTable
from crmdesk.gui.pages.page import Page
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, EmptyState
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import ElidedLabel, label


class NumbersPage(Page):
    """Runs the clinic and its fixes as programs of their own."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._report: ClinicReport | None = None
        self._has_asked = False
        self._preview: dict[str, Any] | None = None
        self._change = ""
        self.jobs = NumberJobs(context.jobs, self)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._show_state()

    def _make_widgets(self) -> None:
        self.summary = ElidedLabel("", "small", "muted")
        self.check = button("Check again", icon="refresh")
        self.done = Banner("good")
        self.done.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.done.hide()
        self.empty = EmptyState(
            "check-circle",
            "Are the numbers in order?",
            "A check reads every number of every customer: which cannot be read, which no call"
            " can match, which several customers share. It changes nothing.",
            "Check numbers",
        )
        self.fine = EmptyState(
            "check-circle",
            "Every number is in order",
            "Each can be read, and a call from it finds its customer.",
        )
        self.running = JobView("numbers")
        self.problems = ProblemList()
        self.table = NumberTable()
        self.title = label("", "lead-strong")
        self.meaning = label("", "body", "muted", wrap=True)
        self.chosen = label("", "small", "muted")
        self.show_changes = button("Show changes", "primary")
        self.back = button("Back", "quiet")
        self.fix = button("Fix", "primary")

    def _lay_out(self) -> None:
        head = row(label("Number clinic", "lead-strong"), self.summary, spacing=Space.M)
        head.addStretch(1)
        head.addWidget(self.check)
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self._right())
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([Size.SIDE_LIST, 3 * Size.FIELD])
        self.remember_splitter(self.splitter, "numbers.splitter")
        self.stack = QStackedWidget()
        for state in (self.empty, self.running, self.splitter):
            self.stack.addWidget(state)
        whole = column(self.trouble, self.done, head, rule(), spacing=Space.NONE)
        whole.addWidget(self.stack, 1)
        self.setLayout(whole)

    def _left(self) -> QWidget:
        made = QWidget()
        made.setMinimumWidth(Size.SIDE_PANEL)
        made.setLayout(column(scroll_area(self.problems, name="Problems"), spacing=Space.NONE))
        return made

    def _right(self) -> QWidget:
        texts = column(self.title, self.meaning, spacing=Space.XS)
        texts.setContentsMargins(Space.L, Space.L, Space.L, Space.M)
        self._below = QStackedWidget()
        self._below.addWidget(self.table)
        self._below.addWidget(self.fine)
        self._foot = QWidget()
        foot = row(self.chosen, 1, self.back, self.show_changes, self.fix)
        foot.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._foot.setLayout(column(rule(), foot, spacing=Space.NONE))
        made = QWidget()
        made.setMinimumWidth(Size.POP)
        items = column(texts, spacing=Space.NONE)
        items.addWidget(self._below, 1)
        items.addWidget(self._foot)
        made.setLayout(items)
        return made

    def _connect(self) -> None:
        self.check.clicked.connect(self.check_numbers)
        self.empty.action_clicked.connect(self.check_numbers)
        self.running.cancel_wanted.connect(self.jobs.cancel)
        self.jobs.started.connect(self.show_running)
        self.jobs.progress.connect(self.running.show_progress)
        self.jobs.failed.connect(self.show_trouble)
        self.jobs.ended.connect(self._ended)
        self.problems.chosen.connect(self._show_problem)
        self.problems.ticked.connect(self._ticks_changed)
        self.show_changes.clicked.connect(self.preview_fixes)
        self.back.clicked.connect(self._leave_preview)
        self.fix.clicked.connect(self.fix_numbers)
        self.done.action_clicked.connect(self.undo)
        self.table.opened.connect(self._open_customer)

    # --- what the window asks -----------------------------------------------------------------

    def activate(self) -> None:
        """The last report comes back the first time."""
        if not self._has_asked:
            self._has_asked = True
            kept = self.context.store.read(lambda reader: reader.clinic_report())
            await_future(kept, self, self._kept_report, self.show_trouble)
        if self._report is None:
            self.empty.focus_action()
        else:
            self.table.setFocus()

    def opened(self) -> uuid.UUID | None:
        """Nothing is opened here."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Nothing is opened here."""

    def _kept_report(self, text: str) -> None:
        report = report_from_text(text) if text and self._report is None else None
        if report is not None:
            self.show_report(report)

    @Slot(str)
    def _open_customer(self, key: str) -> None:
        self.go_to.emit("customers", uuid.UUID(key))

    # --- jobs -----------------------------------------------------------------------------------

    @Slot()
    def check_numbers(self) -> None:
        """Looks at all numbers; the work goes on when one leaves the page."""
        self.jobs.check(self._checked)

    @Slot()
    def preview_fixes(self) -> None:
        """Asks what the fixes that are ticked would do; changes nothing."""
        kinds = self.problems.wanted()
        if kinds:
            self.jobs.preview(kinds, self.show_preview)

    @Slot()
    def fix_numbers(self) -> None:
        """Makes the fixes that were shown."""
        if self._preview is not None and self._preview["fixable"]:
            self.jobs.fix(tuple(map(Problem, self._preview["kinds"])), self._fixed)

    @Slot()
    def undo(self) -> None:
        """Takes the last fix back."""
        if self._change:
            self.jobs.undo(self._change, self._undone)

    @Slot()
    def show_running(self) -> None:
        """A job is on."""
        self.clear_trouble()
        self.done.hide()
        self.running.show_progress(JobProgress())
        self.check.setEnabled(False)
        self.stack.setCurrentWidget(self.running)

    @Slot()
    def _ended(self) -> None:
        self.check.setEnabled(True)
        self._show_state()

    # --- what they found ------------------------------------------------------------------------

    def _checked(self, result: dict[str, Any]) -> None:
        self.show_report(report_from_json(result))

    def show_report(self, report: ClinicReport) -> None:
        """Shows a report; its first problem is opened."""
        self._report, self._preview = report, None
        lines = self.context.settings().lines
        self.problems.show_report(report, {line.id: line.name for line in lines})
        self.summary.set_full_text(words.summary(report, self.context.now()))
        self._show_state()
        self.problems.choose_first()
        if self.isVisible():  # nobody is disturbed who went to another page meanwhile
            self.table.setFocus()

    @Slot(str, str)
    def _show_problem(self, kind: str, line: str) -> None:
        """The numbers of one problem."""
        if self._report is None:
            return
        self._preview = None
        if kind == SHARED_KEY:
            self._show_shared(self._report)
            return
        problem = next(p for p in self._report.problems if (p.kind.value, p.line) == (kind, line))
        about = words.PROBLEMS[Problem(kind)]
        self.title.setText(about.title)
        shown = len(problem.examples)
        more = f" The first {shown:,} of {problem.count:,}:" if shown < problem.count else ""
        self.meaning.setText(about.meaning + more)
        fixable = any(example.after for example in problem.examples)
        heads = words.COLUMNS if fixable else (*words.COLUMNS[:3], "")
        self._show_examples(heads, problem.examples)

    def _show_examples(self, heads: tuple[str, ...], examples: tuple[Example, ...]) -> None:
        rows = [
            NumberRow(words.example_cells(e), words.spoken(e), e.why, e.customer) for e in examples
        ]
        self.table.show_rows(heads, rows, {3: Size.FIELD})
        self._show_foot()

    def _show_shared(self, report: ClinicReport) -> None:
        self.title.setText(words.SHARED.title)
        sizes = ", ".join(
            f"{size.numbers:,} with {size.owners}" for size in report.shared.histogram
        )
        self.meaning.setText(f"{words.SHARED.meaning} By customers: {sizes}. The most shared:")
        rows = [
            NumberRow(words.shared_cells(shared), f"{shared.number}: {shared.owners} customers")
            for shared in report.shared.top
        ]
        self.table.show_rows(words.SHARED_COLUMNS, rows, {0: Size.FIELD, 1: 3 * Size.ROW})
        self._show_foot()

    # --- fixing ---------------------------------------------------------------------------------

    def show_preview(self, result: dict[str, Any]) -> None:
        """What a fix would change: before and after."""
        self._preview = result
        count = int(result["fixable"])
        self.title.setText(f"{words.counted(count)} would change")
        shown = len(result["rows"])
        first = f" The first {shown:,}:" if shown < count else ""
        self.meaning.setText(
            f"What customers wrote stays as it is; only how it is read changes.{first}"
        )
        examples = tuple(
            Example(
                **{name: r[name] for name in ("customer", "name", "raw", "before", "after", "why")}
            )
            for r in result["rows"]
        )
        self.problems.choose_none()
        self._show_examples(words.COLUMNS, examples)

    @Slot()
    def _leave_preview(self) -> None:
        self._preview = None
        self.problems.choose_first()

    @Slot()
    def _ticks_changed(self) -> None:
        if self._preview is not None:
            self._leave_preview()
        self._show_foot()

    def _fixed(self, result: dict[str, Any]) -> None:
        self._preview = None
        self._change = str(result["change"] or "")
        what, meaning = words.fixed_words(int(result["fixed"]), int(result["skipped"]))
        self._tell_and_check(what, meaning, action="Undo" if self._change else "")

    def _undone(self, result: dict[str, Any]) -> None:
        self._change = ""
        what, meaning = words.undone_words(int(result["restored"]), int(result["kept"]))
        self._tell_and_check(what, meaning)

    def _tell_and_check(self, what: str, meaning: str, action: str = "") -> None:
        """Tells what was done; the figures are old now, so the clinic looks again."""
        self.check_numbers()
        self.done.tell(what, meaning, action=action)
        self.done.show()

    # --- states ---------------------------------------------------------------------------------

    def _show_state(self) -> None:
        if self.jobs.is_running:
            return
        self.stack.setCurrentWidget(self.splitter if self._report else self.empty)
        self.check.setVisible(self._report is not None)
        has_rows = bool(self.problems.rows)
        self._below.setCurrentWidget(self.table if has_rows else self.fine)
        self.title.setVisible(has_rows)
        self.meaning.setVisible(has_rows)
        self._show_foot()

    def _show_foot(self) -> None:
        count = self.problems.wanted_count()
        in_preview = self._preview is not None
        fixable = int(self._preview["fixable"]) if self._preview is not None else count
        self._foot.setVisible(bool(self._report and self._report.fixable))
        self.chosen.setText("" if in_preview else f"{words.counted(count)} ticked")
        self.back.setVisible(in_preview)
        self.show_changes.setVisible(not in_preview)
        self.show_changes.setEnabled(bool(count))
        self.fix.setVisible(in_preview)
        self.fix.setEnabled(bool(fixable))
        self.fix.setText(f"Fix {words.counted(fixable)}")
