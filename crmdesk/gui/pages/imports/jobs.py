"""The programs the page starts: a look at a file, a dry run, an import, an undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.gui.jobs import Job, Jobs
from crmdesk.settings.own_program import own_command

LOOK: Final = "import-look"
IMPORT: Final = "import"
_LOOK_MIB: Final = 1024
"""Of address space; a list of customers needs a tenth of it (threat model, row 16)."""

_IMPORT_MIB: Final = 3072
"""Of address space, not of memory in use: libraries and the store's file reserve a part of it."""

Done = Callable[[dict[str, Any]], None]


class ImportJobs(QObject):
    """Runs `crmdesk import` in its forms; one at a time.

    Signals:
        started: A job began.
        progress: A `JobProgress`.
        failed: A `UserFacingError`.
        cancelled: It ended because somebody wanted it to.
        ended: Nothing runs any more; before the result is handed over.
    """

    started = Signal()
    progress = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._reads_file = False

    @property
    def is_running(self) -> bool:
        """Whether one runs."""
        return self._job is not None

    def look(self, file: Path, options: Mapping[str, str], done: Done) -> None:
        """Reads the beginning of a file. The program that does gets no key of the store."""
        if self._job is not None:
            return
        self._reads_file = True
        given = [f"--option={name}={value}" for name, value in options.items()]
        command = own_command(
            "import", "--show", "--json", "--progress=json", "--low-priority",
            f"--memory-limit={_LOOK_MIB}", *given, "--", str(file),
        )  # fmt: skip
        self._follow(self._jobs.follow(Job(LOOK, "Looking at the file", command)), done)

    def dry_run(self, file: Path, profile: str, bad: Path, done: Done) -> None:
        """Asks what an import would do; changes nothing."""
        self._start("Checking the file", (*_words(file, profile, bad), "--dry-run"), done)

    def run(self, file: Path, profile: str, bad: Path, done: Done) -> None:
        """Imports."""
        self._start("Importing customers", _words(file, profile, bad), done)

    def undo(self, batch: str, done: Done) -> None:
        """Takes an import back."""
        self._start("Taking an import back", ("--undo", batch), done)

    @property
    def reads_file(self) -> bool:
        """Whether the progress is told in bytes of the file; else in rows."""
        return self._reads_file

    @Slot()
    def cancel(self) -> None:
        """Ends what runs."""
        if self._job is not None:
            self._job.cancel()

    def _start(self, title: str, words: tuple[str, ...], done: Done) -> None:
        if self._job is not None:
            return
        self._reads_file = "--undo" not in words
        command = ("import", *words, "--json")
        self._follow(self._jobs.start(IMPORT, title, command, memory_mib=_IMPORT_MIB), done)

    def _follow(self, job: Job, done: Done) -> None:
        self._job = job
        job.progress.connect(self.progress)
        job.failed.connect(self.failed)
        job.cancelled.connect(self.cancelled)
        job.ended.connect(partial(self._ended, job, done))
        self.started.emit()

    def _ended(self, job: Job, done: Done) -> None:
        self._job = None
        result = job.result
        self.ended.emit()
        if result is not None:
            done(result)


def _words(file: Path, profile: str, bad: Path) -> tuple[str, ...]:
    return (str(file), "--profile", profile, "--bad", str(bad))
