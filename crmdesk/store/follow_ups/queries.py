"""Reads what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, func, or_, select, tuple_

from crmdesk.domain.follow_ups import (
    DuePlace,
    FollowUp,
    FollowUpFilter,
    FollowUpKind,
    FollowUpOutcome,
    FollowUpPage,
)
from crmdesk.domain.repeats import read_repeat
from crmdesk.domain.text import sanitise_external
from crmdesk.store.columns import Instant, Key
from crmdesk.store.fold import fold
from crmdesk.store.queries import LIST_LIMIT_S, Queries
from crmdesk.store.tables import call, customer, follow_up
from crmdesk.store.tables.calls import LOST_OUTCOMES
from crmdesk.store.tables.history import has_owner, is_makers, is_undone

_MOST_WORDS = 6
_COLUMNS = (
    "id",
    "customer_id",
    "kind",
    "title",
    "at",
    "due_at",
    "who",
    "owner",
    "detail",
    "ends_at",
    "place",
    "remind_at",
    "repeats",
    "series_id",
    "done_at",
    "done_by",
    "outcome",
    "call_id",
    "e164",
)
_DUE_AND_ID = itemgetter(_COLUMNS.index("due_at"), _COLUMNS.index("id"))
_rows = (
    select(*(follow_up.c[name] for name in _COLUMNS), func.coalesce(customer.c.name, ""))
    .select_from(follow_up)
    .outerjoin(customer, customer.c.id == follow_up.c.customer_id)
    .where(follow_up.c.deleted_at.is_(None))
)
_one = _rows.where(follow_up.c.id == bindparam("wanted", type_=Key))
_open = _rows.where(is_undone, customer.c.deleted_at.is_(None))
# Rows that nobody gave a reminder (of older releases, of others) remind when they are due. Two
# branches, each in the order of its index; as one expression they would be sorted whole.
_REMINDERS = (
    (follow_up.c.remind_at, is_undone),
    (follow_up.c.due_at, is_undone & follow_up.c.remind_at.is_(None)),
)
_next_reminders = tuple(
    select(moment)
    .where(which, moment > bindparam("since", type_=Instant))
    .order_by(moment)
    .limit(1)
    for moment, which in _REMINDERS
)
# Reached is the customer, on whatever number and whoever rang: a talk that began afterwards.
_was_reached = (
    exists()
    .where(
        call.c.customer_id == follow_up.c.customer_id,
        call.c.started_at > follow_up.c.at,
        call.c.answered_at.is_not(None),
        call.c.ended_at.is_not(None),
        call.c.outcome.not_in(LOST_OUTCOMES),
        call.c.deleted_at.is_(None),
    )
    .correlate(follow_up)
)
_settled = (
    _open.where(follow_up.c.kind == FollowUpKind.CALL_BACK.value, _was_reached)
    .order_by(follow_up.c.due_at, follow_up.c.id)
    .limit(bindparam("limit"))
)
_MOST_SETTLED = 100
_KINDS = frozenset(map(str, FollowUpKind))
_OUTCOMES = frozenset(map(str, FollowUpOutcome))


class FollowUpQueries(Queries):
    """Reads follow-ups."""

    def follow_up(self, follow_up_id: uuid.UUID) -> FollowUp | None:
        """One of them, open or done; None where it was removed or never was."""
        row = self._connection.execute(_one, {"wanted": follow_up_id}).one_or_none()
        return _value(row) if row else None

    def open_follow_ups(
        self,
        wanted: FollowUpFilter | None = None,
        after: DuePlace | None = None,
        limit: int = 100,
    ) -> FollowUpPage:
        """A page of what is to be done, the earliest due first.

        Raises:
            TookTooLong: The filter finds too little in too much.
        """
        asked = wanted or FollowUpFilter()
        page = _page(asked, after).limit(limit + 1)
        people = None if asked.responsible is None else (asked.responsible,)
        parts = [page.where(theirs) for theirs in _whose(people)]
        rows = self.within_time_limit(lambda: self._earliest_due(parts), LIST_LIMIT_S)
        found = tuple(map(_value, rows[:limit]))
        more = len(rows) > limit
        return FollowUpPage(found, DuePlace(found[-1].due_at, found[-1].id) if more else None)

    def reminders(
        self,
        since: datetime,
        until: datetime,
        limit: int = 100,
        people: Collection[str] | None = None,
        behind: uuid.UUID | None = None,
    ) -> tuple[FollowUp, ...]:
        """Open ones whose reminder lies behind `since` and not behind `until`, earliest first.

        Args:
            since: Not included, but for those of it that `behind` leaves.
            until: Included.
            limit: How many at most.
            people: Only what one of these is to do, None for everybody's.
            behind: The last of a full page: a hundred may be due at one moment.
        """
        found: list[FollowUp] = []
        for moment, which in _REMINDERS:
            page = _open.where(which, moment <= until)
            if behind is None:
                page = page.where(moment > since)
            else:
                place = tuple_(moment, follow_up.c.id)
                page = page.where(moment >= since, place > (since, behind))
            if people is not None:
                page = page.where(or_(false(), *_whose(people)))
            page = page.order_by(moment, follow_up.c.id).limit(limit)
            found += map(_value, self._connection.execute(page))
        return tuple(sorted(found, key=lambda one: (one.reminds_at, one.id))[:limit])

    def count_due(
        self,
        before: datetime | None,
        people: Collection[str] | None,
        most: int,
        since: datetime | None = None,
    ) -> int:
        """How many are open and due from a moment (included) to another (not included).

        It stops counting at `most`. None stands for no end, and for everybody's.
        """
        found = select(follow_up.c.id).where(is_undone)
        if before is not None:
            found = found.where(follow_up.c.due_at < before)
        if since is not None:
            found = found.where(follow_up.c.due_at >= since)
        count = 0
        for theirs in _whose(people):
            some = found.where(theirs).limit(most - count).subquery()
            counted = self._connection.execute(select(func.count()).select_from(some))
            count += int(counted.scalar_one())
        return count

    def _earliest_due(self, parts: Iterable[Select[Any]]) -> list[Sequence[Any]]:
        """The rows of all parts, the earliest due first."""
        found = chain.from_iterable(self._connection.execute(part).all() for part in parts)
        return sorted(found, key=_DUE_AND_ID)

    def call_backs_of_reached(self, customer_id: uuid.UUID | None = None) -> tuple[FollowUp, ...]:
        """Call-backs that are still open although somebody talked with the customer since.

        A talk is a call that was answered and is over; voicemail is none. Which number it was,
        who rang and who of us talked does not matter.

        Args:
            customer_id: Only of this one, None for all.
        """
        found = _settled
        if customer_id is not None:
            found = found.where(follow_up.c.customer_id == customer_id)
        rows = self._connection.execute(found, {"limit": _MOST_SETTLED})
        return tuple(map(_value, rows))

    def next_reminder(self, since: datetime) -> datetime | None:
        """When the next reminder after a moment is, None where there is none."""
        values = {"since": since}
        found = (self._connection.execute(one, values).scalar() for one in _next_reminders)
        return min(filter(None, found), default=None)


def _page(wanted: FollowUpFilter, after: DuePlace | None) -> Select[Any]:
    page = _open.order_by(follow_up.c.due_at, follow_up.c.id)
    if after is not None:
        page = page.where(tuple_(follow_up.c.due_at, follow_up.c.id) > (after.due_at, after.id))
    if wanted.kinds:
        page = page.where(follow_up.c.kind.in_(sorted(wanted.kinds)))
    if wanted.customer_id is not None:
        page = page.where(follow_up.c.customer_id == wanted.customer_id)
    if wanted.due_from is not None:
        page = page.where(follow_up.c.due_at >= wanted.due_from)
    if wanted.due_before is not None:
        page = page.where(follow_up.c.due_at < wanted.due_before)
    words = sanitise_external(wanted.text).split()[:_MOST_WORDS]
    return page.where(*map(_has_word, words))


def _whose(people: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    """What somebody is to do, in parts with an index each that is in order of when it is due."""
    if people is None:
        yield is_undone
        return
    for name in sorted(people):
        yield has_owner & (follow_up.c.owner == name)
        yield is_makers & (follow_up.c.who == name)


def _has_word(word: str) -> ColumnElement[bool]:
    return or_(
        follow_up.c.title.icontains(word, autoescape=True),
        customer.c.name_key.contains(fold(word), autoescape=True),
    )


def _value(row: Sequence[Any]) -> FollowUp:
    facts: dict[str, Any] = dict(zip(_COLUMNS, row, strict=False))
    kind, outcome = facts["kind"], facts["outcome"]
    # What a newer CRMDesk wrote is shown as the plain kind.
    facts["kind"] = FollowUpKind(kind) if kind in _KINDS else FollowUpKind.FOLLOW_UP
    facts["outcome"] = FollowUpOutcome(outcome) if outcome in _OUTCOMES else None
    facts["repeat"] = read_repeat(facts.pop("repeats"))
    return FollowUp(**facts, customer_name=row[-1])
