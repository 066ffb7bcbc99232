"""Customers and what happened with them. Rows of the store, as values."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class CustomerKind(StrEnum):
    """A person, or a company people belong to."""

    PERSON = "person"
    COMPANY = "company"


class CustomerStatus(StrEnum):
    """Where the customer stands."""

    LEAD = "lead"
    ACTIVE = "active"
    DORMANT = "dormant"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """One number of a customer.

    Attributes:
        raw: As it was typed or imported.
        e164: Normalised with "+", None where it cannot be parsed.
        extension: Digits after the E.164 number, "" where none.
        label: mobile, work, home, switchboard, fax, other.
        since, until: First and last day it was this customer's, None where open.
    """

    raw: str
    e164: str | None
    label: str = "other"
    extension: str = ""
    id: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail address of a customer."""

    address: str
    label: str = "work"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `kind` is home or work."""

    kind: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with everything on the profile.

    Attributes:
        company_id: The company a person belongs to.
        company_name: Its name, for showing.
        role: What the person does there, e.g. "purchasing".
        language: BCP 47 tag, e.g. "de".
        salutation: How to address them, e.g. "Frau Dr. Hansen".
        source: How they found us.
        segment: e.g. "Gold".
        customer_since: First day as a customer.
        owner: Name or extension of the agent whose own customer it is, "" for nobody's.
    """

    id: uuid.UUID
    kind: CustomerKind
    name: str
    company_id: uuid.UUID | None = None
    company_name: str = ""
    role: str = ""
    account_id: str = ""
    language: str = ""
    salutation: str = ""
    source: str = ""
    status: CustomerStatus = CustomerStatus.ACTIVE
    segment: str = ""
    customer_since: date | None = None
    do_not_call: bool = False
    owner: str = ""
    numbers: tuple[PhoneNumber, ...] = ()
    emails: tuple[Email, ...] = ()
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """One line of a search result or list.

    Attributes:
        detail: The number, e-mail or company that was found, for the second line.
    """

    id: uuid.UUID
    kind: CustomerKind
    name: str
    company_name: str = ""
    segment: str = ""
    detail: str = ""


class TimelineKind(StrEnum):
    """What an entry of the timeline is, and any record of a customer.

    PAYMENT is an invoice, RECEIPT money that came in, LEAD an opportunity (open or closed),
    MESSAGE what was sent to the customer, EMAIL what came from them.
    """

    CALL = "call"
    NOTE = "note"
    EMAIL = "email"
    VISIT = "visit"
    WEB_FORM = "web_form"
    TICKET = "ticket"
    ORDER = "order"
    PAYMENT = "payment"
    RECEIPT = "receipt"
    SURVEY = "survey"
    FOLLOW_UP = "follow_up"
    CONSENT = "consent"
    LEAD = "lead"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened.

    Attributes:
        title: One line, e.g. "Complaint 1042: wrong invoice".
        detail: More text, plain, may be empty.
        who: Agent or system that did it.
        tone: "", "good", "warn" or "bad"; always beside a word, never alone.
    """

    id: uuid.UUID
    kind: TimelineKind
    at: datetime
    title: str
    detail: str = ""
    who: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket that is not solved yet."""

    id: uuid.UUID
    number: str
    kind: str
    subject: str
    priority: str
    status: str
    opened_at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastContact:
    """Who last spoke with the customer about what."""

    at: datetime
    who: str
    about: str
    channel: TimelineKind


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of "since you last spoke"; bad and warn come first.

    Attributes:
        who: The agent that `text` names, by name or extension; "" where it names none.
    """

    tone: str
    text: str
    at: datetime
    who: str = ""

    def named(self, name: Callable[[str], str]) -> StoryLine:
        """With the name of an agent in place of the extension."""
        if not self.who:
            return self
        text = self.text.replace(f" by {self.who}", f" by {name(self.who)}", 1)
        return replace(self, text=text, who=name(self.who))


@dataclass(frozen=True, slots=True)
class Mood:
    """What the customer said when asked.

    Attributes:
        score: 1 (bad) to 5 where scale is csat, 0 to 10 where nps, 0 where none.
    """

    score: int
    scale: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CustomerStory:
    """What the pop and the head of the customer page show; read in one round trip.

    Attributes:
        since: Changes since this customer's previous call, most pressing first.
        next_promise: The promise that is due first, kept apart from other follow-ups.
        order_count: Number of orders in all currencies, cancelled ones left out.
        order_total_cents: Their sum in `currency`, the one with the largest.
        other_totals: Sums in other currencies: cents and currency.
        satisfaction: Last survey score 1 to 5, None where never asked.
        mood: The last answers to surveys, newest first.
        ticket_count: Of all open tickets where there are more than `open_tickets` holds, else 0.
    """

    customer: Customer
    last_contact: LastContact | None = None
    since: tuple[StoryLine, ...] = ()
    open_tickets: tuple[OpenTicket, ...] = ()
    next_follow_up: StoryLine | None = None
    order_count: int = 0
    order_total_cents: int = 0
    currency: str = "EUR"
    satisfaction: int | None = None
    next_promise: StoryLine | None = None
    other_totals: tuple[tuple[int, str], ...] = ()
    mood: tuple[Mood, ...] = ()
    ticket_count: int = 0

    @property
    def open_count(self) -> int:
        """How many tickets are open, also where only the first of them were read."""
        return max(self.ticket_count, len(self.open_tickets))

    def named(self, name: Callable[[str], str]) -> CustomerStory:
        """With the names of agents in place of their extensions."""
        contact, todo, promise = self.last_contact, self.next_follow_up, self.next_promise
        return replace(
            self,
            last_contact=contact and replace(contact, who=name(contact.who)),
            since=tuple(line.named(name) for line in self.since),
            next_follow_up=todo and todo.named(name),
            next_promise=promise and promise.named(name),
        )
