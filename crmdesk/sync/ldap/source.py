"""A directory as a source of customers: those that are new or changed since the last run.

Every run reads the directory as a whole and compares each entry with what it was. That holds for
every server, and tells what is gone: times of change (modifyTimestamp, uSNChanged) tell of no
deletion, and each server of Active Directory counts by itself.

The columns follow from the attributes that are asked for, not from what the entries have, so a
mapping stays good. An attribute with several columns gives a value to each and the rest to the
last; one with a single column gives its first value.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
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
from crmdesk.sync.server import UNCHANGED, ServerError, ServerSource, State
from crmdesk.sync.sources import headers
from crmdesk.sync.sources.limits import COLUMNS, FIELD_CHARS

ATTRIBUTES = {
    "cn": 1, "displayName": 1, "givenName": 1, "sn": 1, "o": 1, "company": 1, "title": 1,
    "telephoneNumber": 3, "mobile": 2, "homePhone": 1, "ipPhone": 1, "facsimileTelephoneNumber": 1,
    "mail": 2, "street": 1, "postalCode": 1, "l": 1, "c": 1, "preferredLanguage": 1,
    "department": 1, "streetAddress": 1, "otherTelephone": 1, "otherMobile": 1,
}  # fmt: skip
"""What is asked for usually: attribute (RFC 4519, 4524, 2798, Active Directory) -> columns."""

USUAL_FILTER = "(|(objectClass=person)(objectClass=organization)(objectClass=contact))"
MOST_VALUES = 20
"""Of one attribute of one entry."""

_KEYS = ("entryUUID", "objectGUID", "nsUniqueId")
"""Attributes that stay the same when an entry is renamed: RFC 4530, Active Directory, 389."""

_STATES = ("objectClass", "userAccountControl", "nsAccountLock")
"""Attributes that tell who is nobody to call. No filter does: other servers would give nothing."""

_ACCOUNT_DISABLED = 0x2  # learn.microsoft.com: UserAccountControl, ADS_UF_ACCOUNTDISABLE
_NO_TEXT = frozenset({
    "jpegphoto", "photo", "thumbnailphoto", "thumbnaillogo", "audio", "usercertificate",
    "usersmimecertificate", "userpkcs12", "cacertificate", "objectsid", "userpassword",
})  # fmt: skip
_SAMPLES = 50
_MARK_BYTES = 8
_LEFT_OUT = " computers and disabled accounts were left out."


class LdapSource(ServerSource):
    """The entries of a directory that are new or changed since a state.

    Computers and disabled accounts are left out: in Active Directory they are persons, too.

    Args:
        place: Where it is, and who asks.
        base: Below which place of the tree.
        condition: A filter (RFC 4515).
        attributes: Attribute to number of columns.
        state: Of the last run, empty for the first.
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
        state: State | None = None,
        patience: Patience = USUAL_PATIENCE,
    ) -> None:
        self._base, self._condition = base, condition
        self._attributes = dict(attributes)
        self._titles = _titles(self._attributes)
        self._asked = {"base": base, "filter": condition}
        self._known = _known_entries(state or {}, self._asked)
        self._next: dict[str, str] = {}
        self._removed: tuple[str, ...] = ()
        self._directory = Directory(place, patience)
        try:
            self._find_out(place)
        except BaseException:
            self._directory.close()
            raise

    def _find_out(self, place: DirectoryPlace) -> None:
        entries = (entry for entry in self._entries() if not _is_nobody(entry))
        rows = [self._row(entry) for entry in islice(entries, _SAMPLES)]
        details = {"server": place.host, "base": self._base, "filter": self._condition}
        if self._known:
            details["known entries"] = f"{len(self._known):,}"
        notes = (
            ("Referrals to other servers were not followed.",) if self._directory.referrals else ()
        )
        self.facts = SourceFacts(
            SourceKind.LDAP, headers.columns(self._titles, rows), details, notes, None
        )

    def close(self) -> None:
        """Ends the connection."""
        self._directory.close()

    @property
    def removed(self) -> tuple[str, ...]:  # noqa: D102  as the base says
        return self._removed

    def state(self) -> dict[str, Any]:
        """What every entry was."""
        return {"asked": self._asked, "entries": self._next}

    def _records(self) -> Iterator[SourceRecord]:
        self._next, self._removed = {}, ()
        place = left_out = 0
        for entry in self._entries():
            if _is_nobody(entry):
                left_out += 1
                continue
            key, row = _key(entry), self._row(entry)
            mark = blake2b("\0".join(row).encode(), digest_size=_MARK_BYTES).hexdigest()
            self._next[key] = mark
            if self._known.get(key) != mark:
                place += 1
                yield SourceRecord(place, row, "", key)
        self._removed = tuple(key for key in self._known if key not in self._next)
        if left_out:
            notes = [one for one in self.facts.notes if not one.endswith(_LEFT_OUT)]
            notes.append(f"{left_out:,}{_LEFT_OUT}")
            self.facts = replace(self.facts, notes=tuple(notes))

    def _entries(self) -> Iterator[DirectoryEntry]:
        return self._directory.search(
            self._base, self._condition, [*self._attributes, *_KEYS, *_STATES]
        )

    def _row(self, entry: DirectoryEntry) -> tuple[str, ...]:
        row: list[str] = []
        for name, columns in self._attributes.items():
            values = entry.values.get(name.lower(), ())[:MOST_VALUES]
            texts = [text for value in values if (text := _text(value))]
            if name.lower() == "proxyaddresses":
                texts = _mail_addresses(texts)
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
        if name.lower() in _NO_TEXT:
            raise ServerError(
                f"{name} holds a picture, a certificate or a secret.", UNCHANGED,
                "Leave it out of the attributes.",
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


def _is_nobody(entry: DirectoryEntry) -> bool:
    """Whether it is a computer, or an account that was switched off."""
    classes = {value.lower() for value in entry.values.get("objectclass", ())}
    lock = entry.values.get("nsaccountlock", ())
    control = next(iter(entry.values.get("useraccountcontrol", ())), b"")
    is_disabled = control.isdigit() and bool(int(control[:10]) & _ACCOUNT_DISABLED)
    return b"computer" in classes or is_disabled or any(one.lower() == b"true" for one in lock)


def _mail_addresses(texts: list[str]) -> list[str]:
    """Of Exchange's "SMTP:first@x", "smtp:other@x", "x500:...": the mail addresses, first first."""
    found = [text for text in texts if text[:5].lower() == "smtp:"]
    return [text[5:] for text in sorted(found, key=lambda text: not text.startswith("SMTP:"))]


def _known_entries(state: State, asked: Mapping[str, str]) -> dict[str, str]:
    entries = state.get("entries")
    if state.get("asked") != asked or not isinstance(entries, dict):
        return {}
    return {key: mark for key, mark in entries.items() if isinstance(mark, str)}


def _text(value: bytes) -> str:
    """A value as text; "" for a picture or a certificate."""
    try:
        return value[: 4 * FIELD_CHARS].decode("utf-8", "strict").replace("\0", "")[:FIELD_CHARS]
    except UnicodeDecodeError:
        return ""
