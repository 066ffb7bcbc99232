"""The page of imports: file, columns, check, import; each long part is a program of its own."""

from __future__ import annotations

import shutil
import uuid
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTemporaryDir, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget, QWidget

from crmdesk.domain.changes import ChangeKind, ChangePage
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.jobs.job_view import JobView
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.answers import Looked, Outcome, looked_from_json, outcome_from_json
from crmdesk.gui.pages.imports.columns_step import LAST_USED, ColumnsStep
from crmdesk.gui.pages.imports.file_step import FileStep
from crmdesk.gui.pages.imports.jobs import Done, ImportJobs
from crmdesk.gui.pages.imports.outcome_view import OutcomeView
from crmdesk.gui.pages.imports.result_step import ResultStep
from crmdesk.gui.pages.imports.save_profile import SaveProfileDialog
from crmdesk.gui.pages.imports.start_step import StartStep, dropped_file
from crmdesk.gui.pages.imports.step_strip import StepStrip
from crmdesk.gui.pages.imports.trial import Reading
from crmdesk.gui.pages.page import Page
from crmdesk.gui.settings.regions import regions
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import ElidedLabel, label
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.targets import guess

STEPS = ("File", "Columns", "Check", "Import")
_PAST = 20
_BAD_ROWS = "bad-rows.csv"


class Stage(Enum):
    """What is on the screen; the value is its step, -1 for none."""

    START = -1
    FILE = 0
    COLUMNS = 1
    CHECK = 2
    RESULT = 4


