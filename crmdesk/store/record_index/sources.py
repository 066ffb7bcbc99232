"""Which texts of which tables the index of records knows."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, literal, select

from crmdesk.domain.customers import TimelineKind
from crmdesk.store.columns import Key
from crmdesk.store.tables import (
    consent,
    follow_up,
    interaction,
    message,
    opportunity,
    order_line,
    payment,
    receipt,
    sales_order,
    survey_answer,
    survey_reply,
    ticket,
    ticket_entry,
)

_keys = bindparam("keys", expanding=True, type_=Key)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows whose texts are found as their record's: comments of a ticket, lines of an order.

    Attributes:
        parent: Column with the record's key.
        texts: Columns that are searched.
    """

    table: Table
    parent: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A table whose rows are records.

    Attributes:
        table: It has customer_id and at.
        kinds: What its rows are; where several, a column `kind` says which.
        texts: Columns that are searched.
        part: Where more of a record's text is.
    """

    table: Table
    kinds: tuple[TimelineKind, ...]
    texts: tuple[str, ...]
    part: Part | None = None

    @cached_property
    def rows(self) -> Select[Any]:
        """Key, customer, kind, at and texts of living rows by key."""
        columns = self.table.c
        kind: ColumnElement[Any] = columns.kind if len(self.kinds) > 1 else literal(self.kinds[0])
        return select(
            columns.id, columns.customer_id, kind, columns.at, *(columns[n] for n in self.texts)
        ).where(columns.id.in_(_keys), columns.deleted_at.is_(None))

    @cached_property
    def part_rows(self) -> Select[Any] | None:
        """Record and texts of the parts of some records."""
        if self.part is None:
            return None
        columns = self.part.table.c
        return select(columns[self.part.parent], *(columns[n] for n in self.part.texts)).where(
            columns[self.part.parent].in_(_keys), columns.deleted_at.is_(None)
        )


@dataclass(frozen=True, slots=True)
class RecordText:
    """A record as the index sees it."""

    id: uuid.UUID
    customer_id: uuid.UUID
    kind: TimelineKind
    at: Any
    texts: tuple[str, ...]


_K = TimelineKind
SOURCES: Mapping[str, Source] = {
    source.table.name: source
    for source in (
        Source(
            interaction,
            (_K.NOTE, _K.EMAIL, _K.VISIT, _K.WEB_FORM),
            ("title", "detail", "who"),
        ),
        Source(
            ticket,
            (_K.TICKET,),
            ("number", "kind", "subject", "detail", "who", "owner"),
            Part(ticket_entry, "ticket_id", ("text", "who")),
        ),
        Source(
            sales_order,
            (_K.ORDER,),
            ("number", "title", "detail", "carrier", "tracking"),
            Part(order_line, "order_id", ("sku", "title")),
        ),
        Source(payment, (_K.PAYMENT,), ("number",)),
        Source(receipt, (_K.RECEIPT,), ("reference",)),
        Source(
            survey_answer,
            (_K.SURVEY,),
            ("comment", "who"),
            Part(survey_reply, "answer_id", ("text",)),
        ),
        Source(follow_up, (_K.FOLLOW_UP,), ("title", "detail", "who", "owner", "place")),
        Source(consent, (_K.CONSENT,), ("channel", "purpose", "wording", "source", "who")),
        Source(opportunity, (_K.LEAD,), ("title", "source", "next_step", "owner", "lost_reason")),
        Source(message, (_K.MESSAGE,), ("subject", "body", "address", "who")),
    )
}
"""By name of the table."""

SOURCE_OF_KIND: Mapping[TimelineKind, Source] = {
    kind: source for source in SOURCES.values() for kind in source.kinds
}
PARENTS: Mapping[str, tuple[str, str]] = {
    source.part.table.name: (source.table.name, source.part.parent)
    for source in SOURCES.values()
    if source.part is not None
}
"""Tables of parts: the table of their records, and the column with its key."""

_NAMED = {_K.TICKET: "ticket", _K.ORDER: "order", _K.PAYMENT: "invoice", _K.RECEIPT: "payment"}
"""A number is looked for together with the word for what it is of."""


def texts_of(connection: Connection, source: Source, keys: Sequence[uuid.UUID]) -> list[RecordText]:
    """The texts of living records, by key; those that are gone are missing.

    Args:
        connection: To the store.
        source: Where they are.
        keys: Not more than one statement takes (500 is a good number).
    """
    values = {"keys": keys}
    parts: dict[uuid.UUID, list[str]] = defaultdict(list)
    if source.part_rows is not None:
        for parent, *texts in connection.execute(source.part_rows, values):
            parts[parent] += filter(None, texts)
    found = []
    for key, customer_id, kind, at, *own in connection.execute(source.rows, values):
        every = named_texts(kind, (*own, *parts.get(key, ())))
        found.append(RecordText(key, customer_id, TimelineKind(kind), at, every))
    return found


def named_texts(kind: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The texts of a record of a kind that are not empty, and the word for what it is."""
    return tuple(filter(None, (_NAMED.get(TimelineKind(kind), ""), *texts)))
