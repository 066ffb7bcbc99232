"""One job: a program of our own that runs beside the window."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.jobs.output import (
    JobError,
    JobOutput,
    JobProgress,
    JobResult,
    OutputBroken,
    Told,
)
from crmdesk.settings.own_program import own_environment, starting_folder

if TYPE_CHECKING:
    from crmdesk.bootstrap.desk_line import DeskLine

log = logging.getLogger(__name__)

KILL_AFTER_MS = 2_000
"""A cancelled job ends within a second by itself."""

_KEPT_WORDS = 4_096
"""Bytes of standard error that are kept for the log."""


class JobState(Enum):
    """Where a job is."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(QObject):
    """Runs a program that tells its progress as `crmdesk.cli.progress` writes it.

    Args:
        kind: What it is, for whoever looks for it; one of a kind runs at a time.
        title: In words, e.g. "Checking numbers".
        program: The program and its arguments; `registry` makes them.
        desk: What it reads first from its standard input, where it works on the store.

    Attributes:
        state: Where it is.
        latest: The newest progress.
        result: What it returned, None while it runs and where it failed.
        error: Why it failed, else None.

    Signals:
        progress: A `JobProgress`, at most five a second.
        finished: The result, a dict.
        failed: A `UserFacingError`.
        cancelled: It ended because it was asked to.
        ended: After any of the three.
    """

    progress = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()

    def __init__(
        self,
        kind: str,
        title: str,
        program: Sequence[str],
        desk: DeskLine | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind, self.title = kind, title
        self.state = JobState.RUNNING
        self.latest = JobProgress()
        self.result: dict[str, object] | None = None
        self.error: UserFacingError | None = None
        self._desk = desk
        self._output = JobOutput()
        self._is_cancelled = False
        self._words = b""
        self._process = QProcess(self)
        self._impatience = QTimer(self)
        self._impatience.setSingleShot(True)
        self._impatience.setInterval(KILL_AFTER_MS)
        self._impatience.timeout.connect(self._process.kill)
        self._prepare(program)

    def _prepare(self, program: Sequence[str]) -> None:
        environment = QProcessEnvironment()
        for name, value in own_environment(os.environ).items():
            environment.insert(name, value)
        process = self._process
        process.setProgram(program[0])
        process.setArguments(list(program[1:]))
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(starting_folder())
        process.started.connect(self._send_key)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_words)
        process.errorOccurred.connect(self._not_started)
        process.finished.connect(self._process_ended)

    @property
    def is_running(self) -> bool:
        """Whether it is not over yet."""
        return self.state is JobState.RUNNING

    def start(self) -> None:
        """Starts the program."""
        self._process.start()

    @Slot()
    def cancel(self) -> None:
        """Asks it to end, and ends it where it does not."""
        if not self.is_running:
            return
        self._is_cancelled = True
        self._process.closeWriteChannel()  # all that Windows knows
        self._process.terminate()
        self._impatience.start()

    def stop(self) -> None:
        """Ends it and waits until it is gone: the desk closes."""
        self.cancel()
        if not self._process.waitForFinished(KILL_AFTER_MS):
            self._process.kill()
            self._process.waitForFinished(KILL_AFTER_MS)

    # --- what the program does ----------------------------------------------------------------

    @Slot()
    def _send_key(self) -> None:
        if self._desk is not None:
            self._process.write(self._desk.line)
            self._desk = None

    @Slot()
    def _read(self) -> None:
        if not self.is_running:
            return
        try:
            told = self._output.feed(bytes(self._process.readAllStandardOutput().data()))
        except OutputBroken as error:
            self.error = self.error or error
            self._process.kill()
            return
        before = self.latest
        for line in told:
            self._take(line)
        if self.latest is not before and not self._is_cancelled:
            self.progress.emit(self.latest)

    def _take(self, told: Told) -> None:
        if isinstance(told, JobResult):
            self.result = told.value
        elif isinstance(told, JobError):
            self.error = told.error
        else:
            self.latest = told

    @Slot()
    def _read_words(self) -> None:
        words = bytes(self._process.readAllStandardError().data())
        self._words = (self._words + words)[-_KEPT_WORDS:]

    @Slot(QProcess.ProcessError)
    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            log.error("a job could not be started: %s", self._process.errorString())
            self.error = _cannot_start()
            self._end()

    @Slot(int, QProcess.ExitStatus)
    def _process_ended(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._impatience.stop()
        if self.result is None and self.error is None and not self._is_cancelled:
            log.warning("job %s ended with %s and no result", self.kind, code)
            self.error = _ended_early(killed=status is QProcess.ExitStatus.CrashExit)
        if self._words:
            log.info("job %s wrote %d bytes of messages", self.kind, len(self._words))
        self._end()

    def _end(self) -> None:
        if not self.is_running:
            return
        if self.result is not None and self.error is None:
            self.state = JobState.FINISHED
            self.finished.emit(self.result)
        elif self._is_cancelled:
            self.state, self.error = JobState.CANCELLED, None
            self.cancelled.emit()
        else:
            self.state, self.result = JobState.FAILED, None
            self.failed.emit(self.error)
        self.ended.emit()


def _cannot_start() -> UserFacingError:
    return UserFacingError(
        "The work in the background could not be started.",
        "Nothing was done.",
        "Close other programs and try again; if that does not help, install CRMDesk anew.",
    )


def _ended_early(*, killed: bool) -> UserFacingError:
    how = "was ended from outside" if killed else "ended without a result"
    return UserFacingError(
        f"The work in the background {how}.",
        "What it had saved before stays saved.",
        "Try again. If the memory is short, close other programs first.",
    )
