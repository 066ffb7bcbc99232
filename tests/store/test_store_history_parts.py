"""The history of a customer has what names the customer only by the record it is part of."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import update

from crmdesk.domain.audit import HistoryStep, RowFate
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.sales import Order, OrderLine, OrderStatus
from crmdesk.domain.surveys import Reply, SurveyAnswer, SurveyScale
from crmdesk.domain.tickets import TicketLinkKind
from crmdesk.store.audit.editing import CustomerEdits
from crmdesk.store.sales.writing import SalesWriting
from crmdesk.store.surveys.writing import SurveyWriting
from crmdesk.store.tables import change_row
from tests.store.ticket_desk import MONDAY, TicketDesk, desk

__all__ = ["desk"]

PARTS = {"order_line", "survey_reply", "ticket_link"}


@pytest.fixture
def order(desk: TicketDesk) -> Order:
    """An order with two lines; an answer and a linked ticket are there too."""
    lines = (OrderLine("Chair", total_cents=4_000), OrderLine("Lamp", total_cents=1_000))
    one = Order(
        uuid.uuid4(), desk.customer.id, MONDAY, "A-7", "Chairs", OrderStatus.PLACED, 5_000,
        lines=lines,
    )  # fmt: skip
    desk.write(lambda w: SalesWriting(w, "Ben").add_order(one))
    reply = Reply(None, "Was it quick?", "Very")
    answer = SurveyAnswer(
        uuid.uuid4(), desk.customer.id, MONDAY, SurveyScale.CSAT, 5, who="Ben", replies=(reply,)
    )
    desk.write(lambda w: SurveyWriting(w, "Ben").answer(answer))
    key = desk.open("Broken chair")
    desk.write(lambda w: w.link_ticket(key, TicketLinkKind.ORDER, one.id, "Ben"))
    found: Order = desk.read(lambda r: r.order(one.id))
    return found


def history(desk: TicketDesk, **wanted: object) -> tuple[HistoryStep, ...]:
    return desk.read(lambda r: r.customer_history(desk.customer.id, **wanted)).steps


def tables(desk: TicketDesk) -> dict[str, set[RowFate]]:
    found: dict[str, set[RowFate]] = {}
    for step in history(desk):
        for row in step.rows:
            found.setdefault(row.table, set()).add(row.fate)
    return found


def test_lines_of_orders_replies_and_links_are_in_the_history(
    desk: TicketDesk, order: Order
) -> None:
    assert tables(desk).keys() >= PARTS
    names = desk.read(lambda r: r.history_names(r.customer_history(desk.customer.id)))
    assert {"Chair", "Lamp", "Was it quick?", "A-7"} <= set(names.values())
    changed = replace(order, lines=(replace(order.lines[0], title="Chairs"),))
    desk.write(lambda w: SalesWriting(w, "Cleo").edit_order(order, changed))
    assert tables(desk)["order_line"] == {RowFate.ADDED, RowFate.CHANGED, RowFate.REMOVED}
    (step,) = history(desk, who="Cleo")
    (line,) = [one for one in step.rows if one.fate is RowFate.CHANGED]
    assert (line.before["title"], line.after["title"]) == ("Chair", "Chairs")
    desk.write(lambda w: CustomerEdits(w).set_back(desk.customer.id, line.id, "title", "Dana"))
    assert [one.title for one in desk.read(lambda r: r.order(order.id)).lines] == ["Chair"]


def test_the_history_of_others_has_none_of_it(desk: TicketDesk, order: Order) -> None:
    other = Customer(uuid.uuid4(), CustomerKind.PERSON, "Ben Brandt")
    desk.write(lambda w: w.save_customer(other))
    assert desk.read(lambda r: r.customer_history(other.id)).steps == ()


def test_what_older_releases_journaled_without_the_customer_is_there_too(
    desk: TicketDesk, order: Order
) -> None:
    parts = change_row.c.table_name.in_(PARTS)
    bare = update(change_row).where(parts).values(customer_id=None)
    desk.write(lambda w: w._connection.execute(bare))
    assert tables(desk).keys() >= PARTS
    (chairs,) = history(desk, table="ticket_link")
    assert [row.table for row in chairs.rows] == ["ticket_link"]


def test_a_part_of_something_that_is_gone_is_nobodys(desk: TicketDesk) -> None:
    step = desk.write(lambda w: w.owners("order_line", {uuid.UUID(int=1): ({"order_id": None},)}))
    assert step == {uuid.UUID(int=1): None}
    gone = {uuid.UUID(int=1): ({"order_id": uuid.uuid4()},)}
    assert desk.write(lambda w: w.owners("order_line", gone)) == {uuid.UUID(int=1): None}
