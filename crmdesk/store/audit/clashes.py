"""An edit of any record: what was edited, refused where somebody else edited the same.

All forms save by this: they tell what they began with and what they hold, and only the fields
that differ are written. A field that somebody else wrote meanwhile is never written over.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from crmdesk.domain.audit import Conflict, ConflictingEditsError, EditedCustomer
from crmdesk.domain.edits import AND, CUSTOM, changed, clashes, get
from crmdesk.domain.follow_ups import FollowUp
from crmdesk.domain.leads import Lead
from crmdesk.domain.records import Interaction
from crmdesk.domain.sales import Invoice, Order, PaymentMethod
from crmdesk.domain.tickets import Ticket

if TYPE_CHECKING:
    from crmdesk.store.audit.history import HistoryQueries

T = TypeVar("T")

_WORDS: dict[type, str] = {
    EditedCustomer: "customer",
    Order: "order",
    Invoice: "invoice",
    PaymentMethod: "way to pay",
    Lead: "lead",
    FollowUp: "follow-up",
    Ticket: "ticket",
    Interaction: "note",
}
_COLUMNS = {"repeat": "repeats"}
"""Columns that are called otherwise than their attribute."""


def edited_fields(reader: HistoryQueries, base: T, edited: T, now: T) -> set[str]:
    """The fields that an edit is about.

    Args:
        reader: Of the transaction the edit is written in.
        base: What the form began with.
        edited: What it holds.
        now: What is stored.

    Raises:
        ConflictingEditsError: Somebody else made something else of one of them; see
            `domain.edits.settled` for how to go on.
    """
    mine = changed(base, edited)
    found = sorted(name for name in mine if clashes(name, base, edited, now))
    if found:
        conflicts = (_conflict(reader, name, base, edited, now) for name in found)
        raise ConflictingEditsError(tuple(conflicts), _WORDS[type(base)])
    return mine


def of_fields(columns: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """The columns that fields of a record stand for."""
    named = {_COLUMNS.get(one, one) for name in fields for one in name.split(AND)}
    return {name: value for name, value in columns.items() if name in named}


def _conflict(
    reader: HistoryQueries, name: str, base: object, edited: object, now: object
) -> Conflict:
    began_with, mine, theirs = (get(one, name) for one in (base, edited, now))
    return Conflict(name, began_with, mine, theirs, *_last_writer(reader, name, base, now))


def _last_writer(
    reader: HistoryQueries, name: str, base: object, now: object
) -> tuple[str, datetime | None]:
    if isinstance(now, EditedCustomer) and name.startswith(CUSTOM):
        return reader.last_writer(reader.own_field_rows(now.customer.id, name.removeprefix(CUSTOM)))
    columns = {_COLUMNS.get(one, one) for one in name.split(AND)}
    found = reader.last_writer((_key(now),), columns)
    if isinstance(base, Order) and isinstance(now, Order) and "lines" in columns:
        lines = {line.id for line in (*base.lines, *now.lines) if line.id}
        found = max(found, reader.last_writer(lines), key=_at)
    return found


def _at(writer: tuple[str, datetime | None]) -> datetime:
    return writer[1] or datetime.min.replace(tzinfo=UTC)


def _key(one: Any) -> uuid.UUID:  # noqa: ANN401  each record has one
    key: uuid.UUID = one.customer.id if isinstance(one, EditedCustomer) else one.id
    return key
