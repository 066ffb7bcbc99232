"""The callers of the recordings, as customers with a history."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from crmdesk.domain.calls import Call, CallOutcome, Direction, Offer, OfferOutcome
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber, TimelineKind
from crmdesk.domain.ids import call_id
from crmdesk.store import Store, Writer

JANE_NUMBER = "+493023125710"
JOHN_NUMBER = "+442079460123"
JANE = Customer(
    id=uuid.UUID("019b0000-0000-7000-8000-000000000001"),
    kind=CustomerKind.PERSON,
    name="Jana Dörfler",
    segment="Gold",
    role="purchasing",
    customer_since=date(2019, 4, 1),
    numbers=(PhoneNumber("030 23125710", JANE_NUMBER, "work"),),
)
JOHN = replace(
    JANE,
    id=uuid.UUID("019b0000-0000-7000-8000-000000000002"),
    name="John Ashworth",
    segment="",
    numbers=(PhoneNumber("020 7946 0123", JOHN_NUMBER, "mobile"),),
)
TICKET = "Frame of lot 4711 arrived bent"


def people(store: Store) -> None:
    """Jane, who is in trouble since her last call, and John, who never called."""
    store.write(_write).result()


def _write(writer: Writer) -> None:
    now = datetime.now(UTC)
    for person in (JANE, JOHN):
        writer.save_customer(person)
    earlier = now - timedelta(days=9)
    offer = Offer("1002", earlier, earlier, outcome=OfferOutcome.ANSWERED)
    call = Call(
        call_id("test-pbx", "an-earlier-call"),
        "office",
        Direction.INBOUND,
        earlier,
        caller_raw=JANE_NUMBER,
        answered_at=earlier + timedelta(seconds=4),
        answered_by="1002",
        ended_at=earlier + timedelta(minutes=3),
        outcome=CallOutcome.ANSWERED,
        offers=(offer,),
    )
    writer.save_call(call, JANE_NUMBER)
    writer.add_interaction(
        JANE.id, TimelineKind.EMAIL, now - timedelta(days=4), who="Bob Brandt", title="Invoice 88"
    )
    writer.add_ticket(
        JANE.id,
        now - timedelta(days=3),
        number="2041",
        kind="complaint",
        subject=TICKET,
        priority="high",
    )
