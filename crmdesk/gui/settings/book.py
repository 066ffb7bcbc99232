"""The settings in force, and how a change to them is saved and applied."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.tasks import await_future
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, Settings

if TYPE_CHECKING:
    from crmdesk.bootstrap.core import Core
    from crmdesk.desk.runtime import Runtime

Change = Callable[[Settings], Settings]
Then = Callable[[UserFacingError | None], None]
"""Told how it went, in the GUI thread; None where all is well."""
Before = Callable[[], object]
"""Work that must succeed before a change is saved, e.g. keeping a password; may block."""


class SettingsBook(QObject):
    """One change after the other goes to the file and then to the running desk.

    Nothing here blocks. A change is in `settings` at once; where it cannot be saved the
    old settings come back.

    A desk without a vault is a demo or a replay: its settings hold until it ends and are
    written nowhere.

    Signals:
        changed: The settings are others now.
        saved: They are in the file and in force.
        failed: They are not; a `UserFacingError`.
    """

    changed = Signal()
    saved = Signal()
    failed = Signal(object)

    def __init__(self, core: Core, runtime: Runtime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.core, self.runtime = core, runtime
        self.settings: Settings = core.settings
        self._kept = core.settings
        self._turn = asyncio.Lock()
        self._open = 0

    @property
    def is_kept(self) -> bool:
        """Whether the settings are there again after the next start."""
        return self.core.vault is not None

    @property
    def is_saving(self) -> bool:
        """Whether changes are on their way to the file."""
        return self._open > 0

    def change(
        self, change: Change, before: Before | None = None, then: Then | None = None
    ) -> None:
        """Changes the settings.

        Args:
            change: Makes the new settings of the old ones.
            before: Must succeed before they are saved.
            then: Told how it went, instead of `failed`.
        """
        wanted = change(self.settings)
        if wanted == self.settings and before is None:
            if then is not None:
                then(None)
            return
        self.settings = wanted
        self._open += 1
        future = self.runtime.submit(self._save(wanted, before))
        await_future(
            future,
            self,
            lambda _: self._was_saved(wanted, then),
            lambda error: self._was_not_saved(error, then),
        )
        self.changed.emit()

    def put_line(
        self, line: LineSettings, before: Before | None = None, then: Then | None = None
    ) -> None:
        """Adds a line, or replaces the one with its id."""
        self.change(lambda settings: _with_line(settings, line), before, then)

    def remove_line(self, line_id: str) -> None:
        """Takes a line out; its password goes too, its calls stay in the log."""
        line = self.settings.line(line_id)
        if line is None:
            return
        ref, vault = line.secret_ref, self.core.vault
        forget = (lambda: vault.delete(ref)) if vault is not None and ref else None
        self.change(lambda settings: _without_line(settings, line_id), forget)

    async def _save(self, wanted: Settings, before: Before | None) -> None:
        async with self._turn:
            if before is not None:
                await asyncio.to_thread(before)
            if self.is_kept:
                await asyncio.to_thread(file.save, paths.settings_file(), wanted)
            await self.core.apply(wanted)

    def _was_saved(self, settings: Settings, then: Then | None) -> None:
        self._open -= 1
        self._kept = settings
        self.saved.emit()
        if then is not None:
            then(None)

    def _was_not_saved(self, error: Exception, then: Then | None) -> None:
        self._open -= 1
        self.settings = self._kept
        self.changed.emit()
        if not isinstance(error, UserFacingError):
            raise error
        (then or self.failed.emit)(error)


def _with_line(settings: Settings, line: LineSettings) -> Settings:
    kept = [line if known.id == line.id else known for known in settings.lines]
    if settings.line(line.id) is None:
        kept.append(line)
    return msgspec.structs.replace(settings, lines=tuple(kept))


def _without_line(settings: Settings, line_id: str) -> Settings:
    kept = tuple(line for line in settings.lines if line.id != line_id)
    return msgspec.structs.replace(settings, lines=kept)
