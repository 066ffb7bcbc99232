"""Workbooks of Excel, LibreOffice and the programs that write their form: .xlsx, .xlsm, .xltx.

Values only: formulas give what was last calculated, macros and links are not looked at.

Options: `sheet` (name), `header` (row number or "none").
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.sync.sources import cells as spreadsheet
from crmdesk.sync.sources import headers, xlsx_sheet, xlsx_values
from crmdesk.sync.sources.archives import BROKEN, checked_members, damaged
from crmdesk.sync.sources.limits import (
    COLUMNS,
    FIELD_CHARS,
    KIB,
    MIB,
    SAMPLE_ROWS,
    SourceError,
    columns_left_out,
)
from crmdesk.sync.sources.source import Options, Source
from crmdesk.sync.sources.xlsx_sheet import Merged, RawCell, RawRow, SharedTexts

_WHOLE_PART_BYTES = 32 * MIB
"""Largest part that is read at once: styles, relations, the list of sheets."""

_VISIBLE = "visible"


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    part: str
    is_visible: bool


@dataclass(slots=True)
class _Row:
    number: int
    cells: list[str]
    error: str = ""


class _Workbook:
    """Sheets, number formats and shared texts of a workbook.

    openpyxl reads the small parts; the large ones are read by `xlsx_sheet`.
    """

    def __init__(self, path: Path) -> None:
        self._parts = checked_members(path)
        self._file = path.open("rb")  # given a name, openpyxl would judge the file by it
        try:
            reader = ExcelReader(self._file, read_only=True, data_only=True, keep_links=False)
            self._archive: zipfile.ZipFile = reader.archive
            self._check_parts()
            with warnings.catch_warnings():
                # openpyxl warns of what it would lose in saving; nothing is saved here.
                warnings.simplefilter("ignore")
                reader.read_manifest()
                reader.read_workbook()
                apply_stylesheet(reader.archive, reader.wb)
            self.sheets = self._sheets(reader)
            self.epoch = reader.wb.epoch
            self.formats = self._formats(reader.wb)
            self.texts = self._shared_texts(reader)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._archive.close()
        self._file.close()

    def _check_parts(self) -> None:
        for name, info in self._parts.items():
            is_streamed = "/worksheets/" in name or "sharedStrings" in name or "/media/" in name
            if not is_streamed and info.file_size > _WHOLE_PART_BYTES:
                raise SourceError(
                    f"The workbook has a part {name[:60]} of {info.file_size / MIB:,.0f} MiB.",
                    "No list of customers has that.",
                    "Copy the rows to a new workbook, or save the sheet as CSV.",
                )

    def _sheets(self, reader: Any) -> tuple[_Sheet, ...]:  # noqa: ANN401  openpyxl has no types
        return tuple(
            _Sheet(str(sheet.name), relation.target, sheet.state == _VISIBLE)
            for sheet, relation in reader.parser.find_sheets()
            if relation.target in self._parts and "chartsheet" not in relation.Type
        )

    def _formats(self, book: Any) -> tuple[str, ...]:  # noqa: ANN401
        """The number format of each style."""
        own = [str(item) for item in book._number_formats]  # noqa: SLF001  there is no other way
        styles = book._cell_styles  # noqa: SLF001
        return tuple(xlsx_values.format_of(style.numFmtId, own) for style in styles)

    def _shared_texts(self, reader: Any) -> SharedTexts:  # noqa: ANN401
        names = [name for name in self._parts if name.lower().endswith("sharedstrings.xml")]
        if not names:
            return SharedTexts(None)
        with self._archive.open(names[0]) as part:
            return SharedTexts(cast("BinaryIO", part))

    def size(self, sheet: _Sheet) -> int:
        """Unpacked bytes of a sheet."""
        return self._parts[sheet.part].file_size

    def open(self, sheet: _Sheet) -> BinaryIO:
        """The XML of a sheet."""
        return cast("BinaryIO", self._archive.open(sheet.part))


class XlsxSource(Source):
    """A sheet of a workbook.

    Raises:
        SourceError: It is damaged, a trap, or has no such sheet.
    """

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__(path)
        self._book = _opened(path)
        try:
            self._sheet = self._chosen_sheet(options.get("sheet", ""))
            self.size = self._book.size(self._sheet)
            self._merged = self._downward_merged()
            self._look(options)
        except BaseException as error:
            self.close()
            if isinstance(error, BROKEN):
                raise damaged() from error
            raise

    def close(self) -> None:
        """Closes the workbook."""
        self._book.close()

    def _chosen_sheet(self, title: str) -> _Sheet:
        """The sheet of that name; else the first visible one with at least two rows."""
        sheets = self._book.sheets
        if title:
            found = [sheet for sheet in sheets if sheet.title == title]
            if found:
                return found[0]
            names = ", ".join(f'"{sheet.title}"' for sheet in sheets[:10])
            raise SourceError(
                f'The workbook has no sheet "{title[:40]}".', f"It has {names}.", "Choose one."
            )
        shown = [sheet for sheet in sheets if sheet.is_visible] or list(sheets)
        for sheet in shown:
            with self._book.open(sheet) as part:
                if len(list(islice(xlsx_sheet.rows(part), 2))) == 2:
                    return sheet
        if shown:
            return shown[0]
        raise SourceError(
            "The workbook has no sheet with rows.",
            "There is nothing to import.",
            "Check that it is the right file.",
        )

    def _downward_merged(self) -> dict[int, list[Merged]]:
        """Cells merged over several rows, by their first row."""
        by_row: dict[int, list[Merged]] = {}
        with self._book.open(self._sheet) as part:
            for area in xlsx_sheet.merged(part):
                if area.last_row > area.first_row:
                    by_row.setdefault(area.first_row, []).append(area)
        return by_row

    def _look(self, options: Options) -> None:
        """Finds the header and the columns in the first rows."""
        self._header = 0
        self._titles: tuple[str, ...] = ()
        sample = list(islice(self._rows(COLUMNS), SAMPLE_ROWS))
        index = self._header_index(sample, options)
        body = sample[0 if index is None else index + 1 :]
        width = max((_last_filled(row.cells) for row in sample), default=0)
        head = sample[index].cells if index is not None else None
        self._header = sample[index].number if index is not None else 0
        self._titles = headers.names(head, max(1, min(width, COLUMNS)))
        columns = headers.columns(self._titles, [row.cells for row in body])
        self._digits = spreadsheet.digit_columns(columns)
        details = {"sheet": self._sheet.title, "header": str(self._header or "none")}
        if len(self._book.sheets) > 1:
            details["sheets"] = "/".join(sheet.title for sheet in self._book.sheets)
        self.facts = SourceFacts(
            SourceKind.XLSX, columns, details, tuple(self._notes(len(body), width))
        )

    def _header_index(self, rows: Sequence[_Row], options: Options) -> int | None:
        option = options.get("header", "").strip().lower()
        if not option:
            widths = [_last_filled(row.cells) for row in rows]
            usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
            return headers.find([row.cells[: _last_filled(row.cells)] for row in rows], usual)
        if option in ("none", "0"):
            return None
        found = [i for i, row in enumerate(rows) if str(row.number) == option]
        if not found:
            raise SourceError(
                f'There is nothing in row "{option[:20]}" that could name the columns.',
                "The sheet was not read.",
                'Give the number of a row near the top, or "none".',
            )
        return found[0]

    def _notes(self, rows: int, width: int) -> Iterator[str]:
        others = [s.title for s in self._book.sheets if s is not self._sheet]
        if others:
            names = ", ".join(f'"{title}"' for title in others[:5])
            more = f" and {len(others) - 5} more" if len(others) > 5 else ""
            yield f'Sheet "{self._sheet.title}" is read; there is also {names}{more}.'
        if not rows:
            yield "There are no rows below the names of the columns."
        if self._header > 1:
            yield f"What stands above row {self._header} is left out."
        if width >= COLUMNS:
            yield columns_left_out(width)
        if self._merged:
            yield "Cells merged over several rows give their value to each of them."

    def _records(self) -> Iterator[SourceRecord]:
        for row in self._rows(len(self._titles)):
            if row.number <= self._header or (not row.error and headers.is_rule(row.cells)):
                continue
            self._check_digits(row)
            yield SourceRecord(row.number, tuple(row.cells), row.error)

    def _check_digits(self, row: _Row) -> None:
        """A text "4.93E+11": the damage was done before it came into the workbook."""
        for index in self._digits:
            text = row.cells[index]
            if "E" in text or "e" in text:
                digits = spreadsheet.restored_number(text)
                row.cells[index] = text if digits is None else digits
                if digits is None:
                    row.error = spreadsheet.spoiled(self._titles[index], text)

    def _rows(self, width: int) -> Iterator[_Row]:
        """Rows with a value."""
        down: list[tuple[Merged, str]] = []
        try:
            with self._book.open(self._sheet) as part:
                for raw in xlsx_sheet.rows(part):
                    self.position = min(part.tell(), self.size)
                    row = self._row(raw, width)
                    if not any(row.cells) and not row.error:
                        continue
                    down = self._fill_down(row, down)
                    yield row
        except BROKEN as error:
            raise damaged() from error

    def _row(self, raw: RawRow, width: int) -> _Row:
        row = _Row(raw.number, [""] * width)
        for cell in raw.cells:
            if cell.column < width:
                try:
                    row.cells[cell.column] = self._text(cell)
                except (ValueError, IndexError) as error:
                    row.cells[cell.column] = cell.text[:FIELD_CHARS]
                    where = f"{xlsx_sheet.column_letters(cell.column)}{raw.number}"
                    row.error = row.error or f"Cell {where} {_reason(cell, error)}"
        return row

    def _text(self, cell: RawCell) -> str:
        """What a cell shows.

        Raises:
            ValueError: It shows an error, or nothing was calculated.
            IndexError: It refers to a text that is not there.
        """
        text, kind = cell.text, cell.kind
        if not text:
            raise ValueError("is a formula that was never calculated.")
        if kind == "s":
            text = self._book.texts[_index(text)]
        elif kind == "b":
            return xlsx_values.boolean_text(text)
        elif kind == "e":
            raise ValueError(f"shows the error {text[:20]}.")
        elif kind == "n":
            return self._number(text, cell.style)
        if len(text) > FIELD_CHARS:
            raise ValueError(f"has more than {FIELD_CHARS // KIB} KiB.")
        return spreadsheet.unguarded(text.strip())

    def _number(self, text: str, style: int) -> str:
        formats = self._book.formats
        number_format = formats[style] if style < len(formats) else "General"
        if xlsx_values.is_date(number_format):
            return xlsx_values.date_text(text, self._book.epoch)
        return xlsx_values.number_text(text, number_format)

    def _fill_down(self, row: _Row, down: list[tuple[Merged, str]]) -> list[tuple[Merged, str]]:
        """Gives merged values to the rows below; those that end with this row are dropped."""
        for area, value in down:
            if area.first_column < len(row.cells) and not row.cells[area.first_column]:
                row.cells[area.first_column] = value
        begun = [
            (area, row.cells[area.first_column])
            for area in self._merged.get(row.number, ())
            if area.first_column < len(row.cells)
        ]
        return [(area, value) for area, value in down + begun if area.last_row > row.number]


def _opened(path: Path) -> _Workbook:
    try:
        return _Workbook(path)
    except SourceError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise
        # openpyxl and its XML raise whatever they meet.
        is_trap = xlsx_sheet.is_entity_error(error)
        raise (xlsx_sheet.entities_refused() if is_trap else damaged()) from error


def _index(text: str) -> int:
    index = int(text)
    if index < 0:
        raise IndexError(index)
    return index


def _reason(cell: RawCell, error: Exception) -> str:
    if isinstance(error, IndexError):
        return "refers to a text that is missing: the workbook is damaged."
    words = str(error)
    return words if words.endswith(".") and " " in words else f'has no readable "{cell.text[:40]}".'


def _last_filled(cells: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if cell), default=0)
