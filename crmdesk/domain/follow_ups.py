"""What was promised, agreed or is to be done for a customer, and by when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class FollowUpKind(StrEnum):
    """What kind of thing is to be done.

    PROMISE: the customer was told. CALL_BACK: to be rung back. APPOINTMENT: at a time.
    """

    FOLLOW_UP = "follow_up"
    PROMISE = "promise"
    APPOINTMENT = "appointment"
    CALL_BACK = "call_back"


class FollowUpOutcome(StrEnum):
    """How it ended. LATE: done, after it was due."""

    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class RepeatUnit(StrEnum):
    """How often something comes again."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Comes again every `every` units; WORKDAY is Monday to Friday."""

    unit: RepeatUnit
    every: int = 1


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One thing to do.

    Attributes:
        at: When it was made.
        who: Who made it.
        owner: Who is to do it, "" for `who`.
        ends_at: Of an appointment.
        remind_at: When to remind, None for when it is due.
        series_id: What all repetitions share, the key of the first.
        done_at: None while it is open.
        call_id: The call in which it was made.
        e164: The number to ring, where one was named.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    kind: FollowUpKind
    title: str
    at: datetime
    due_at: datetime
    who: str = ""
    owner: str = ""
    detail: str = ""
    ends_at: datetime | None = None
    place: str = ""
    remind_at: datetime | None = None
    repeat: Repeat | None = None
    series_id: uuid.UUID | None = None
    done_at: datetime | None = None
    done_by: str = ""
    outcome: FollowUpOutcome | None = None
    call_id: uuid.UUID | None = None
    e164: str = ""
    customer_name: str = ""

    def as_edited_from(self, base: FollowUp) -> FollowUp:
        """With its repetitions counted from here, where day or rule are others than before.

        Who edits one of a series means it and all behind it; who only puts it off, this one.
        """
        is_other = (self.due_at, self.repeat) != (base.due_at, base.repeat)
        return replace(self, series_id=self.id) if self.repeat and is_other else self

    @property
    def responsible(self) -> str:
        """Who is to do it."""
        return self.owner or self.who

    @property
    def reminds_at(self) -> datetime:
        """When it reminds."""
        return self.remind_at or self.due_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.done_at is None and self.due_at < now


@dataclass(frozen=True, slots=True)
class FollowUpFilter:
    """Which follow-ups are listed; only open ones.

    Attributes:
        responsible: Only of this person, None for everybody's.
        kinds: Only these, or all.
        customer_id: Only of this customer.
        due_from: Only what is due then or later.
        due_before: Only what is due earlier.
        text: All its words are in the title or the customer's name.
    """

    responsible: str | None = None
    kinds: frozenset[FollowUpKind] = field(default_factory=frozenset)
    customer_id: uuid.UUID | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DuePlace:
    """Where a page ended; the next one goes on behind it."""

    due_at: datetime
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """A page of open follow-ups, the earliest due first; `next` is None on the last."""

    follow_ups: tuple[FollowUp, ...] = ()
    next: DuePlace | None = None


@dataclass(frozen=True, slots=True)
class DueNews:
    """What the desk tells of what is to be done here.

    Attributes:
        reminders: What is to be reminded of now, the earliest first.
        missed: Whether they are of a time when the program was closed or asleep.
        waiting: How many are overdue or due today; `most` stands for more.
        overdue: How many of these are overdue.
    """

    reminders: tuple[FollowUp, ...] = ()
    missed: bool = False
    waiting: int = 0
    overdue: int = 0
    most: int = 99
