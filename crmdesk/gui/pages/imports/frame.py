"""The page around the steps: what stands above and below them, and which one is shown."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from crmdesk.gui.jobs.job_view import JobView
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.columns_step import ColumnsStep
from crmdesk.gui.pages.imports.file_step import FileStep
from crmdesk.gui.pages.imports.outcome_view import OutcomeView
from crmdesk.gui.pages.imports.result_step import ResultStep
from crmdesk.gui.pages.imports.server_step import ServerStep
from crmdesk.gui.pages.imports.start_step import StartStep
from crmdesk.gui.pages.imports.step_strip import StepStrip
from crmdesk.gui.pages.imports.trial import Reading
from crmdesk.gui.pages.page import Page
from crmdesk.gui.settings.regions import regions
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tooltip

STEPS: Final = ("File", "Columns", "Check", "Import")


class Stage(Enum):
    """What is on the screen."""

    START = "start"
    FILE = "file"
    SERVER = "server"
    COLUMNS = "columns"
    CHECK = "check"
    RESULT = "result"


_PLACES: Final = {
    Stage.START: -1, Stage.FILE: 0, Stage.SERVER: 0, Stage.COLUMNS: 1, Stage.CHECK: 2,
    Stage.RESULT: len(STEPS),
}  # fmt: skip
"""Which step a stage is; -1 for none."""


class ImportsFrame(Page):
    """Makes the steps and shows one of them."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.stage = Stage.START
        self._make_steps()
        self._make_widgets()
        self._lay_out()
        self._show_segments()
        context.segments.changed.connect(self._show_segments)
        for name, step in (("file", self.file), ("server", self.server), ("columns", self.columns)):
            self.remember_splitter(step.splitter, f"imports.{name}")

    def _make_steps(self) -> None:
        line = next(iter(self.context.settings().lines), None)
        names = {code: name for name, code in regions()}
        self.start = StartStep()
        self.file = FileStep()
        self.server = ServerStep()
        self.columns = ColumnsStep(names.get(line.region, "") if line else "", self._reading)
        self.check = OutcomeView()
        self.result = ResultStep()
        self.running = JobView("rows")
        self._steps: dict[Stage, QWidget] = {
            Stage.START: self.start, Stage.FILE: self.file, Stage.SERVER: self.server,
            Stage.COLUMNS: self.columns, Stage.CHECK: self.check, Stage.RESULT: self.result,
        }  # fmt: skip

    @Slot()
    def _show_segments(self) -> None:
        known = self.context.segments.questions.every.segments
        self.columns.rules.set_segments([one.name for one in known])

    def _make_widgets(self) -> None:
        self.summary = ElidedLabel("", "small", "muted")
        self.strip = StepStrip(STEPS)
        self.told = Banner("good")
        self.told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.told.hide()
        self.stack = QStackedWidget()
        for step in (*self._steps.values(), self.running):
            self.stack.addWidget(step)
        self.leave = button("Start over", "quiet")
        self.back = button("Back")
        self.next = button("Next", "primary")
        set_tooltip(self.next, keys.GO_ON.text, shown_key(keys.GO_ON.sequence))

    def _lay_out(self) -> None:
        head = row(label("Import", "lead-strong"), spacing=Space.M)
        head.addWidget(self.summary, 1)
        head.addWidget(self.strip)
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.foot = QWidget()
        foot = row(self.leave, 1, self.back, self.next)
        foot.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.foot.setLayout(column(rule(), foot, spacing=Space.NONE))
        whole = column(self.trouble, self.told, head, rule(), spacing=Space.NONE)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.foot)
        self.setLayout(whole)

    @Slot()
    def show_running(self) -> None:
        """A job is on; it goes on when one leaves the page."""
        self.clear_trouble()
        self.told.hide()
        self.show_progress(JobProgress())
        self.stack.setCurrentWidget(self.running)
        self.foot.hide()

    def show_progress(self, progress: JobProgress, *, in_bytes: bool = True) -> None:
        """Shows how far a job is; the size of a file in kilobytes, as its folder shows it."""
        counted, unit = words.as_counted(progress, is_of_file=in_bytes)
        self.running.set_unit(unit)
        self.running.show_progress(counted)

    def show_stage(self, stage: Stage, summary: str) -> None:
        """Shows a step.

        Args:
            stage: Which.
            summary: What is being imported, in a line.
        """
        self.stage = stage
        self.summary.set_full_text(summary)
        if stage in {Stage.FILE, Stage.SERVER}:
            self.strip.set_first("File" if stage is Stage.FILE else "Server")
        self.strip.show_step(_PLACES[stage])
        self.strip.setVisible(stage is not Stage.START)
        self.stack.setCurrentWidget(self._steps[stage])
        self.foot.setVisible(stage not in {Stage.START, Stage.RESULT})
        if self.isVisible():  # nobody is disturbed who went to another page meanwhile
            self.focus_step()

    def focus_step(self) -> None:
        """The keyboard where the work of the step starts."""
        targets = {
            Stage.START: self.start.setFocus, Stage.COLUMNS: self.columns.focus_first,
            Stage.RESULT: self.result.focus_first, Stage.SERVER: self._focus_server,
        }  # fmt: skip
        targets.get(self.stage, self.next.setFocus)()

    def _focus_server(self) -> None:
        """In the form; on the button where the form is done with."""
        if self.server.is_connected():
            self.next.setFocus()
        else:
            self.server.focus_first()

    def _reading(self) -> Reading:
        """How numbers without a country are read: as on the first line, as the import does."""
        lines = sorted(self.context.settings().lines, key=lambda line: not line.enabled)
        line = next((line for line in lines if line.region), None)
        return Reading(line.region, line.area_code) if line is not None else Reading()
