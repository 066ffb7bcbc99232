"""Rows of a text table, with the damage kept small.

A quotation mark that never closes would make one value of all the rest. Here a row over several
lines is believed only if it ends well: its quotes close, within a limit, and it has as many values
as the others. Else its first line is the bad one, and the lines behind it are read again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crmdesk.domain.errors import CrmdeskError
from crmdesk.sync.sources.csv_dialect import CsvDialect
from crmdesk.sync.sources.limits import FIELD_CHARS, KIB, MIB, RECORD_CHARS
from crmdesk.sync.sources.text_lines import Block

_FREE_RESCAN_CHARS = 1 * MIB
_GUARD = re.compile(r"'[=+\-@\d(]")
"""An apostrophe that may keep a text a text; begins with one character, so the search is quick."""

_UNCLOSED = "A quotation mark in this row does not close."


@dataclass(slots=True)
class Row:
    """One row as it stands in the file.

    Attributes:
        place: Number of its first line.
        cells: Its values; as many as there are.
        error: Why they cannot be trusted, "" where they can.
    """

    place: int
    cells: list[str]
    error: str = ""


class _TooLong(CrmdeskError):  # noqa: N818  control flow between the lines and their reader
    """A row of more lines than a row has."""


class _LineFeed:
    """The lines of a file for `csv.reader`, which can go back within the row it is at."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._lines: list[str] = []
        self._at = 0
        self._start = 0
        self._first = 1
        self._strays: dict[int, str] = {}
        self._chars = 0
        self.fresh_chars = 0
        self.position = 0
        self.has_guards = False

    def __iter__(self) -> _LineFeed:
        return self

    def __next__(self) -> str:
        if self._at == len(self._lines):
            self._refill()
        line = self._lines[self._at]
        self._at += 1
        self._chars += len(line)
        if self._chars > RECORD_CHARS:
            raise _TooLong
        return line

    def _refill(self) -> None:
        block = next(self._blocks)
        kept = self._lines[self._start :]
        self._first += self._start
        self._lines = kept + block.lines
        self._at, self._start = len(kept), 0
        self._strays = {n: why for n, why in self._strays.items() if n >= self._first}
        self._strays |= block.strays
        self.fresh_chars += sum(map(len, block.lines))
        self.position = block.position
        text = "".join(self._lines)
        self.has_guards = '="' in text or _GUARD.search(text) is not None

    def begin(self) -> int:
        """A new row begins; the number of its first line."""
        self._start = self._at
        self._chars = 0
        return self._first + self._at

    @property
    def taken(self) -> list[str]:
        """The lines of the row."""
        return self._lines[self._start : self._at]

    @property
    def is_one_line(self) -> bool:
        return self._at - self._start == 1

    @property
    def chars(self) -> int:
        return self._chars

    def back_to_second_line(self) -> None:
        self._at = self._start + 1

    def stray(self) -> str:
        """What is wrong with the bytes of the row."""
        if not self._strays:
            return ""
        numbers = range(self._first + self._start, self._first + self._at)
        return next((self._strays[n] for n in numbers if n in self._strays), "")


class RowReader:
    """Reads rows; blank lines are none.

    Args:
        blocks: The lines of the file.
        dialect: Delimiter and quotation mark.
        width: Values that a row has.
    """

    def __init__(self, blocks: Iterator[Block], dialect: CsvDialect, width: int) -> None:
        self._feed = _LineFeed(blocks)
        self._dialect = dialect
        self._width = width
        self._rescanned = 0

    @property
    def position(self) -> int:
        """Bytes of the file that were read."""
        return self._feed.position

    @property
    def has_guards(self) -> bool:
        """Whether `="030"` or an apostrophe is anywhere near."""
        return self._feed.has_guards

    def __iter__(self) -> Iterator[Row]:
        feed, width = self._feed, self._width
        reader = csv.reader(
            feed, delimiter=self._dialect.delimiter, quotechar=self._dialect.quote, strict=True
        )
        while True:
            place = feed.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong):
                yield self._repaired(place)
                continue
            if len(cells) == width or feed.is_one_line:
                row = Row(place, cells, feed.stray())
            else:
                row = self._doubted(place, cells)
            if row.cells:
                yield self._checked(row)

    def _checked(self, row: Row) -> Row:
        if self._feed.chars > FIELD_CHARS and not row.error:
            longest = max(map(len, row.cells))
            if longest > FIELD_CHARS:
                row.error = f"A value is longer than {FIELD_CHARS // KIB} KiB."
        if row.error:
            row.cells = [cell[:FIELD_CHARS] for cell in row.cells]
        return row

    def _doubted(self, place: int, cells: list[str]) -> Row:
        """A row over several lines with too many or too few values.

        If one of its lines is a row by itself, an open quote has swallowed it.
        """
        lines = self._feed.taken
        if any(self._alone(line) for line in lines[1:]):
            return self._repaired(place)
        return Row(place, cells, self._feed.stray())

    def _repaired(self, place: int) -> Row:
        """The first line by itself; those behind it are read again, within a bound."""
        feed = self._feed
        lines, stray = feed.taken, feed.stray()
        cells = self._alone(lines[0])
        if len(lines) > 1 and self._may_rescan():
            feed.back_to_second_line()
        elif len(lines) > 1:
            last = place + len(lines) - 1
            return Row(place, self._split(lines[0]), f"{_UNCLOSED} It goes on to line {last}.")
        if cells:
            return Row(place, cells, stray)
        reason = f"The row is longer than {RECORD_CHARS // KIB} KiB."
        is_long = len(lines[0]) > RECORD_CHARS
        return Row(place, self._split(lines[0]), stray or (reason if is_long else _UNCLOSED))

    def _may_rescan(self) -> bool:
        """Whether reading again stays in proportion to the file."""
        self._rescanned += self._feed.chars
        return self._rescanned <= _FREE_RESCAN_CHARS + self._feed.fresh_chars

    def _alone(self, line: str) -> list[str]:
        """The line as one row with quotes taken loosely ("Zum "Adler""); [] where it is none."""
        if len(line) > RECORD_CHARS or line.count(self._dialect.quote) % 2:
            return []
        plain = line.rstrip("\r\n").split(self._dialect.delimiter)
        if len(plain) == self._width:  # what stands between the outer quotes is the value
            return [self._unquoted(cell) for cell in plain]
        cells = self._split(line)
        return cells if len(cells) == self._width else []

    def _unquoted(self, cell: str) -> str:
        quote = self._dialect.quote
        if len(cell) >= 2 and cell[0] == cell[-1] == quote:
            return cell[1:-1].replace(2 * quote, quote)
        return cell

    def _split(self, line: str) -> list[str]:
        reader = csv.reader(
            [line[:FIELD_CHARS]], delimiter=self._dialect.delimiter, quotechar=self._dialect.quote
        )
        return next(reader, [""]) or [""]
