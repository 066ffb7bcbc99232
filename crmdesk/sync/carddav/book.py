"""One address book: which cards are new, changed or gone, and the cards themselves.

RFC 6578 (sync-collection) where the server has it, else all etags are listed and compared. The
state knows every card with its etag, so even a server that forgot our token only sends again what
changed, and says what was deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

from crmdesk.sync.carddav.discovery import MULTI_STATUS
from crmdesk.sync.carddav.multistatus import CARDDAV, DAV, Entry, Multistatus, unusable
from crmdesk.sync.carddav.web import Answer, AnswerTooLongError, Web
from crmdesk.sync.server import UNCHANGED, ServerError

BATCH = 40
"""Cards asked for at once: with a picture each still some tens of megabytes."""

MOST_CARDS = 200_000
_ROUNDS = 2_000
"""Parts of a listing that a server may cut it into."""

_ETAG = DAV + "getetag"
_DATA = CARDDAV + "address-data"
_TYPE = DAV + "resourcetype"
_GONE = frozenset({404, 410})
_CUT_HERE = 507
_NO_SUCH_REPORT = frozenset({400, 403, 404, 405, 409, 410, 412, 415, 422, 501})
"""Also what servers say that forgot a token and do not say so."""

_SYNC = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<sync-collection xmlns="DAV:"><sync-token>{}</sync-token><sync-level>1</sync-level>'
    "<prop><getetag/></prop></sync-collection>"
)
_LIST = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<propfind xmlns="DAV:"><prop><getetag/><resourcetype/></prop></propfind>'
)
_MULTIGET = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<C:addressbook-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
    "<prop><getetag/><C:address-data/></prop>{}</C:addressbook-multiget>"
)


@dataclass(slots=True)
class Changes:
    """What became of an address book since the last run.

    Attributes:
        changed: Path of each card that is new or changed, to its address on the server.
        etags: Of those cards.
        gone: Paths of cards that were deleted.
        token: To ask with the next time, "" where the server has none.
        is_full: All cards were listed, because there was no token or the server forgot it.
    """

    changed: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    token: str = ""
    is_full: bool = True


@dataclass(frozen=True, slots=True)
class Fetched:
    """A card from the server; `text` is "" where it could not be had.

    Attributes:
        is_long: It holds more than is read: a very large picture.
    """

    path: str
    etag: str
    text: str
    is_gone: bool = False
    is_long: bool = False


class _TokenInvalidError(Exception):
    """The server does not know our token any more (RFC 6578, 3.2)."""


class _NoSyncError(Exception):
    """The server has no sync-collection."""


class AddressBook:
    """Reads one address book.

    Args:
        web: Client of its server.
        url: Of the address book.
    """

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url if url.endswith("/") else url + "/"
        self._path = unquote(urlsplit(url).path).rstrip("/")

    def changes(self, token: str, known: Mapping[str, str]) -> Changes:
        """Asks what is new since a token.

        Args:
            token: Of the last run, "" for the first.
            known: Path to etag of the cards that the last run saw.

        Raises:
            ServerError: The server cannot be read.
        """
        try:
            if token:
                try:
                    return self._with_those_missed(self._synced(token, known), known)
                except _TokenInvalidError:
                    pass
            return self._all(self._synced("", {}), known)
        except (_NoSyncError, _TokenInvalidError):
            return self._all(self._listed(), known)

    def cards(self, places: Mapping[str, str]) -> Iterator[Fetched]:
        """Fetches cards, in batches; each of them is given exactly once.

        Args:
            places: Path to address, as in `Changes.changed`.
        """
        items = list(places.items())
        for start in range(0, len(items), BATCH):
            yield from self._batch(items[start : start + BATCH])

    # --- which cards ----------------------------------------------------------------------------

    def _synced(self, token: str, known: Mapping[str, str]) -> Changes:
        """sync-collection, in as many parts as the server makes of it."""
        found = Changes(token=token, is_full=not token)
        gone: dict[str, None] = {}
        for _ in range(_ROUNDS):
            before = found.token
            is_cut = self._sync_part(found, gone, known)
            if not is_cut:
                found.gone = list(gone)
                return found
            if found.token == before:
                break
        raise unusable("it never comes to an end")

    def _sync_part(self, found: Changes, gone: dict[str, None], known: Mapping[str, str]) -> bool:
        is_cut = False
        body = _SYNC.format(escape(found.token))
        with self._web.ask("REPORT", self._url, body, depth="0") as answer:
            self._expect_multistatus(answer, is_sync=True)
            reading = Multistatus()
            for entry in reading.entries(answer.pieces):
                path, url = self._place(answer.url, entry.href)
                if entry.status == _CUT_HERE:
                    is_cut = True
                elif entry.status in _GONE:
                    gone[path] = None
                    found.changed.pop(path, None)
                elif not self._is_folder(path):
                    gone.pop(path, None)
                    _take(found, path, url, entry.text(_ETAG), known)
        if not reading.sync_token:
            raise _NoSyncError
        found.token = reading.sync_token
        return is_cut

    def _listed(self) -> Changes:
        """All cards with their etags, from a server that knows no better."""
        found = Changes()
        with self._web.ask("PROPFIND", self._url, _LIST, depth="1") as answer:
            self._expect_multistatus(answer, is_sync=False)
            for entry in Multistatus().entries(answer.pieces):
                path, url = self._place(answer.url, entry.href)
                if entry.status == _CUT_HERE:  # what is missing would look deleted
                    raise unusable("the list of the cards is not whole")
                if not self._is_folder(path) and not entry.has(_TYPE, DAV + "collection"):
                    _take(found, path, url, entry.text(_ETAG), {})
        return found

    def _with_those_missed(self, found: Changes, known: Mapping[str, str]) -> Changes:
        """Also the cards without an etag: the last run did not get them, or could not read them.

        The server tells only what changed since its token, and for it nothing has.
        """
        gone = set(found.gone)
        for path, etag in known.items():
            if not etag and path not in gone and path not in found.changed:
                _take(found, path, urljoin(self._url, quote(path)), "", {})
        return found

    @staticmethod
    def _all(found: Changes, known: Mapping[str, str]) -> Changes:
        """A full listing, without what is known and with what is missing."""
        found.gone = [path for path in known if path not in found.changed]
        for path, etag in known.items():
            if etag and found.etags.get(path) == etag:
                del found.changed[path], found.etags[path]
        return found

    def _expect_multistatus(self, answer: Answer, *, is_sync: bool) -> None:
        if answer.status == MULTI_STATUS:
            return
        said = answer.explanation()
        if is_sync and b"valid-sync-token" in said:
            raise _TokenInvalidError
        if is_sync and answer.status in _NO_SUCH_REPORT:
            raise _NoSyncError
        raise ServerError(
            f"{self._web.host} does not give the address book (answer {answer.status}).",
            UNCHANGED,
            "Check that the address book is still there and that the user may read it.",
        )

    # --- the cards ------------------------------------------------------------------------------

    def _batch(self, items: Sequence[tuple[str, str]]) -> Iterator[Fetched]:
        """Some cards; where they are too much for one answer, fewer at a time."""
        waiting = dict(items)
        try:
            yield from self._asked_for(waiting)
        except AnswerTooLongError:
            rest = list(waiting.items())
            if len(rest) == 1:
                yield Fetched(rest[0][0], "", "", is_long=True)
                return
            yield from self._batch(rest[: len(rest) // 2])
            yield from self._batch(rest[len(rest) // 2 :])
        else:
            for path in waiting:  # the server kept silent about them
                yield Fetched(path, "", "")

    def _asked_for(self, waiting: dict[str, str]) -> Iterator[Fetched]:
        """Takes those that came out of `waiting`."""
        hrefs = "".join(f"<href>{escape(urlsplit(url).path)}</href>" for url in waiting.values())
        body = _MULTIGET.format(hrefs)
        with self._web.ask("REPORT", self._url, body, depth="1") as answer:
            self._expect_multistatus(answer, is_sync=False)
            for entry in Multistatus().entries(answer.pieces):
                path, _ = self._place(answer.url, entry.href)
                if waiting.pop(path, None) is not None:
                    yield _fetched(path, entry)

    def _is_folder(self, path: str) -> bool:
        """Some servers list the address book itself, with or without its slash."""
        return path.endswith("/") or path == self._path

    def _place(self, base: str, href: str) -> tuple[str, str]:
        """A card's path as it is compared, and its address.

        Raises:
            ServerError: It is on another server.
        """
        if not href.startswith("/") or href.startswith("//"):
            url = self._web.inside(base, href)
        else:
            url = urljoin(base, href)
        return unquote(urlsplit(url).path), url


def _take(found: Changes, path: str, url: str, etag: str, known: Mapping[str, str]) -> None:
    if etag and known.get(path) == etag:
        return
    found.changed[path], found.etags[path] = url, etag
    if len(found.changed) > MOST_CARDS:
        raise ServerError(
            f"The address book has more than {MOST_CARDS:,} cards.",
            UNCHANGED,
            "Divide it on the server, or export it as a file and import that.",
        )


def _fetched(path: str, entry: Entry) -> Fetched:
    if entry.status in _GONE:
        return Fetched(path, "", "", is_gone=True)
    return Fetched(path, entry.text(_ETAG), entry.text(_DATA), is_long=entry.is_long(_DATA))
