"""A number of the store as it was written and as it was read, for work on all of them."""

from __future__ import annotations

from typing import NamedTuple


class StoredNumber(NamedTuple):
    """One number of one customer; keys are 16 bytes, which is what a million of them may cost.

    Attributes:
        key: Of the number.
        customer: Key of its customer.
        raw: As it was written.
        e164: With "+", None where it could not be read.
        national: What is compared where E.164 numbers cannot be.
        region: ISO 3166, "" where unknown.
        country: ISO 3166 of the customer's address, "" where there is none.
        name: Of the customer.
        kind: Of the customer, a `CustomerKind`.
        company: Key of the customer's company, None where none.
    """

    key: bytes
    customer: bytes
    raw: str
    e164: str | None
    national: str
    extension: str
    region: str
    label: str
    country: str
    name: str
    kind: str
    company: bytes | None


class NumberFix(NamedTuple):
    """Another reading of a stored number, and what a preview showed of it.

    Attributes:
        key: Of the number, 16 bytes.
        old_e164, old_extension: How it was read; where it is read otherwise by now it is
            left alone.
    """

    key: bytes
    raw: str
    old_e164: str | None
    old_extension: str
    e164: str
    extension: str
