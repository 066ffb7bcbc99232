"""What reading a record makes of it, and what came up besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crmdesk.domain.customers import Address, CustomerKind, CustomerStatus, Email, PhoneNumber

MOST_WORDS = 1_000
"""Different words that are counted because nobody knows them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a record says of a customer; what it does not say is "" or None.

    Attributes:
        place: Of the record.
        names_itself: False where the record has no name, and a company, number or address
            stands for it.
        company: The company a person belongs to.
        readings: National number and region of each number.
        external_id: Key of the record in the program it comes from.
        custom: Key to value of the company's own fields.
        why: What was left out of the record, or read otherwise than it is written.
    """

    place: int
    kind: CustomerKind
    name: str
    names_itself: bool = True
    company: str = ""
    external_id: str = ""
    role: str = ""
    account_id: str = ""
    language: str = ""
    salutation: str = ""
    source: str = ""
    status: CustomerStatus | None = None
    segment: str = ""
    customer_since: date | None = None
    do_not_call: bool | None = None
    owner: str = ""
    numbers: tuple[PhoneNumber, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()
    emails: tuple[Email, ...] = ()
    addresses: tuple[Address, ...] = ()
    note: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    why: tuple[str, ...] = ()

    @property
    def address(self) -> Address | None:
        """The first address."""
        return self.addresses[0] if self.addresses else None


def contacts_only(draft: Draft) -> Draft:
    """Of a record only how to reach somebody."""
    return Draft(
        draft.place,
        draft.kind,
        draft.name,
        names_itself=False,
        external_id=draft.external_id,
        numbers=draft.numbers,
        emails=draft.emails,
        why=draft.why,
    )


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be used, and why."""

    place: int
    title: str
    reason: str


@dataclass(slots=True)
class Noticed:
    """What reading records brought up that no single record tells.

    Attributes:
        unknown_words: (Target, word) nobody knows, and how often; of a million different words
            the first `MOST_WORDS`.
        masked: Card numbers that were made unreadable.
        unread_numbers: Numbers that no plan of a country has.
    """

    unknown_words: Counter[tuple[str, str]] = field(default_factory=Counter)
    masked: int = 0
    unread_numbers: int = 0

    def note_word(self, target: str, word: str, count: int = 1) -> None:
        """Counts a word nobody knows."""
        known = self.unknown_words
        if (target, word) in known or len(known) < MOST_WORDS:
            known[target, word] += count

    def add(self, later: Noticed) -> None:
        """Adds what later records brought up."""
        for (target, word), count in later.unknown_words.items():
            self.note_word(target, word, count)
        self.masked += later.masked
        self.unread_numbers += later.unread_numbers
