"""A store whose clock can be moved, an office calendar, a policy, and a customer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmdesk.domain.business_time import WorkCalendar, WorkHours
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.sla import SlaPolicy
from crmdesk.domain.tickets import NewTicket, Ticket
from crmdesk.store import Store, open_store

KEY = bytes(range(32))
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = WorkCalendar(
    uuid.UUID(int=1), "Office", "UTC", hours=tuple(WorkHours(day, 540, 1020) for day in range(5))
)
STANDARD = SlaPolicy(
    uuid.UUID(int=2),
    "Standard",
    first_answer_minutes=60,
    resolution_minutes=480,
    calendar_id=OFFICE.id,
)


class MovableClock:
    """Goes on by a millisecond each time it is read, so that steps have an order."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


class TicketDesk:
    """What the tests do with tickets, one call each."""

    def __init__(self, store: Store, clock: MovableClock) -> None:
        self.store, self.clock = store, clock
        self.customer = Customer(uuid.uuid4(), CustomerKind.PERSON, "Anna Groß", segment="Silver")

    def write(self, work: Callable[[Any], Any]) -> Any:
        return self.store.write(work).result()

    def read(self, work: Callable[[Any], Any]) -> Any:
        return self.store.read(work).result()

    def set_up(self, *policies: SlaPolicy) -> None:
        self.write(lambda w: w.save_customer(self.customer))
        self.write(lambda w: w.save_calendar(OFFICE, "Dana"))
        self.write(lambda w: w.save_policies(policies or (STANDARD,), "Dana"))
        self.mend()

    def mend(self) -> None:
        while self.write(lambda w: w.mend_next_clocks()):
            pass

    def open(self, subject: str = "Wrong invoice", **facts: Any) -> uuid.UUID:
        key = uuid.uuid4()
        facts = {"kind": "complaint", "customer_id": self.customer.id, **facts}
        self.write(lambda w: w.open_ticket(NewTicket(subject=subject, **facts), "Ben", key))
        return key

    def ticket(self, key: uuid.UUID) -> Ticket:
        return self.read(lambda r: r.ticket(key)).ticket

    def record(self, at: datetime) -> tuple[Any, ...]:
        self.clock.at = at
        return self.write(lambda w: w.record_due_tickets(at))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TicketDesk]:
    clock = MovableClock(MONDAY)
    with open_store(tmp_path / "crmdesk.db", KEY, clock=clock) as store:
        made = TicketDesk(store, clock)
        made.set_up()
        clock.at = MONDAY
        yield made


def about(found: datetime | None) -> datetime | None:
    """Without the milliseconds by which the clock went on."""
    return None if found is None else found.replace(microsecond=0)
