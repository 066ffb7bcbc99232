"""What is done with saved profiles: the list is read, one is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeKind, ChangePage
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.imports.jobs import ImportJobs
from crmdesk.gui.pages.imports.saved import SavedProfile, saved_names, saved_profile, taken_back
from crmdesk.gui.pages.imports.start_step import StartStep
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets.messages import Question

if TYPE_CHECKING:
    from crmdesk.store import Reader
    from crmdesk.sync.runs import ProfileRun

_PAST = 20
_MOST = 200


class SavedWork(QObject):
    """Keeps the first step true: the profiles with their last runs, and the imports there were.

    Signals:
        failed: A `UserFacingError`.
        deleted: Name of a profile.
    """

    failed = Signal(object)
    deleted = Signal(str)

    def __init__(
        self, context: PageContext, start: StartStep, jobs: ImportJobs, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context, self._start, self._jobs, self._window = context, start, jobs, parent
        start.profiles.delete_wanted.connect(self.ask_to_delete)

    @Slot()
    def read(self) -> None:
        """Reads everything again."""
        names = saved_names()[:_MOST]

        def answer(reader: Reader) -> tuple[ChangePage, Mapping[str, ProfileRun | None]]:
            from crmdesk.sync.runs import last_run  # late: it brings SQLAlchemy

            past = reader.changes(limit=_PAST, kinds=(ChangeKind.IMPORT,))
            return past, {name: last_run(reader, name) for name in names}

        await_future(self._context.store.read(answer), self, self._show, self.failed.emit)

    def _show(self, found: tuple[ChangePage, Mapping[str, ProfileRun | None]]) -> None:
        past, runs = found
        undone = {change.id for change in past.changes if change.undone_at is not None}
        saved = [
            replace(saved_profile(name), run=run, is_taken_back=taken_back(run, undone))
            for name, run in runs.items()
        ]
        now = self._context.now()
        self._start.profiles.show_profiles(saved, now)
        self._start.show_past(past.changes, now)

    @Slot(object)
    def ask_to_delete(self, saved: SavedProfile) -> None:
        """Asks first: what a profile knows cannot be brought back."""
        has_login = saved.server is not None
        question = Question(
            self._window,
            "Delete a profile",
            f"Delete the profile {saved.name}?",
            "Its columns and rules go" + (", and its password. " if has_login else ". ")
            + "What it brought in stays.",
            answer="Delete",
            cancel="Keep",
            danger=True,
        )  # fmt: skip
        question.accepted.connect(lambda: self._jobs.remove_profile(saved.name, self._gone))
        question.open()

    def _gone(self, result: dict[str, Any]) -> None:
        self.deleted.emit(str(result.get("profile", "")))
