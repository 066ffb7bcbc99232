"""Counts a rule in the background, and stops as soon as nobody asks any more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.segments.counting import Counted, begin_count, count_on
from crmdesk.domain.segments import Group
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from crmdesk.store import Store


class LiveCount(QObject):
    """Counts one rule at a time, a stretch per visit to the store.

    Signals:
        told: A `Counted`, after each stretch; the last one is done.
        failed: The exception that ended it.
    """

    told = Signal(object)
    failed = Signal(object)

    def __init__(self, store: Store, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._asked = 0

    def start(self, rule: Group) -> None:
        """Counts this rule; what was being counted before is given up."""
        self.stop()
        self._step(self._asked, partial(begin_count, rule=rule, zone=OWN_ZONE))

    def stop(self) -> None:
        """Counts no more; nothing is told any more."""
        self._asked += 1

    def _step(self, asked: int, work: partial[Counted]) -> None:
        done, failed = partial(self._go_on, asked), partial(self._failed, asked)
        await_future(self._store.read(work), self, done, failed)

    def _go_on(self, asked: int, so_far: Counted) -> None:
        if asked != self._asked:
            return
        if so_far.seen or so_far.is_done:
            self.told.emit(so_far)
        if not so_far.is_done and asked == self._asked:
            self._step(asked, partial(count_on, so_far=so_far))

    def _failed(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self.failed.emit(error)
