"""Values of picklists: where they are used, and another one in their place."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import PicklistKey
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.changes.large import LargeChange
from crmdesk.store.planning.places import NEVER_REPLACED, PLACES
from crmdesk.store.planning.writing import put_choices, refuse_choices
from crmdesk.store.tables import custom_value

if TYPE_CHECKING:
    from crmdesk.store import Reader, Store, Writer

Told = Callable[[int], object]
"""Told after each stretch how many were found so far; raises to stop."""


def count_value(
    store: Store, key: PicklistKey, value: str, told: Told = lambda _found: None
) -> int:
    """How many rows hold a value; others can read and write meanwhile. Blocks."""
    return _count(_stretches(store, PLACES[key], value), told)


def count_field(store: Store, field: str, told: Told = lambda _found: None) -> int:
    """How many customers have a value in a field of the company's own. Blocks."""
    return _count(_stretches(store, (custom_value.c.field_key,), field), told)


def _count(stretches: Iterable[tuple[Column[Any], Sequence[uuid.UUID]]], told: Told) -> int:
    found = 0
    for _, keys in stretches:
        found += len(keys)
        told(found)
    return found


def replace_value(
    store: Store,
    key: PicklistKey,
    old: str,
    new: str,
    who: str,
    told: Told = lambda _found: None,
    *,
    and_remove: bool = False,
) -> ChangeSet:
    """Gives every row that holds a value another one, as one step that can be taken back.

    Args:
        store: Where.
        key: The list.
        old: What rows hold now.
        new: What they hold then.
        who: Name or extension of the agent.
        told: How many were changed so far; what it raises takes back what was done.
        and_remove: The old choice leaves its list in the same step.

    Raises:
        UserFacingError: Rows of this list say what somebody said once: they keep it.
    """
    if key in NEVER_REPLACED:
        raise UserFacingError(
            "What customers once said keeps its words.",
            "Nothing was changed.",
            "Retire the choice: it is not offered any more, and stays where it is.",
        )
    changed = 0
    lists = store.read(lambda reader: reader.picklists()).result()
    was, now = lists.title(key, old), lists.title(key, new)
    title = f"{key.replace('_', ' ').capitalize()} {was}: now {now}"
    with LargeChange(store, ChangeKind.PLAN, title, who) as large:
        for column, keys in _stretches(store, PLACES[key], old):
            large.write(partial(_give, column=column, keys=keys, old=old, new=new))
            changed += len(keys)
            told(changed)
        if and_remove:
            large.write(partial(_take_out, key=key, old=old))
    if large.change is None:
        raise RuntimeError("a large change that was ended is known")
    return large.change


def _give(
    _writer: Writer,
    change: ChangeRecorder,
    column: Column[Any],
    keys: Sequence[uuid.UUID],
    old: str,
    new: str,
) -> None:
    for key in keys:
        change.update(column.table, key, {column.name: new}, expected={column.name: old})


def _take_out(writer: Writer, change: ChangeRecorder, key: PicklistKey, old: str) -> None:
    choices = [one for one in writer.picklists().lists[key] if one.key != old]
    refuse_choices(key, choices)
    put_choices(writer, change, key, choices)


def _ask(
    reader: Reader, column: Column[Any], value: str, after: uuid.UUID | None
) -> tuple[Sequence[uuid.UUID], uuid.UUID | None]:
    return reader.rows_with_value(column, value, after)


def _stretches(
    store: Store, columns: Iterable[Column[Any]], value: str
) -> Iterator[tuple[Column[Any], Sequence[uuid.UUID]]]:
    """The rows that hold a value, a stretch at a time."""
    for column in columns:
        after: uuid.UUID | None = None
        while True:
            asking = partial(_ask, column=column, value=value, after=after)
            keys, after = store.read(asking).result()
            if keys:
                yield column, keys
            if after is None:
                break
