"""Rows as the driver takes them, in the order of the tables' columns."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.ignoring import IgnoreKind
from crmdesk.domain.matches import ClaimKind
from crmdesk.store.columns import to_micros
from crmdesk.store.customers.search_text import search_text
from crmdesk.store.demo.numbers import IGNORED, IGNORED_BEGINNING
from crmdesk.store.demo.special import Remembered
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.numbers.columns import number_columns

Row = tuple[Any, ...]
DAY = 86_400_000_000
HOUR = 3_600_000_000
SECOND = 1_000_000
"""In microseconds."""

# RFC 9562, 5.7: 48 bits of time, version, 12 free bits, variant, 62 free bits.
_VERSION_7, _VARIANT_2 = 7 << 76, 2 << 62
_RANDOM_BITS, _LOW_BITS, _LOW_MASK = 42, 62, (1 << 62) - 1

_REGIONS = {"+49": "DE", "+44": "GB", "+33": "FR", "+12": "US"}


class Stamps:
    """Makes what every row begins with: key, created, updated, not deleted, origin.

    Args:
        rng: Where the keys' chance comes from.
        now: When the rows are said to be made.
        origin: The desk.
    """

    def __init__(self, rng: Random, now: datetime, origin: bytes) -> None:
        self._rng = rng
        self._at = to_micros(now)
        self._origin = origin
        self._fixed = self._at // 1000 << 80 | _VERSION_7 | _VARIANT_2
        self._count = 0

    def new(self) -> Row:
        """For a row with a key of its own."""
        return self.of(self.new_key())

    def new_key(self) -> bytes:
        """A UUIDv7; all have one time, so a counter in front of the chance keeps them in order.

        Keys out of order would be written all over the tree of a table.
        """
        self._count += 1
        free = self._count << _RANDOM_BITS | self._rng.getrandbits(_RANDOM_BITS)
        key = self._fixed | free >> _LOW_BITS << 64 | free & _LOW_MASK
        return key.to_bytes(16, "big")

    def of(self, key: bytes) -> Row:
        """For a row whose key is given."""
        return key, self._at, self._at, None, self._origin


def customer_row(stamps: Stamps, customer: Customer) -> Row:
    """A row of `customer`."""
    is_person = customer.kind is CustomerKind.PERSON
    return (
        *stamps.of(customer.id.bytes),
        customer.kind.value,
        customer.name,
        fold(customer.name),
        sort_key(customer.name, is_person=is_person),
        customer.company_id.bytes if customer.company_id else None,
        customer.role,
        customer.account_id,
        customer.language,
        customer.salutation,
        customer.source,
        customer.status.value,
        customer.segment,
        customer.customer_since.isoformat() if customer.customer_since else None,
        customer.do_not_call,
        customer.owner,
        None,  # of no import
        None,  # and nobody else
    )


def number_rows(stamps: Stamps, customer: Customer) -> list[Row]:
    """Rows of `customer_number`. The demo's numbers are known, so none is parsed."""
    return [
        (
            *stamps.new(),
            customer.id.bytes,
            number.raw,
            number.e164,
            number.extension,
            *(_of_e164(number.e164) if number.e164 else _of_text(number.raw)),
            number.label,
            number.since.isoformat() if number.since else None,
            number.until.isoformat() if number.until else None,
        )
        for number in customer.numbers
    ]


def _of_e164(e164: str) -> Row:
    """National number, region and reversed digits."""
    national = e164[2 if e164.startswith("+1") else 3 :]
    return national, _REGIONS.get(e164[:3], ""), e164[:0:-1]


def _of_text(raw: str) -> Row:
    """The same of a number nobody could read."""
    columns = number_columns(None, raw)
    return columns["national"], columns["region"], columns["rev_digits"]


def remembered_row(stamps: Stamps, choice: Remembered) -> Row:
    """A row of `number_claim`."""
    kind = ClaimKind.CHOSEN.value
    return (*stamps.new(), choice.e164, choice.customer.id.bytes, kind, choice.who, "")


def ignored_rows(stamps: Stamps) -> list[Row]:
    """Rows of `ignored_number`."""
    return [
        (*stamps.new(), kind.value, text, reason, who)
        for kind, text, reason, who in (
            (IgnoreKind.EXACT, IGNORED, "Silent calls, three times a day", "Claire Martin"),
            (IgnoreKind.PREFIX, IGNORED_BEGINNING, "Sells advertising, said no", "Tom Becker"),
        )
    ]


def email_rows(stamps: Stamps, customer: Customer) -> list[Row]:
    """Rows of `email`."""
    key = customer.id.bytes
    return [(*stamps.new(), key, email.address, email.label) for email in customer.emails]


def address_rows(stamps: Stamps, customer: Customer) -> list[Row]:
    """Rows of `address`."""
    key = customer.id.bytes
    return [
        (*stamps.new(), key, place.kind, place.street, place.postcode, place.city, place.country)
        for place in customer.addresses
    ]


def search_entry(customer: Customer) -> str:
    """What the search index knows of a customer."""
    return search_text(
        (customer.name, customer.company_name),
        (number.e164 or number.raw for number in customer.numbers),
        (*(email.address for email in customer.emails), customer.account_id),
    )


def iso_day(micros: int) -> str:
    """The UTC day of a moment."""
    return (datetime(1970, 1, 1) + timedelta(microseconds=micros)).date().isoformat()  # noqa: DTZ001
