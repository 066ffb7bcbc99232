"""Calls and tickets of a segment in the window: chosen under a chip, exported as shown."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.gui.pages.calls.reading import View
from crmdesk.gui.pages.tickets.page import TicketsPage
from crmdesk.store.calls import search
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, now

GOLD = Segment(
    uuid.uuid4(), "Gold ones", Group((Condition("segment", Operator.ANY_OF, ("Gold",)),))
)
ANNA = Customer(
    uuid.UUID(int=1),
    CustomerKind.PERSON,
    "Anna Hansen",
    segment="Gold",
    numbers=(PhoneNumber("030 23125101", "+493023125101", "work"),),
)
BOB = replace(
    ANNA,
    id=uuid.UUID(int=2),
    name="Bob Stone",
    segment="",
    numbers=(PhoneNumber("030 23125102", "+493023125102", "work"),),
)


@pytest.fixture
def desk(windows: Windows) -> Windows:  # noqa: F811
    for one in (ANNA, BOB):
        windows.store.write(lambda w, one=one: w.save_customer(one)).result()
    windows.store.write(lambda w: w.save_segments((GOLD,), "Ann")).result()
    return windows


def rang(desk: Windows, one: Customer, minutes: int) -> None:
    at = now() - timedelta(minutes=minutes)
    call = Call(uuid.uuid4(), "support", Direction.INBOUND, at, caller_raw=one.numbers[0].raw)
    desk.save(replace(call, ended_at=at))


def test_calls_of_a_segment_are_found_however_far_apart(
    desk: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "STRETCH", 2)
    for minutes in range(1, 8):
        rang(desk, BOB, minutes)
    rang(desk, ANNA, 60 * 24 * 3)
    page = desk.calls
    desk.window.show_page("calls")
    page.views.choose(View.ALL)
    desk.wait(lambda: page.table.model.rowCount() == 8)
    desk.wait(lambda: page.segments.isVisible())
    page.segments.choose(str(GOLD.id))
    desk.wait(lambda: [line.row.customer_id for line in page.table.model.lines()] == [ANNA.id])
    assert page._scope().arguments == ("--segment=Gold ones",)
    page.views.choose(View.TODAY)
    desk.wait(lambda: page.table.model.rowCount() == 0 and not page._goes_on)
    desk.wait(lambda: "of a customer in “Gold ones”" in page.empty._title.text())
    page.segments.choose("")
    page.views.choose(View.ALL)
    desk.wait(lambda: page.table.model.rowCount() == 8)


def test_tickets_of_a_segment(desk: Windows) -> None:
    for one in (ANNA, BOB):
        desk.store.write(
            lambda w, one=one: w.add_ticket(
                one.id, w.moment(), number=one.name[:1], kind="complaint", subject="Late"
            )
        ).result()
    desk.window.show_page("tickets")
    page = desk.window.pages["tickets"]
    assert isinstance(page, TicketsPage)
    desk.wait(lambda: page.table.model.rowCount() == 2)
    page.segments.choose(str(GOLD.id))
    desk.wait(lambda: [line.row.ticket.number for line in page.table.model.lines()] == ["A"])
    assert page.scope().arguments == ("--open", "--segment=Gold ones")
    page.segments.choose("")
    desk.wait(lambda: page.table.model.rowCount() == 2)
