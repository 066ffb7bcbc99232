"""A directory as a source of customers.

The columns follow from the attributes that are asked for, not from what the entries have, so a
mapping stays good. An attribute with several columns gives a value to each and the rest to the
last; one with a single column gives its first value.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from crmdesk.domain.importing import SourceFacts, SourceKind, SourceRecord
from crmdesk.sync.ldap.directory import (
    USUAL_PATIENCE,
    Directory,
    DirectoryEntry,
    DirectoryPlace,
    Patience,
)
from crmdesk.sync.server import UNCHANGED, ServerError, ServerSource
from crmdesk.sync.sources import headers
from crmdesk.sync.sources.limits import COLUMNS, FIELD_CHARS

ATTRIBUTES = {
    "cn": 1, "displayName": 1, "givenName": 1, "sn": 1, "o": 1, "company": 1, "title": 1,
    "telephoneNumber": 3, "mobile": 2, "homePhone": 1, "ipPhone": 1, "facsimileTelephoneNumber": 1,
    "mail": 2, "street": 1, "postalCode": 1, "l": 1, "c": 1, "preferredLanguage": 1,
}  # fmt: skip
"""What is asked for usually: attribute (RFC 4519, 4524, 2798) -> columns."""

USUAL_FILTER = "(|(objectClass=person)(objectClass=organization)(objectClass=contact))"
MOST_VALUES = 20
"""Of one attribute of one entry."""

_KEYS = ("entryUUID", "objectGUID", "nsUniqueId")
"""Attributes that stay the same when an entry is renamed: RFC 4530, Active Directory, 389."""

_SAMPLES = 50


class LdapSource(ServerSource):
    """The entries of a directory; each run reads all of them.

    Args:
        place: Where it is, and who asks.
        base: Below which place of the tree.
        condition: A filter (RFC 4515).
        attributes: Attribute to number of columns.
        patience: With a slow server.

    Raises:
        ServerError: It cannot be read.
    """

    def __init__(
        self,
        place: DirectoryPlace,
        base: str,
        condition: str = USUAL_FILTER,
        attributes: Mapping[str, int] = ATTRIBUTES,
        patience: Patience = USUAL_PATIENCE,
    ) -> None:
        self._base, self._condition = base, condition
        self._attributes = dict(attributes)
        self._titles = _titles(self._attributes)
        self._directory = Directory(place, patience)
        try:
            self._find_out(place)
        except BaseException:
            self._directory.close()
            raise

    def _find_out(self, place: DirectoryPlace) -> None:
        entries = self._entries()
        rows = [self._row(entry) for entry in islice(entries, _SAMPLES)]
        details = {"server": place.host, "base": self._base, "filter": self._condition}
        notes = (
            ("Referrals to other servers were not followed.",) if self._directory.referrals else ()
        )
        self.facts = SourceFacts(
            SourceKind.LDAP, headers.columns(self._titles, rows), details, notes, None
        )

    def close(self) -> None:
        """Ends the connection."""
        self._directory.close()

    def state(self) -> dict[str, Any]:
        """Nothing: a directory is read as a whole each time."""
        return {}

    def _records(self) -> Iterator[SourceRecord]:
        for place, entry in enumerate(self._entries(), 1):
            yield SourceRecord(place, self._row(entry), "", _key(entry))

    def _entries(self) -> Iterator[DirectoryEntry]:
        return self._directory.search(self._base, self._condition, [*self._attributes, *_KEYS])

    def _row(self, entry: DirectoryEntry) -> tuple[str, ...]:
        row: list[str] = []
        for name, columns in self._attributes.items():
            texts = [_text(value) for value in entry.values.get(name.lower(), ())[:MOST_VALUES]]
            texts = [text for text in texts if text]
            if columns == 1:
                row.append(texts[0] if texts else "")
                continue
            first, rest = texts[: columns - 1], texts[columns - 1 :]
            row += [*first, "; ".join(rest)[:FIELD_CHARS], *[""] * (columns - 1 - len(first))]
        return tuple(row)


def read_attributes(text: str) -> dict[str, int]:
    """The attributes of a profile: "cn, telephoneNumber:3, mail:2"; "" for the usual ones.

    Raises:
        ServerError: It is no such list.
    """
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, columns = part.partition(":")
        is_name = name.replace("-", "").isalnum() and name.isascii() and name[0].isalpha()
        if not is_name or columns not in {"", *map(str, range(1, 10))}:
            raise ServerError(
                f"{part[:60]!r} is no attribute.", UNCHANGED,
                "Write attributes as in: cn, telephoneNumber:3, mail:2",
            )  # fmt: skip
        found[name] = int(columns or 1)
    if sum(found.values()) > COLUMNS:
        raise ServerError("These are too many columns.", UNCHANGED, f"Up to {COLUMNS} can be read.")
    return found or dict(ATTRIBUTES)


def _titles(attributes: Mapping[str, int]) -> tuple[str, ...]:
    names = [name for name, columns in attributes.items() for _ in range(columns)]
    return headers.names(names, len(names))


def _key(entry: DirectoryEntry) -> str:
    for name in _KEYS:
        for value in entry.values.get(name.lower(), ()):
            if name != "objectGUID":
                return _text(value)
            if len(value) == 16:  # Microsoft's mixed byte order, as its own programs show it
                return str(uuid.UUID(bytes_le=value))
    return entry.name


def _text(value: bytes) -> str:
    """A value as text; "" for a picture or a certificate."""
    try:
        return value[: 4 * FIELD_CHARS].decode("utf-8", "strict").replace("\0", "")[:FIELD_CHARS]
    except UnicodeDecodeError:
        return ""
