"""Finds the address books of a person from whatever address was given (RFC 6764, RFC 6352, 7).

An address is that of an address book, of a person, or of the server; each leads on to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crmdesk.domain.text import sanitise_external
from crmdesk.sync.carddav.multistatus import CARDDAV, DAV, Entry, Multistatus
from crmdesk.sync.carddav.web import ElsewhereError, Web
from crmdesk.sync.server import UNCHANGED, ServerError

WELL_KNOWN = "/.well-known/carddav"
MULTI_STATUS = 207

_BOOK = CARDDAV + "addressbook"
_HOME = CARDDAV + "addressbook-home-set"
_PRINCIPAL = DAV + "current-user-principal"
_NOBODY = DAV + "unauthenticated"
_TYPE = DAV + "resourcetype"
_NAME = DAV + "displayname"

_PROPFIND = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><prop>'
    "<resourcetype/><displayname/><current-user-principal/><C:addressbook-home-set/>"
    "</prop></propfind>"
)
_MOST_BOOKS = 200
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class BookPlace:
    """An address book that was found."""

    url: str
    name: str

    @property
    def key(self) -> str:
        """What the option `book` calls it: the last part of its address."""
        return _last_part(self.url)


def find_book(web: Web, url: str, wanted: str = "") -> BookPlace:
    """The address book to read.

    Args:
        web: Client of the server.
        url: Where to begin.
        wanted: Name or last part of the address of one of several books; "" for the only one.

    Raises:
        ServerError: There is none, or several and none was chosen.
    """
    books = find_books(web, url)
    if wanted:
        books = [book for book in books if wanted in (book.name, _last_part(book.url))] or books
    if len(books) == 1 and (not wanted or wanted in (books[0].name, _last_part(books[0].url))):
        return books[0]
    if not books:
        raise ServerError(
            f"No address book was found on {web.host}.",
            UNCHANGED,
            "Copy the address of the address book from the settings of the server, and try it.",
        )
    names = ", ".join(f'"{book.name}" ({_last_part(book.url)})' for book in books[:20])
    is_there = any(wanted in (book.name, _last_part(book.url)) for book in books)
    raise ServerError(
        f"There is no address book {wanted!r}."
        if wanted and not is_there
        else "There are several address books" + (f" {wanted!r}." if wanted else "."),
        UNCHANGED,
        f"Choose with the option book of the profile: {names}.",
    )


def find_books(web: Web, url: str) -> list[BookPlace]:
    """All address books a person has there.

    Raises:
        ServerError: The server cannot be asked.
    """
    homes: list[str] = []
    elsewhere: ElsewhereError | None = None
    for place in _starts(web, url):
        try:
            found = _asked(web, place)
            if found is None:
                continue
            if found[1].has(_TYPE, _BOOK):
                return [_book(*found)]
            homes = _homes(web, *found)
        except ElsewhereError as error:
            if _names_a_place(place):
                raise
            elsewhere = elsewhere or error  # to www.example.com, say: the well-known may do
        if homes:
            break
    if elsewhere is not None and not homes:
        raise elsewhere
    books: dict[str, BookPlace] = {}
    for home in homes:
        books |= {book.url: book for book in _listed(web, home)}
    return list(books.values())


def _starts(web: Web, url: str) -> Iterator[str]:
    """Where to ask, in this order; later ones only where the first leads nowhere."""
    yield url
    yield web.inside(url, WELL_KNOWN)
    yield web.inside(url, "/")


def _homes(web: Web, place: str, entry: Entry) -> list[str]:
    hrefs = entry.hrefs(_HOME)
    for principal in [] if hrefs else entry.hrefs(_PRINCIPAL)[:1]:
        found = _asked(web, web.inside(place, principal))
        if found is not None:
            place, person = found
            hrefs = person.hrefs(_HOME)
    return [web.inside(place, home) for home in hrefs[:10]]


def _asked(web: Web, url: str) -> tuple[str, Entry] | None:
    """Where a place is and what it says of itself, None where it is no WebDAV resource.

    Raises:
        ServerError: It was named down to its path and is gone: another one will not do.
    """
    with web.ask("PROPFIND", url, _PROPFIND) as answer:
        if answer.status in _GONE and _names_a_place(url):
            raise ServerError(
                f"{web.host} has nothing at {_shown(url)}.",
                UNCHANGED,
                "The address book was moved or deleted, or its address is not quite right: "
                "put the right one into the profile as url.",
            )
        if answer.status != MULTI_STATUS:
            return None
        place, entry = answer.url, next(Multistatus().entries(answer.pieces), None)
    if entry is not None and entry.has(_PRINCIPAL, _NOBODY) and web.insist():
        return _asked(web, url)
    return (place, entry) if entry is not None else None


def _listed(web: Web, home: str) -> Iterator[BookPlace]:
    with web.ask("PROPFIND", home, _PROPFIND, depth="1") as answer:
        if answer.status != MULTI_STATUS:
            return
        found = 0
        for entry in Multistatus().entries(answer.pieces):
            if entry.has(_TYPE, _BOOK) and found < _MOST_BOOKS:
                found += 1
                yield _book(web.inside(answer.url, entry.href), entry)


def _book(url: str, entry: Entry) -> BookPlace:
    return BookPlace(url, sanitise_external(entry.text(_NAME), 80) or _last_part(url))


def _last_part(url: str) -> str:
    return sanitise_external(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]), 80)


def _names_a_place(url: str) -> bool:
    """Whether an address is more than that of a server."""
    return urlsplit(url).path not in ("", "/", WELL_KNOWN)


def _shown(url: str) -> str:
    return sanitise_external(unquote(urlsplit(url).path), 120)
