"""Merges customers with whom any number of things happened."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.changes.large import LargeChange
from crmdesk.store.customers.merging import MOVED_AT_ONCE, Sides
from crmdesk.store.store import Store
from crmdesk.store.writer import Writer

Told = Callable[[int], object]


def merge(
    store: Store, keep: uuid.UUID, other: uuid.UUID, who: str, fields: Sides, told: Told
) -> ChangeSet:
    """Makes two customers one; returns when they are, so not on a GUI thread.

    What fits into one transaction of a tenth of a second is one. Of more, what happened is moved
    part by part, so that calls are saved meanwhile; until the last part both are there. It is
    one step all the same: taken back whole, also after an error or a kill.

    Args:
        store: Where.
        keep: Who stays.
        other: Who becomes `keep`.
        who: Name or extension of the agent.
        fields: As for `Writer.merge_customers`.
        told: How many things were moved so far; what it raises takes back what was done.

    Raises:
        UserFacingError: One of them is gone, both are the same, or another large change is in
            progress.
        ValueError: There is no such field.
    """
    if store.read(lambda reader: reader.history_size(other)).result() <= MOVED_AT_ONCE:
        return store.write(lambda w: w.merge_customers(keep, other, who, fields)).result()
    title = store.write(lambda writer: writer.merge_title(keep, other, fields)).result()
    moved, some = 0, MOVED_AT_ONCE
    with LargeChange(store, ChangeKind.MERGE, title, who) as large:
        while some == MOVED_AT_ONCE:  # what is left, and what comes meanwhile, goes at the end
            some = large.write(partial(_move, keep=keep, other=other))
            moved += some
            told(moved)
        large.write(partial(_finish, keep=keep, other=other, fields=fields))
    if large.change is None:
        raise RuntimeError("a large change that was ended is known")
    return large.change


def _move(writer: Writer, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID) -> int:
    return writer.move_history(change, keep, other)


def _finish(
    writer: Writer, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID, fields: Sides
) -> None:
    writer.finish_merge(change, keep, other, fields)
