"""Customers as rows of a table.

The titles are among those that an import knows (resources/import/columns.toml), so that a table
written here finds its fields again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from crmdesk.domain.customers import Address, Customer, Email, PhoneNumber
from crmdesk.domain.exporting import CustomerRecord, Widths

Cell = str | int | float | Decimal | date | datetime
"""A text, a quantity, a day or a local time without a zone; "" for nothing."""

MOST_NUMBERS = 20
MOST_EMAILS = 10
MOST_ADDRESSES = 8
"""Columns of a kind: more than 200 columns no import reads."""

_SEPARATOR = "; "
"""Between numbers in one cell, where there are more of them than columns."""

_FIELDS: tuple[tuple[str, Callable[[Customer], Cell]], ...] = (
    ("Name", lambda customer: customer.name),
    ("Kind", lambda customer: customer.kind.value),
    ("Company", lambda customer: customer.company_name),
    ("Role", lambda customer: customer.role),
    ("Customer number", lambda customer: customer.account_id),
    ("Segment", lambda customer: customer.segment),
    ("Status", lambda customer: customer.status.value),
    ("Owner", lambda customer: customer.owner),
    ("Customer since", lambda customer: customer.customer_since or ""),
    ("Language", lambda customer: customer.language),
    ("Salutation", lambda customer: customer.salutation),
    ("Source", lambda customer: customer.source),
    ("Do not call", lambda customer: "yes" if customer.do_not_call else "no"),
)

_FORMER = "Former phones"
"""One column of words: an import must not take them for numbers of today."""

_STAMPS = ("Added on", "Changed on", "Id")


def widths_of(records: Sequence[CustomerRecord]) -> Widths:
    """How many columns these customers need."""
    customers = [record.customer for record in records]
    return Widths(
        max((len(one.numbers) for one in customers), default=0),
        max((len(one.emails) for one in customers), default=0),
        max((len(one.addresses) for one in customers), default=0),
        any(number.since or number.until for one in customers for number in one.numbers),
    )


class CustomerColumns:
    """The columns of a table of customers.

    Args:
        widths: How much there is of what a customer may have several of.
        today: Numbers that were the customer's until before this day are former ones.
        custom: Key and title of the company's own fields.

    Attributes:
        titles: Of the columns, each once.
        left_out: Addresses for which there was no column.
    """

    def __init__(self, widths: Widths, today: date, custom: Sequence[tuple[str, str]] = ()) -> None:
        self._today = today
        self._numbers = min(widths.numbers, MOST_NUMBERS)
        self._emails = min(widths.emails, MOST_EMAILS)
        self._addresses = min(widths.addresses, MOST_ADDRESSES)
        self._is_dated = widths.dated
        self._custom = [key for key, _ in custom]
        self.titles = tuple(_distinct([*self._titles(), *(title for _, title in custom), *_STAMPS]))
        self.left_out = 0

    def _titles(self) -> Iterator[str]:
        yield from (title for title, _ in _FIELDS)
        parts = ("Type", "Value", "From", "Until") if self._is_dated else ("Type", "Value")
        for place in range(1, self._numbers + 1):
            yield from (f"Phone {place} - {part}" for part in parts)
        if self._is_dated:
            yield _FORMER
        for place in range(1, self._emails + 1):
            yield from (f"E-mail {place} - {part}" for part in ("Type", "Value"))
        for place in range(1, self._addresses + 1):
            more = f" {place}" if place > 1 else ""
            yield from (f"{part}{more}" for part in ("Street", "Postcode", "City", "Country"))
            yield f"Address type{more}"

    def row(self, record: CustomerRecord) -> list[Cell]:
        """The cells of one customer, as many as there are titles."""
        customer = record.customer
        cells = [value(customer) for _, value in _FIELDS]
        cells += self._number_cells(customer.numbers)
        cells += self._email_cells(customer.emails)
        cells += self._address_cells(customer.addresses)
        cells += [record.custom.get(key, "") for key in self._custom]
        cells += [local(record.created_at), local(record.changed_at), str(customer.id)]
        return cells

    def _number_cells(self, numbers: Sequence[PhoneNumber]) -> Iterator[Cell]:
        present, former = present_and_former(numbers, self._today)
        shown = _fitted([_number_parts(number) for number in present], self._numbers)
        for label, text, since, until in shown:
            yield label
            yield text
            if self._is_dated:
                yield since
                yield until
        if self._is_dated:
            yield _SEPARATOR.join(map(former_text, former))

    def _email_cells(self, emails: Sequence[Email]) -> Iterator[Cell]:
        shown = _fitted([(one.label, one.address, "", "") for one in emails], self._emails)
        for label, text, _, _ in shown:
            yield label
            yield text

    def _address_cells(self, addresses: Sequence[Address]) -> Iterator[Cell]:
        self.left_out += max(0, len(addresses) - self._addresses)
        for address in addresses[: self._addresses]:
            yield from (address.street, address.postcode, address.city, address.country)
            yield address.kind
        yield from [""] * (5 * (self._addresses - len(addresses)))


_Part = tuple[str, str, Cell, Cell]
_NOTHING: _Part = ("", "", "", "")


def number_text(number: PhoneNumber) -> str:
    """A number as every program reads it, e.g. "+493023125101 x12"; as typed where it is none."""
    if number.e164 is None:
        return number.raw
    return f"{number.e164} x{number.extension}" if number.extension else number.e164


def present_and_former(
    numbers: Sequence[PhoneNumber], today: date
) -> tuple[list[PhoneNumber], list[PhoneNumber]]:
    """Numbers that are the customer's, and those that were."""
    former = [one for one in numbers if one.until is not None and one.until < today]
    return [one for one in numbers if one not in former], former


def former_text(number: PhoneNumber) -> str:
    """A former number in words, e.g. "+493023125101 (work, until 2023-05-31)"."""
    since = f"from {number.since} " if number.since else ""
    return f"{number_text(number)} ({number.label}, {since}until {number.until})"


def local(at: datetime) -> datetime:
    """A moment as the clock on the wall showed it, to the second: tables know no time zones."""
    return at.astimezone().replace(tzinfo=None, microsecond=0)


def _number_parts(number: PhoneNumber) -> _Part:
    return number.label, number_text(number), number.since or "", number.until or ""


def _fitted(parts: list[_Part], width: int) -> list[_Part]:
    """As many as there are columns; the last holds all that have none of their own."""
    if len(parts) > width > 0:
        rest = parts[width - 1 :]
        label, _, since, until = rest[0]
        parts = [
            *parts[: width - 1],
            (label, _SEPARATOR.join(text for _, text, _, _ in rest), since, until),
        ]
    return parts[:width] + [_NOTHING] * (width - len(parts))


def _distinct(titles: Sequence[str]) -> Iterator[str]:
    """Each title once: a company may call a field of its own "Name" too."""
    taken: set[str] = set()
    for title in titles:
        name, count = title, 1
        while name in taken:
            count += 1
            name = f"{title} ({count})"
        taken.add(name)
        yield name
