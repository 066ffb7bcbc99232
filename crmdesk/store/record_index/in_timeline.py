"""Searches inside one customer's timeline."""

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
from crmdesk.domain.text import sanitise_external
from crmdesk.store.columns import Instant, Key
from crmdesk.store.record_index.sources import SOURCE_OF_KIND, SOURCES, texts_of
from crmdesk.store.record_index.words import asked_words, holds, is_exact, query
from crmdesk.store.tables import call, search_record
from crmdesk.store.timeline.reading import TimelineQueries
from crmdesk.store.timeline.text import CALL_TITLES

LONGEST_QUERY = 80
_WALKED = 50
_WALKS, _LONG_WALK = 4, 16
_PAYS = 6
"""Pages of the timeline that are looked at without the index, as long as one entry of so many is
an answer: what is everywhere is found at once, and the index would put all of it in order first."""

_ASKINGS = 4
"""So often the index is asked in one go where it finds too much: others wait."""

INDEX = table("record_search", column("rowid", Integer))
MATCHES = text("record_search MATCH :query")
_limit = bindparam("limit", type_=Integer)
_place = tuple_(bindparam("after_at", type_=Instant), bindparam("after_id", type_=Key))
_of_customer = (
    select(search_record.c.kind, search_record.c.record_id, search_record.c.at)
    .select_from(INDEX)
    .join(search_record, search_record.c.row == INDEX.c.rowid)
    .where(MATCHES, search_record.c.customer_id == bindparam("customer_id", type_=Key))
    .order_by(search_record.c.at.desc(), search_record.c.record_id.desc())
    .limit(_limit)
)


class _Found(NamedTuple):
    """A record that may be an answer."""

    kind: TimelineKind
    id: uuid.UUID
    at: datetime


class _Asking(NamedTuple):
    """A search in one timeline."""

    customer_id: uuid.UUID
    words: list[str]
    limit: int
    kinds: frozenset[TimelineKind]
    zone: tzinfo | None


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


class TimelineSearchQueries(TimelineQueries):
    """Finds entries of a timeline by their words."""

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
        asked = asked_words(sanitise_external(typed, LONGEST_QUERY))
        if not asked:
            return TimelinePage()
        asking = _Asking(customer_id, asked, limit, frozenset(kinds), zone)
        found: list[TimelineEntry] = []
        place, goes_on = self._walk_timeline(asking, before, found)
        if goes_on and query(asked) and len(found) < limit:
            place = self._ask_index(asking, place, found)
        if len(found) > limit:
            found, place = found[:limit], Place(found[limit - 1].at, found[limit - 1].id)
        return TimelinePage(tuple(found), place)

    def _walk_timeline(
        self, asking: _Asking, place: Place | None, found: list[TimelineEntry]
    ) -> tuple[Place | None, bool]:
        """Looks at the next entries one by one; where it ended, and whether there are more.

        Not for long where the index can go on.
        """
        has_index = bool(query(asking.words))
        for walked in range(_WALKED, _WALKED * (_WALKS if has_index else _LONG_WALK) + 1, _WALKED):
            page = self.timeline(asking.customer_id, place, _WALKED, asking.kinds, asking.zone)
            found += self._entries_holding(page.entries, asking.words)
            place = page.next
            is_rare = has_index and len(found) * _PAYS < walked
            if place is None or is_rare or len(found) >= asking.limit:
                break
        return place, place is not None

    def _ask_index(
        self, asking: _Asking, place: Place | None, found: list[TimelineEntry]
    ) -> Place | None:
        """Adds what the index finds behind a place; returns where to go on, None at the end."""
        for _ in range(_ASKINGS):
            some = self._timeline_candidates(asking, place)
            last = some[asking.limit - 1] if len(some) > asking.limit else None
            place = Place(last.at, last.id) if last else None
            found += self._timeline_hits(some[: asking.limit], asking)
            if place is None or len(found) >= asking.limit:
                break
        return place

    def _entries_holding(
        self, entries: Sequence[TimelineEntry], asked: list[str]
    ) -> Iterator[TimelineEntry]:
        """Those whose texts have all words."""
        texts = self.record_texts((one.kind, one.id) for one in entries)
        for one in entries:
            own = (one.title, one.detail, one.who) if one.kind is TimelineKind.CALL else ()
            if holds(texts.get(one.id, own), asked):
                yield one

    def _timeline_candidates(self, asking: _Asking, before: Place | None) -> list[_Found]:
        """What the index takes for an answer, and calls; newest first, one more than a page."""
        kinds, after = asking.kinds, before is not None
        values: dict[str, Any] = {"customer_id": asking.customer_id, "limit": asking.limit + 1}
        if before is not None:
            values |= {"after_at": before.at, "after_id": before.id}
        found = []
        if not kinds or kinds != {TimelineKind.CALL}:
            asked = {**values, "query": query(asking.words, asking.customer_id)}
            rows = self._connection.execute(_candidates(kinds, after=after), asked)
            found += [_Found(TimelineKind(kind), key, at) for kind, key, at in rows]
        if not kinds or TimelineKind.CALL in kinds:
            rows = self._connection.execute(_calls(asking.words, after=after), values)
            found += [_Found(TimelineKind.CALL, key, at) for key, at in rows]
        return sorted(found, key=_NEWEST_FIRST, reverse=True)[: asking.limit + 1]

    def _timeline_hits(self, found: Sequence[_Found], asking: _Asking) -> Iterator[TimelineEntry]:
        """Entries of those that truly have what was asked, in the same order."""
        wanted = [(one.kind, one.id) for one in found]
        texts = {} if is_exact(asking.words) else self.record_texts(wanted)
        entries = self.timeline_entries(wanted, asking.zone)
        for one in found:
            is_right = one.id not in texts or holds(texts[one.id], asking.words)
            if one.id in entries and is_right:
                yield entries[one.id]

    def record_texts(
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
