"""Searches inside one customer's timeline, and over the records of all customers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    column,
    or_,
    select,
    table,
    text,
    tuple_,
)

from crmdesk.domain.call_log import Place
from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.domain.customers import TimelineEntry, TimelineKind
from crmdesk.domain.records import RecordHit, RecordRef
from crmdesk.domain.text import sanitise_external
from crmdesk.store.columns import Instant, Key
from crmdesk.store.fold import LAST_CHARACTER
from crmdesk.store.record_index.sources import SOURCE_OF_KIND, SOURCES, texts_of
from crmdesk.store.record_index.words import asked_words, holds, is_exact, query
from crmdesk.store.tables import call, customer, payment, sales_order, search_record, ticket
from crmdesk.store.timeline import TimelineQueries
from crmdesk.store.timeline_text import CALL_TITLES

_LONGEST_QUERY = 80
_WALKED = 100
_WALKS, _LONG_WALK = 2, 8
"""Pages of the timeline that are looked at without the index: what is everywhere is found at
once, and the index would put all of it in order first."""

_ASKINGS = 4
"""So often the index is asked in one go where it finds too much: others wait."""

_WHOLE_WORDS, _BEGINNINGS = 40, 60
"""Hits that are looked at for one keystroke; more would not fit a frame of 16 ms."""

_index = table("record_search", column("rowid", Integer))
_matches = text("record_search MATCH :query")
_limit = bindparam("limit", type_=Integer)
_place = tuple_(bindparam("after_at", type_=Instant), bindparam("after_id", type_=Key))
_of_customer = (
    select(search_record.c.kind, search_record.c.record_id, search_record.c.at)
    .select_from(_index)
    .join(search_record, search_record.c.row == _index.c.rowid)
    .where(_matches, search_record.c.customer_id == bindparam("customer_id", type_=Key))
    .order_by(search_record.c.at.desc(), search_record.c.record_id.desc())
    .limit(_limit)
)
_newest = (
    select(search_record.c.kind, search_record.c.record_id, search_record.c.customer_id)
    .select_from(_index)
    .join(search_record, search_record.c.row == _index.c.rowid)
    .where(_matches)
    .order_by(_index.c.rowid.desc())
    .limit(_limit)
)
_numbered = [
    (kind, select(source.c.id, source.c.customer_id)
     .where(
         source.c.number >= bindparam("start", type_=Text),
         source.c.number < bindparam("end", type_=Text),
         source.c.deleted_at.is_(None),
     )
     .order_by(source.c.number)
     .limit(_limit))
    for kind, source in (
        (TimelineKind.TICKET, ticket),
        (TimelineKind.ORDER, sales_order),
        (TimelineKind.PAYMENT, payment),
    )
]  # fmt: skip
_names = select(customer.c.id, customer.c.name).where(
    customer.c.id.in_(bindparam("keys", expanding=True, type_=Key)), customer.c.deleted_at.is_(None)
)


class _Found(NamedTuple):
    """A record that may be an answer."""

    kind: TimelineKind
    id: uuid.UUID
    at: datetime


_NEWEST_FIRST = itemgetter(2, 1)


@lru_cache
def _candidates(kinds: frozenset[TimelineKind], *, after: bool) -> Select[Any]:
    found = _of_customer
    if kinds:
        found = found.where(search_record.c.kind.in_(sorted(kinds)))
    if after:
        found = found.where(tuple_(search_record.c.at, search_record.c.record_id) < _place)
    return found


def _calls(asked: Collection[str], *, after: bool) -> Select[Any]:
    """Calls have no texts of their own: their title, who took them, queue and number count."""
    found = select(call.c.id, call.c.started_at).where(
        call.c.customer_id == bindparam("customer_id", type_=Key),
        call.c.outcome.is_not(None),
        call.c.deleted_at.is_(None),
        and_(*(_says(word) for word in asked)),
    )
    if after:
        found = found.where(tuple_(call.c.started_at, call.c.id) < _place)
    return found.order_by(call.c.started_at.desc(), call.c.id.desc()).limit(_limit)


def _says(word: str) -> ColumnElement[bool]:
    """Whether a call has a word in its title, its queue, its agent or its number."""
    titles = [
        (call.c.direction == direction) & (call.c.outcome == outcome)
        for (direction, outcome), title in CALL_TITLES.items()
        if holds((title,), (word,))
    ]
    texts = (call.c.queue, call.c.answered_by, call.c.agent, call.c.dialled)
    return or_(*titles, *(column.like(f"%{word}%") for column in texts))


class RecordSearchQueries(TimelineQueries):
    """Finds records by their words."""

    def search_timeline(
        self,
        customer_id: uuid.UUID,
        typed: str,
        before: Place | None = None,
        limit: int = 50,
        kinds: Collection[TimelineKind] = (),
        zone: tzinfo | None = None,
    ) -> TimelinePage:
        """A page of what has words that begin with all that was typed, newest first.

        It may come back with few entries and a `next`: the search goes on there.

        Args:
            customer_id: Whose timeline.
            typed: Any text; accents and case do not matter.
            before: `next` of the page before, None for the first.
            limit: Length of the page.
            kinds: Only these; empty for all.
            zone: Where a day begins and ends; None for the zone of this desk.
        """
        asked = asked_words(sanitise_external(typed, _LONGEST_QUERY))
        if not asked:
            return TimelinePage()
        chosen, found = frozenset(kinds), list[TimelineEntry]()
        is_indexed, place, goes_on = bool(query(asked)), before, True
        for _ in range(_WALKS if is_indexed else _LONG_WALK):
            page = self.timeline(customer_id, place, _WALKED, chosen, zone)
            found += self._entries_holding(page.entries, asked)
            place, goes_on = page.next, page.next is not None
            if not goes_on or len(found) >= limit:
                break
        for _ in range(_ASKINGS):
            if not (is_indexed and goes_on and len(found) < limit):
                break
            some = self._timeline_candidates(customer_id, asked, place, limit + 1, chosen)
            goes_on = len(some) > limit
            place = Place(some[limit - 1].at, some[limit - 1].id) if goes_on else None
            found += self._timeline_hits(some[:limit], asked, zone)
        if len(found) > limit:
            found, place = found[:limit], Place(found[limit - 1].at, found[limit - 1].id)
        return TimelinePage(tuple(found), place)

    def _entries_holding(
        self, entries: Sequence[TimelineEntry], asked: list[str]
    ) -> Iterator[TimelineEntry]:
        """Those whose texts have all words."""
        texts = self._record_texts((one.kind, one.id) for one in entries)
        for one in entries:
            own = (one.title, one.detail, one.who) if one.kind is TimelineKind.CALL else ()
            if holds(texts.get(one.id, own), asked):
                yield one

    def _timeline_candidates(
        self,
        customer_id: uuid.UUID,
        asked: list[str],
        before: Place | None,
        limit: int,
        kinds: frozenset[TimelineKind],
    ) -> list[_Found]:
        """What the index takes for an answer, and calls; newest first, `limit` at most."""
        values: dict[str, Any] = {"customer_id": customer_id, "limit": limit}
        if before is not None:
            values |= {"after_at": before.at, "after_id": before.id}
        after, found = before is not None, []
        if not kinds or kinds != {TimelineKind.CALL}:
            asking = {**values, "query": query(asked, customer_id)}
            rows = self._connection.execute(_candidates(kinds, after=after), asking)
            found += [_Found(TimelineKind(kind), key, at) for kind, key, at in rows]
        if not kinds or TimelineKind.CALL in kinds:
            rows = self._connection.execute(_calls(asked, after=after), values)
            found += [_Found(TimelineKind.CALL, key, at) for key, at in rows]
        return sorted(found, key=_NEWEST_FIRST, reverse=True)[:limit]

    def _timeline_hits(
        self, found: Sequence[_Found], asked: list[str], zone: tzinfo | None
    ) -> Iterator[TimelineEntry]:
        """Entries of those that truly have what was asked, in the same order."""
        texts = {} if is_exact(asked) else self._record_texts((one.kind, one.id) for one in found)
        entries = self.timeline_entries(((one.kind, one.id) for one in found), zone)
        for one in found:
            if one.id in entries and (one.id not in texts or holds(texts[one.id], asked)):
                yield entries[one.id]

    def _record_texts(
        self, wanted: Iterable[tuple[TimelineKind, uuid.UUID]]
    ) -> dict[uuid.UUID, tuple[str, ...]]:
        """What the index knows of some records; calls are in no index."""
        keys: dict[str, list[uuid.UUID]] = defaultdict(list)
        for kind, key in wanted:
            if kind in SOURCE_OF_KIND:
                keys[SOURCE_OF_KIND[kind].table.name].append(key)
        return {
            record.id: record.texts
            for name, some in keys.items()
            for record in texts_of(self._connection, SOURCES[name], some)
        }

    def search_records(self, typed: str, limit: int = 5) -> tuple[RecordHit, ...]:
        """Records of all customers that have words that begin with all that was typed.

        Tickets, orders and invoices whose number begins so come first, then what was written
        last. Made for every keystroke: of what is found only the newest is looked at.

        Args:
            typed: Any text.
            limit: How many of each kind.
        """
        clean = sanitise_external(typed, _LONGEST_QUERY).strip()
        asked = asked_words(clean)
        found = dict(self._records_numbered(clean, limit))
        if asked:
            self._add_worded(found, asked)
        shown = dict(_first_of_each(found, limit))
        wanted = [(kind, key) for key, (kind, _) in shown.items()]
        entries, texts = self.timeline_entries(wanted), self._record_texts(wanted)
        names = self._living_names({owner for _, owner in shown.values()})
        return tuple(
            RecordHit(
                RecordRef(kind, key, owner),
                entries[key],
                names[owner],
                _line_with(texts.get(key, ()), asked),
            )
            for key, (kind, owner) in shown.items()
            if key in entries and owner in names
        )

    def _records_numbered(
        self, typed: str, limit: int
    ) -> Iterator[tuple[uuid.UUID, tuple[TimelineKind, uuid.UUID]]]:
        number = next((part for part in typed.split() if any(map(str.isdigit, part))), "")
        if not number:
            return
        values = {"start": number, "end": number + LAST_CHARACTER, "limit": limit}
        for kind, statement in _numbered:
            for key, owner in self._connection.execute(statement, values):
                yield key, (kind, owner)

    def _add_worded(
        self, found: dict[uuid.UUID, tuple[TimelineKind, uuid.UUID]], asked: list[str]
    ) -> None:
        """Adds what has the words themselves, then what has longer ones."""
        for key, what in self._newest_records(query(asked, whole=True), _WHOLE_WORDS).items():
            found.setdefault(key, what)
        beginning = query(asked)
        if not beginning or len(found) >= _WHOLE_WORDS:
            return
        more = self._newest_records(beginning, _BEGINNINGS)
        fresh = {key: what for key, what in more.items() if key not in found}
        texts = {} if is_exact(asked) else self._record_texts((k, i) for i, (k, _) in fresh.items())
        found |= {
            key: what for key, what in fresh.items() if key not in texts or holds(texts[key], asked)
        }

    def _newest_records(
        self, asking: str, limit: int
    ) -> dict[uuid.UUID, tuple[TimelineKind, uuid.UUID]]:
        rows = self._connection.execute(_newest, {"query": asking, "limit": limit})
        return {key: (TimelineKind(kind), owner) for kind, key, owner in rows}

    def _living_names(self, customers: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
        found = self._connection.execute(_names, {"keys": list(customers)})
        return dict(map(tuple, found))


def _line_with(texts: Iterable[str], asked: list[str]) -> str:
    """The line of a text that has most of what was asked, "" where none has any."""
    lines = [line.strip() for text in texts for line in text.splitlines()]
    held = [sum(holds((line,), (word,)) for word in asked) for line in lines]
    return lines[held.index(max(held))] if any(held) else ""


def _first_of_each(
    found: dict[uuid.UUID, tuple[TimelineKind, uuid.UUID]], limit: int
) -> Iterator[tuple[uuid.UUID, tuple[TimelineKind, uuid.UUID]]]:
    seen: dict[TimelineKind, int] = defaultdict(int)
    for key, (kind, owner) in found.items():
        seen[kind] += 1
        if seen[kind] <= limit:
            yield key, (kind, owner)
