"""Text tables: CSV with any delimiter and encoding, tab-separated text, `.txt` exports.

Options, each named as in `facts.details`: `encoding`, `delimiter`, `quote`, `header` (line number
of the column names or "none"), `dates` (dmy, mdy, ymd, text), `short_rows` (bad, fill).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.sync.sources import cells as spreadsheet
from crmdesk.sync.sources import csv_dialect, date_columns, encodings, headers
from crmdesk.sync.sources.csv_dialect import CsvDialect
from crmdesk.sync.sources.csv_rows import Row, RowReader
from crmdesk.sync.sources.encodings import Encoding
from crmdesk.sync.sources.limits import (
    COLUMNS,
    FILE_BYTES,
    MOST_COLUMNS,
    RECORD_CHARS,
    SAMPLE_ROWS,
    SourceError,
    columns_left_out,
    too_large,
    too_many_columns,
)
from crmdesk.sync.sources.source import Options, Source, chosen
from crmdesk.sync.sources.text_lines import Block, blocks

_LINE_BYTES = RECORD_CHARS
_SNIFFED_LINES = 400
_SHORT_HABIT = 0.1
"""Part of the rows that end early, from which on it is a habit of the program and no damage."""

_COMMA_DECIMAL = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}")
_POINT_DECIMAL = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{1,2}")
_AS_TEXT = "text"


@dataclass(frozen=True, slots=True)
class _Form:
    """How the file is to be read.

    Attributes:
        header: Line of the column names, 0 for none.
        width: Values of a row in the file; more than are read where the file is very wide.
        fills_short: Whether a row that ends early gets empty values.
        is_decimal_comma: None where no number tells.
    """

    dialect: CsvDialect
    header: int
    titles: tuple[str, ...]
    width: int
    fills_short: bool
    is_decimal_comma: bool | None


class CsvSource(Source):
    """A text table.

    Args:
        path: The file.
        options: What a person set.

    Raises:
        SourceError: It is too large, has too many columns, or an option is wrong.
    """

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__(path)
        if self.size > FILE_BYTES:
            raise too_large(self.size, FILE_BYTES)
        self._encoding = _encoding(path, options)
        lines = self._first_lines()
        dialect = csv_dialect.detect(lines, options)
        sample = list(islice(RowReader(self._blocks(), dialect, dialect.width), SAMPLE_ROWS))
        self._form = form = _form(dialect, sample, options)
        rows = [
            [spreadsheet.unguarded(cell) for cell in row.cells[: form.width]]
            for row in sample
            if row.place > form.header and not row.error and not any(row.cells[form.width :])
        ]
        columns = headers.columns(form.titles, rows)
        self._digits = spreadsheet.digit_columns(columns)
        self._dates = _dates(rows, len(form.titles), options)
        self.facts = SourceFacts(
            SourceKind.CSV, columns, self._details(), tuple(self._notes(len(rows)))
        )

    def _blocks(self) -> Iterator[Block]:
        return blocks(self.path, self._encoding, _LINE_BYTES)

    def _first_lines(self) -> list[str]:
        return next((block.lines[:_SNIFFED_LINES] for block in self._blocks()), [])

    def _details(self) -> dict[str, str]:
        form = self._form
        details = {
            "encoding": self._encoding.name,
            "delimiter": csv_dialect.shown(form.dialect.delimiter),
            "quote": form.dialect.quote,
            "header": str(form.header or "none"),
            "short_rows": "fill" if form.fills_short else "bad",
        }
        if form.is_decimal_comma is not None:
            details["decimal"] = "," if form.is_decimal_comma else "."
        if self._dates:
            details["dates"] = self._dates.order
        return details

    def _notes(self, rows: int) -> Iterator[str]:
        form = self._form
        if not rows:
            yield "There are no rows below the names of the columns."
        if form.header > 1 + form.dialect.told_by_line:
            yield f"What stands above line {form.header} is left out."
        if self._encoding.stray_lines:
            yield (
                f"Rows not in {self._encoding.name} as the rest is: "
                f"{self._encoding.stray_lines:,}. They are bad rows."
            )
        if form.width > COLUMNS:
            yield columns_left_out(form.width)
        if form.fills_short:
            yield "Rows that end early are filled up with empty values."

    def _records(self) -> Iterator[SourceRecord]:
        form = self._form
        reader = RowReader(self._blocks(), form.dialect, form.width)
        width, header, is_all_read = len(form.titles), form.header, form.width <= COLUMNS
        watched = bool(self._digits or self._dates)
        for row in reader:
            self.position = reader.position
            if row.place <= header or (form.dialect.told_by_line and row.place == 1):
                continue
            if reader.has_guards:
                row.cells = [spreadsheet.unguarded(cell) for cell in row.cells]
            if len(row.cells) != width and not self._fitted(row, is_all_read):
                continue
            if watched and not row.error:
                self._read_digits_and_dates(row)
            if row.error or (any(row.cells) and not headers.is_rule(row.cells)):
                yield SourceRecord(row.place, tuple(row.cells), row.error)

    def _fitted(self, row: Row, is_all_read: bool) -> bool:
        """Gives a row as many values as there are columns; False for one without any."""
        width = len(self._form.titles)
        cells = row.cells
        if not row.error and not any(cell.strip() for cell in cells):
            return False
        count = len(cells)
        is_short = count < self._form.width if is_all_read else count < width
        extra = [cell for cell in cells[self._form.width :] if cell.strip()]
        if not row.error and ((is_short and not self._form.fills_short) or extra):
            row.error = f"The row has {count} values, the file has {self._form.width} columns."
        row.cells = cells[:width] + [""] * (width - count)
        if extra:
            row.cells[-1] = self._form.dialect.delimiter.join(cells[width - 1 :])
        return True

    def _read_digits_and_dates(self, row: Row) -> None:
        cells = row.cells
        for index in self._digits:
            text = cells[index]
            if "E" in text or "e" in text:
                digits = spreadsheet.restored_number(text)
                cells[index] = digits if digits is not None else text
                if digits is None:
                    row.error = spreadsheet.spoiled(self._form.titles[index], text)
        if self._dates:
            for index in self._dates.columns:
                if cells[index]:
                    cells[index] = date_columns.to_iso(cells[index], self._dates.order)


def _encoding(path: Path, options: Options) -> Encoding:
    name = options.get("encoding", "").strip()
    return encodings.named(name, path) if name else encodings.detect(path)


def _form(dialect: CsvDialect, sample: Sequence[Row], options: Options) -> _Form:
    """How to read the rest, from the first rows."""
    body = sample[1:] if dialect.told_by_line else sample
    index = _header_index(body, dialect.width, options)
    head = body[index].cells if index is not None else None
    rows = [row for row in body[0 if index is None else index + 1 :] if not row.error]
    width = _width(head, rows, dialect.width)
    if width > MOST_COLUMNS:
        raise too_many_columns(width)
    titles = headers.names(head, min(width, COLUMNS))
    return _Form(
        dialect=replace(dialect, width=width),
        header=body[index].place if index is not None else 0,
        titles=titles,
        width=width,
        fills_short=_fills_short(rows, width, options),
        is_decimal_comma=_decimal_comma(rows),
    )


def _header_index(rows: Sequence[Row], width: int, options: Options) -> int | None:
    option = options.get("header", "").strip().lower()
    if not option:
        return headers.find([row.cells for row in rows], width)
    if option in ("none", "0"):
        return None
    found = [i for i, row in enumerate(rows) if str(row.place) == option]
    if not found:
        raise SourceError(
            f'There is no row in line "{option[:20]}" that could name the columns.',
            "The file was not read.",
            'Give the number of a line near the beginning, or "none".',
        )
    return found[0]


def _width(head: list[str] | None, rows: Sequence[Row], usual: int) -> int:
    """Columns of the file: those of the header, without unnamed and empty ones at its end."""
    if not head:
        return max(usual, 1)
    width = len(head)
    while width > 1 and not head[width - 1].strip():
        if any(len(row.cells) >= width and row.cells[width - 1].strip() for row in rows):
            break
        width -= 1
    return width


def _fills_short(rows: Sequence[Row], width: int, options: Options) -> bool:
    """Whether the program leaves empty values at the end of a row out, as Excel does."""
    option = chosen(options, "short_rows", ("bad", "fill"))
    if option:
        return option == "fill"
    short = sum(1 < len(row.cells) < width for row in rows)
    return short >= 3 and short >= _SHORT_HABIT * len(rows)


def _decimal_comma(rows: Sequence[Row]) -> bool | None:
    comma = sum(bool(_COMMA_DECIMAL.fullmatch(cell)) for row in rows for cell in row.cells)
    point = sum(bool(_POINT_DECIMAL.fullmatch(cell)) for row in rows for cell in row.cells)
    return comma > point if comma != point else None


def _dates(
    rows: Sequence[Sequence[str]], width: int, options: Options
) -> date_columns.DateColumns | None:
    order = chosen(options, "dates", (*date_columns.ORDERS, _AS_TEXT))
    return None if order == _AS_TEXT else date_columns.detect(rows, width, order)
