"""The export of a page: what its list shows, from the question to the line at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.exports.bar import ExportBar
from crmdesk.gui.exports.choices import FileChoice, Scope, command_of, done_words
from crmdesk.gui.exports.dialog import ExportDialog
from crmdesk.gui.pages.page import Page
from crmdesk.gui.widgets.times import local

KIND: Final = "export"
_MEMORY_MIB: Final = 2048
"""Of address space; an export of any size has 150 MiB in use."""


class PageExport(QObject):
    """Asks, starts the program, and tells how it went.

    Args:
        page: Whose list it is; shows what went wrong.
        scope: What the list shows now.

    Attributes:
        bar: Stands over the page.
    """

    def __init__(self, page: Page, scope: Callable[[], Scope]) -> None:
        super().__init__(page)
        self._page, self._scope = page, scope
        self.bar = ExportBar()

    def ask(self) -> ExportDialog | None:
        """Opens the dialog; while an export runs it says so instead."""
        context = self._page.context
        if context.jobs.of_kind(KIND) is not None:
            self._page.show_trouble(_still_running())
            return None
        today = local(context.now()).date()
        scope = self._scope()
        dialog = ExportDialog(self._page.window(), scope, context.memory, today)
        dialog.wanted.connect(self._start)
        dialog.open()
        return dialog

    def _start(self, scope: Scope, chosen: FileChoice, replace: bool) -> None:
        self._page.clear_trouble()
        self.bar.hide()
        command = command_of(scope, chosen, replace=replace)
        title = f"Exporting {scope.several}"
        job = self._page.context.jobs.start(KIND, title, command, memory_mib=_MEMORY_MIB)
        job.finished.connect(partial(self._finished, scope))
        job.failed.connect(self._page.show_trouble)

    def _finished(self, scope: Scope, result: dict[str, Any]) -> None:
        place = str(result["place"])
        words = [done_words(scope, int(result["rows"]), place), *result["notes"]]
        self.bar.tell(" ".join(words), Path(place))


def _still_running() -> UserFacingError:
    return UserFacingError(
        "An export is still running.",
        "It goes on; the line at the bottom shows how far it is.",
        "Wait until it is done, or cancel it there.",
    )
