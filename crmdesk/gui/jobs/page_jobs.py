"""The programs that one page starts: one at a time, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.gui.jobs.job import Job
from crmdesk.gui.jobs.registry import Jobs

Done = Callable[[dict[str, Any]], None]
"""Gets what a job returned."""


class PageJobs(QObject):
    """Starts one job, hands its result on, and starts no other meanwhile.

    Signals:
        started: A job began.
        progress: A `JobProgress`.
        failed: A `UserFacingError`.
        ended: Nothing runs any more; before the result is handed over.
    """

    started = Signal()
    progress = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether one runs."""
        return self._job is not None

    @Slot()
    def cancel(self) -> None:
        """Ends what runs."""
        if self._job is not None:
            self._job.cancel()

    def run(self, start: Callable[[], Job], done: Done) -> None:
        """Starts a job, unless one runs.

        Args:
            start: Starts it, with `Jobs`.
            done: Gets its result; not called where it failed or was cancelled.
        """
        if self._job is not None:
            return
        self._job = job = start()
        job.progress.connect(self.progress)
        job.failed.connect(self.failed)
        job.ended.connect(partial(self._ended, job, done))
        self.started.emit()

    def _ended(self, job: Job, done: Done) -> None:
        self._job = None
        result = job.result
        self.ended.emit()
        if result is not None:
            done(result)
