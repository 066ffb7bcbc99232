"""Searches over the records of all customers, as one types."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Integer, Text, bindparam, select

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordHit, RecordRef
from crmdesk.domain.text import sanitise_external
from crmdesk.store.columns import Key
from crmdesk.store.fold import LAST_CHARACTER
from crmdesk.store.record_index.in_timeline import (
    INDEX,
    LONGEST_QUERY,
    MATCHES,
    TimelineSearchQueries,
)
from crmdesk.store.record_index.words import asked_words, holds, is_exact, query
from crmdesk.store.tables import customer, payment, sales_order, search_record, ticket

_WHOLE_WORDS, _BEGINNINGS = 40, 60
"""Hits that are looked at for one keystroke; more would not fit a frame of 16 ms."""

_limit = bindparam("limit", type_=Integer)
_newest = (
    select(search_record.c.kind, search_record.c.record_id, search_record.c.customer_id)
    .select_from(INDEX)
    .join(search_record, search_record.c.row == INDEX.c.rowid)
    .where(MATCHES)
    .order_by(INDEX.c.rowid.desc())
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


_Found = dict[uuid.UUID, tuple[TimelineKind, uuid.UUID]]
"""Of each record its kind and its customer, the best first."""


class RecordSearchQueries(TimelineSearchQueries):
    """Finds records by their words."""

    def search_records(self, typed: str, limit: int = 5) -> tuple[RecordHit, ...]:
        """Records of all customers that have words that begin with all that was typed.

        Tickets, orders and invoices whose number begins so come first, then what was written
        last. Made for every keystroke: of what is found only the newest is looked at.

        Args:
            typed: Any text.
            limit: How many of each kind.
        """
        clean = sanitise_external(typed, LONGEST_QUERY).strip()
        asked = asked_words(clean)
        found = dict(self._records_numbered(clean, limit))
        if asked:
            self._add_worded(found, asked, limit)
        shown = dict(_first_of_each(found, limit))
        wanted = [(kind, key) for key, (kind, _) in shown.items()]
        entries, texts = self.timeline_entries(wanted), self.record_texts(wanted)
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

    def _add_worded(self, found: _Found, asked: list[str], limit: int) -> None:
        """Adds what has the words themselves, then what has longer ones."""
        for key, what in self._newest_records(query(asked, whole=True), _WHOLE_WORDS).items():
            found.setdefault(key, what)
        beginning = query(asked)
        if not beginning or len(found) >= _WHOLE_WORDS:
            return
        more = self._newest_records(beginning, _BEGINNINGS)
        fresh = {key: what for key, what in more.items() if key not in found}
        if not is_exact(asked):
            right = set(self._holding(fresh, asked, limit))
            fresh = {key: what for key, what in fresh.items() if key in right}
        found |= fresh

    def _holding(self, found: _Found, asked: list[str], limit: int) -> Iterator[uuid.UUID]:
        """The first of each kind that truly have the words; the texts of others are not read."""
        keys: dict[TimelineKind, list[uuid.UUID]] = defaultdict(list)
        for key, (kind, _) in found.items():
            keys[kind].append(key)
        for kind, every in keys.items():
            right = 0
            for start in range(0, len(every), 2 * limit):
                some = every[start : start + 2 * limit]
                texts = self.record_texts((kind, key) for key in some)
                held = [key for key in some if key not in texts or holds(texts[key], asked)]
                yield from held
                right += len(held)
                if right >= limit:
                    break

    def _newest_records(self, asking: str, limit: int) -> _Found:
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
    found: _Found, limit: int
) -> Iterator[tuple[uuid.UUID, tuple[TimelineKind, uuid.UUID]]]:
    seen: dict[TimelineKind, int] = defaultdict(int)
    for key, (kind, owner) in found.items():
        seen[kind] += 1
        if seen[kind] <= limit:
            yield key, (kind, owner)
