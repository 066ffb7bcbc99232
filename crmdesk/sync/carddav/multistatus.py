"""Multi-status answers (RFC 4918, 13): read piece by piece, one entry held at a time.

The text is a stranger's: document types and entities end it, and so do depth, length and number
beyond what any address book has. The tree of an answer is never built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from crmdesk.sync.server import UNCHANGED, ServerError
from crmdesk.sync.sources.limits import KIB, MIB

DAV = "{DAV:}"
CARDDAV = "{urn:ietf:params:xml:ns:carddav}"

DEPTH = 24
TEXT_CHARS = 8 * MIB
"""Of one property: a card with a picture of several megabytes."""

SILENT_BYTES = MIB
"""Longest tag or comment: the parser begins anew with it for every piece that arrives."""

NAMES = 1_000
"""Different element names; the parser keeps each."""

ENTRIES = 250_000
PROPERTIES = 200
_HREF_CHARS = 4 * KIB

_MULTISTATUS = DAV + "multistatus"
_RESPONSE = DAV + "response"
_PROPSTAT = DAV + "propstat"
_PROP = DAV + "prop"
_STATUS = DAV + "status"
_HREF = DAV + "href"
_TOKEN = DAV + "sync-token"


@dataclass(slots=True)
class Property:
    """A property of an entry.

    Attributes:
        names: Elements within it, at any depth.
        hrefs: Addresses within it.
        is_long: Its text is longer than TEXT_CHARS and was passed by.
    """

    text: str = ""
    is_long: bool = False
    names: set[str] = field(default_factory=set)
    hrefs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """One response of a multi-status.

    Attributes:
        status: Of the whole entry, 0 where it has none.
        properties: Those with status 200, by their name in Clark notation.
    """

    href: str = ""
    status: int = 0
    properties: dict[str, Property] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a property, "" where it is not there."""
        found = self.properties.get(name)
        return found.text.strip() if found else ""

    def hrefs(self, name: str) -> list[str]:
        """The addresses in a property."""
        found = self.properties.get(name)
        return found.hrefs if found else []

    def is_long(self, name: str) -> bool:
        """Whether a property has more text than is read."""
        found = self.properties.get(name)
        return found is not None and found.is_long

    def has(self, name: str, within: str) -> bool:
        """Whether an element stands in a property."""
        found = self.properties.get(name)
        return found is not None and within in found.names


class Multistatus:
    """Reads one answer.

    Attributes:
        sync_token: Of the collection, known when all entries were read.
    """

    def __init__(self) -> None:
        self._reader = _Reader()

    @property
    def sync_token(self) -> str:
        """The token at the end of a sync-collection, "" where there is none."""
        return self._reader.token.strip()

    def entries(self, pieces: Iterable[bytes]) -> Iterator[Entry]:
        """The entries as they arrive.

        Raises:
            ServerError: It is no multi-status, breaks off, or is made to do harm.
        """
        parser = DefusedXMLParser(target=self._reader, forbid_dtd=True)
        seen = silent = 0
        try:
            for piece in pieces:
                parser.feed(piece)
                silent = silent + len(piece) if self._reader.seen == seen else 0
                seen = self._reader.seen
                if silent > SILENT_BYTES:
                    raise unusable("a tag in it does not end")
                yield from self._reader.taken()
            parser.close()
        except DefusedXmlException:
            raise unusable("it holds entities, which address books do not need") from None
        except ParseError as error:
            raise unusable(f"it is no whole XML document ({str(error)[:80]})") from None
        yield from self._reader.taken()


class _Reader:
    """Target of the parser."""

    def __init__(self) -> None:
        self.token = ""
        self.seen = 0
        self._path: list[str] = []
        self._names: set[str] = set()
        self._done: list[Entry] = []
        self._count = 0
        self._entry = Entry()
        self._found: dict[str, Property] = {}
        self._property: Property | None = None
        self._status = 0
        self._text: list[str] = []
        self._length = 0

    def taken(self) -> list[Entry]:
        """The entries that are complete; each is given once."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.seen += 1
        self._names.add(tag)
        if len(self._names) > NAMES or len(self._path) >= DEPTH:
            raise unusable("it is nested or named like no address book")
        if not self._path and tag != _MULTISTATUS:
            raise unusable("it is another kind of document")
        self._path.append(tag)
        self._text.clear()
        self._length = 0
        if tag == _RESPONSE and len(self._path) == 2:
            self._entry = Entry()
        elif tag == _PROPSTAT and len(self._path) == 3:
            self._found, self._status = {}, 0
        elif self._is_in_property():
            self._begin_property(tag)

    def data(self, text: str) -> None:
        self.seen += 1
        self._length += len(text)
        if self._length <= TEXT_CHARS:
            self._text.append(text)
        elif self._property is None:
            raise unusable("it holds a value of more than 8 MiB")
        elif not self._property.is_long:
            self._property.is_long = True
            self._text.clear()

    def end(self, tag: str) -> None:
        self.seen += 1
        text = "".join(self._text)
        depth = len(self._path)
        if self._is_in_property():
            self._end_property(tag, text, is_whole=depth == 5)
        elif depth == 2:
            self._end_of_two(tag, text)
        elif depth == 3:
            self._end_of_three(tag, text)
        elif depth == 4 and tag == _STATUS:
            self._status = _code(text)
        self._path.pop()
        self._text.clear()

    def close(self) -> None:
        """The document ended; the parser asks for it."""

    def _is_in_property(self) -> bool:
        return len(self._path) >= 5 and self._path[3] == _PROP and self._path[2] == _PROPSTAT

    def _begin_property(self, tag: str) -> None:
        if len(self._path) == 5:
            self._property = self._found.setdefault(tag, Property())
            if len(self._found) > PROPERTIES:
                raise unusable("an entry has too many properties")
        elif self._property is not None:
            self._property.names.add(tag)

    def _end_property(self, tag: str, text: str, *, is_whole: bool) -> None:
        if self._property is None:
            return
        if is_whole:
            self._property.text = text
            self._property = None
        elif tag == _HREF and len(self._property.hrefs) < PROPERTIES:
            self._property.hrefs.append(text.strip()[:_HREF_CHARS])

    def _end_of_two(self, tag: str, text: str) -> None:
        if tag == _TOKEN:
            self.token = text[:_HREF_CHARS]
        elif tag == _RESPONSE:
            self._count += 1
            if self._count > ENTRIES:
                raise unusable(f"it has more than {ENTRIES:,} entries")
            self._done.append(self._entry)

    def _end_of_three(self, tag: str, text: str) -> None:
        if tag == _HREF and not self._entry.href:
            self._entry.href = text.strip()[:_HREF_CHARS]
        elif tag == _STATUS:
            self._entry.status = _code(text)
        elif tag == _PROPSTAT and self._status in (0, 200):
            self._entry.properties.update(self._found)


def _code(text: str) -> int:
    """The number in "HTTP/1.1 404 Not Found"."""
    parts = text.split(maxsplit=2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() and len(parts[1]) == 3 else 0


def unusable(why: str) -> ServerError:
    """The words for an answer that makes no sense."""
    return ServerError(
        f"The answer of the server cannot be used: {why}.",
        UNCHANGED,
        "Check that the address is that of a CardDAV server; if it is, ask whoever runs it.",
    )
