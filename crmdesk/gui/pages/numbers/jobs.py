"""The programs the page starts."""

from __future__ import annotations

from functools import partial
from typing import Final

from crmdesk.desk.clinic.report import Problem
from crmdesk.gui.jobs.page_jobs import Done, PageJobs

CLINIC: Final = "number-clinic"
FIX: Final = "number-fix"
EXAMPLES: Final = 200
"""Numbers shown of each problem."""

_MEMORY_MIB: Final = 2048
"""Of address space, not of memory in use: libraries alone reserve a part of it."""


class NumberJobs(PageJobs):
    """Checks, previews, fixes and undoes, as `crmdesk numbers` does."""

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

    def _start(self, kind: str, title: str, words: tuple[str, ...], done: Done) -> None:
        start = partial(self.jobs.start, kind, title, ("numbers", *words), memory_mib=_MEMORY_MIB)
        self.run(start, done)
