"""Which cell a column becomes, by its name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crmdesk.domain.importing import SourceColumn, SourceFacts
from crmdesk.store.fold import fold
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.records.kinds import OWNERS, Cell, RecordKind, cells_of

_WORDS = re.compile(r"[^\w#]+|_+")
_NUMBERED = re.compile(
    r"(?:(?:order )?lines?|line ?items?|(?:product )?items?|products?|artikel|position(?:en)?)"
    r" \d{1,3} (.+)"
)
"""Columns of lines: "lines.2.sku", "Line Item 1 - Price"."""

_OF_LINES = {
    "line_title": {"title", "name", "what", "product", "description", "bezeichnung"},
    "line_sku": {"sku", "artikelnummer"},
    "line_quantity": {"quantity", "qty", "menge", "anzahl"},
    "line_unit_cents": {"price", "unit price", "cost", "preis", "einzelpreis"},
    "line_total_cents": {"total", "amount", "gesamt", "summe"},
}

_WHOSE = {"customer", "kunde", "client"}
"""Columns that say whose it is where no other does: beside a number they hold the name."""


def plain_name(text: str) -> str:
    """A name or word as it is compared."""
    return " ".join(_WORDS.sub(" ", fold(text)).split())


def guess_cells(kind: RecordKind, columns: Iterable[SourceColumn]) -> dict[str, str]:
    """The cell each column becomes, by its name; "" for those nobody knows.

    A name that several cells have goes to the record's own first.
    """
    taken: set[str] = set()
    guessed: dict[str, str] = {}
    cells = cells_of(kind)
    for column in columns:
        name = plain_name(column.name)
        free = (cell for cell in cells.values() if cell.key not in taken and _is_called(cell, name))
        found = next((cell.key for cell in free), "") or _of_line(name, cells)
        guessed[column.name] = found
        taken.add(found)
    return guessed if taken.intersection(OWNERS) else _with_whose(guessed)


def _with_whose(guessed: dict[str, str]) -> dict[str, str]:
    whose = (name for name, key in guessed.items() if not key and plain_name(name) in _WHOSE)
    found = next(whose, None)
    return guessed if found is None else {**guessed, found: "customer_account"}


def guessed_records(kind: RecordKind, facts: SourceFacts) -> ImportProfile:
    """A profile for records, as the names of the columns suggest it."""
    columns = guess_cells(kind, facts.columns)
    return ImportProfile(holds=kind.value, kind=facts.kind.value, columns=columns)


def _is_called(cell: Cell, name: str) -> bool:
    if name in cell.names or name == plain_name(cell.title):
        return True
    return not cell.is_line and name == plain_name(cell.json)


def _of_line(name: str, cells: Iterable[str]) -> str:
    """The cell of a line that a numbered column is; "" where it is none."""
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None:
        return ""
    keys = (key for key, words in _OF_LINES.items() if key in cells and numbered[1] in words)
    return next(keys, "")
