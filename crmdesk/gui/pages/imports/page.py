"""The page of imports: file, columns, check, import; each long part is a program of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from crmdesk.domain.changes import ChangeKind, ChangePage
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.answers import Looked, Outcome, looked_from_json, outcome_from_json
from crmdesk.gui.pages.imports.bad_rows import BadRows
from crmdesk.gui.pages.imports.columns_step import LAST_USED
from crmdesk.gui.pages.imports.frame import BEFORE, ImportsFrame, Stage
from crmdesk.gui.pages.imports.jobs import Done, ImportJobs
from crmdesk.gui.pages.imports.save_profile import SaveProfileDialog
from crmdesk.gui.pages.imports.start_step import dropped_file
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.guessing import guess

_PAST = 20
Run = Callable[[Path, str, Path, Done], None]


class ImportsPage(ImportsFrame):
    """Brings customers in from a file."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._file: Path | None = None
        self._options: dict[str, str] = {}
        self._looked: Looked | None = None
        self._outcome: Outcome | None = None
        self.jobs = ImportJobs(context.jobs, self)
        self.bad_rows = BadRows(self)
        self._connect()
        self.setAcceptDrops(True)
        bind(self, keys.GO_ON, self.next.click)
        self._show(Stage.START)

    def _connect(self) -> None:
        self._connect_steps()
        self.leave.clicked.connect(self.start_over)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.running.cancel_wanted.connect(self.jobs.cancel)
        self.jobs.started.connect(self.show_running)
        self.jobs.progress.connect(self._went_on)
        self.jobs.failed.connect(self.show_trouble)
        self.jobs.ended.connect(self._ended)
        self.bad_rows.saved.connect(self._bad_rows_saved)
        self.bad_rows.failed.connect(self.show_trouble)

    def _connect_steps(self) -> None:
        self.start.drop.dropped.connect(self.open_file)
        self.start.drop.choice_wanted.connect(self.choose_file)
        self.start.undo_wanted.connect(self.undo_past)
        self.file.option_changed.connect(self._set_option)
        self.file.other_wanted.connect(self.choose_file)
        self.columns.changed.connect(self._show_next)
        self.columns.save_wanted.connect(self.save_profile)
        self.columns.failed.connect(self.show_trouble)
        for view in (self.check, self.result):
            view.opened.connect(partial(self.go_to.emit, "customers"))
            view.bad_wanted.connect(self.save_bad_rows)
        self.result.undo_wanted.connect(self.undo)
        self.result.again_wanted.connect(self.start_over)
        self.result.customers_wanted.connect(partial(self.go_to.emit, "customers", None))

    # --- what the window asks -------------------------------------------------------------------

    def activate(self) -> None:
        """The keyboard on what comes next; the imports there were are read again."""
        if self.stage is Stage.START:
            self._read_past()
        if not self.jobs.is_running:
            self.focus_step()

    def opened(self) -> uuid.UUID | None:
        """Nothing is opened here."""
        return None

    def show_item(self, key: uuid.UUID | None) -> None:
        """Nothing is opened here."""

    def finish(self) -> None:
        """Bad rows nobody saved go with the window."""
        self.bad_rows.remove()

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
        """Has another program look at a file: nothing of it is read here."""
        if not self.jobs.is_running:
            self._look(file, {})

    @Slot(str, str)
    def _set_option(self, option: str, value: str) -> None:
        if self._file is not None and not self.jobs.is_running:
            self._look(self._file, {**self._options, option: value})

    def _look(self, file: Path, options: dict[str, str]) -> None:
        def show(result: dict[str, Any]) -> None:
            self.show_looked(looked_from_json(result), file, options)

        self.jobs.look(file, options, self._checked(show))

    def show_looked(
        self, looked: Looked, file: Path, options: dict[str, str] | None = None
    ) -> None:
        """Shows what a look found; its columns get targets by their names and values."""
        self._looked, self._file, self._options = looked, file, options or {}
        facts = looked.facts
        targets = guess(facts.columns) | dict(looked.guessed)
        guessed = ImportProfile(kind=facts.kind.value, columns=targets, options=self._options)
        self.file.show_file(file.name, facts, looked.rows)
        self.columns.show_file(facts, looked.rows, guessed)
        self._show(Stage.FILE)

    # --- from step to step ----------------------------------------------------------------------

    @Slot()
    def go_on(self) -> None:
        """To the next step, or to the work it needs before."""
        if self.stage is Stage.FILE:
            self._show(Stage.COLUMNS)
        elif self.stage is Stage.COLUMNS:
            self._run(self.jobs.dry_run, lambda result: self.show_check(outcome_from_json(result)))
        elif self.stage is Stage.CHECK:
            self._run(self.jobs.run, self._imported)

    @Slot()
    def go_back(self) -> None:
        """To the step before; what was chosen stays."""
        if self.stage in BEFORE:
            self.clear_trouble()
            self._show(BEFORE[self.stage])
            self._read_past()

    @Slot()
    def start_over(self) -> None:
        """Another file; nothing of this one is kept."""
        self._file = self._looked = self._outcome = None
        self.clear_trouble()
        self._show(Stage.START)
        self._read_past()

    def _run(self, run: Run, show: Done) -> None:
        """Runs a job with what is chosen, which is kept as the last profile."""
        if self._file is None:
            return
        try:
            profiles.save(self.columns.profile(), LAST_USED)
        except UserFacingError as error:
            self.show_trouble(error)
            return
        run(self._file, LAST_USED, self.bad_rows.file, self._checked(show))

    def _checked(self, show: Done) -> Done:
        """Has what a job returned shown, or told that it is not what it should be."""

        def take(result: dict[str, Any]) -> None:
            try:
                show(result)
            except UserFacingError as error:
                self.show_trouble(error)

        return take

    @Slot(object)
    def _went_on(self, progress: JobProgress) -> None:
        self.show_progress(progress, in_bytes=self.jobs.reads_file)

    def show_check(self, outcome: Outcome) -> None:
        """Shows what an import would do."""
        self._outcome = outcome
        self.check.show_outcome(words.would_words(outcome.summary), outcome)
        self._show(Stage.CHECK)

    def _imported(self, result: dict[str, Any]) -> None:
        self.show_result(outcome_from_json(result))
        self.store_changed.emit()

    def show_result(self, outcome: Outcome) -> None:
        """Shows what an import did."""
        self._outcome = outcome
        self.result.show_result(outcome)
        self._show(Stage.RESULT)

    @Slot()
    def _ended(self) -> None:
        self._show(self.stage)

    def _show(self, stage: Stage) -> None:
        facts = self._looked.facts if self._looked is not None else None
        has_file = self._file is not None and stage is not Stage.START
        line = words.file_line(self._file, facts) if has_file and self._file else ""
        self.show_stage(stage, line)
        self._show_next()

    @Slot()
    def _show_next(self) -> None:
        summary = self._outcome.summary if self._outcome is not None else None
        count = summary.created + summary.updated if summary is not None else 0
        what = f"Import {words.counted(count, 'customer')}" if count else "Nothing to import"
        texts = {Stage.COLUMNS: "Check", Stage.CHECK: what}
        may = {Stage.COLUMNS: self.columns.may_go_on(), Stage.CHECK: bool(count)}
        self.next.setText(texts.get(self.stage, "Next"))
        self.next.setEnabled(may.get(self.stage, True))

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
            self._tell(*what)
            self._read_past()
        self.store_changed.emit()

    def _tell(self, what: str, meaning: str) -> None:
        self.told.tell(what, meaning)
        self.told.show()

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
        dialog.saved.connect(lambda saved: self.columns.show_names(profiles.names(), saved))
        dialog.open()

    @Slot()
    def save_bad_rows(self) -> None:
        """Asks where the bad rows, with the reason in a column, shall go."""
        if self._file is not None:
            self.bad_rows.ask(self._file)

    @Slot(str)
    def _bad_rows_saved(self, place: str) -> None:
        self._tell(
            f"The bad rows are in {place}.",
            "Correct them there and import that file the same way.",
        )
