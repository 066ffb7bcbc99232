"""Which record of a customer is meant: a ticket, an order, a note, a call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crmdesk.domain.customers import TimelineEntry, TimelineKind


class CustomerPart(StrEnum):
    """What opens in place of a timeline and is no record of it.

    HISTORY: who changed what; its id is the customer's.
    """

    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class RecordRef:
    """One record, and whose it is; enough to open it from anywhere.

    Attributes:
        kind: Which table it is in.
        id: Its key there.
        customer_id: Whose it is.
        about: What of it is wanted: of a history, the field as "customer.segment" or
            "custom:contract_end"; "" for all.
    """

    kind: TimelineKind | CustomerPart
    id: uuid.UUID
    customer_id: uuid.UUID
    about: str = ""

    @classmethod
    def of(cls, entry: TimelineEntry, customer_id: uuid.UUID) -> RecordRef:
        """The record behind an entry of a customer's timeline."""
        return cls(entry.kind, entry.id, customer_id)


@dataclass(frozen=True, slots=True)
class Interaction:
    """A note, an e-mail, a visit or a web form.

    Attributes:
        kind: NOTE, EMAIL, VISIT or WEB_FORM.
        at: When it was, aware UTC.
        who: Name or extension of the agent, or the system it came from.
        title: One line, "" where it has none.
        detail: The text, plain.
        call_id: The call it was written in.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    kind: TimelineKind
    at: datetime
    who: str = ""
    title: str = ""
    detail: str = ""
    call_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordHit:
    """A record that a search over everything found.

    Attributes:
        entry: It, as the timeline shows it.
        customer_name: Whose it is.
        excerpt: The line in which it was found, "" where the title says it all.
    """

    ref: RecordRef
    entry: TimelineEntry
    customer_name: str
    excerpt: str = ""
