"""Cards of an address book as properties: folding, parameters, encodings.

RFC 6350 (4.0), RFC 2426 (3.0) and the vCard 2.1 specification, with what programs make of them.
Only one card is held; pictures and keys are passed by without being put together.

An own reader, because the general ones build a tree of the whole card: a name of 20 MB made
vobject take 2.8 GB, and a card that it cannot read ends the file.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

from crmdesk.sync.sources.encodings import UTF8, Encoding
from crmdesk.sync.sources.limits import KIB
from crmdesk.sync.sources.text_lines import raw_lines

LINE_BYTES = 64 * KIB
"""Longest property when its lines are put together."""

PROPERTIES = 10_000
"""Of one card; one with more is a bad one."""

DEPTH = 2
"""A card in a card (AGENT of vCard 2.1), and no deeper."""

PICTURES = frozenset({"PHOTO", "LOGO"})
_PASSED_BY = PICTURES | {"SOUND", "KEY"}

_FRAMES = frozenset({"BEGIN", "END", ""})
"""Names of lines that may begin or end a card; "" for "BEGIN : VCARD"."""

_FALLBACK = "cp1252"
_HEAD = re.compile(rb"\s*(?:([\w-]+)\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^\":;])*)*):", re.ASCII)
_PARAMETER = re.compile(r';\s*(?:([\w-]+)\s*=)?((?:"[^"]*"|[^";])*)')
_PARAMETERS_WITHOUT_NAME = {
    "QUOTED-PRINTABLE": "ENCODING",
    "BASE64": "ENCODING",
    "8BIT": "ENCODING",
}


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a card.

    Attributes:
        name: In capitals, without its group.
        value: Decoded, with its escapes: parts are told apart before they go.
        group: "item1" of "item1.TEL", in small letters; "" for none.
        types: Values of TYPE, in small letters.
        parameters: The others; names in capitals.
    """

    name: str
    value: str
    group: str = ""
    types: frozenset[str] = frozenset()
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Card:
    """One card.

    Attributes:
        place: Its number in the file, from 1.
        properties: In their order.
        error: Why it cannot be used, "" where it can.
        pictures: How many were left out.
    """

    place: int
    properties: list[Property] = field(default_factory=list)
    error: str = ""
    pictures: int = 0

    def spoil(self, reason: str) -> None:
        """Keeps the first reason."""
        self.error = self.error or reason


@dataclass(slots=True)
class _Line:
    """A property as its lines are put together."""

    raw: bytearray
    name: str
    is_passed_by: bool
    is_quoted_printable: bool
    is_long: bool = False

    def add(self, raw: bytes) -> None:
        if self.is_passed_by:
            return
        if self.is_open:
            self.raw.pop()
            more = raw
        else:
            more = raw[1:]
        if len(self.raw) + len(more) > LINE_BYTES:
            self.is_long = True
        else:
            self.raw += more

    @property
    def is_open(self) -> bool:
        """Whether a soft line break of quoted-printable ends it: it goes on."""
        return self.is_quoted_printable and self.raw.endswith(b"=")


def cards(file: BinaryIO, encoding: Encoding, named: str = "") -> Iterator[Card]:
    """All cards from where the file is.

    Args:
        file: Bytes, behind the byte order mark.
        encoding: Of the file: says whether it is UTF-16.
        named: Encoding of values that do not name theirs; "" for UTF-8, else Windows-1252.
    """
    stack = _Stack(named)
    for line in _put_together(file, encoding):
        yield from stack.take(line)
    yield from stack.end()


class _Stack:
    """The card that is being read, and how deep in it."""

    def __init__(self, named: str) -> None:
        self._named = named
        self._card: Card | None = None
        self._count = 0
        self._depth = 0
        self._is_agent_next = False
        self._seen = 0

    def take(self, line: _Line) -> Iterator[Card]:
        is_frame = line.name in _FRAMES
        keyword = bytes(line.raw[:16]).upper().replace(b" ", b"") if is_frame else b""
        if keyword.startswith(b"BEGIN:VCARD"):
            yield from self._begin()
        elif keyword.startswith(b"END:VCARD"):
            self._depth -= 1
            if self._depth <= 0:
                yield from self._finished()
        elif self._card is not None:
            self._take_property(self._card, line)

    def end(self) -> Iterator[Card]:
        if self._card is not None:
            self._card.spoil("The card breaks off: the file ends within it.")
        yield from self._finished()

    def _begin(self) -> Iterator[Card]:
        if self._card is not None and self._is_agent_next:
            self._depth += 1
            if self._depth > DEPTH:
                self._card.spoil(f"Cards stand in one another, more than {DEPTH} deep.")
            return
        if self._card is not None:
            self._card.spoil("The card has no end before the next one begins.")
        yield from self._finished()
        self._count += 1
        self._card, self._depth, self._seen = Card(self._count), 1, 0

    def _finished(self) -> Iterator[Card]:
        if self._card is not None:
            yield self._card
        self._card, self._depth, self._is_agent_next = None, 0, False

    def _take_property(self, card: Card, line: _Line) -> None:
        self._is_agent_next = line.name == "AGENT"
        self._seen += 1
        if line.name in PICTURES:
            card.pictures += 1
        if line.is_passed_by or self._depth != 1:
            return
        if line.is_long:
            card.spoil(f"{line.name or 'A line'} is longer than {LINE_BYTES // KIB} KiB.")
        elif self._seen > PROPERTIES:
            card.spoil(f"The card has more than {PROPERTIES:,} lines.")
        elif found := parse(bytes(line.raw), self._named):
            card.properties.append(found)


