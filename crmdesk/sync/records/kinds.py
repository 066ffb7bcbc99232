"""What kinds of records can be brought in, and what their columns can become."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from crmdesk.domain.planning import PicklistKey
from crmdesk.settings import paths


class RecordKind(StrEnum):
    """What a file holds, one record a row."""

    TICKETS = "tickets"
    ORDERS = "orders"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    SURVEYS = "surveys"
    FOLLOW_UPS = "follow_ups"
    LEADS = "leads"
    NOTES = "notes"


class CellKind(StrEnum):
    """How a cell is read.

    MONEY: cents. QUANTITY: thousandths. MOMENT: a day, with a time where there is one.
    """

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    COUNT = "count"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing a record has.

    Attributes:
        key: Column of the table, or what `reading` makes of it.
        title: As a mapping shows it.
        names: Folded names that columns have for it in exports of other programs.
        picklist: Whose titles a CHOICE may be written as.
        words: Further words of a CHOICE, folded, to what they mean.
        is_required: Without it no new record can be made.
        is_line: Of one line of an order: several columns or rows may have it.
        json: What exports call it in objects.
    """

    key: str
    title: str
    kind: CellKind = CellKind.TEXT
    names: tuple[str, ...] = ()
    picklist: PicklistKey | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = False
    is_line: bool = False
    json: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of record.

    Attributes:
        table: Where it goes.
        name: Key of the cell that people call it by.
        one, several: What it is called, in the middle of a sentence.
        defaults: What a new record has where the file says nothing.
    """

    table: str
    name: str
    one: str
    several: str
    defaults: Mapping[str, object] = field(default_factory=dict)


_EUR = {"currency": "EUR"}
SHAPES: Mapping[RecordKind, Shape] = {
    RecordKind.TICKETS: Shape(
        "ticket",
        "subject",
        "ticket",
        "tickets",
        {"kind": "request", "priority": "normal", "status": "open", "number": ""},
    ),
    RecordKind.ORDERS: Shape(
        "sales_order", "number", "order", "orders", {"status": "placed", "title": "", **_EUR}
    ),
    RecordKind.INVOICES: Shape(
        "payment", "number", "invoice", "invoices", {"status": "open", **_EUR}
    ),
    RecordKind.PAYMENTS: Shape("receipt", "reference", "payment", "payments", _EUR),
    RecordKind.SURVEYS: Shape(
        "survey_answer", "comment", "survey answer", "survey answers", {"scale": "csat"}
    ),
    RecordKind.FOLLOW_UPS: Shape(
        "follow_up", "title", "follow-up", "follow-ups", {"kind": "follow_up"}
    ),
    RecordKind.LEADS: Shape("opportunity", "title", "lead", "leads", {"stage": "new", **_EUR}),
    RecordKind.NOTES: Shape("interaction", "title", "note", "notes", {"kind": "note"}),
}
NO_COLUMNS = frozenset({"invoice_number", "order_number", "survey"})
"""Cells that name another record instead of standing in a column of the table."""

OWNERS = ("customer_account", "customer_external_id", "customer_number", "customer_email")
"""How a record says whose it is, in the order in which they are asked."""


@lru_cache
def own_cells(kind: RecordKind) -> tuple[Cell, ...]:
    """What a record has itself, in the order in which a mapping shows it."""
    return tuple(_cell(key, facts) for key, facts in _file()[kind.value].items())


@lru_cache
def cells_of(kind: RecordKind) -> Mapping[str, Cell]:
    """What columns of a kind can become, by key: the record's own cells, then whose it is."""
    owners = (_cell(key, facts) for key, facts in _file()["owner"].items())
    return {one.key: one for one in (*own_cells(kind), *owners)}


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    file = paths.resources() / "import" / "records.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _cell(key: str, facts: Mapping[str, Any]) -> Cell:
    picklist = facts.get("picklist")
    meanings = facts.get("words", {})
    return Cell(
        key,
        facts["title"],
        CellKind(facts.get("kind", CellKind.TEXT)),
        tuple(facts.get("names", ())),
        PicklistKey(picklist) if picklist else None,
        {word: meaning for meaning, words in meanings.items() for word in words},
        facts.get("is_required", False),
        facts.get("is_line", False),
        facts.get("json", key.removesuffix("_cents")),
    )
