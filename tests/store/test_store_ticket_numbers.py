"""Numbers of tickets: of desks that work on one store at once, and of desks that are apart."""

from __future__ import annotations

import multiprocessing
import os
import uuid
from pathlib import Path

import pytest
from sqlalchemy import update

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.store import open_store
from crmdesk.store.service.ticket_numbers import count_of, desk_part, is_shared
from crmdesk.store.tables import ticket
from tests.store.ticket_desk import KEY, MONDAY, TicketDesk, desk

__all__ = ["desk"]

EACH = 25

# Run as a text: a child that imported this module by its path would not find it again.
CHILD = """
import uuid
from crmdesk.domain.tickets import NewTicket
from crmdesk.store import open_store

with open_store(STORE, bytes(range(32))) as store:
    START.wait(60)
    for number in range(EACH):
        new = NewTicket(CUSTOMER, "question", f"{NAME} {number}")
        store.write(lambda w: w.open_ticket(new, NAME)).result(60)
"""

_processes = multiprocessing.get_context("forkserver" if os.name != "nt" else None)


def test_two_programs_that_open_tickets_at_once_never_give_a_number_twice(tmp_path: Path) -> None:
    file, customer = tmp_path / "crmdesk.db", Customer(uuid.uuid4(), CustomerKind.PERSON, "Anna")
    with open_store(file, KEY) as store:
        store.write(lambda w: w.save_customer(customer)).result()
    names = {"STORE": file, "CUSTOMER": customer.id, "EACH": EACH, "START": _processes.Barrier(2)}
    children = [
        _processes.Process(target=exec, args=(CHILD, {**names, "NAME": name}))
        for name in ("Ben", "Cleo")
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
        assert child.exitcode == 0
        child.close()
    with open_store(file, KEY) as store:
        numbers = store.read(lambda r: _numbers(r)).result()
    assert sorted(numbers) == [str(1001 + number) for number in range(2 * EACH)]


def _numbers(reader: object) -> list[str]:
    return list(reader._connection.execute(ticket.select()).scalars("number"))


def arrives(desk: TicketDesk, number: str, *, origin: uuid.UUID) -> None:
    """A ticket of another desk comes in, as replication will bring it."""
    key = desk.open()
    row = update(ticket).where(ticket.c.id == key).values(number=number, origin=origin)
    desk.write(lambda w: w._connection.execute(row))


def test_desks_that_know_of_each_other_say_which_they_are(desk: TicketDesk) -> None:
    assert desk.ticket(desk.open()).number == "1001"
    arrives(desk, "1002", origin=uuid.uuid4())
    part = desk_part(desk.store.desk_id)
    mine = desk.ticket(desk.open())
    assert mine.number == f"1003-{part}"
    arrives(desk, "1003-0000", origin=uuid.uuid4())
    assert desk.ticket(desk.open()).number == f"1004-{part}"
    assert desk.read(lambda r: r.ticket_by_number(mine.number)).id == mine.id
    assert desk.read(lambda r: r.ticket_by_number("1003")) is None  # two desks gave it
    assert desk.read(lambda r: r.ticket_by_number("#1004")).number == f"1004-{part}"
    assert desk.read(lambda r: r.ticket_by_number("1001")).number == "1001"
    assert len(desk.read(lambda r: r.search_records("1003"))) == 2


def test_it_stays_so_when_the_other_desks_are_silent(desk: TicketDesk) -> None:
    arrives(desk, "1001", origin=uuid.uuid4())
    numbers = [desk.ticket(desk.open()).number for _ in range(60)]
    part = desk_part(desk.store.desk_id)
    assert numbers == [f"{count}-{part}" for count in range(1002, 1062)]


@pytest.mark.parametrize(
    ("number", "count"),
    [("1042", 1042), ("1042-K7QX", 1042), ("7", 7), ("SUP-9999", 1000), ("12-34", 1000),
     ("12345678901", 1000), ("٤٢", 1000), ("", 1000), ("-K7QX", 1000)],
)  # fmt: skip
def test_counts_are_read_from_numbers_of_ours_alone(number: str, count: int) -> None:
    assert count_of(number) == count


def test_the_parts_of_desks_differ_and_last() -> None:
    desks = [uuid.UUID(int=MONDAY.toordinal() * 7919 * number) for number in range(1, 200)]
    assert len({desk_part(one) for one in desks}) == len(desks)
    assert desk_part(desks[0]) == desk_part(uuid.UUID(str(desks[0])))
    assert not is_shared([("1001", desks[0])], desks[0])
