"""Tables as text: RFC 4180, UTF-8, with the guard against formulas."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from types import TracebackType
from typing import BinaryIO, Self

from crmdesk.sync.export.columns import Cell
from crmdesk.sync.export.formats import FormatOptions
from crmdesk.sync.formula_guard import guard

_UNSAYABLE = dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")
"""NUL ends a text for many readers; half a surrogate pair is no UTF-8."""


class CsvFile:
    """Rows of a text table.

    Args:
        out: Where it goes.
        options: Delimiter and byte order mark.
    """

    most_rows: int | None = None

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, delimiter=options.delimiter, lineterminator="\r\n")
        if options.has_mark:
            out.write(codecs.BOM_UTF8)

    def begin(self, titles: Sequence[str]) -> None:
        """The row of titles."""
        self.write(titles)

    def write(self, cells: Sequence[Cell]) -> None:
        """One row."""
        self._writer.writerow([_shown(cell) for cell in cells])
        self._out.write(_bytes_of(self._text.getvalue()))
        self._text.seek(0)
        self._text.truncate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """A text has no end to be written."""


def _bytes_of(line: str) -> bytes:
    if "\0" not in line:
        with suppress(UnicodeEncodeError):
            return line.encode()
    return line.translate(_UNSAYABLE).encode()


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell if cell[:1].isalnum() else guard(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
