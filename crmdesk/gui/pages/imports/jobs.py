"""The programs the page starts: a look, a dry run, an import, an undo."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from crmdesk.gui.jobs import Job, Jobs
from crmdesk.gui.jobs.page_jobs import Done, PageJobs
from crmdesk.gui.pages.imports.origin import FileOrigin, Origin, ServerOrigin
from crmdesk.settings.own_program import own_command

if TYPE_CHECKING:
    from crmdesk.bootstrap.desk_line import GivenServer

BAD_ROWS: Final = "bad-rows.csv"
PLAN: Final = "plan.jsonl"
DONE: Final = "done.jsonl"
LOOK: Final = "import-look"
IMPORT: Final = "import"
_LOOK_MIB: Final = 1024
"""Of address space; a list of customers needs a tenth of it (threat model, row 16)."""

_IMPORT_MIB: Final = 3072
"""Of address space, not of memory in use: libraries and the store's file reserve a part of it."""


class ImportJobs(PageJobs):
    """Runs `crmdesk import` and `crmdesk sync` in their forms."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(jobs, parent)
        self.reads_file = False
        """Whether the progress is told in bytes of a file; else in rows."""

    def look(self, origin: Origin, done: Done) -> None:
        """Reads the beginning of a file, or asks a server."""
        self.reads_file = isinstance(origin, FileOrigin)
        if isinstance(origin, FileOrigin):
            self.run(partial(self._look_at_file, origin), done)
        else:
            command = ("sync", "look", origin.kind.value)
            self._start("Asking the server", command, done, origin)

    def dry_run(self, origin: Origin, profile: str, folder: Path, done: Done) -> None:
        """Asks what an import would do; changes nothing.

        Args:
            origin: Where from.
            profile: Name of a profile that is saved.
            folder: Where bad rows and plan go: BAD_ROWS, PLAN of a dry run, DONE of an import.
            done: Gets what would be done.
        """
        title = "Checking the file" if isinstance(origin, FileOrigin) else "Checking"
        self._bring_in(title, origin, profile, folder, ("--dry-run",), done)

    def import_all(self, origin: Origin, profile: str, folder: Path, done: Done) -> None:
        """Imports; arguments as for `dry_run`."""
        self._bring_in("Importing", origin, profile, folder, (), done)

    def undo(self, batch: str, done: Done) -> None:
        """Takes an import back."""
        self.reads_file = False
        self._start("Taking an import back", ("import", "--undo", batch), done)

    def remove_profile(self, name: str, done: Done) -> None:
        """Deletes a profile, and the password it names."""
        self.reads_file = False
        self._start("Deleting a profile", ("sync", "remove", name), done)

    def _bring_in(
        self,
        title: str,
        origin: Origin,
        profile: str,
        folder: Path,
        more: tuple[str, ...],
        done: Done,
    ) -> None:
        self.reads_file = isinstance(origin, FileOrigin)
        plan = folder / (PLAN if "--dry-run" in more else DONE)
        how = ("--profile", profile, "--bad", str(folder / BAD_ROWS), "--plan", str(plan))
        if isinstance(origin, FileOrigin):
            self._start(title, ("import", str(origin.file), *how, *more), done)
        else:
            self._start(title, ("sync", origin.kind.value, *how, *more), done, origin)

    def _look_at_file(self, origin: FileOrigin) -> Job:
        """The program that does gets no key of the store."""
        given = [f"--option={name}={value}" for name, value in origin.options.items()]
        command = own_command(
            "import", "--show", "--json", "--progress=json", "--low-priority",
            f"--memory-limit={_LOOK_MIB}", *given, "--", str(origin.file),
        )  # fmt: skip
        return self.jobs.follow(Job(LOOK, "Looking at the file", command))

    def _start(
        self, title: str, words: tuple[str, ...], done: Done, server: ServerOrigin | None = None
    ) -> None:
        given = _given(server) if server is not None else None
        start = partial(
            self.jobs.start, IMPORT, title, (*words, "--json"),
            memory_mib=_IMPORT_MIB, server=given,
        )  # fmt: skip
        self.run(start, done)


def _given(server: ServerOrigin) -> GivenServer:
    from crmdesk.bootstrap.desk_line import GivenServer  # late: it brings SQLAlchemy

    return GivenServer(dict(server.options), server.password)
