"""The list of changes, and where they begin and end."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update

from crmdesk.domain.changes import (
    ChangeKind,
    ChangePage,
    ChangePlace,
    ChangeSet,
    ChangeState,
    RowChange,
)
from crmdesk.domain.kept_text import kept_line
from crmdesk.store.changes import refusals
from crmdesk.store.changes.recording import ChangeRecorder
from crmdesk.store.changes.row_batches import RowBatches
from crmdesk.store.changes.values import journaled
from crmdesk.store.ids import new_id
from crmdesk.store.queries import Queries
from crmdesk.store.tables import change_row, change_set
from crmdesk.store.tables.changes import is_unfinished

ONE_TRANSACTION = 50_000
"""More rows than these go through a `LargeChange`: others wait while a transaction runs."""

_row_count = (
    select(func.coalesce(func.max(change_row.c.position) + 1, 0))
    .where(change_row.c.change_id == change_set.c.id)
    .correlate(change_set)
    .scalar_subquery()
)
_changes = select(
    change_set.c.id,
    change_set.c.kind,
    change_set.c.title,
    change_set.c.who,
    change_set.c.created_at,
    _row_count,
    change_set.c.undone_at,
    change_set.c.state,
    change_set.c.undone_by,
    change_set.c.kept,
    change_set.c.created,
).where(change_set.c.deleted_at.is_(None))
_change_id = bindparam("change_id", type_=change_set.c.id.type)
_one = _changes.where(change_set.c.id == _change_id)
_newest = _changes.order_by(change_set.c.created_at.desc(), change_set.c.id.desc()).limit(
    bindparam("limit")
)
_unfinished = _changes.where(
    is_unfinished,
    change_set.c.origin == bindparam("desk_id", type_=change_set.c.origin.type),
)
_rows = (
    select(
        change_row.c.position,
        change_row.c.table_name,
        change_row.c.row_id,
        change_row.c.before,
        change_row.c.after,
    )
    .where(change_row.c.change_id == _change_id)
    .limit(bindparam("limit"))
)
_first_rows = _rows.where(change_row.c.position >= bindparam("start")).order_by(
    change_row.c.position
)
last_rows = _rows.where(change_row.c.position < bindparam("end")).order_by(
    change_row.c.position.desc()
)
"""Rows of a change in the order in which they are taken back."""

_set_state = (
    update(change_set)
    .where(change_set.c.id == _change_id)
    .values(state=bindparam("state"), updated_at=bindparam("updated_at"))
)
_drop = delete(change_set).where(change_set.c.id == _change_id)


class ChangeQueries(Queries):
    """Reads what was changed."""

    def changes(
        self,
        before: ChangePlace | None = None,
        limit: int = 50,
        kinds: Collection[ChangeKind] = (),
    ) -> ChangePage:
        """A page of changes, newest first.

        Args:
            before: `next` of the page before, None for the first.
            limit: Length of the page.
            kinds: Only these, or all.
        """
        page = _newest
        if before is not None:
            place = tuple_(change_set.c.created_at, change_set.c.id)
            page = page.where(place < (before.at, before.id))
        if kinds:
            page = page.where(change_set.c.kind.in_(sorted(kinds)))
        found = self._connection.execute(page, {"limit": limit + 1}).all()
        listed = tuple(map(_change, found[:limit]))
        more = len(found) > limit
        return ChangePage(listed, ChangePlace(listed[-1].at, listed[-1].id) if more else None)

    def change_set(self, change_id: uuid.UUID) -> ChangeSet | None:
        """One change, None where unknown."""
        row = self._connection.execute(_one, {"change_id": change_id}).one_or_none()
        return _change(row) if row else None

    def change_rows(
        self, change_id: uuid.UUID, limit: int = 100, start: int = 0
    ) -> tuple[RowChange, ...]:
        """Rows of a change in the order in which they were written, from a position on."""
        values = {"change_id": change_id, "limit": limit, "start": start}
        rows = self._connection.execute(_first_rows, values)
        return tuple(row_change(row) for row in rows)

    def unfinished_changes(self) -> tuple[ChangeSet, ...]:
        """Changes of this desk that are being made or taken back, or were when it died."""
        rows = self._connection.execute(_unfinished, {"desk_id": self._desk_id})
        return tuple(map(_change, rows))


class ChangeWriting(RowBatches, ChangeQueries):
    """Makes changes."""

    @contextmanager
    def change(self, kind: ChangeKind, title: str, who: str) -> Iterator[ChangeRecorder]:
        """A change of up to `ONE_TRANSACTION` rows: all of it is committed, or nothing.

        A change without rows leaves no trace.

        Args:
            kind: What a person did.
            title: The same in words, shown in the list of changes.
            who: Name or extension of the agent.
        """
        begun = self._begin(kind, title, who, ChangeState.DONE)
        recorder = ChangeRecorder(self, begun)
        yield recorder
        recorder.finish()
        self._drop_if_empty(recorder.change)

    def begin_change(self, kind: ChangeKind, title: str, who: str) -> ChangeSet:
        """Begins a change of several transactions; it is OPEN until `end_change`."""
        return self._begin(kind, title, who, ChangeState.OPEN)

    @contextmanager
    def go_on_with(self, change_id: uuid.UUID) -> Iterator[ChangeRecorder]:
        """The next part of a change that is OPEN; UserFacingError where it is not."""
        change = self.change_set(change_id)
        if change is None:
            raise refusals.unknown_change()
        if change.state is not ChangeState.OPEN:
            raise refusals.undone_already()
        recorder = ChangeRecorder(self, change)
        yield recorder
        recorder.finish()

    def end_change(self, change_id: uuid.UUID) -> ChangeSet:
        """The last part of a change was made: it is DONE, and can be taken back."""
        change = self.change_set(change_id)
        if change is None:
            raise refusals.unknown_change()
        values = {"change_id": change_id, "state": ChangeState.DONE, "updated_at": self._clock()}
        self._connection.execute(_set_state, values)
        self._drop_if_empty(change)
        return self.change_set(change_id) or change

    def _begin(self, kind: ChangeKind, title: str, who: str, state: ChangeState) -> ChangeSet:
        now = self._clock()
        begun = ChangeSet(new_id(now), kind, kept_line(title), kept_line(who), now, state=state)
        values = {
            "id": begun.id,
            "created_at": now,
            "updated_at": now,
            "origin": self._desk_id,
            "kind": kind,
            "title": begun.title,
            "who": begun.who,
            "state": state,
        }
        self._connection.execute(insert(change_set), values)
        return begun

    def _drop_if_empty(self, change: ChangeSet) -> None:
        if not change.rows and not change.created:
            self._connection.execute(_drop, {"change_id": change.id})


def _change(row: Sequence[Any]) -> ChangeSet:
    key, kind, title, who, at, rows, undone_at, state, undone_by, kept, created = row
    return ChangeSet(
        id=key,
        kind=ChangeKind(kind),
        title=title,
        who=who,
        at=at,
        rows=rows,
        undone_at=undone_at,
        state=ChangeState(state),
        undone_by=undone_by,
        kept=kept,
        created=created,
    )


def row_change(row: Sequence[Any]) -> RowChange:
    """The value of a row of the journal."""
    _, table, key, before, after = row
    entry = journaled(table)
    old = None if before is None else entry.decode(before)
    return RowChange(table, key, old, entry.decode(after))