def _put_together(file: BinaryIO, encoding: Encoding) -> Iterator[_Line]:
    """Properties with their folded lines, soft line breaks and pictures in lines of their own."""
    line: _Line | None = None
    for block, is_cut in raw_lines(file, encoding, LINE_BYTES):
        for raw in block.splitlines():
            if line and _goes_on(line, raw):
                line.add(raw)
                line.is_long |= is_cut
                continue
            if line:
                yield line
            line = _begun(raw, is_long=is_cut) if raw.strip() else None
    if line:
        yield line


def _goes_on(line: _Line, raw: bytes) -> bool:
    if line.is_open or raw[:1] in (b" ", b"\t"):
        return True
    # Pictures of vCard 2.1 end with an empty line; their lines need not be folded.
    return line.is_passed_by and bool(raw.strip()) and b":" not in raw


def _begun(raw: bytes, *, is_long: bool) -> _Line:
    head = _head_of(raw)
    name = head.name if head else ""
    return _Line(
        bytearray(raw[:KIB] if name in _PASSED_BY else raw),
        name,
        is_passed_by=name in _PASSED_BY,
        is_quoted_printable=head.is_quoted_printable if head else False,
        is_long=is_long or len(raw) > LINE_BYTES,
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the value; `size` in bytes."""

    size: int
    name: str
    group: str
    types: frozenset[str]
    parameters: dict[str, str]

    @property
    def is_quoted_printable(self) -> bool:
        return self.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE"


def _head_of(raw: bytes, named: str = "") -> _Head | None:
    """An address book has a few different ones, a hundred thousand times."""
    end = raw.find(b":", 0, KIB) + 1
    if raw.find(b'"', 0, end) >= 0:  # a colon may stand within quotation marks
        found = _HEAD.match(raw[:KIB])
        end = found.end() if found else 0
    return _read_head(raw[:end], named) if end else None


@lru_cache(maxsize=1024)
def _read_head(text: bytes, named: str) -> _Head | None:
    head = _HEAD.fullmatch(text)
    if not head:
        return None
    types, parameters = _parameters(_text(head[3], named))
    group = (head[1] or b"").decode("ascii").lower()
    return _Head(len(text), head[2].decode("ascii").upper(), group, types, parameters)


def parse(raw: bytes, named: str = "") -> Property | None:
    """A property from its bytes, None where it is none."""
    head = _head_of(raw, named)
    if not head:
        return None
    value = _decoded(raw[head.size :], head.parameters)
    text = _text(value, head.parameters.get("CHARSET", "") or named).strip()
    return Property(head.name, text, head.group, head.types, head.parameters)


def _parameters(text: str) -> tuple[frozenset[str], dict[str, str]]:
    types: set[str] = set()
    parameters: dict[str, str] = {}
    for name, written in _PARAMETER.findall(text):
        value = written.strip().strip('"')
        key = name.upper() or _PARAMETERS_WITHOUT_NAME.get(value.upper(), "TYPE")
        if key == "TYPE":
            types.update(part.strip().lower() for part in value.replace('"', "").split(","))
        else:
            parameters.setdefault(key, value)
    return frozenset(types), parameters


def _decoded(value: bytes, parameters: dict[str, str]) -> bytes:
    encoding = parameters.get("ENCODING", "").upper()
    if encoding == "QUOTED-PRINTABLE":
        return binascii.a2b_qp(value)
    if encoding in ("B", "BASE64"):
        try:
            return binascii.a2b_base64(value)
        except binascii.Error:
            return b""
    return value


def _text(value: bytes, charset: str) -> str:
    for name in (charset, UTF8):
        try:
            return value.decode(name) if name else value.decode(UTF8)
        except (UnicodeError, LookupError):
            continue
    return value.decode(_FALLBACK, "replace")
