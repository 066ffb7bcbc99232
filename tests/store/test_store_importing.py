"""Imports: hidden until they are whole, and what they change of who was there before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.customers import Address, CustomerStatus, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.importing import batch as batches
from crmdesk.store.importing.batch import ImportBatch
from tests.store.import_batches import (
    PEOPLE,
    START_OF_TIME,
    anna,
    at_once,
    bring_in,
    draft,
    number,
    rows_in,
    seen,
    small_parts,
    somebody,
    ticking,
    update,
)

__all__ = ["anna", "small_parts", "ticking"]

# --- creating -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_parts")
def test_batch_brings_everything_and_is_one_change(store, read):
    change, drafts = bring_in(store)
    assert (change.kind, change.title) == (ChangeKind.IMPORT, "Import of shop.csv")
    assert (change.state, change.created, change.rows) == (ChangeState.DONE, PEOPLE, 0)
    one = drafts[7].customer
    stored = read(lambda r: r.customer(one.id))
    ids = [each.id for each in stored.numbers]
    assert replace(stored, numbers=()) == replace(one, numbers=())
    assert [replace(each, id=None) for each in stored.numbers] == list(one.numbers)
    assert None not in ids
    assert read(lambda r: r.custom_values(one.id)) == {"card": "Gold"}
    assert read(lambda r: r.external_refs(one.id)) == (ExternalRef("shop", "7"),)
    assert [e.title for e in read(lambda r: r.timeline(one.id)).entries] == ["Came with row 7"]
    for text in ("nia neu 7", "neu 7", "nia7@example", "ACC7"):
        assert one.id in {hit.id for hit in read(lambda r, t=text: r.search(t))}
    assert len(read(lambda r: r.customers(limit=99)).customers) == PEOPLE


def test_readings_that_are_given_are_not_read_again(store, read):
    """And are the same that the store would have made."""
    with ImportBatch(store, "Two", "1001", pause=at_once) as batch:
        plain = draft(batch.new_key(), 1)
        given = replace(draft(batch.new_key(), 2), readings=(("3023125002", "DE"),))
        batch.create([plain, given])
    owners = [read(lambda r, n=n: r.by_national(f"302312500{n}", "DE")) for n in (1, 2)]
    assert [owner[0].customer_id for owner in owners] == [plain.customer.id, given.customer.id]
    assert len(read(lambda r: r.by_suffix("3125002"))) == 1


@pytest.mark.usefixtures("small_parts")
def test_nobody_sees_a_customer_before_the_import_is_whole(store, read):
    with ImportBatch(store, "Import", "1001", pause=at_once) as batch:
        drafts = [draft(batch.new_key(), n) for n in range(PEOPLE)]
        batch.create(drafts)
        read(lambda _r: None)
        assert store.write(lambda w: rows_in(w)["customer"]).result() >= 16
        assert not any(read(lambda r: seen(r, 3)).values())
        key = drafts[3].customer.id
        assert read(lambda r: r.customer(key)) is None
        assert read(lambda r: r.story(key, START_OF_TIME)) is None
        assert read(lambda r: r.whole_customers([key])) == {}
    assert all(read(lambda r: seen(r, 3)).values())


def test_customers_of_one_transaction_appear_together(store, read, monkeypatch):
    """Up to `SHOWN_AT_ONCE` of them, whatever the size of the parts they were written in."""
    monkeypatch.setattr(batches, "CREATED_AT_ONCE", 8)
    counts = set()
    original = ImportBatch._show

    def watched(batch, tell):
        counts.add(read(lambda r: r.counts()).customers)
        original(batch, tell)
        counts.add(read(lambda r: r.counts()).customers)

    monkeypatch.setattr(ImportBatch, "_show", watched)
    bring_in(store)
    assert counts == {0, PEOPLE}
    assert batches.SHOWN_AT_ONCE >= 50_000


def test_import_without_rows_leaves_no_trace(store, read):
    with ImportBatch(store, "Nothing", "1001") as batch:
        pass
    assert batch.finish() is None
    assert read(lambda r: r.changes()).changes == ()


def test_calls_from_before_are_linked(store, read, write, make_call):
    mine, shared = make_call("mine", minutes_ago=60), make_call("shared", minutes_ago=60)
    write(lambda w: w.save_call(mine, number(1)))
    write(lambda w: w.save_call(shared, number(2)))
    with ImportBatch(store, "Import", "1001", pause=at_once) as batch:
        customers = [
            somebody(batch.new_key(), f"Nia {n}", number(n), extension="") for n in (1, 2, 2)
        ]
        batch.create(list(map(NewCustomer, customers)))
    change = batch.finish()
    assert read(lambda r: r.call_row(mine.id)).customer_id == customers[0].id
    assert read(lambda r: r.call_row(shared.id)).customer_id is None
    write(lambda w: w.undo_change(change.id, "1001"))
    assert read(lambda r: r.call_row(mine.id)).customer_id is None


@pytest.mark.usefixtures("small_parts")
def test_others_write_between_the_parts(store, read, make_call):
    saved = []

    def ring(_seconds):
        call = make_call(str(len(saved)))
        saved.append(store.write(lambda w: w.save_call(call, None)))

    with ImportBatch(store, "Import", "1001", pause=ring) as batch:
        batch.create([draft(batch.new_key(), n) for n in range(PEOPLE)])
    assert len(saved) >= 2
    assert all(other.result() is None for other in saved)
    assert read(lambda r: r.counts()).calls == len(saved)


@pytest.mark.usefixtures("small_parts")
def test_new_customer_gets_more_by_a_later_record(ticking):
    """Found by it once the import is whole, and gone with it."""
    with ImportBatch(ticking, "Import", "1001", pause=at_once) as batch:
        drafts = [draft(batch.new_key(), n) for n in range(PEOPLE)]
        batch.create(drafts)
        key = drafts[0].customer.id
        more = PhoneNumber("030", number(940), "mobile")
        batch.add_to_new(key, [more], [Email("more@example.com")], [ExternalRef("shop", "x")])
    for text in ("more@example.com", number(940)):
        assert [hit.id for hit in ticking.read(lambda r, t=text: r.search(t)).result()] == [key]
    assert [one.customer_id for one in ticking.read(lambda r: r.by_e164(number(940))).result()]
    assert len(ticking.read(lambda r: r.external_refs(key)).result()) == 2
    change = batch.finish()
    assert change.created == PEOPLE
    assert undo_in_parts(ticking, change.id, "1001").kept == 0
    assert ticking.read(lambda r: r.search("more@example.com")).result() == ()


# --- updating -------------------------------------------------------------------------------------


def test_update_changes_fields_and_adds_what_is_new(store, read, write, anna):
    before = read(lambda r: r.whole_customers([anna]))[anna]
    change = update(
        store,
        anna,
        {
            "name": "Anna Klein",
            "status": CustomerStatus.DORMANT,
            "customer_since": date(2020, 1, 2),
        },
        add_numbers=(
            PhoneNumber("again", number(900), "home"),
            PhoneNumber("030", number(901), "home"),
        ),
        add_emails=(Email("ANNA@example.com"), Email("klein@example.com")),
        add_addresses=(Address("work", city="Berlin"), Address("work", city="Berlin")),
        add_refs=(ExternalRef("shop", "1"),),
        custom={"card": "Gold", "empty": ""},
        add_notes=("Married",),
    )
    whole = read(lambda r: r.whole_customers([anna]))[anna]
    one = whole.customer
    assert (one.name, one.status) == ("Anna Klein", CustomerStatus.DORMANT)
    assert one.customer_since == date(2020, 1, 2)
    assert sorted(each.e164 for each in one.numbers) == [number(900), number(901)]
    emails = sorted(each.address for each in one.emails)
    assert emails == ["anna@example.com", "klein@example.com"]
    assert [each.city for each in one.addresses] == ["Berlin"]
    assert (whole.refs, whole.custom) == ((ExternalRef("shop", "1"),), {"card": "Gold"})
    assert [hit.id for hit in read(lambda r: r.search("klein"))] == [anna]
    assert (change.created, change.rows) == (0, 7)
    result = write(lambda w: w.undo_change(change.id, "1002"))
    assert (result.restored, result.kept) == (7, 0)
    assert read(lambda r: r.whole_customers([anna]))[anna] == before
    assert read(lambda r: r.search("klein")) == ()


def test_custom_value_is_replaced_and_emptied(store, read, write, anna):
    update(store, anna, custom={"card": "Gold", "size": "L"})
    change = update(store, anna, custom={"card": "Silver", "size": ""})
    assert read(lambda r: r.custom_values(anna)) == {"card": "Silver"}
    write(lambda w: w.undo_change(change.id, "1001"))
    assert read(lambda r: r.custom_values(anna)) == {"card": "Gold", "size": "L"}


def test_same_again_changes_nothing(store, anna):
    facts = {"fields": {"segment": "Gold"}, "custom": {"card": "Gold"}}
    assert update(store, anna, **facts).rows == 2
    assert update(store, anna, **facts) is None


def test_twice_in_one_batch_both_hold(store, read, anna):
    with ImportBatch(store, "Update", "1001", pause=at_once) as batch:
        batch.update(anna, {"segment": "Silver"})
        batch.update(anna, {"segment": "Gold", "role": "Buyer"})
    one = read(lambda r: r.customer(anna))
    assert (one.segment, one.role) == ("Gold", "Buyer")


def test_update_of_who_is_gone_is_left_out(store, write, anna):
    write(lambda w: w.delete_customer(anna))
    assert update(store, anna, {"segment": "Gold"}, custom={"card": "Gold"}) is None


def test_unknown_field_is_refused(store, read, anna):
    with pytest.raises(ValueError, match="deleted_at"):
        update(store, anna, {"deleted_at": None})
    assert read(lambda r: r.customer(anna)) is not None
