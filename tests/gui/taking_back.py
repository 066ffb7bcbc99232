"""Taking back what was just done, as a person does it: once the window offers it."""

from __future__ import annotations

from collections.abc import Callable

from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.store import Store

Wait = Callable[[Callable[[], bool]], None]


def offered(bar: UndoBar, store: Store, wait: Wait) -> None:
    """Waits until the bar offers to take back the newest step of the store.

    A step is in the store a moment before the window hears of it; until then the bar still
    offers the step before, and takes that back.
    """

    def is_newest() -> bool:
        (newest,) = store.read(lambda reader: reader.changes(limit=1)).result().changes
        step = bar.offered()
        return step is not None and step.id == newest.id

    wait(is_newest)


def take_back(bar: UndoBar, store: Store, wait: Wait) -> None:
    """Takes back the newest step of the store."""
    offered(bar, store, wait)
    bar.undo()
