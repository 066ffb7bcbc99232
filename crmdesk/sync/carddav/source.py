"""A CardDAV address book as a source of customers.

The columns are the same for every address book and every run, so that a mapping stays good; of
more numbers than there are columns the last one takes the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.sync.carddav.book import BATCH, AddressBook, Fetched
from crmdesk.sync.carddav.discovery import find_book
from crmdesk.sync.carddav.web import Access, Patience, Web
from crmdesk.sync.server import ServerSource, State
from crmdesk.sync.sources import headers, vcard_columns
from crmdesk.sync.sources.encodings import UTF8, Encoding
from crmdesk.sync.sources.limits import FIELD_CHARS
from crmdesk.sync.sources.vcard_lines import Card, cards

PHONES, EMAILS, ADDRESSES = 6, 4, 2
"""Columns of each; more in a card go into the last one."""

_KEY_CHARS = 255
_UTF8 = Encoding(UTF8)


_SEVERAL = (("Phone", PHONES), ("E-mail", EMAILS))
_KINDS = ("", " type")
_PLAIN = {
    "Name", "Prefix", "First name", "Middle name", "Last name", "Suffix", "Nickname", "Company",
    "Department", "Job title", "Website", "Categories", "Language", "Kind", "Note", "UID",
}  # fmt: skip
_ADDRESS = ("Street", "Postcode", "City", "Region", "Country")

TITLES = vcard_columns.ordered(
    _PLAIN
    | {
        f"{what} {n}{kind}"
        for what, most in _SEVERAL
        for n in range(1, most + 1)
        for kind in _KINDS
    }
    | {*_ADDRESS, *(f"{part} {n}" for part in _ADDRESS for n in range(2, ADDRESSES + 1))}
)
"""The columns."""


class CardDavSource(ServerSource):
    """The cards of an address book that are new or changed since a state.

    Args:
        access: Where it is, and who asks.
        book: Name of one of several address books, "" for the only one.
        state: Of the last run, empty for the first.
        patience: With a slow server.

    Raises:
        ServerError: It cannot be read.
    """

    def __init__(
        self,
        access: Access,
        book: str = "",
        state: State | None = None,
        patience: Patience = Patience(),  # noqa: B008  frozen
    ) -> None:
        self._web = Web(access, patience)
        try:
            self._begin(access, book, state or {})
        except BaseException:
            self._web.close()
            raise

    def _begin(self, access: Access, book: str, state: State) -> None:
        place = find_book(self._web, access.url, book)
        self._url = place.url
        self._known = _known_cards(state) if state.get("book") == place.url else {}
        token = state.get("token") if self._known else ""
        self._book = AddressBook(self._web, place.url)
        etags = {path: etag for path, (etag, _) in self._known.items()}
        self._changes = self._book.changes(token if isinstance(token, str) else "", etags)
        self._start_again()
        self.size = len(self._changes.changed)
        self.facts = self._found_out(place.name)

    @property
    def removed(self) -> tuple[str, ...]:  # noqa: D102  as the base says
        still = {key for _, key in self._next.values()}  # one that only moved is still there
        return tuple(key for key in self._removed if key and key not in still)

    def close(self) -> None:
        """Ends the connection."""
        self._web.close()

    def state(self) -> dict[str, Any]:
        """The token and what every card was."""
        cards = {path: list(card) for path, card in self._next.items()}
        return {"book": self._url, "token": self._changes.token, "cards": cards}

    def _found_out(self, name: str) -> SourceFacts:
        first = dict(islice(self._changes.changed.items(), BATCH))
        rows = [self._row(_card(fetched)) for fetched in self._book.cards(first)]
        changes = self._changes
        details = {"server": self._web.host, "address book": name}
        if self._known:
            details["known cards"] = f"{len(self._known):,}"
            details["compared by"] = "all etags" if changes.is_full else "sync token"
        return SourceFacts(
            SourceKind.CARDDAV,
            headers.columns(TITLES, rows),
            details,
            records=self.size,
        )

    def _records(self) -> Iterator[SourceRecord]:
        place = 0
        self._start_again()
        for fetched in self._book.cards(self._changes.changed):
            if fetched.is_gone:  # between the listing and now
                self._forget(fetched.path)
                continue
            card = _card(fetched)
            row, key = self._row(card), self._key(card, fetched)
            etag = fetched.etag or self._changes.etags.get(fetched.path, "")
            self._next[fetched.path] = ("" if card.error else etag, key)
            if key:
                place += 1
                yield SourceRecord(place, row, card.error, key)
        self.facts = replace(self.facts, notes=tuple(_notes(len(self.removed))))

    def _start_again(self) -> None:
        self._next = dict(self._known)
        self._removed: list[str] = []
        for path in self._changes.gone:
            self._forget(path)

    def _forget(self, path: str) -> None:
        """A card that was deleted; of one that was never seen nothing is to be said."""
        if (card := self._next.pop(path, None)) is not None:
            self._removed.append(card[1])

    def _key(self, card: Card, fetched: Fetched) -> str:
        """The card's UID, where it has a sensible one; else its place. "" for a list of others."""
        if vcard_columns.is_group(card):
            return ""
        _, before = self._known.get(fetched.path, ("", ""))
        return (vcard_columns.uid(card) or before or fetched.path)[-_KEY_CHARS:]

    @staticmethod
    def _row(card: Card) -> tuple[str, ...]:
        values = vcard_columns.row(card)
        for what, most in _SEVERAL:
            rest = (
                values.get(f"{what} {n}", "") for n in range(most, vcard_columns.MOST[what] + 1)
            )
            values[f"{what} {most}"] = "; ".join(filter(None, rest))[:FIELD_CHARS]
        return tuple(values.get(title, "") for title in TITLES)


def _card(fetched: Fetched) -> Card:
    """The card in a text; more than one is a mistake of the server, and the first counts."""
    if fetched.is_long:
        return Card(1, error="The card is too long: it holds a very large picture.")
    data = io.BytesIO(fetched.text.encode("utf-8", "replace"))
    return next(iter(cards(data, _UTF8)), Card(1, error="The server gave no card."))


def _known_cards(state: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    cards = state.get("cards")
    if not isinstance(cards, dict):
        return {}
    return {
        path: (card[0], card[1])
        for path, card in cards.items()
        if isinstance(card, list) and len(card) == 2 and all(isinstance(x, str) for x in card)
    }


def _notes(removed: int) -> Iterator[str]:
    if removed:
        cards = "1 card was" if removed == 1 else f"{removed:,} cards were"
        yield f"{cards} deleted in the address book; the customers and their history stay here."
