"""Service levels: how soon a ticket of some kind is to be answered and solved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from crmdesk.domain.business_time import WorkCalendar

WARN_PERCENT = 80
"""Of a policy that says nothing else, and of due times that no policy set."""

MOST_MINUTES = 366 * 24 * 60
"""A year of minutes; nobody promises an answer later."""


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """What was promised for some tickets.

    Attributes:
        ticket_kind, priority, segment: Whom it is for; "" for all. The segment is the
            customer's.
        first_answer_minutes, resolution_minutes: Working minutes of the calendar, 1 or more;
            None where nothing was promised.
        warn_percent: Of those minutes, 1 to 99: when a warning is due; 0 for none.
        calendar_id: None for round the clock.
        escalate_to: Who is told when it is breached, "" for nobody.
    """

    id: uuid.UUID
    name: str
    ticket_kind: str = ""
    priority: str = ""
    segment: str = ""
    first_answer_minutes: int | None = None
    resolution_minutes: int | None = None
    warn_percent: int = WARN_PERCENT
    calendar_id: uuid.UUID | None = None
    escalate_to: str = ""
    is_active: bool = True

    @property
    def is_possible(self) -> bool:
        """Whether its times and its warning can be reckoned with."""
        times = (self.first_answer_minutes, self.resolution_minutes)
        are_times = all(one is None or 1 <= one <= MOST_MINUTES for one in times)
        return are_times and 0 <= self.warn_percent < 100

    def is_for(self, kind: str, priority: str, segment: str) -> bool:
        """Whether it is meant for a ticket; case does not matter, and nothing impossible is."""
        asked = ((self.ticket_kind, kind), (self.priority, priority), (self.segment, segment))
        return (
            self.is_active
            and self.is_possible
            and all(not wanted or wanted.casefold() == given.casefold() for wanted, given in asked)
        )


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """All policies in the order in which they are asked, and the calendars they count by."""

    policies: tuple[SlaPolicy, ...] = ()
    calendars: tuple[WorkCalendar, ...] = field(default=())

    def policy_for(self, kind: str, priority: str, segment: str) -> SlaPolicy | None:
        """The first policy that is meant for a ticket."""
        return _first(one for one in self.policies if one.is_for(kind, priority, segment))

    def calendar(self, calendar_id: uuid.UUID | None) -> WorkCalendar | None:
        """A calendar by key; None for round the clock, or where it is gone."""
        return next((one for one in self.calendars if one.id == calendar_id), None)


def _first(policies: Iterable[SlaPolicy]) -> SlaPolicy | None:
    return next(iter(policies), None)
