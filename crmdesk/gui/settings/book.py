"""The settings in force, and how a change to them is saved and applied."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
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


@dataclass(frozen=True, eq=False, slots=True)
class _Wish:
    """A change on its way.

    Attributes:
        before: Runs before it is saved.
        after: Runs once it is saved and in force.
        then: Told how it went, instead of `failed`.
        reconnect: Id of the line that must log in again, "" for none.
    """

    change: Change
    before: Before | None = None
    after: Before | None = None
    then: Then | None = None
    reconnect: str = ""


@dataclass(frozen=True, slots=True)
class _Saved:
    """What is in the file now, and what `after` could not do."""

    settings: Settings
    trouble: UserFacingError | None = None


class SettingsBook(QObject):
    """One change after the other goes to the file and then to the running desk.

    Nothing here blocks. A change is in `settings` at once; where it cannot be saved it is
    taken back, and those that were made meanwhile stay. There is one book per desk.

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
        self._in_file = core.settings  # of the NET thread: the base of the next change
        self._confirmed = core.settings  # the same, as far as the GUI has heard
        self._wishes: list[_Wish] = []
        self._turn = asyncio.Lock()

    @property
    def is_kept(self) -> bool:
        """Whether the settings are there again after the next start."""
        return self.core.vault is not None

    @property
    def is_saving(self) -> bool:
        """Whether changes are on their way to the file."""
        return bool(self._wishes)

    def change(
        self, change: Change, before: Before | None = None, then: Then | None = None
    ) -> None:
        """Changes the settings.

        Args:
            change: Makes the new settings of the old ones; may be asked more than once.
            before: Must succeed before they are saved.
            then: Told how it went, instead of `failed`.
        """
        self._take(_Wish(change, before, then=then))

    def put_line(
        self, line: LineSettings, before: Before | None = None, then: Then | None = None
    ) -> None:
        """Adds a line, or replaces the one with its id.

        Args:
            line: Its settings.
            before: Keeps its new password; the line then logs in with it.
            then: Told how it went, instead of `failed`.
        """
        reconnect = line.id if before is not None else ""
        change = partial(_with_line, line=line)
        self._take(_Wish(change, before, then=then, reconnect=reconnect))

    def remove_line(self, line_id: str) -> None:
        """Takes a line out; its password goes too, its calls stay in the log."""
        line = self.settings.line(line_id)
        if line is None:
            return
        ref, vault = line.secret_ref, self.core.vault
        forget = partial(vault.delete, ref) if vault is not None and ref else None
        self._take(_Wish(partial(_without_line, line_id=line_id), after=forget))

    def reconnect(self, line_id: str) -> None:
        """Lets a line log in again, e.g. once the phone system was put right."""
        future = self.runtime.submit(self.core.reconnect(line_id))
        await_future(future, self, lambda _: None, self._tell)

    def _take(self, wish: _Wish) -> None:
        wanted = wish.change(self.settings)
        if wanted == self.settings and wish.before is None:
            if wish.then is not None:
                wish.then(None)
            return
        self.settings = wanted
        self._wishes.append(wish)
        future = self.runtime.submit(self._save(wish))
        await_future(
            future, self, partial(self._was_saved, wish), partial(self._was_not_saved, wish)
        )
        self.changed.emit()

    async def _save(self, wish: _Wish) -> _Saved:
        async with self._turn:
            # Made of what is in the file: an earlier change may have failed since it was asked.
            wanted = wish.change(self._in_file)
            if wish.before is not None:
                await asyncio.to_thread(wish.before)
            if self.is_kept:
                where, since = paths.settings_file(), self._in_file
                wanted = await asyncio.to_thread(file.save, where, wanted, since)
            self._in_file = wanted
            await self.core.apply(wanted)
            if wish.reconnect:
                await self.core.reconnect(wish.reconnect)
            return _Saved(wanted, await _trouble_of(wish.after))

    def _was_saved(self, wish: _Wish, saved: _Saved) -> None:
        self._confirmed = saved.settings
        self._drop(wish)
        self.saved.emit()
        if wish.then is not None:
            wish.then(None)
        if saved.trouble is not None:
            self.failed.emit(saved.trouble)

    def _was_not_saved(self, wish: _Wish, error: Exception) -> None:
        self._drop(wish)
        self.changed.emit()
        self._tell(error, wish.then)

    def _drop(self, wish: _Wish) -> None:
        self._wishes.remove(wish)
        self.settings = reduce(lambda made, w: w.change(made), self._wishes, self._confirmed)

    def _tell(self, error: Exception, then: Then | None = None) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        (then or self.failed.emit)(error)


async def _trouble_of(work: Before | None) -> UserFacingError | None:
    """Does what follows a saved change; its failure does not take the change back."""
    try:
        if work is not None:
            await asyncio.to_thread(work)
    except UserFacingError as error:
        return error
    return None


def _with_line(settings: Settings, line: LineSettings) -> Settings:
    kept = [line if known.id == line.id else known for known in settings.lines]
    if settings.line(line.id) is None:
        kept.append(line)
    return msgspec.structs.replace(settings, lines=tuple(kept))


def _without_line(settings: Settings, line_id: str) -> Settings:
    kept = tuple(line for line in settings.lines if line.id != line_id)
    return msgspec.structs.replace(settings, lines=kept)
