"""Prepared statements give what SQLAlchemy gives."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import bindparam, select

from crmdesk.store.prepared import Prepared
from crmdesk.store.tables import customer, ticket


@pytest.fixture
def filled(write, make_person, now):
    person = make_person("Zoë Groß", customer_since=date(2020, 2, 29), do_not_call=True)

    def fill(w):
        w.save_customer(person)
        w.add_ticket(person.id, now, number="1", kind="Question", subject="?", due_at=now)
        w.add_ticket(person.id, now, number="2", kind="Question", subject="?")

    write(fill)
    return person


@pytest.mark.parametrize(
    "statement",
    [
        select(customer).where(customer.c.id == bindparam("key")),
        select(ticket).where(ticket.c.customer_id == bindparam("key")).order_by(ticket.c.number),
        select(ticket.c.due_at).where(
            ticket.c.customer_id == bindparam("key"), ticket.c.kind != "x"
        ),
        select(customer.c.name).where(customer.c.id == bindparam("key")).limit(1),
    ],
    ids=["customer", "tickets", "fixed value", "limit"],
)
def test_same_rows_with_the_same_types(read, filled, statement):
    prepared = Prepared(statement)

    def both(r):
        values = {"key": filled.id}
        usual = [tuple(row) for row in r._connection.execute(statement, values)]
        return usual, *([tuple(x) for x in prepared.rows(r._connection, values)] for _ in range(2))

    usual, first, second = read(both)
    assert usual
    assert first == second == usual
    assert [[type(v) for v in row] for row in first] == [[type(v) for v in row] for row in usual]


def test_other_values_each_time(read, filled):
    prepared = Prepared(select(customer.c.name).where(customer.c.id == bindparam("key")))
    assert read(lambda r: prepared.row(r._connection, {"key": filled.id})) == ("Zoë Groß",)
    assert read(lambda r: prepared.row(r._connection, {"key": uuid.uuid4()})) is None


def test_rows_one_by_one_are_typed_when_they_are_wanted(read, filled):
    statement = (
        select(ticket).where(ticket.c.customer_id == bindparam("key")).order_by(ticket.c.number)
    )
    prepared = Prepared(statement)

    def walk(r):
        usual = [tuple(row) for row in r._connection.execute(statement, {"key": filled.id})]
        rows = prepared.walk(r._connection, {"key": filled.id})
        first = tuple(prepared.typed(next(rows)))
        rows.close()
        whole = prepared.walk(r._connection, {"key": filled.id})
        return usual, first, [tuple(prepared.typed(row)) for row in whole]

    usual, first, whole = read(walk)
    assert len(usual) == 2
    assert first == usual[0]
    assert whole == usual
    assert [type(value) for value in first] == [type(value) for value in usual[0]]
