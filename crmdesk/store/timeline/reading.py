"""Everything that happened with a customer, newest first, paged by key.

Each table is read by its own index, row by row, and merged here: of what is not on the page one
row of a table is read at most.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import tzinfo
from functools import lru_cache
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, Select, bindparam, or_, select, tuple_

from crmdesk.domain.call_log import Place
from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.store.columns import Instant, Key
from crmdesk.store.planning.picklists import Telling, read_picklists
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.timeline.branches import BRANCH_OF, BRANCHES, Branch
from crmdesk.store.timeline.text import TimelineRow, entry

_customer_id = bindparam("customer_id", type_=Key)
_limit = bindparam("limit", type_=Integer)
_keys = bindparam("keys", expanding=True, type_=Key)

_AT_AND_ID = itemgetter(2, 1)
_KEYS_AT_ONCE = 500
_NEWEST = 500
"""Of notes, e-mails, visits and web forms, which share a table: as many tell their kinds."""


@lru_cache
def _page(kinds: frozenset[TimelineKind], *, after: bool) -> tuple[Prepared, ...]:
    """The statements of a page, of some kinds or all, from the top or behind a place.

    One for each branch: SQLite walks one index in order and stops. A union of them sorts
    every branch once more and took three times as long.
    """
    return tuple(Prepared(_newest(branch, rows, after=after)) for branch, rows in _chosen(kinds))


def _chosen(kinds: frozenset[TimelineKind]) -> Iterator[tuple[Branch, Select[Any]]]:
    for branch in BRANCHES:
        wanted = kinds.intersection(branch.kinds)
        if not kinds or len(wanted) == len(branch.kinds):
            yield branch, branch.rows
        elif wanted:
            kind = branch.table.c.kind
            yield branch, branch.rows.where(or_(*(kind == one for one in sorted(wanted))))


def _newest(branch: Branch, rows: Select[Any], *, after: bool) -> Select[Any]:
    """The newest rows of one branch, read from its index in order."""
    at, key = rows.selected_columns.at, rows.selected_columns.id
    rows = rows.where(branch.table.c.customer_id == _customer_id)
    if after:
        place = tuple_(bindparam("after_at", type_=Instant), bindparam("after_id", type_=Key))
        rows = rows.where(tuple_(at, key) < place)
    return rows.order_by(at.desc(), key.desc()).limit(_limit)


def _kinds(branch: Branch) -> Prepared:
    """The kind of one living row of a branch; of several kinds those of the newest rows."""
    newest = _newest(branch, branch.rows, after=False).subquery()
    return Prepared(select(newest.c.kind).distinct())


_kinds_there = tuple((_kinds(one), 1 if len(one.kinds) == 1 else _NEWEST) for one in BRANCHES)

_by_key = {
    branch.table.name: branch.rows.where(branch.table.c.id.in_(_keys)) for branch in BRANCHES
}


class TimelineQueries(Queries):
    """Reads timelines."""

    def timeline(
        self,
        customer_id: uuid.UUID,
        before: Place | None = None,
        limit: int = 50,
        kinds: Collection[TimelineKind] = (),
        zone: tzinfo | None = None,
    ) -> TimelinePage:
        """A page of everything that happened with a customer, newest first.

        Args:
            customer_id: Whose.
            before: `next` of the page before, None for the first page.
            limit: Length of the page.
            kinds: Only these; empty for all.
            zone: Where a day begins and ends; None for the zone of this desk.
        """
        values: dict[str, Any] = {"customer_id": customer_id}
        if before is not None:
            values |= {"after_at": before.at, "after_id": before.id}
        statements = _page(frozenset(kinds), after=before is not None)
        rows = self._newest_rows(statements, values, limit + 1)
        entries = self._timeline_entries(rows[:limit], zone)
        more = len(rows) > limit
        return TimelinePage(entries, Place(entries[-1].at, entries[-1].id) if more else None)

    def timeline_kinds(self, customer_id: uuid.UUID) -> frozenset[TimelineKind]:
        """The kinds of entries a customer has; a kind of long ago may be missing."""
        rows = (
            row
            for statement, limit in _kinds_there
            for row in statement.rows(
                self._connection, {"customer_id": customer_id, "limit": limit}
            )
        )
        return frozenset(TimelineKind(kind) for (kind,) in rows)

    def _newest_rows(
        self, statements: tuple[Prepared, ...], values: dict[str, Any], limit: int
    ) -> list[Sequence[Any]]:
        """The newest rows of all branches, newest first."""
        wanted = {**values, "limit": limit}
        branches = [one.walk(self._connection, wanted) for one in statements]
        try:
            rows = list(islice(merge(*branches, key=_AT_AND_ID, reverse=True), limit))
        finally:
            for branch in branches:
                branch.close()
        typed = statements[0].typed  # the columns of all branches are alike
        return [typed(row) for row in rows]

    def timeline_entries(
        self, wanted: Iterable[tuple[TimelineKind, uuid.UUID]], zone: tzinfo | None = None
    ) -> dict[uuid.UUID, TimelineEntry]:
        """Entries by the keys of their records; those that are gone are missing."""
        keys: dict[str, list[uuid.UUID]] = {}
        for kind, key in wanted:
            keys.setdefault(BRANCH_OF[kind].table.name, []).append(key)
        rows: list[Any] = []
        for table, some in keys.items():
            for start in range(0, len(some), _KEYS_AT_ONCE):
                values = {"keys": some[start : start + _KEYS_AT_ONCE]}
                rows += self._connection.execute(_by_key[table], values)
        return {one.id: one for one in self._timeline_entries(rows, zone)}

    def _timeline_entries(
        self, rows: Iterable[Any], zone: tzinfo | None
    ) -> tuple[TimelineEntry, ...]:
        by = Telling(self._clock().astimezone(zone), read_picklists(self._connection))
        return tuple(entry(TimelineRow(*row), by) for row in rows)
