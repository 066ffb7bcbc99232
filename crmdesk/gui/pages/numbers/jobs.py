"""The programs the page starts: one at a time, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.desk.clinic_report import Problem
from crmdesk.gui.jobs import Job, Jobs

CLINIC: Final = "number-clinic"
FIX: Final = "number-fix"
EXAMPLES: Final = 200
"""Numbers shown of each problem."""

_MEMORY_MIB: Final = 2048
"""Of address space, not of memory in use: libraries alone reserve a part of it."""

Done = Callable[[dict[str, Any]], None]


class NumberJobs(QObject):
    """Checks, previews, fixes and undoes, as `crmdesk numbers` does.

    Signals:
        started: A job began.
        progress: A `JobProgress`.
        failed: A `UserFacingError`.
        ended: Nothing runs any more.
    """

    started = Signal()
    progress = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether one runs."""
        return self._job is not None

    def check(self, done: Done) -> None:
        """Looks at all numbers."""
        self._start(CLINIC, "Checking numbers", ("clinic", "--examples", str(EXAMPLES)), done)

    def preview(self, kinds: tuple[Problem, ...], done: Done) -> None:
        """Asks what fixes of some kinds would do; changes nothing."""
        command = ("fix", *kinds, "--dry-run", "--examples", str(EXAMPLES))
        self._start(FIX, "Looking for numbers to fix", command, done)

    def fix(self, kinds: tuple[Problem, ...], done: Done) -> None:
        """Makes these fixes."""
        self._start(FIX, "Fixing numbers", ("fix", *kinds), done)

    def undo(self, change: str, done: Done) -> None:
        """Takes a fix back."""
        self._start(FIX, "Taking fixes back", ("undo", change), done)

    @Slot()
    def cancel(self) -> None:
        """Ends what runs."""
        if self._job is not None:
            self._job.cancel()

    def _start(self, kind: str, title: str, command: tuple[str, ...], done: Done) -> None:
        if self._job is not None:
            return
        job = self._jobs.start(kind, title, ("numbers", *command), memory_mib=_MEMORY_MIB)
        self._job = job
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
