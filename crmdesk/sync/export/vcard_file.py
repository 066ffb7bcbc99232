"""Customers as cards: vCard 3.0 (RFC 2426) for phones and Outlook, 4.0 (RFC 6350).

A number that is no longer the customer's does not go into an address book, and there is no
property that says until when it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date
from typing import BinaryIO

from crmdesk.domain.customers import Address, Customer, CustomerKind, PhoneNumber
from crmdesk.domain.exporting import CustomerRecord
from crmdesk.sync.cells import names
from crmdesk.sync.export.columns import number_text, present_and_former

_LINE_OCTETS = 75
"""Longest line without its break, RFC 6350 3.2; what is longer goes on behind a blank."""

_WITHIN, _WITHIN_MASK = 0x80, 0xC0
"""Bytes within a character of UTF-8; a line does not end before one."""

_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TYPES = {
    "mobile": ";TYPE=CELL",
    "work": ";TYPE=WORK",
    "home": ";TYPE=HOME",
    "fax": ";TYPE=FAX",
    "switchboard": ";TYPE=MAIN",
}


class VcardFile:
    """Cards, one behind the other.

    Args:
        out: Where they go.
        version: "3.0" or "4.0".
        today: Numbers that were the customer's until before this day are left out.

    Attributes:
        left_out: How many numbers that were.
    """

    def __init__(self, out: BinaryIO, version: str, today: date) -> None:
        self._out = out
        self._version = version
        self._today = today
        self.left_out = 0

    def write(self, record: CustomerRecord) -> None:
        """One card."""
        lines = self._lines(record)
        self._out.write(b"".join(map(_folded, lines)))

    def _lines(self, record: CustomerRecord) -> Iterator[str]:
        one, is_new = record.customer, self._version == "4.0"
        yield "BEGIN:VCARD"
        yield f"VERSION:{self._version}"
        yield f"UID:{f'urn:uuid:{one.id}' if is_new else one.id}"
        yield f"FN:{_text(one.name)}"
        yield from _name(one, is_new=is_new)
        yield from _filled("TITLE", one.role)
        yield from self._numbers(one, is_new=is_new)
        for email in one.emails:
            yield f"EMAIL{_TYPES.get(email.label, '')}:{_text(email.address)}"
        yield from map(_address, one.addresses)
        yield from _filled("CATEGORIES", one.segment)
        yield from _filled("LANG", one.language)  # version 3 has none, and takes any
        yield from _filled("X-CUSTOMER-NUMBER", one.account_id)
        yield f"REV:{record.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield "END:VCARD"

    def _numbers(self, customer: Customer, *, is_new: bool) -> Iterator[str]:
        present, former = present_and_former(customer.numbers, self._today)
        self.left_out += len(former)
        for number in present:
            kind = _TYPES.get(number.label, "")
            yield _uri(number, kind) if is_new else f"TEL{kind}:{_text(number_text(number))}"


def _uri(number: PhoneNumber, kind: str) -> str:
    """RFC 3966 where it is a number, else the text."""
    if number.e164 is None:
        return f"TEL;VALUE=text{kind}:{_text(number.raw)}"
    extension = f";ext={number.extension}" if number.extension else ""
    return f"TEL;VALUE=uri{kind}:tel:{number.e164}{extension}"


def _name(customer: Customer, *, is_new: bool) -> Iterator[str]:
    """The name in its parts, and the company; a company says that it is one."""
    if customer.kind is CustomerKind.COMPANY:
        yield "N:;;;;"
        yield f"ORG:{_text(customer.name)}"
        yield "KIND:org" if is_new else "X-ABSHOWAS:COMPANY"
        return
    given, _, family = customer.name.rpartition(" ")
    if names.is_east_asian(customer.name):
        family, _, given = customer.name.partition(" ")
    yield f"N:{_text(family)};{_text(given)};;;"
    yield from _filled("ORG", customer.company_name)


def _address(one: Address) -> str:
    parts = ("", "", one.street, one.city, "", one.postcode, one.country)
    return f"ADR{_TYPES.get(one.kind, '')}:{';'.join(map(_text, parts))}"


def _filled(name: str, value: str) -> Iterator[str]:
    if value:
        yield f"{name}:{_text(value)}"


def _text(value: str) -> str:
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """A line of no more octets than there may be, never broken within a character."""
    raw = line.encode()
    parts, width = [], _LINE_OCTETS
    while len(raw) > width:
        end = width
        while raw[end] & _WITHIN_MASK == _WITHIN:
            end -= 1
        parts.append(raw[:end])
        raw, width = raw[end:], _LINE_OCTETS - 1
    return b"\r\n ".join([*parts, raw]) + b"\r\n"
