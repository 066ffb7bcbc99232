"""Complaints, support requests and questions of customers, and what was done about them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crmdesk.domain.segments import Members


class TicketStatus(StrEnum):
    """Where a ticket stands; the company's own stages each mean one of these."""

    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"

    @classmethod
    def _missing_(cls, value: object) -> TicketStatus:
        """A word of a newer program: somebody still has to look at it."""
        return cls.OPEN


class TicketTarget(StrEnum):
    """What a service level promises."""

    FIRST_ANSWER = "first_answer"
    RESOLUTION = "resolution"


class TicketEntryKind(StrEnum):
    """What an entry of a ticket says.

    ANSWER was told to the customer, NOTE is for us. WARNING, BREACH and an ESCALATION without
    a person are the clock's.
    """

    OPENED = "opened"
    ANSWER = "answer"
    NOTE = "note"
    STATUS = "status"
    STAGE = "stage"
    PRIORITY = "priority"
    KIND = "kind"
    OWNER = "owner"
    SUBJECT = "subject"
    DETAIL = "detail"
    ESCALATION = "escalation"
    WARNING = "warning"
    BREACH = "breach"
    LINKED = "linked"
    UNLINKED = "unlinked"

    @classmethod
    def _missing_(cls, value: object) -> TicketEntryKind:
        """What a newer program wrote is shown as it is."""
        return cls.NOTE


class TicketLinkKind(StrEnum):
    """What a ticket hangs on."""

    CALL = "call"
    ORDER = "order"
    INVOICE = "invoice"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """One thing that was said or done, never changed afterwards.

    Attributes:
        who: Who did it, "" for the clock.
        text: What was said, plain; of the clock's entries a `TicketTarget`.
        before, after: What changed: a key of a picklist, or a name.
    """

    id: uuid.UUID
    at: datetime
    kind: TicketEntryKind
    who: str = ""
    text: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A call, order, invoice or another ticket beside this one.

    Attributes:
        target_id: Key of what is linked.
        title: One line for people, e.g. "Order 88-21: Office chair".
        at: When that was.
    """

    id: uuid.UUID
    kind: TicketLinkKind
    target_id: uuid.UUID
    title: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """What the service level came to.

    Attributes:
        policy_id: The policy in force, None where none is meant for it.
        first_due_at, due_at: By when the first answer and the solution are due; None where
            nothing was promised, or while the clock stands.
        next_due_at: The earlier of those that still run.
        paused_at: Since when the clock stands because the customer has to act.
        watch_at: When a warning or breach has to be recorded next, None for never.
        first_warned_at, warned_at: When somebody was warned last.
        first_breached_at, breached_at: Which promise was not kept, and when it ran out. They
            stay whatever becomes of the ticket or the policy.
    """

    policy_id: uuid.UUID | None = None
    first_due_at: datetime | None = None
    due_at: datetime | None = None
    next_due_at: datetime | None = None
    paused_at: datetime | None = None
    watch_at: datetime | None = None
    first_warned_at: datetime | None = None
    warned_at: datetime | None = None
    first_breached_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def is_breached(self) -> bool:
        """Whether a promise was not kept."""
        return self.first_breached_at is not None or self.breached_at is not None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as its row has it.

    Attributes:
        number: As people say it, e.g. "1042".
        kind, priority, stage: Keys of picklists.
        who: Who opened it; owner: who works on it, "" for nobody yet.
        detail: What it is about, plain text.
        first_answered_at: When the customer was first told something.
        escalation: How often it was escalated; escalated_to: to whom last.
        call_id: The call in which it was opened.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    number: str
    kind: str
    subject: str
    opened_at: datetime
    priority: str = "normal"
    status: TicketStatus = TicketStatus.OPEN
    stage: str = ""
    who: str = ""
    owner: str = ""
    detail: str = ""
    first_answered_at: datetime | None = None
    solved_at: datetime | None = None
    escalation: int = 0
    escalated_to: str = ""
    call_id: uuid.UUID | None = None
    clocks: TicketClocks = field(default_factory=TicketClocks)

    @property
    def is_solved(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.status is TicketStatus.SOLVED


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with all that is shown when it is opened.

    Attributes:
        entries: Oldest first; the latest few hundred.
        policy_name: Of the policy in force, "" where none is.
        left_minutes: Working minutes left for the solution while the clock stands.
        trouble: Why its clock cannot run, in words, "" where it can.
    """

    ticket: Ticket
    customer_name: str = ""
    entries: tuple[TicketEntry, ...] = ()
    links: tuple[TicketLink, ...] = ()
    policy_name: str = ""
    left_minutes: int | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is asked for when a ticket is opened.

    Attributes:
        links: What it hangs on besides the call.
    """

    customer_id: uuid.UUID
    kind: str
    subject: str
    priority: str = "normal"
    detail: str = ""
    owner: str = ""
    stage: str = ""
    call_id: uuid.UUID | None = None
    links: tuple[tuple[TicketLinkKind, uuid.UUID], ...] = ()


@dataclass(frozen=True, slots=True)
class TicketFilled:
    """What a ticket lacked for a step and gets with it.

    Attributes:
        values: Name and text of fields.
        links: What it hangs on from now on.
    """

    values: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[TicketLinkKind, uuid.UUID], ...] = ()


NOTHING_FILLED = TicketFilled()


class TicketScope(StrEnum):
    """Whose tickets."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets a list shows.

    Attributes:
        agent: Who is meant by MINE: owns it, or it was escalated to them.
        is_breached: Only those with a promise that was not kept, or that is overdue now.
        is_solved: The solved ones instead of the open ones.
        kinds, priorities: Only these, or all.
        text: In number, subject or the customer's name.
        customer_id: Only of one customer.
        members: The customer belongs to this segment now.
    """

    scope: TicketScope = TicketScope.ALL
    agent: str = ""
    is_breached: bool = False
    is_solved: bool = False
    kinds: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    text: str = ""
    customer_id: uuid.UUID | None = None
    members: Members | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A line of the list of tickets."""

    ticket: Ticket
    customer_name: str


@dataclass(frozen=True, slots=True)
class TicketPlace:
    """Where a page of tickets ends: what presses next (None: nothing does), and the key."""

    at: datetime | None
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A page of tickets, what is due first on top; `next` is None on the last one."""

    rows: tuple[TicketRow, ...] = ()
    next: TicketPlace | None = None


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """How many open tickets there are."""

    open: int = 0
    mine: int = 0
    unassigned: int = 0
    breached: int = 0


@dataclass(frozen=True, slots=True)
class TicketNews:
    """A warning or a breach that was just recorded.

    Attributes:
        kind: WARNING or BREACH.
        due_at: When the promise runs out, or ran out.
        escalated_to: Whom the policy told of it, "" for nobody.
    """

    ticket_id: uuid.UUID
    customer_id: uuid.UUID
    number: str
    subject: str
    owner: str
    kind: TicketEntryKind
    target: TicketTarget
    due_at: datetime
    escalated_to: str = ""
