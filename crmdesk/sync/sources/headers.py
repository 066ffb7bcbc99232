"""Which row names the columns, and what they are called.

Exports begin with titles, dates and empty rows, or with the first customer. A row of names is
known by names that other programs use (`sync/columns/targets.py`), else by being words above
rows that are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crmdesk.domain.importing import SourceColumn
from crmdesk.domain.text import sanitise_external
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.sources.limits import SAMPLE_CHARS, SAMPLES

SEARCHED_ROWS = 40
"""A preamble is not longer."""

_NAME_CHARS = 100
_VALUE = re.compile(r"@|\d{5}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|^\s*[+(]?\d[\d\s()/.,+-]*$")
"""What stands in data and not in the name of a column."""

_NO_DATES = frozenset({"0/0/00", "0.0.00", "00/00/00", "00.00.0000", "0000-00-00"})
"""What Outlook and databases write for no date: as a sample it would look like a phone number."""

_SURE = 3
"""Known names that make a header of a row however wide it is: a short list under long titles."""

_DRAWN = "-=_+*~ "

Cells = Sequence[str]


def known_names(cells: Cells) -> int:
    """How many of a row's cells are names of columns that other programs use."""
    if any(_VALUE.search(cell) for cell in cells):
        return 0
    columns = [SourceColumn(cell) for cell in cells if cell and len(cell) <= _NAME_CHARS]
    return sum(bool(target) for target in guess(columns).values())


def find(rows: Sequence[Cells], width: int) -> int | None:
    """Index of the row of names, None where there is none.

    Args:
        rows: The first rows of the file, ragged as they are.
        width: Columns that most rows have.
    """
    best, found = 0, None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        known = known_names(row) if _filled(row) >= max(1, width // 2) else 0
        if known < _SURE and not _is_wide_enough(row, width):
            continue
        if known > best and 4 * known >= _filled(row):
            best, found = known, index
    if found is not None and (best >= 2 or _filled(rows[found]) <= 2):
        return found
    return _by_shape(rows, width)


def is_rule(cells: Cells) -> bool:
    """Whether a row is a line drawn with characters, as in lists made for a printer."""
    first = next((cell for cell in cells if cell), "")
    return first[0] in _DRAWN and all(not cell.strip(_DRAWN) for cell in cells) if first else False


def _by_shape(rows: Sequence[Cells], width: int) -> int | None:
    """The first full row, where it is words and the rows below have values."""
    full = [i for i, row in enumerate(rows[:SEARCHED_ROWS]) if _is_wide_enough(row, width)]
    if not full:
        return None
    head = rows[full[0]]
    names = [cell.strip() for cell in head if cell.strip()]
    if any(_VALUE.search(name) for name in names) or len(set(names)) < len(names):
        return None
    below = [rows[i] for i in full[1:]] or list(rows[full[0] + 1 :])
    has_values = any(_VALUE.search(cell) for row in below for cell in row)
    return full[0] if has_values else None


def _filled(row: Cells) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_wide_enough(row: Cells, width: int) -> bool:
    return len(row) <= 2 * width + 1 and _filled(row) >= max(1, width // 2)


def names(cells: Cells | None, width: int) -> tuple[str, ...]:
    """A name for each column, each once: a second "Phone" becomes "Phone (2)".

    Args:
        cells: The row of names, None where the file has none.
        width: Columns to be named.
    """
    taken: dict[str, int] = {}
    made = []
    for index in range(width):
        written = cells[index] if cells and index < len(cells) else ""
        name = sanitise_external(written, _NAME_CHARS) or f"Column {index + 1}"
        while name in taken:
            taken[name] += 1
            name = f"{name} ({taken[name]})"
        taken[name] = 1
        made.append(name)
    return tuple(made)


def columns(titles: Cells, rows: Iterable[Cells]) -> tuple[SourceColumn, ...]:
    """The columns with their first values."""
    samples: list[list[str]] = [[] for _ in titles]
    for row in rows:
        for kept, cell in zip(samples, row, strict=False):
            is_sample = len(kept) < SAMPLES and cell not in _NO_DATES
            if is_sample and (value := sanitise_external(cell, SAMPLE_CHARS)):
                kept.append(value)
    return tuple(
        SourceColumn(title, tuple(kept)) for title, kept in zip(titles, samples, strict=True)
    )
