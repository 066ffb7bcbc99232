"""How exports are written: where to, as what, row by row, told as they go."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeVar

from crmdesk.sync.export.columns import Cell
from crmdesk.sync.export.csv_file import CsvFile
from crmdesk.sync.export.formats import ExportError, ExportFormat, FormatOptions
from crmdesk.sync.export.jsonl_file import JsonLinesFile
from crmdesk.sync.export.place import standard_output, whole_file
from crmdesk.sync.export.xlsx_file import XlsxFile

PAGE = 500
"""Rows read at a time, some 2 MB and 50 ms."""

Row = TypeVar("Row")
Progress = Callable[[int, int | None, str], None]
"""Done, of how many (None where nobody knows), what is being done."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes, and as what.

    Attributes:
        place: The file, None for standard output.
        replace: Whether a file that is there may be replaced.
    """

    format: ExportFormat
    place: Path | None
    options: FormatOptions = field(default_factory=FormatOptions)
    replace: bool = False

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The stream to write to; what fails in it leaves no file."""
        if self.place is None:
            return standard_output(sys.stdout.buffer)
        return whole_file(self.place, replace=self.replace)


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export wrote.

    Attributes:
        place: The file, "" for standard output.
        notes: What a person should know, e.g. "2 former numbers were left out".
    """

    rows: int
    place: str
    format: str
    seconds: float
    notes: tuple[str, ...] = ()


def refuse_cards(target: Target, what: str) -> None:
    """Raises ExportError where something else than customers is to be an address book."""
    if target.format is ExportFormat.VCARD:
        raise ExportError(
            f"{what.capitalize()} are no address book.",
            "Nothing was written.",
            "Choose csv, xlsx or jsonl.",
        )


def summary_of(target: Target, rows: int, began: float, notes: tuple[str, ...]) -> ExportSummary:
    """What an export comes to that began at a moment of the monotonic clock."""
    place = str(target.place) if target.place else ""
    seconds = round(time.monotonic() - began, 1)
    return ExportSummary(rows, place, target.format.value, seconds, notes)


def counted(rows: Iterator[Row], of: int | None, progress: Progress) -> Iterator[Row]:
    """The same rows; tells each of them, and there it can be stopped."""
    progress(0, of, "writing")
    for done, row in enumerate(rows, start=1):
        yield row
        progress(done, max(of, done) if of is not None else None, "writing")


def write_objects(out: BinaryIO, values: Iterator[dict[str, object]]) -> int:
    """Writes objects, a line each, and says how many."""
    file, count = JsonLinesFile(out), 0
    for count, value in enumerate(values, start=1):  # noqa: B007
        file.write(value)
    return count


def write_table(
    out: BinaryIO,
    target: Target,
    title: str,
    titles: tuple[str, ...],
    rows: Iterator[list[Cell]],
) -> int:
    """Writes a table, and says how many rows it has.

    Raises:
        ExportError: There are more than fit into it.
    """
    is_book = target.format is ExportFormat.XLSX
    file = XlsxFile(out, title) if is_book else CsvFile(out, target.options)
    count = 0
    with file:
        file.begin(titles)
        for count, cells in enumerate(rows, start=1):
            if file.most_rows is not None and count > file.most_rows:
                raise _too_many(file.most_rows)
            file.write(cells)
    return count


def _too_many(most: int) -> ExportError:
    return ExportError(
        f"A sheet of a workbook holds {most:,} rows under its titles, and there are more.",
        "Nothing was written.",
        "Export fewer with a filter, or choose csv or jsonl, which have no limit.",
    )
