"""What the rows of a file are: customers, or orders, tickets and the like. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crmdesk.domain.importing import SourceColumn
from crmdesk.sync.columns.targets import CUSTOM, TARGETS
from crmdesk.sync.profile_targets import CUSTOMERS
from crmdesk.sync.records.kinds import OWNERS, SHAPES, RecordKind, cells_of, own_cells


@dataclass(frozen=True, slots=True)
class Holding:
    """One of them.

    Attributes:
        key: As a profile has it.
        one, several: In the middle of a sentence.
        icon: Stands for one of them.
        page: Of the window, where they are seen after an import.
        shows: What the button that leads there says.
    """

    key: str
    one: str
    several: str
    icon: str = "user"
    page: str = "all-customers"
    shows: str = "Show customers"

    @property
    def title(self) -> str:
        """As a choice lists it."""
        return self.several.capitalize()

    def counted(self, count: int) -> str:
        """E.g. "1 order", "1,204 orders"."""
        return f"{count:,} {self.one if count == 1 else self.several}"


_PLACES: Final = {
    RecordKind.TICKETS: ("tickets", "Show tickets"),
    RecordKind.FOLLOW_UPS: ("due", "Show what is due"),
    RecordKind.LEADS: ("leads", "Show leads"),
}
_ICONS: Final = {
    RecordKind.TICKETS: "ticket",
    RecordKind.ORDERS: "order",
    RecordKind.INVOICES: "form",
    RecordKind.PAYMENTS: "payment",
    RecordKind.SURVEYS: "survey",
    RecordKind.FOLLOW_UPS: "follow-up",
    RecordKind.LEADS: "star",
    RecordKind.NOTES: "note",
}
HOLDINGS: Final[dict[str, Holding]] = {
    CUSTOMERS: Holding(CUSTOMERS, "customer", "customers"),
    **{
        kind.value: Holding(
            kind.value, shape.one, shape.several, _ICONS[kind], *_PLACES.get(kind, ())
        )
        for kind, shape in SHAPES.items()
    },
}
"""In the order of the choice."""

_FURTHER: Final = {"customer": "Customer", "lines": "Lines", "order_id": "Order",
                   "invoice_id": "Invoice", "survey_id": "Survey"}  # fmt: skip
"""What an import of records tells besides its cells."""


def is_of_records(holds: str) -> bool:
    """Whether the rows are no customers but belong to them."""
    return holds != CUSTOMERS


def target_title(target: str, holds: str = CUSTOMERS) -> str:
    """What a column becomes, as it is shown."""
    if is_of_records(holds):
        cells = cells_of(RecordKind(holds))
        return cells[target].title if target in cells else "Left out"
    if target.startswith(CUSTOM):
        return f"Own field: {target.removeprefix(CUSTOM)}"
    return TARGETS[target].title if target in TARGETS else "Left out"


def changed_title(field: str, holds: str) -> str:
    """What a change of a record is of, as it is shown."""
    cells = cells_of(RecordKind(holds))
    return cells[field].title if field in cells else _FURTHER.get(field, field)


def record_groups(holds: str) -> list[tuple[str, list[str]]]:
    """What columns of records can become: their own cells, whose they are, lines of orders."""
    kind = RecordKind(holds)
    own = [cell.key for cell in own_cells(kind) if not cell.is_line]
    lines = [cell.key for cell in own_cells(kind) if cell.is_line]
    groups = [
        (HOLDINGS[holds].one.capitalize(), own),
        ("Lines", lines),
        ("Whose it is", list(OWNERS)),
        ("Keys", ["external_id"]),
    ]
    return [(title, targets) for title, targets in groups if targets]


def holding_of(columns: Sequence[SourceColumn]) -> str:
    """What a file of ours holds, told by its columns; customers for all others."""
    from crmdesk.sync.export.record_columns import titles_of  # late: it brings SQLAlchemy

    names = {column.name for column in columns}
    tables = (kind for kind in RecordKind if names.issuperset(titles_of(kind)))
    objects = (kind for kind in RecordKind if names.issuperset(_names_of_objects(kind)))
    return next((kind.value for kind in (*tables, *objects)), CUSTOMERS)


def _names_of_objects(kind: RecordKind) -> set[str]:
    """What an export calls the values of records in JSON lines."""
    own = {cell.json for cell in own_cells(kind) if not cell.is_line}
    return own | {"id", "customer.id", "customer.number", "customer.name"}


def says_whose(targets: Sequence[str]) -> bool:
    """Whether any column says whose a record is, or which one is meant."""
    return any(target in {*OWNERS, "external_id"} for target in targets)
