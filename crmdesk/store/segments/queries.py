"""Finds customers by rules, a stretch of them at a time: a pop shares the reader thread."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.customer_pages import CustomerPage, CustomerPlace
from crmdesk.domain.segments import MOST_SEGMENTS, Group, Members, Segment, catalogue, decode
from crmdesk.store.columns import Key
from crmdesk.store.customers.profiles import as_hit, hit_rows
from crmdesk.store.planning.queries import PlanningQueries
from crmdesk.store.queries import LIST_LIMIT_S, SEARCH_LIMIT_S
from crmdesk.store.segments.conditions import RuleConditions
from crmdesk.store.tables import customer, segment

STRETCH = 2_000
"""Customers of one visit to the reader thread: 5 to 30 ms."""

_AT_ONCE = 500

_segments = (
    select(
        segment.c.id,
        segment.c.name,
        segment.c.rule,
        segment.c.tone,
        segment.c.is_on_pop,
        segment.c.counted,
        segment.c.counted_at,
    )
    .where(segment.c.deleted_at.is_(None))
    .order_by(segment.c.position, segment.c.name, segment.c.id)
    .limit(MOST_SEGMENTS)
)
_one = select(customer.c.id).where(
    customer.c.id == bindparam("customer_id", type_=Key), customer.c.deleted_at.is_(None)
)
_place = tuple_(customer.c.sort_key, customer.c.id)


class SegmentQueries(PlanningQueries):
    """Reads segments and who belongs to them."""

    def segments(self) -> tuple[Segment, ...]:
        """All of them, in the company's order."""
        return tuple(
            Segment(key, name, decode(_json(rule)), tone, bool(on_pop), counted, at)
            for key, name, rule, tone, on_pop, counted, at in self._connection.execute(_segments)
        )

    def rule_condition(self, rule: Group, zone: tzinfo) -> ColumnElement[bool]:
        """The condition on `customer` that a rule is as of now; false where it has problems."""
        known = catalogue(self.custom_fields())
        return RuleConditions(known, self._clock(), zone).of(rule)

    def membership(self, segments: Sequence[Segment], zone: tzinfo) -> Select[Any]:
        """A statement that asks one customer for all segments at once, for `segments_of`.

        Building it takes milliseconds and it holds as of now: make it beforehand, and anew from
        time to time.
        """
        columns = (
            self.rule_condition(one.rule, zone).label(f"in_{number}")
            for number, one in enumerate(segments)
        )
        return _one.add_columns(*columns)

    def segments_of(
        self,
        customer_id: uuid.UUID,
        segments: Sequence[Segment],
        membership: Select[Any],
        limit_s: float = SEARCH_LIMIT_S,
    ) -> tuple[Segment, ...]:
        """Those of the segments that a customer belongs to.

        Raises:
            TookTooLong: A rule asks more of this customer than the time allows.
        """
        found = partial(self._connection.execute, membership, {"customer_id": customer_id})
        row = self.within_time_limit(lambda: found().one_or_none(), limit_s)
        if row is None:
            return ()
        return tuple(one for one, is_in in zip(segments, row[1:], strict=True) if is_in)

    def members_among(
        self, customers: Iterable[uuid.UUID], members: Members
    ) -> frozenset[uuid.UUID]:
        """Which of some customers belong to a segment."""
        condition = self.rule_condition(members.rule, members.zone)
        wanted = select(customer.c.id).where(
            customer.c.id.in_(bindparam("ids", expanding=True, type_=Key)),
            customer.c.deleted_at.is_(None),
            condition,
        )
        ids, found = list(customers), set[uuid.UUID]()
        for first in range(0, len(ids), _AT_ONCE):
            values = {"ids": ids[first : first + _AT_ONCE]}
            found.update(self._connection.execute(wanted, values).scalars())
        return frozenset(found)

    def calls_of(self, rows: tuple[CallRow, ...], members: Members | None) -> tuple[CallRow, ...]:
        """The calls of those who belong to a segment; all of them for None."""
        if members is None:
            return rows
        callers = {row.customer_id for row in rows if row.customer_id is not None}
        found = self.members_among(callers, members)
        return tuple(row for row in rows if row.customer_id in found)

    def count_stretch(
        self,
        condition: ColumnElement[bool],
        after: uuid.UUID | None,
        size: int = STRETCH,
        limit_s: float = LIST_LIMIT_S,
    ) -> tuple[int, int, uuid.UUID | None]:
        """How many of the next customers fulfil a condition.

        Args:
            condition: Of `rule_condition`.
            after: Where the stretch before ended, None for the first.
            size: Customers that are looked at.
            limit_s: What this may take.

        Returns:
            How many fulfil it, how many there are, and the last of these; None at the end.

        Raises:
            TookTooLong: It asks much of these customers.
        """
        there: list[ColumnElement[bool]] = [customer.c.deleted_at.is_(None)]
        keys = select(customer.c.id).order_by(customer.c.id)
        if after is not None:
            there.append(customer.c.id > after)
            keys = keys.where(customer.c.id > after)
        last: uuid.UUID | None = self._connection.scalar(keys.offset(size - 1).limit(1))
        if last is not None:
            there.append(customer.c.id <= last)
        every = select(func.count()).select_from(customer).where(*there)
        count = partial(self._connection.scalar, every.where(condition))
        found = self.within_time_limit(count, limit_s)
        return int(found or 0), int(self._connection.scalar(every) or 0), last

    def segment_stretch(
        self,
        condition: ColumnElement[bool],
        after: CustomerPlace | None,
        limit: int = 100,
        size: int = STRETCH,
        limit_s: float = LIST_LIMIT_S,
    ) -> CustomerPage:
        """Those of the next `size` customers by name that fulfil it, `limit` at most.

        The page may be short or empty and still have a `next`: ask on from there.

        Raises:
            TookTooLong: It asks much of these customers, and took longer than `limit_s`.
        """
        end = self._end_of_stretch(after, size)
        rows = hit_rows.where(condition).order_by(customer.c.sort_key, customer.c.id)
        if after is not None:
            rows = rows.where(_place > (after.sort_key, after.id))
        if end is not None:
            rows = rows.where(_place <= (end.sort_key, end.id))
        page = partial(self._connection.execute, rows.limit(limit + 1))
        found = self.within_time_limit(lambda: page().all(), limit_s)
        if len(found) > limit:
            last = found[limit - 1]
            end = CustomerPlace(last.sort_key, last.id)
        return CustomerPage(tuple(map(as_hit, found[:limit])), end)

    def _end_of_stretch(self, after: CustomerPlace | None, size: int) -> CustomerPlace | None:
        """The last customer of the next stretch, None where it reaches the end."""
        places = select(customer.c.sort_key, customer.c.id).order_by(
            customer.c.sort_key, customer.c.id
        )
        if after is not None:
            places = places.where(_place > (after.sort_key, after.id))
        row = self._connection.execute(places.offset(size - 1).limit(1)).one_or_none()
        return CustomerPlace(*row) if row else None


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # another program may have written it
        return None
