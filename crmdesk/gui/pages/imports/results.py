"""What comes of an import: the check, the result, its undo, and the rows that could not be used."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.jobs.page_jobs import Done
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.imports import words
from crmdesk.gui.pages.imports.answers import Looked, Outcome, outcome_from_json
from crmdesk.gui.pages.imports.bad_rows import BadRows
from crmdesk.gui.pages.imports.frame import ImportsFrame, Stage
from crmdesk.gui.pages.imports.holdings import HOLDINGS
from crmdesk.gui.pages.imports.jobs import DONE, PLAN, ImportJobs
from crmdesk.gui.pages.imports.origin import Origin
from crmdesk.gui.pages.imports.saved_work import SavedWork
from crmdesk.gui.pages.imports.work_folder import WorkFolder, remove_left_over
from crmdesk.sync.profile_targets import CUSTOMERS


class ImportsResults(ImportsFrame):
    """Runs what is chosen and shows what it comes to."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._origin: Origin | None = None
        self._looked: Looked | None = None
        self._outcome: Outcome | None = None
        self.holds = CUSTOMERS
        """What the rows of the source are: customers, or a `RecordKind`."""
        remove_left_over()
        self.folder = WorkFolder()
        self.jobs = ImportJobs(context.jobs, self)
        self.bad_rows = BadRows(self, self.folder)
        self.saved = SavedWork(context, self.start, self.jobs, self)
        self._connect_results()

    def _connect_results(self) -> None:
        self.running.cancel_wanted.connect(self.jobs.cancel)
        self.jobs.started.connect(self.show_running)
        self.jobs.progress.connect(self._went_on)
        self.jobs.failed.connect(self._failed)
        self.jobs.ended.connect(self._ended)
        self.start.undo_wanted.connect(self.undo_past)
        for view in (self.check, self.result):
            view.opened.connect(partial(self.go_to.emit, "customers"))
            view.bad_wanted.connect(self.save_bad_rows)
        self.result.undo_wanted.connect(self.undo)
        self.result.shown_wanted.connect(lambda page: self.go_to.emit(page, None))
        self.bad_rows.saved.connect(self._bad_rows_saved)
        self.bad_rows.failed.connect(self.show_trouble)
        self.saved.failed.connect(self.show_trouble)
        self.saved.deleted.connect(self._profile_deleted)

    def finish(self) -> None:
        """Plan and bad rows nobody saved go with the window."""
        for view in (self.check, self.result):
            view.forget()
        self.folder.remove()

    # --- runs -----------------------------------------------------------------------------------

    def import_from(self, origin: Origin, profile: str) -> None:
        """Imports with a saved profile."""
        self._origin = origin
        done = self._checked(self._imported)
        self.jobs.import_all(origin, profile, self.folder.place, done)

    def check_from(self, origin: Origin, profile: str) -> None:
        """Asks what an import would do."""
        done = self._checked(lambda result: self.show_check(outcome_from_json(result)))
        self.jobs.dry_run(origin, profile, self.folder.place, done)

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

    @Slot(object)
    def _failed(self, error: UserFacingError) -> None:
        """Says why; a run of a profile that failed stands in the list, too."""
        self.show_trouble(error)
        self.saved.read()

    @Slot()
    def _ended(self) -> None:
        self._show(self.stage)

    def show_check(self, outcome: Outcome) -> None:
        """Shows what an import would do."""
        self._outcome = outcome
        heading = words.would_words(outcome.summary, self._origin, self.holds)
        self.check.show_outcome(heading, outcome, self.folder.place / PLAN, self.holds)
        self._show(Stage.CHECK)

    def _imported(self, result: dict[str, Any]) -> None:
        self.show_result(outcome_from_json(result))
        self.store_changed.emit()

    def show_result(self, outcome: Outcome) -> None:
        """Shows what an import did."""
        self._outcome = outcome
        self.result.show_result(outcome, self.folder.place / DONE, self.holds)
        self._show(Stage.RESULT)

    def _show(self, stage: Stage) -> None:
        facts = self._looked.facts if self._looked is not None else None
        line = words.origin_line(self._origin, facts) if stage is not Stage.START else ""
        self.show_stage(stage, line)
        self._show_next()

    @Slot()
    def _show_next(self) -> None:
        summary = self._outcome.summary if self._outcome is not None else None
        count = summary.created + summary.updated if summary is not None else 0
        noun = HOLDINGS[self.holds].counted(count)
        what = f"Import {noun}" if count else "Nothing to import"
        is_connected = self.server.is_connected()
        texts = {
            Stage.SERVER: "Next" if is_connected else "Connect",
            Stage.COLUMNS: "Check", Stage.CHECK: what,
        }  # fmt: skip
        may = {Stage.COLUMNS: self.columns.may_go_on(), Stage.CHECK: bool(count)}
        self.next.setText(texts.get(self.stage, "Next"))
        self.next.setEnabled(may.get(self.stage, True))

    # --- undo, bad rows, profiles ---------------------------------------------------------------

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
            self.saved.read()
        self.store_changed.emit()

    def _tell(self, what: str, meaning: str) -> None:
        self.told.tell(what, meaning)
        self.told.show()

    @Slot(str)
    def _profile_deleted(self, name: str) -> None:
        self._tell(f"The profile {name} was deleted.", "What it brought in stays.")
        self.saved.read()

    @Slot()
    def save_bad_rows(self) -> None:
        """Asks where the bad rows, with the reason in a column, shall go."""
        if self._origin is not None:
            self.bad_rows.ask(self._origin.bad_rows)

    @Slot(str)
    def _bad_rows_saved(self, place: str) -> None:
        self._tell(
            f"The bad rows are in {place}.",
            "Correct them there and import that file the same way.",
        )