class ImportsPage(Page):
    """Brings customers in from a file."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.stage = Stage.START
        self._file: Path | None = None
        self._options: dict[str, str] = {}
        self._looked: Looked | None = None
        self._outcome: Outcome | None = None
        self._checked: ImportProfile | None = None
        self._folder = QTemporaryDir()
        self.jobs = ImportJobs(context.jobs, self)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._show_stage(Stage.START)

    def _make_widgets(self) -> None:
        line = next(iter(self.context.settings().lines), None)
        names = {code: name for name, code in regions()}
        self.summary = ElidedLabel("", "small", "muted")
        self.strip = StepStrip(STEPS)
        self.told = Banner("good")
        self.told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.told.hide()
        self.start = StartStep()
        self.file = FileStep()
        self.columns = ColumnsStep(names.get(line.region, "") if line else "", self._reading)
        self.check = OutcomeView()
        self.result = ResultStep()
        self.running = JobView("rows")
        self.leave = button("Start over", "quiet")
        self.back = button("Back")
        self.next = button("Next", "primary")

    def _lay_out(self) -> None:
        head = row(label("Import customers", "lead-strong"), self.summary, spacing=Space.M)
        head.addStretch(1)
        head.addWidget(self.strip)
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.stack = QStackedWidget()
        self._pages: dict[Stage, QWidget] = {
            Stage.START: self.start, Stage.FILE: self.file, Stage.COLUMNS: self.columns,
            Stage.CHECK: self.check, Stage.RESULT: self.result,
        }  # fmt: skip
        for page in (*self._pages.values(), self.running):
            self.stack.addWidget(page)
        self._foot = QWidget()
        foot = row(self.leave, 1, self.back, self.next)
        foot.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._foot.setLayout(column(rule(), foot, spacing=Space.NONE))
        whole = column(self.trouble, self.told, head, rule(), spacing=Space.NONE)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self._foot)
        self.setLayout(whole)
        for splitter, name in ((self.file.splitter, "file"), (self.columns.splitter, "columns")):
            self.remember_splitter(splitter, f"imports.{name}")

    def _connect(self) -> None:
        self.start.drop.dropped.connect(self.open_file)
        self.start.drop.choice_wanted.connect(self.choose_file)
        self.start.undo_wanted.connect(self.undo_past)
        self.file.option_changed.connect(self._set_option)
        self.file.other_wanted.connect(self.choose_file)
        self.columns.changed.connect(self._show_foot)
        self.columns.save_wanted.connect(self.save_profile)
        self.columns.failed.connect(self.show_trouble)
        for view in (self.check, self.result):
            view.opened.connect(partial(self.go_to.emit, "customers"))
            view.bad_wanted.connect(self.save_bad_rows)
        self.result.undo_wanted.connect(self.undo)
        self.result.again_wanted.connect(self.start_over)
        self.result.customers_wanted.connect(partial(self.go_to.emit, "customers", None))
        self.leave.clicked.connect(self.start_over)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.running.cancel_wanted.connect(self.jobs.cancel)
        self.jobs.started.connect(self.show_running)
        self.jobs.progress.connect(self.running.show_progress)
        self.jobs.failed.connect(self.show_trouble)
        self.jobs.ended.connect(self._ended)

    # --- what the window asks -------------------------------------------------------------------

    def activate(self) -> None:
        """The keyboard on what comes next; the imports there were are read again."""
        if self.stage is Stage.START:
            self._read_past()
        if not self.jobs.is_running:
            self._focus()

    def opened(self) -> uuid.UUID | None:
        """Nothing is opened here."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Nothing is opened here."""

    def finish(self) -> None:
        """Bad rows nobody saved go with the window."""
        self._folder.remove()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """A file may be dropped wherever the page is, unless something runs."""
        if dropped_file(event.mimeData()) is not None and not self.jobs.is_running:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes the file."""
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.open_file(file)

    # --- the file -------------------------------------------------------------------------------

    @Slot()
    def choose_file(self) -> None:
        """Asks for a file, without blocking."""
        folder = str(self._file.parent) if self._file is not None else ""
        dialog = QFileDialog(self, "Import customers", folder, words.FILE_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.open_file(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def open_file(self, file: Path) -> None:
        """Looks at a file, as another program would: nothing of it is read here."""
        if not self.jobs.is_running:
            self._file, self._options = file, {}
            self._look()

    @Slot(str, str)
    def _set_option(self, option: str, value: str) -> None:
        if not self.jobs.is_running:
            self._options = {**self._options, option: value}
            self._look()

    def _look(self) -> None:
        if self._file is not None:
            self.jobs.look(self._file, self._options, self._checked_answer(self._show_looked))

    def _show_looked(self, result: dict[str, Any]) -> None:
        self.show_looked(looked_from_json(result))

    def show_looked(self, looked: Looked) -> None:
        """Shows what a look found; its columns get targets by their names and values."""
        self._looked, facts = looked, looked.facts
        name = self._file.name if self._file is not None else ""
        targets = guess(facts.columns) | dict(looked.guessed or {})
        options = {name: self._options[name] for name in self._options}
        guessed = ImportProfile(kind=facts.kind.value, columns=targets, options=options)
        self.file.show_file(name, facts, looked.rows)
        self.columns.show_file(facts, looked.rows, guessed)
        self._show_stage(Stage.FILE)

    # --- from step to step ----------------------------------------------------------------------

    @Slot()
    def go_on(self) -> None:
        """To the next step, or to what it needs before."""
        if self.stage is Stage.FILE:
            self._show_stage(Stage.COLUMNS)
        elif self.stage is Stage.COLUMNS:
            self._run(self.jobs.dry_run, self._show_check)
        elif self.stage is Stage.CHECK:
            self._run(self.jobs.run, self._show_result)

    @Slot()
    def go_back(self) -> None:
        """To the step before; what was chosen stays."""
        before = {Stage.FILE: Stage.START, Stage.COLUMNS: Stage.FILE, Stage.CHECK: Stage.COLUMNS}
        if self.stage in before:
            self._show_stage(before[self.stage])

    @Slot()
    def start_over(self) -> None:
        """Another file; nothing of this one is kept."""
        self._file = self._looked = self._outcome = None
        self._show_stage(Stage.START)
        self._read_past()

    def _run(self, job: Any, show: Done) -> None:
        """Runs a job on the profile as it is chosen, kept as the last one."""
        if self._file is None:
            return
        try:
            profiles.save(self.columns.profile(), LAST_USED)
        except UserFacingError as error:
            self.show_trouble(error)
            return
        job(self._file, LAST_USED, self._bad_file(), self._checked_answer(show))

    def _checked_answer(self, show: Done) -> Done:
        """Has what a job returned shown, or told that it is not what it should be."""

        def take(result: dict[str, Any]) -> None:
            try:
                show(result)
            except UserFacingError as error:
                self.show_trouble(error)

        return take

    def _show_check(self, result: dict[str, Any]) -> None:
        self.show_check(outcome_from_json(result))

    def show_check(self, outcome: Outcome) -> None:
        """Shows what an import would do."""
        self._outcome = outcome
        self.check.show_outcome(words.would_words(outcome.summary), outcome)
        self._show_stage(Stage.CHECK)

    def _show_result(self, result: dict[str, Any]) -> None:
        self.show_result(outcome_from_json(result))
        self.store_changed.emit()

    def show_result(self, outcome: Outcome) -> None:
        """Shows what an import did."""
        self._outcome = outcome
        self.result.show_result(outcome)
        self._show_stage(Stage.RESULT)

    # --- undo, profiles, bad rows ---------------------------------------------------------------

    @Slot()
    def undo(self) -> None:
        """Takes the import that was just made back."""
        if self._outcome is not None and self._outcome.summary.batch is not None:
            self.jobs.undo(str(self._outcome.summary.batch), self._undone)

    @Slot(object)
    def undo_past(self, batch: uuid.UUID) -> None:
        """Takes an import of before back."""
        self.jobs.undo(str(batch), self._undone)

    def _undone(self, result: dict[str, Any]) -> None:
        what = words.undone_words(int(result.get("restored", 0)), int(result.get("kept", 0)))
        if self.stage is Stage.RESULT:
            self.result.show_undone(*what)
        else:
            self.told.tell(*what)
            self.told.show()
            self._read_past()
        self.store_changed.emit()

    def _read_past(self) -> None:
        kinds = (ChangeKind.IMPORT,)
        read = self.context.store.read(lambda reader: reader.changes(limit=_PAST, kinds=kinds))
        await_future(read, self, self._show_past, self.show_trouble)

    def _show_past(self, page: ChangePage) -> None:
        self.start.show_past(page.changes, self.context.now())

    @Slot()
    def save_profile(self) -> None:
        """Asks for a name and keeps the mapping under it."""
        chosen = str(self.columns.profile_choice.currentData() or "")
        name = "" if chosen == LAST_USED else chosen
        dialog = SaveProfileDialog(self.window(), self.columns.profile(), name)
        dialog.saved.connect(lambda name: self.columns.show_names(profiles.names(), name))
        dialog.open()

    def _bad_file(self) -> Path:
        return Path(self._folder.filePath(_BAD_ROWS))

    @Slot()
    def save_bad_rows(self) -> None:
        """Asks where the bad rows, with the reason in a column, shall go."""
        stem = self._file.with_name(f"{self._file.stem}-bad-rows.csv") if self._file else ""
        dialog = QFileDialog(self, "Save bad rows", str(stem), "Text table (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.copy_bad_rows)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def copy_bad_rows(self, place: str) -> None:
        """Copies the bad rows of the last run."""
        try:
            shutil.copyfile(self._bad_file(), place)
        except OSError as error:
            self.show_trouble(_not_saved(place, error))
            return
        self.told.tell(f"The bad rows are in {place}.",
                       "Correct them there and import that file the same way.")  # fmt: skip
        self.told.show()

    # --- states ---------------------------------------------------------------------------------

    @Slot()
    def show_running(self) -> None:
        """A job is on; it goes on when one leaves the page."""
        self.clear_trouble()
        self.told.hide()
        self.running.show_progress(JobProgress())
        self.stack.setCurrentWidget(self.running)
        self._foot.hide()

    @Slot()
    def _ended(self) -> None:
        self._show_stage(self.stage)

    def _show_stage(self, stage: Stage) -> None:
        self.stage = stage
        if stage is not Stage.RESULT and stage is not Stage.CHECK:
            self.told.hide()
        facts = self._looked.facts if self._looked is not None else None
        line = words.file_line(self._file, facts) if self._file and stage is not Stage.START else ""
        self.summary.set_full_text(line)
        self.strip.show_step(stage.value)
        self.strip.setVisible(stage is not Stage.START)
        self.stack.setCurrentWidget(self._pages[stage])
        self._show_foot()
        if self.isVisible():  # nobody is disturbed who went to another page meanwhile
            self._focus()

    @Slot()
    def _show_foot(self) -> None:
        summary = self._outcome.summary if self._outcome is not None else None
        count = summary.created + summary.updated if summary is not None else 0
        texts = {Stage.COLUMNS: "Check", Stage.CHECK: f"Import {words.counted(count, 'customer')}"}
        may = {Stage.COLUMNS: self.columns.may_go_on(), Stage.CHECK: bool(count)}
        self._foot.setVisible(self.stage not in {Stage.START, Stage.RESULT})
        self.next.setText(texts.get(self.stage, "Next"))
        self.next.setEnabled(may.get(self.stage, True))

    def _focus(self) -> None:
        targets = {Stage.START: self.start.setFocus, Stage.COLUMNS: self.columns.focus_first,
                   Stage.RESULT: self.result.focus_first}  # fmt: skip
        targets.get(self.stage, self.next.setFocus)()

    def _reading(self) -> Reading:
        line = next(iter(self.context.settings().lines), None)
        return Reading(line.region, line.area_code) if line is not None else Reading()


def _not_saved(place: str, error: OSError) -> UserFacingError:
    return UserFacingError(
        f"The bad rows could not be saved to {place}: {error.strerror or error}.",
        "They are still here; nothing else was changed.",
        "Choose another folder, or check the space on the disk.",
    )
