"""What may be journaled, and how its values become JSON and again what they were."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Table

from crmdesk.store.columns import Instant, Key, from_micros, to_micros
from crmdesk.store.tables import (
    address,
    call,
    consent,
    custom_field,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
    follow_up,
    ignored_number,
    interaction,
    layout_block,
    message,
    message_template,
    number_claim,
    opportunity,
    order_line,
    payment,
    payment_method,
    picklist_entry,
    receipt,
    record_ref,
    required_field,
    sales_order,
    segment,
    sla_policy,
    survey,
    survey_answer,
    survey_question,
    survey_reply,
    ticket,
    ticket_entry,
    ticket_link,
    work_calendar,
    work_holiday,
    work_hours,
)

DELETED = "deleted_at"
LINK_COLUMNS = ("customer_id", "match_state", "match_rule", "match_digits")
"""Of a call: who it was. Everything else of it is the phone system's, and no choice of ours."""

_STAMPS = frozenset({"id", "created_at", "updated_at", DELETED, "origin"})
_WHOLE = (
    customer,
    customer_number,
    email,
    address,
    external_ref,
    custom_value,
    number_claim,
    ignored_number,
    interaction,
    ticket,
    sales_order,
    payment,
    survey_answer,
    follow_up,
    ticket_entry,
    ticket_link,
    sla_policy,
    work_calendar,
    work_hours,
    work_holiday,
    order_line,
    receipt,
    payment_method,
    opportunity,
    survey,
    survey_question,
    survey_reply,
    consent,
    message,
    message_template,
    custom_field,
    picklist_entry,
    required_field,
    layout_block,
    segment,
    record_ref,
)
_Convert = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:  # noqa: ANN401  whatever JSON knows itself
    return value


@dataclass(frozen=True, slots=True)
class Journaled:
    """A table of the allow-list.

    Attributes:
        columns: Those a change may write.
        to_json, from_json: By column; the mark of deletion included.
    """

    table: Table
    columns: frozenset[str]
    to_json: Mapping[str, _Convert]
    from_json: Mapping[str, _Convert]

    @classmethod
    def of(cls, table: Table, columns: Iterable[str] | None = None) -> Journaled:
        """All columns of a table but its stamps, or the given ones."""
        names = frozenset(table.c.keys() if columns is None else columns) - _STAMPS
        types = {name: table.c[name].type for name in (*names, DELETED)}
        return cls(
            table,
            names,
            {name: _writer_of(kind) for name, kind in types.items()},
            {name: _reader_of(kind) for name, kind in types.items()},
        )

    def refuse_unknown(self, columns: Iterable[str]) -> None:
        """Raises ValueError where a column may not be written by a change."""
        unknown = set(columns) - self.columns
        if unknown:
            raise ValueError(f"{self.table.name}: {sorted(unknown)} cannot be journaled")

    def encode(self, values: Mapping[str, Any]) -> str:
        """Values as a JSON object, exact."""
        plain = {name: self.to_json[name](value) for name, value in values.items()}
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def decode(self, text: str) -> dict[str, Any]:
        """The values of `encode`."""
        return {name: self.from_json[name](value) for name, value in json.loads(text).items()}


def _writer_of(kind: object) -> _Convert:
    if isinstance(kind, Key):
        return _unless_none(str)
    if isinstance(kind, Instant):
        return _unless_none(to_micros)
    return _unless_none(date.isoformat) if isinstance(kind, Date) else _as_it_is


def _reader_of(kind: object) -> _Convert:
    if isinstance(kind, Key):
        return _unless_none(uuid.UUID)
    if isinstance(kind, Instant):
        return _unless_none(from_micros)
    return _unless_none(date.fromisoformat) if isinstance(kind, Date) else _as_it_is


def _unless_none(convert: _Convert) -> _Convert:
    return lambda value: None if value is None else convert(value)


_ALLOWED = {
    **{table.name: Journaled.of(table) for table in _WHOLE},
    call.name: Journaled.of(call, LINK_COLUMNS),
}


@lru_cache
def journaled(table: Table | str) -> Journaled:
    """The entry of the allow-list.

    Raises:
        ValueError: Rows of this table cannot be journaled.
    """
    name = table if isinstance(table, str) else table.name
    try:
        return _ALLOWED[name]
    except KeyError:
        raise ValueError(f"rows of {name} cannot be journaled") from None
