"""All jobs of a desk: they go on whatever page is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.gui.jobs.job import Job
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.settings.own_program import own_command

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.bootstrap.desk_line import DeskLine, GivenServer

_FOR_ALL = ("--progress=json", "--low-priority")
_MINUTE_S = 60
_HOUR_S = 3600


class Jobs(QObject):
    """Starts jobs, keeps them, and tells what runs.

    Args:
        desk: What a job needs to get at the store; asked for each job.

    Signals:
        changed: A job started, went on or ended.
    """

    changed = Signal()

    def __init__(self, desk: Callable[[], DeskLine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._jobs: list[Job] = []

    def start(
        self,
        kind: str,
        title: str,
        command: Sequence[str],
        *,
        memory_mib: int | None = None,
        server: GivenServer | None = None,
    ) -> Job:
        """Starts a command on the open store; while one of its kind runs, that one is it.

        Args:
            kind: Name of the kind.
            title: In words, e.g. "Checking numbers".
            command: Words of the command line, without those for progress and store.
            memory_mib: Most memory it may take.
            server: What somebody typed of a server; it comes to the job beside the store's key.
        """
        running = self.of_kind(kind)
        if running is not None:
            return running
        desk = self._desk() if server is None else self._desk().with_server(server)
        limit = (f"--memory-limit={memory_mib}",) if memory_mib else ()
        program = own_command(*command, *_FOR_ALL, *limit, *desk.arguments)
        return self.follow(Job(kind, title, program, desk, self))

    def follow(self, job: Job) -> Job:
        """Starts a job and keeps it until it is over."""
        job.progress.connect(self._went_on)
        job.ended.connect(self._ended)
        self._jobs.append(job)
        job.start()
        self.changed.emit()
        return job

    def running(self) -> tuple[Job, ...]:
        """Those that are not over, the oldest first."""
        return tuple(job for job in self._jobs if job.is_running)

    def of_kind(self, kind: str) -> Job | None:
        """The one of a kind that runs, None for none."""
        return next((job for job in self.running() if job.kind == kind), None)

    def words(self) -> str:
        """What runs, in a line; "" for nothing."""
        jobs = self.running()
        more = f" and {len(jobs) - 1} more" if len(jobs) > 1 else ""
        return progress_words(jobs[0].title, jobs[0].latest) + more if jobs else ""

    @Slot()
    def cancel_first(self) -> None:
        """Cancels the job that `words` is about."""
        for job in self.running()[:1]:
            job.cancel()

    def stop(self) -> None:
        """Ends all; waits until they are gone."""
        for job in self.running():
            job.cancel()
        for job in self.running():
            job.stop()

    @Slot(object)
    def _went_on(self, _progress: JobProgress) -> None:
        self.changed.emit()

    @Slot()
    def _ended(self) -> None:
        for job in [job for job in self._jobs if not job.is_running]:
            self._jobs.remove(job)
            job.deleteLater()
        self.changed.emit()


def line_of(core: Core) -> DeskLine:
    """What a job on this desk's store needs."""
    from crmdesk.bootstrap.desk_line import desk_line  # late: it brings SQLAlchemy

    return desk_line(core.store, core.settings)


def progress_words(title: str, progress: JobProgress) -> str:
    """E.g. "Checking numbers 43 %, 12 s left"."""
    share, left = progress.share, progress.left_s
    parts = [title if share is None else f"{title} {share * 100:.0f} %"]
    if left is not None:
        parts.append(f"{time_left(left)} left")
    return ", ".join(parts)


def time_left(seconds: float) -> str:
    """A span as one reads it at a glance: "12 s", "3 min", "2 h"."""
    if seconds < _MINUTE_S:
        return f"{max(seconds, 1):.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.0f} h"
