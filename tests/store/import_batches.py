"""Batches of new customers with everything an import can bring, and every way to come upon one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.store import open_store
from crmdesk.store.importing import batch as batches
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.number_index import NumberIndex
from crmdesk.store.numbers.clinic import START
from crmdesk.store.tables import (
    address,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
    interaction,
    search_row,
)

PEOPLE = 30
START_OF_TIME = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)


def number(n):
    return f"+493023125{n:03}"


def draft(key, n, **facts):
    """Somebody with everything an import can bring."""
    one = facts.pop("customer", None) or {}
    person = NewCustomer(
        customer=replace(
            somebody(key, f"Nia Neu {n}", number(n)),
            account_id=f"ACC{n}",
            emails=(Email(f"Nia{n}@Example.com"),),
            addresses=(Address("work", f"Hafenstraße {n}", "20457", "Hamburg", "DE"),),
            **one,
        ),
        refs=(ExternalRef("shop", str(n)),),
        custom={"card": "Gold"},
        notes=(f"Came with row {n}",),
    )
    return replace(person, **facts)


def somebody(key, name, e164, extension="7"):
    numbers = (PhoneNumber(e164.replace("+49", "0"), e164, "work", extension),)
    return Customer(key, CustomerKind.PERSON, name, numbers=numbers)


def at_once(_seconds):
    """No pause: nobody else writes in most tests."""


def bring_in(store, people=range(PEOPLE), title="Import of shop.csv"):
    with ImportBatch(store, title, "1001", pause=at_once) as batch:
        drafts = [draft(batch.new_key(), n) for n in people]
        batch.create(drafts)
    return batch.finish(), drafts


@pytest.fixture
def small_parts(monkeypatch):
    """A batch of thirty goes the way of one of a million."""
    monkeypatch.setattr(batches, "CREATED_AT_ONCE", 8)
    monkeypatch.setattr(batches, "_FEWEST", 8)
    monkeypatch.setattr(batches, "_MOST", 8)
    monkeypatch.setattr(batches, "SHOWN_AT_ONCE", 10)


@pytest.fixture
def ticking(store_file, key):
    """A store whose clock goes on, as clocks do."""
    moments = (START_OF_TIME + timedelta(milliseconds=n) for n in range(1_000_000))
    with open_store(store_file, key, clock=lambda: next(moments)) as opened:
        yield opened


def rows_in(reader):
    """How many rows there are, seen or not."""
    tables = (customer, customer_number, email, address, external_ref, custom_value, interaction)
    return {
        table.name: reader._connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (*tables, search_row)
    }


def seen(reader, n):
    """All ways to come upon a new customer."""
    e164 = number(n)
    index = NumberIndex(reader)
    return {
        "customer list": len(reader.customers().customers),
        "has customers": reader.has_customers(),
        "count": reader.counts().customers,
        "by number": len(reader.by_e164(e164)),
        "by extension": len(reader.by_extension(e164, "7")),
        "by national": len(reader.by_national(e164[3:], "DE")),
        "by one of": len(reader.by_any_e164((e164,))),
        "by prefix": len(reader.by_prefix(e164[:-1])),
        "by suffix": len(reader.by_suffix(e164[-6:])),
        "by account": len(reader.by_account(f"ACC{n}")),
        "owner count": reader.owner_count(e164),
        "index": len(index.by_e164(e164)),
        "name begins": len(reader.search("nia neu")),
        "family name begins": len(reader.search(f"{n} nia")),
        "in the index": len(reader.search(f"nia{n}@exa")),
        "number typed": len(reader.search(e164)),
        "clinic": len(reader.stored_numbers(START, 10)),
        "by ref": len(reader.known_by_ref("shop", [str(n)])),
        "by email": len(reader.known_by_email([f"nia{n}@example.com"])),
        "known account": len(reader.known_by_account([f"ACC{n}"])),
        "known number": len(reader.known_by_number([e164])),
        "known name": len(reader.known_by_name([f"nia neu {n}"])),
        "neighbours": len(reader.name_neighbours("nia", "neu")),
    }


@pytest.fixture
def anna(write, make_person):
    person = make_person("Anna Groß", number(900), emails=("anna@example.com",))
    write(lambda w: w.save_customer(person))
    return person.id


def update(store, customer_id, fields=None, **more):
    with ImportBatch(store, "Update", "1001", pause=at_once) as batch:
        batch.update(customer_id, fields or {}, **more)
    return batch.finish()
