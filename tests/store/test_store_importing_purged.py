"""What an import brought in by mistake does not lie in the store for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.importing import NewCustomer
from crmdesk.domain.matches import MatchRule
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.importing import taking_back
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.tables import customer, ticket
from tests.store.import_batches import (
    PEOPLE,
    START_OF_TIME,
    anna,
    at_once,
    bring_in,
    draft,
    number,
    rows_in,
    ticking,
    update,
)

__all__ = ["anna", "ticking"]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(taking_back, "TAKEN_AT_ONCE", 7)


def marks(reader):
    """Customers that are marked as deleted."""
    gone = select(customer.c.id).where(customer.c.deleted_at.is_not(None))
    return set(reader._connection.execute(gone).scalars())


def with_people(store):
    """An import of a company and its people, the company in the middle of them."""
    with ImportBatch(store, "Import", "1001", pause=at_once) as batch:
        ids = [batch.new_key() for _ in range(12)]
        company = Customer(ids[6], CustomerKind.COMPANY, "Nord AG")
        people = [draft(key, n) for n, key in enumerate(ids) if n != 6]
        batch.create([NewCustomer(company)])
        batch.create(
            [replace(p, customer=replace(p.customer, company_id=company.id)) for p in people]
        )
    return batch.finish(), company, people


def test_nothing_is_left_of_it(ticking):
    before = ticking.read(rows_in).result()
    change, _ = bring_in(ticking)
    assert ticking.read(rows_in).result()["customer_number"] == PEOPLE
    undo_in_parts(ticking, change.id, "1001")
    assert ticking.read(rows_in).result() == before


def test_a_company_goes_after_its_people(ticking):
    change, _, _ = with_people(ticking)
    assert undo_in_parts(ticking, change.id, "1001").kept == 0
    assert ticking.read(rows_in).result()["customer"] == 0


def test_a_company_stays_marked_where_somebody_of_it_stays(ticking):
    change, company, people = with_people(ticking)
    stays = people[2].customer.id
    ticking.write(lambda w: w.add_note(stays, "Called back", "1001", w.moment())).result()
    assert undo_in_parts(ticking, change.id, "1001").kept == 1
    assert ticking.read(marks).result() == {company.id}
    assert ticking.read(lambda r: r.customer(stays)).result().company_id == company.id


def test_calls_that_the_import_linked_do_not_keep_anybody(ticking, make_call, match_of):
    early, late = make_call("early", minutes_ago=60), make_call("late", minutes_ago=-60)
    ticking.write(lambda w: w.save_call(early, number(1))).result()
    change, drafts = bring_in(ticking)
    ticking.write(lambda w: w.save_call(late, number(2))).result()
    found = match_of(drafts[2].customer, MatchRule.E164, number(2))
    ticking.write(lambda w: w.link_call(late.id, found)).result()
    undo_in_parts(ticking, change.id, "1001")
    assert ticking.read(rows_in).result()["customer"] == 0
    for call in (early, late):
        assert ticking.read(lambda r, c=call: r.call_row(c.id)).result().customer_id is None


def test_a_mark_stays_where_a_change_of_later_names_somebody(ticking):
    """The journal of what was taken back is still shown, with whom it was about."""
    change, drafts = bring_in(ticking)
    key = drafts[3].customer.id
    later = update(ticking, key, {"segment": "Gold"})
    undo_in_parts(ticking, later.id, "1001")
    assert undo_in_parts(ticking, change.id, "1001").kept == 0
    assert ticking.read(marks).result() == {key}


def test_a_mark_stays_where_a_deleted_row_names_somebody(ticking):
    change, drafts = bring_in(ticking)
    key = drafts[3].customer.id

    def ticket_that_was_deleted(writer):
        ticket_id = writer.add_ticket(key, START_OF_TIME, number="1", kind="x", subject="Invoice")
        gone = ticket.update().where(ticket.c.customer_id == key)
        writer._connection.execute(gone.values(deleted_at=START_OF_TIME))
        return ticket_id

    ticking.write(ticket_that_was_deleted).result()
    assert undo_in_parts(ticking, change.id, "1001").kept == 0
    assert ticking.read(marks).result() == {key}


def test_calls_are_saved_between_the_parts(ticking, make_call):
    change, _, _ = with_people(ticking)
    saved = []

    def ring(done, of):
        call = make_call(f"{done} of {of} {len(saved)}")
        saved.append(ticking.write(lambda w: w.save_call(call, None)))

    undo_in_parts(ticking, change.id, "1001", ring)
    assert len(saved) >= 3
    assert all(each.result() is None for each in saved)
    assert ticking.read(rows_in).result()["customer"] == 0


def test_it_goes_on_where_it_was_interrupted(store_file, key):
    with open_store(store_file, key) as store:
        change, _, _ = with_people(store)

        def begin(writer):
            writer.begin_undo(change.id, "1001")
            for _ in range(2):
                writer.undo_part(change.id)

        store.write(begin).result()
        assert store.read(rows_in).result()["customer"] > 0
    with open_store(store_file, key) as store:
        assert store.recovery.wait(20)
        assert store.read(rows_in).result()["customer"] == 0


def test_marks_stay_where_several_desks_share_a_store(ticking, monkeypatch):
    monkeypatch.setattr(taking_back, "is_shared", lambda _connection: True)
    change, drafts = bring_in(ticking)
    assert undo_in_parts(ticking, change.id, "1001").restored == PEOPLE
    assert ticking.read(marks).result() == {one.customer.id for one in drafts}
    assert ticking.read(lambda r: r.counts()).result().customers == 0
