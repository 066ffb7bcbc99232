"""The rows of a worksheet as its XML gives them, one block in memory at a time.

openpyxl keeps an element for every row and every shared text as an object; here the XML is
read as events, values are cut at their limit, and shared texts are kept as bytes. expat is used
directly: the parser of defusedxml is the slow one of the standard library, and what it forbids is
the document type, which is forbidden here too.
"""

from __future__ import annotations

import array
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO
from xml.parsers import expat

from defusedxml.common import DefusedXmlException

from crmdesk.sync.sources.archives import damaged
from crmdesk.sync.sources.limits import FIELD_CHARS, KIB, MOST_COLUMNS, SourceError

_FEED_BYTES = 64 * KIB
_SILENT_FEEDS = 64
"""Blocks without any markup: one name or one attribute of 4 MiB."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"
)
_MOST_MERGED = 20_000


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file has it.

    Attributes:
        column: From 0.
        kind: n, s, str, inlineStr, b, d, e.
        style: Index of its style.
        text: Its value; of a shared text the index.
        is_formula: Whether it is calculated.
    """

    column: int
    kind: str
    style: int
    text: str
    is_formula: bool


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row with something in it; its number counts from 1."""

    number: int
    cells: list[RawCell]


class _Events:
    """Collects the text of value elements; what to do at their end is for the subclasses."""

    value_tags = frozenset[str]()

    def __init__(self) -> None:
        self.seen = 0
        self._text: list[str] = []
        self._chars = 0
        self._is_value = False
        self._phonetic = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        name = tag.rpartition(":")[2]
        if name in self.value_tags:
            self._is_value = not self._phonetic
        elif name == "rPh":  # how a Japanese name is read, beside the name
            self._phonetic += 1
        else:
            self.began(name, attributes)

    def data(self, text: str) -> None:
        self.seen += 1
        if self._is_value and self._chars <= FIELD_CHARS:
            self._text.append(text)
            self._chars += len(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in self.value_tags:
            self._is_value = False
        elif name == "rPh":
            self._phonetic -= 1
        else:
            self.ended(name)

    def taken(self) -> str:
        """The collected text, one character too long where it was cut."""
        text = "".join(self._text)[: FIELD_CHARS + 1]
        self._text.clear()
        self._chars = 0
        if "_x" in text:
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        return text

    def began(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def ended(self, name: str) -> None:
        raise NotImplementedError


class _SheetEvents(_Events):
    value_tags = frozenset({"v", "t"})

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RawRow] = []
        self._row = 0
        self._column = -1
        self._cells: list[RawCell] = []
        self._attributes: dict[str, str] = {}
        self._is_formula = False

    def began(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._attributes = attributes
            self._is_formula = False
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 10 else self._row + 1
            self._column, self._cells = -1, []

    def ended(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self.rows.append(RawRow(self._row, self._cells))
            self._cells = []

    def _end_cell(self) -> None:
        attributes = self._attributes
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = column_index(reference[1]) if reference else self._column + 1
        text = self.taken()
        kind = attributes.get("t", "n")
        is_uncalculated = self._is_formula and kind != "str"  # a text may well be empty
        if (text or is_uncalculated) and self._column < MOST_COLUMNS:
            style = attributes.get("s", "0")
            self._cells.append(
                RawCell(
                    self._column,
                    kind,
                    int(style) if style.isdecimal() and len(style) < 7 else 0,
                    text,
                    self._is_formula,
                )
            )


class SharedTexts(_Events):
    """The texts of a workbook that its cells refer to by index, as bytes one behind the other."""

    value_tags = frozenset({"t"})

    def __init__(self, source: BinaryIO | None) -> None:
        super().__init__()
        self._bytes = bytearray()
        self._ends = array.array("Q", [0])
        if source is not None:
            for _ in _fed(self, source):
                pass

    def began(self, name: str, attributes: dict[str, str]) -> None:
        """Only ends matter."""

    def ended(self, name: str) -> None:
        """Keeps a text."""
        if name == "si":
            self._bytes += self.taken().encode("utf-8", "replace")
            self._ends.append(len(self._bytes))

    def __getitem__(self, index: int) -> str:
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode("utf-8")

    def __len__(self) -> int:
        return len(self._ends) - 1


def rows(source: BinaryIO) -> Iterator[RawRow]:
    """The rows of a worksheet that have a cell."""
    events = _SheetEvents()
    for _ in _fed(events, source):
        yield from events.rows
        events.rows.clear()


def _fed(events: _Events, source: BinaryIO) -> Iterator[None]:
    """Feeds XML; a pause after each block.

    Raises:
        SourceError: It is not XML, breaks off, or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = events.start
    parser.EndElementHandler = events.end
    parser.CharacterDataHandler = events.data
    parser.StartDoctypeDeclHandler = _refuse_doctype  # where entities would be declared
    silent = 0
    try:
        while block := source.read(_FEED_BYTES):
            before = events.seen
            parser.Parse(block)
            silent = silent + 1 if events.seen == before else 0
            if silent > _SILENT_FEEDS:
                raise damaged()
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error
    yield


def _refuse_doctype(*_: object) -> None:
    raise entities_refused()


def is_entity_error(error: Exception) -> bool:
    """Whether defusedxml refused something, directly or as the cause."""
    return isinstance(error, DefusedXmlException) or isinstance(
        error.__cause__, DefusedXmlException
    )


def entities_refused() -> SourceError:
    """A part that declares entities: a few lines of them can become gigabytes."""
    return SourceError(
        "The workbook is not opened: it declares XML entities.",
        "No spreadsheet program writes them; it may be made to fill the memory.",
        "Open it in your spreadsheet program and save it anew.",
    )


@lru_cache(maxsize=1024)
def column_index(letters: str) -> int:
    """Index from 0 of a column such as "AB"."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - ord("A") + 1
    return index - 1


def column_letters(index: int) -> str:
    """Letters of a column from its index."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are shown as one; only the first has the value. Columns count from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


def merged(source: BinaryIO) -> tuple[Merged, ...]:
    """The merged cells; a sheet tells them behind its rows."""
    found: list[Merged] = []
    rest = b""
    while (block := source.read(_FEED_BYTES)) and len(found) < _MOST_MERGED:
        text = rest + block
        end = 0
        for match in _MERGED.finditer(text):
            found.append(_merged(match))
            end = match.end()
        rest = text[max(end, len(text) - 256) :]
    return tuple(found)


def _merged(match: re.Match[bytes]) -> Merged:
    first_column, first_row, last_column, last_row = (part.decode() for part in match.groups())
    return Merged(
        int(first_row), int(last_row), column_index(first_column), column_index(last_column)
    )
