"""Two customers become one and two again: nothing is lost, nothing is left over."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Address, CustomerKind, Email, PhoneNumber, TimelineKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.domain.matches import MatchRule
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.tables import change_row, change_set, meta, metadata, search_row

BERLIN, LONDON, MOBILE = "+493023125012", "+442079460958", "+491713920123"


@pytest.fixture
def two(write, make_person):
    """Anna twice: as she was typed, and as she came from a shop."""
    anna = replace(
        make_person("Anna Groß", BERLIN, emails=("anna@example.com",)),
        segment="Gold",
        addresses=(Address("work", "Hafenstraße 12", "20457", "Hamburg"),),
    )
    other = replace(
        make_person("GROSS, Anna", BERLIN, MOBILE, emails=("ANNA@example.com", "ag@example.com")),
        segment="Silver",
        account_id="4711",
        do_not_call=True,
    )
    for one in (anna, other):
        write(lambda w, one=one: w.save_customer(one))
    return anna.id, other.id


def test_merged_customer_has_all_of_both(write, read, two, now):
    keep, other = two
    write(lambda w: w.add_note(other, "Wants a quote", "1001", now))
    change = write(lambda w: w.merge_customers(keep, other, "1002"))
    assert (change.kind, change.title) == (ChangeKind.MERGE, "GROSS, Anna is Anna Groß: merged")
    one = read(lambda r: r.customer(keep))
    assert (one.name, one.segment, one.account_id) == ("Anna Groß", "Gold", "4711")
    assert one.do_not_call
    assert sorted(number.e164 for number in one.numbers) == [MOBILE, BERLIN]
    assert sorted(email.address for email in one.emails) == ["ag@example.com", "anna@example.com"]
    assert [entry.title for entry in read(lambda r: r.timeline(keep)).entries] == ["Wants a quote"]
    assert read(lambda r: r.customer(other)) is None
    assert read(lambda r: r.merged_into(other)) == keep
    assert [owner.customer_id for owner in read(lambda r: r.by_e164(BERLIN))] == [keep]
    assert [hit.id for hit in read(lambda r: r.search("ag@example.com"))] == [keep]


def test_whose_value_a_field_gets(write, read, two):
    keep, other = two
    write(lambda w: w.merge_customers(keep, other, "1", {"name": "other", "do_not_call": "keep"}))
    one = read(lambda r: r.customer(keep))
    assert (one.name, one.segment, one.do_not_call) == ("GROSS, Anna", "Gold", False)
    assert [hit.id for hit in read(lambda r: r.search("gross, an"))] == [keep]


def test_custom_values_and_keys_elsewhere_move(store, read, write, make_person):
    with ImportBatch(store, "Shop", "1001") as batch:
        several = [
            NewCustomer(
                replace(make_person(f"Nia {ref}"), id=batch.new_key()),
                (ExternalRef("shop", ref),),
                {"card": ref, f"only {ref}": "yes"},
            )
            for ref in ("1", "2", "3")
        ]
        batch.create(several)
    first, second, third = (one.customer.id for one in several)
    write(lambda w: w.merge_customers(first, second, "1001"))
    assert read(lambda r: r.custom_values(first)) == {"card": "1", "only 1": "yes", "only 2": "yes"}
    write(lambda w: w.merge_customers(first, third, "1001", {"custom:card": "other"}))
    assert read(lambda r: r.custom_values(first))["card"] == "3"
    refs = read(lambda r: r.external_refs(first))
    assert [ref.external_id for ref in refs] == ["1", "2", "3"]


def test_people_of_a_merged_company_move_and_are_found_by_its_name(write, read, make_person):
    here = make_person("Hansen GmbH", kind=CustomerKind.COMPANY)
    there = make_person("Hansen Gesellschaft", kind=CustomerKind.COMPANY, company_id=here.id)
    person = make_person("Jo Meyer", company_id=there.id)
    for one in (here, there, person):
        write(lambda w, one=one: w.save_customer(one))
    change = write(lambda w: w.merge_customers(here.id, there.id, "1001"))
    assert read(lambda r: r.customer(person.id)).company_name == "Hansen GmbH"
    assert person.id in {hit.id for hit in read(lambda r: r.search("hansen gmbh"))}
    assert read(lambda r: r.customer(here.id)).company_id is None
    write(lambda w: w.undo_change(change.id, "1001"))
    assert read(lambda r: r.customer(person.id)).company_id == there.id
    assert person.id not in {hit.id for hit in read(lambda r: r.search("hansen gmbh"))}


def test_ambiguous_calls_find_their_customer_and_lose_it_again(write, read, two, make_call):
    keep, other = two
    call = make_call("both", minutes_ago=60)
    write(lambda w: w.save_call(call, BERLIN))
    change = write(lambda w: w.merge_customers(keep, other, "1001"))
    assert read(lambda r: r.call_row(call.id)).customer_id == keep
    write(lambda w: w.undo_change(change.id, "1001"))
    assert read(lambda r: r.call_row(call.id)).customer_id is None


def test_what_told_the_two_apart_no_longer_holds(write, read, two):
    keep, other = two
    write(lambda w: w.deny_number(BERLIN, other, "1001"))
    write(lambda w: w.choose_owner(MOBILE, other, None, "1001", remember=True))
    change = write(lambda w: w.merge_customers(keep, other, "1001"))
    assert read(lambda r: r.claims(BERLIN)) == ()
    assert [claim.customer_id for claim in read(lambda r: r.claims(MOBILE))] == [keep]
    write(lambda w: w.undo_change(change.id, "1001"))
    assert [claim.customer_id for claim in read(lambda r: r.claims(BERLIN))] == [other]
    assert [claim.customer_id for claim in read(lambda r: r.claims(MOBILE))] == [other]


def test_split_leaves_what_came_after_with_the_kept_one(
    write, read, two, now, make_call, match_of, make_person
):
    keep, other = two
    write(lambda w: w.add_note(other, "before", "1001", now))
    change = write(lambda w: w.merge_customers(keep, other, "1001"))
    write(lambda w: w.add_note(keep, "after", "1001", now))
    by_number, chosen = make_call("number", minutes_ago=-5), make_call("chosen", minutes_ago=-6)
    for call in (by_number, chosen):
        write(lambda w, call=call: w.save_call(call, MOBILE))
    found = match_of(replace(make_person("x"), id=keep), MatchRule.E164, MOBILE)
    write(lambda w: w.link_call(by_number.id, found))
    write(lambda w: w.choose_owner(MOBILE, keep, chosen.id, "1001"))
    result = write(lambda w: w.undo_change(change.id, "1001"))
    assert result.kept == 0
    notes = {key: [e.title for e in read(lambda r, k=key: r.timeline(k)).entries] for key in two}
    assert "after" in notes[keep]
    assert "before" not in notes[keep]
    assert "before" in notes[other]
    assert read(lambda r: r.merged_into(other)) is None
    # The call that rests on the number follows it; the one an agent chose stays.
    assert read(lambda r: r.call_row(by_number.id)).customer_id == other
    assert read(lambda r: r.call_row(chosen.id)).customer_id == keep


def test_chain_of_merges_leads_to_who_it_is_now(write, read, two, make_person):
    keep, other = two
    third = make_person("A. Groß")
    write(lambda w: w.save_customer(third))
    write(lambda w: w.merge_customers(keep, other, "1001"))
    write(lambda w: w.merge_customers(third.id, keep, "1001"))
    assert read(lambda r: r.merged_into(other)) == third.id
    assert read(lambda r: r.merged_into(third.id)) is None


@pytest.mark.parametrize("who_goes_on", [0, 1], ids=["the kept one", "another one"])
def test_merges_that_build_on_each_other_come_apart_the_way_they_came(
    write, read, two, make_person, who_goes_on
):
    keep, other = two
    third = make_person("A. Groß", "+493023125013")
    write(lambda w: w.save_customer(third))
    first = write(lambda w: w.merge_customers(keep, other, "1001"))
    pair = (third.id, keep) if who_goes_on == 0 else (keep, third.id)
    second = write(lambda w: w.merge_customers(*pair, "1001"))
    if who_goes_on == 0:
        with pytest.raises(UserFacingError, match=r"Anna Groß is A\. Groß: merged") as error:
            write(lambda w: w.undo_change(first.id, "1001"))
        assert "Take that one back first" in str(error.value)
        assert read(lambda r: r.merged_into(other)) == third.id
    else:  # it took nothing of the first on, so the order is free
        assert write(lambda w: w.undo_change(first.id, "1001")).kept == 0
    assert write(lambda w: w.undo_change(second.id, "1001")).kept == 0
    if who_goes_on == 0:
        assert write(lambda w: w.undo_change(first.id, "1001")).kept == 0
    numbers = {
        key: {one.e164 for one in read(lambda r, k=key: r.customer(k)).numbers}
        for key in (keep, other, third.id)
    }
    assert numbers == {keep: {BERLIN}, other: {BERLIN, MOBILE}, third.id: {"+493023125013"}}


def test_a_merge_of_someone_without_anything_is_built_on_too(write, read, make_person):
    people = [make_person(name) for name in ("Anna", "Anna G.", "Anna Groß")]
    for one in people:
        write(lambda w, one=one: w.save_customer(one))
    first_key, second_key, third_key = (one.id for one in people)
    took = {"name": "other"}
    first = write(lambda w: w.merge_customers(first_key, second_key, "1", took))
    write(lambda w: w.merge_customers(third_key, first_key, "1"))
    with pytest.raises(UserFacingError, match="builds on this step"):
        write(lambda w: w.undo_change(first.id, "1"))


def test_what_cannot_be_merged(write, two):
    keep, other = two
    with pytest.raises(UserFacingError, match="with itself"):
        write(lambda w: w.merge_customers(keep, keep, "1001"))
    with pytest.raises(UserFacingError, match="no longer in the store"):
        write(lambda w: w.merge_customers(keep, uuid.uuid4(), "1001"))
    with pytest.raises(ValueError, match="deleted_at"):
        write(lambda w: w.merge_customers(keep, other, "1001", {"deleted_at": "other"}))
    write(lambda w: w.merge_customers(keep, other, "1001"))
    with pytest.raises(UserFacingError, match="no longer in the store"):
        write(lambda w: w.merge_customers(keep, other, "1001"))


# --- merging and splitting is the identity ------------------------------------------------------

_numbers = st.builds(
    PhoneNumber,
    raw=st.sampled_from(("1", "030 23125", BERLIN)),
    e164=st.sampled_from((None, BERLIN, LONDON, MOBILE)),
    label=st.sampled_from(("work", "home")),
    extension=st.sampled_from(("", "12")),
    since=st.sampled_from((None, date(2024, 1, 1))),
)
_people = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(CustomerKind),
        "role": st.sampled_from(("", "purchasing")),
        "account_id": st.sampled_from(("", "4711", "4712")),
        "do_not_call": st.booleans(),
        "customer_since": st.sampled_from((None, date(2020, 2, 29))),
        "numbers": st.lists(_numbers, max_size=4).map(tuple),
        "emails": st.lists(
            st.builds(Email, st.sampled_from(("a@example.com", "A@example.com", "b@example.com"))),
            max_size=3,
        ).map(tuple),
        "addresses": st.lists(
            st.builds(Address, st.just("work"), city=st.sampled_from(("Hamburg", "Berlin"))),
            max_size=2,
        ).map(tuple),
    }
)
_extras = st.fixed_dictionaries(
    {
        "refs": st.lists(
            st.builds(ExternalRef, st.just("shop"), st.sampled_from("123")), max_size=2
        ).map(tuple),
        "custom": st.dictionaries(st.sampled_from("xyz"), st.sampled_from("ab"), max_size=3),
        "notes": st.lists(st.just("a note"), max_size=2).map(tuple),
    }
)
_happened = st.lists(
    st.sampled_from(
        ("note", "ticket", "order", "payment", "survey", "follow_up", "denied", "call")
    ),
    max_size=6,
)


def _happen(writer, what, customer_id, at, call):
    if what == "note":
        writer.add_interaction(customer_id, TimelineKind.EMAIL, at, title="Mail")
    elif what == "ticket":
        writer.add_ticket(customer_id, at, number="1", kind="complaint", subject="Invoice")
    elif what == "order":
        writer.add_order(customer_id, at, number="1", title="Chairs", total_cents=100)
    elif what == "payment":
        writer.add_payment(customer_id, at, number="1", amount_cents=100)
    elif what == "survey":
        writer.add_survey_answer(customer_id, at, 4)
    elif what == "follow_up":
        writer.add_follow_up(customer_id, at, title="Call back", due_at=at)
    elif what == "denied":
        writer.choose_owner(BERLIN, customer_id, None, "1001", remember=True)
        writer.choose_owner(MOBILE, customer_id, None, "1001", remember=True)
    else:
        writer.save_call(call, BERLIN)
        writer.choose_owner(BERLIN, customer_id, call.id, "1001")


def _everything(reader):
    """All rows but what says when they were touched, and what the search index says."""
    found = {
        table.name: sorted(
            map(
                repr,
                reader._connection.execute(
                    select(*(c for c in table.c if c.name not in {"updated_at"}))
                ),
            )
        )
        for table in metadata.sorted_tables
        if table not in {change_row, change_set, search_row, meta}
    }
    texts = reader._connection.exec_driver_sql(
        "SELECT search_row.customer_id, customer_search.text FROM customer_search"
        " JOIN search_row ON search_row.row = customer_search.rowid"
    )
    found["search"] = sorted(map(repr, map(tuple, texts)))
    return found


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory):
    """Copied for each example: making one takes half a second."""
    file = tmp_path_factory.mktemp("merge") / "empty.db"
    open_store(file, bytes(32)).close()
    return file


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    people=st.lists(st.tuples(_people, _extras, _happened), min_size=2, max_size=3),
    sides=st.dictionaries(
        st.sampled_from(("name", "kind", "account_id", "do_not_call", "custom:x")),
        st.sampled_from(("keep", "other")),
    ),
    stranger_calls=st.booleans(),
)
def test_merging_and_splitting_changes_nothing(
    empty_store, make_person, make_call, people, sides, stranger_calls
):
    at = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
    clock = iter(at + timedelta(seconds=n) for n in range(100_000))
    file = empty_store.with_name("crmdesk.db")
    shutil.copy(empty_store, file)
    with open_store(file, bytes(32), clock=lambda: next(clock)) as store:
        keys = _fill(store, make_person, make_call, people)
        if stranger_calls:
            call = make_call("stranger", minutes_ago=60)
            store.write(lambda w: w.save_call(call, BERLIN)).result()
        before = store.read(_everything).result()
        change = store.write(lambda w: w.merge_customers(keys[0], keys[1], "1", sides)).result()
        assert store.read(lambda r: r.customer(keys[1])).result() is None
        result = undo_in_parts(store, change.id, "1001")
        assert (result.restored, result.kept) == (change.rows, 0)
        assert store.read(_everything).result() == before


def _fill(store, make_person, make_call, people):
    keys = []
    with ImportBatch(store, "Import", "1001", pause=lambda _s: None) as batch:
        for place, (facts, extras, _) in enumerate(people):
            one = replace(make_person(f"Anna {place}"), id=batch.new_key(), **facts)
            company = keys[0] if keys else None
            batch.create([NewCustomer(replace(one, company_id=company), **extras)])
            keys.append(one.id)
    for place, (_, _, happened) in enumerate(people):
        for n, what in enumerate(happened):
            call = make_call(f"{place}-{n}", minutes_ago=600)
            store.write(
                lambda w, p=place, what=what, c=call: _happen(w, what, keys[p], c.started_at, c)
            ).result()
    return keys
