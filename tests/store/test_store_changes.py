"""Changes are journaled exactly, taken back exactly, and never overwrite what came later."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.customers import CustomerKind, PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.matches import MatchRule
from crmdesk.store import open_store
from crmdesk.store.changes.values import journaled
from crmdesk.store.columns import from_micros
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.tables import (
    call,
    change_row,
    change_set,
    customer,
    customer_number,
    email,
    interaction,
    meta,
    metadata,
    secret,
    ticket,
)

BERLIN, MOBILE = "+493023125012", "+491713920123"
FIX = (ChangeKind.NUMBER_FIX, "Numbers read anew", "1001")


def fixed(e164, raw=None):
    return {"raw": raw or e164, **number_columns(e164, raw or e164)}


@pytest.fixture
def anna(write, read, make_person):
    """Somebody with a number that nobody could read, and an e-mail address."""
    person = make_person("Anna Groß", emails=("anna@example.com",))
    number = PhoneNumber("tel 030-23125.012 (work)", None, "work")
    write(lambda w: w.save_customer(replace(person, numbers=(number,))))
    return read(lambda r: r.customer(person.id))


def change_number(write, anna, e164=BERLIN, **facts):
    def work(w):
        with w.change(*FIX) as change:
            change.update(customer_number, anna.numbers[0].id, fixed(e164), **facts)
        return change

    return write(work)


def test_change_is_written_listed_and_taken_back(write, read, anna, now):
    done = change_number(write, anna).change
    assert [o.customer_id for o in read(lambda r: r.by_e164(BERLIN))] == [anna.id]
    assert read(lambda r: r.changes()).changes == (done,)
    assert (done.kind, done.title, done.who, done.at, done.rows) == (*FIX, now, 1)
    (row,) = read(lambda r: r.change_rows(done.id))
    assert (row.table, row.key) == ("customer_number", anna.numbers[0].id)
    assert row.before["raw"] == anna.numbers[0].raw
    assert row.before["e164"] is None
    assert row.after["e164"] == BERLIN
    result = write(lambda w: w.undo_change(done.id, "1002"))
    assert (result.restored, result.kept) == (1, 0)
    assert read(lambda r: r.customer(anna.id)) == anna
    assert read(lambda r: r.by_e164(BERLIN)) == ()
    undone = read(lambda r: r.change_set(done.id))
    assert (undone.state, undone.undone_at, undone.undone_by) == (ChangeState.UNDONE, now, "1002")


def test_undo_is_not_undone_and_unknown_is_said(write, read, anna):
    done = change_number(write, anna)
    write(lambda w: w.undo_change(done.id, "1001"))
    with pytest.raises(UserFacingError, match="taken back already"):
        write(lambda w: w.undo_change(done.id, "1001"))
    with pytest.raises(UserFacingError, match="not in the store"):
        write(lambda w: w.undo_change(uuid.uuid4(), "1001"))


def test_what_somebody_changed_since_stays(write, read, anna, make_person):
    ben = make_person("Ben", "030x1")
    write(lambda w: w.save_customer(ben))
    other = read(lambda r: r.customer(ben.id)).numbers[0]

    def fix_both(w):
        with w.change(*FIX) as change:
            change.update(customer_number, anna.numbers[0].id, fixed(BERLIN))
            change.update(customer_number, other.id, fixed(MOBILE))
        return change.id

    done = write(fix_both)
    typed = replace(ben, numbers=(PhoneNumber("+442079460123", "+442079460123", "work"),))
    write(lambda w: w.save_customer(typed))
    result = write(lambda w: w.undo_change(done, "1001"))
    assert (result.restored, result.kept) == (1, 1)
    assert read(lambda r: r.customer(anna.id)).numbers == anna.numbers
    assert [n.e164 for n in read(lambda r: r.customer(ben.id)).numbers] == ["+442079460123"]
    assert read(lambda r: r.change_set(done)).kept == 1


def test_a_later_change_of_the_same_row_is_taken_back_first(write, read, anna):
    first = change_number(write, anna, BERLIN)
    second = change_number(write, anna, MOBILE)
    assert write(lambda w: w.undo_change(first.id, "1001")).kept == 1
    assert read(lambda r: r.customer(anna.id)).numbers[0].e164 == MOBILE
    assert write(lambda w: w.undo_change(second.id, "1001")).kept == 0
    assert read(lambda r: r.customer(anna.id)).numbers[0].e164 == BERLIN


def test_row_changed_twice_in_one_change_goes_all_the_way_back(write, read, anna):
    def twice(w):
        with w.change(*FIX) as change:
            for e164 in (BERLIN, MOBILE, BERLIN, MOBILE):
                change.update(customer_number, anna.numbers[0].id, fixed(e164))
        return change.change

    done = write(twice)
    assert done.rows == 4
    assert write(lambda w: w.undo_change(done.id, "1001")).kept == 0
    assert read(lambda r: r.customer(anna.id)) == anna


def test_nothing_to_change_leaves_no_trace(write, read, anna):
    raw = anna.numbers[0].raw

    def same(w):
        with w.change(*FIX) as change:
            change.update(customer_number, anna.numbers[0].id, {"raw": raw})
        return change

    done = write(same)
    assert (done.change.rows, done.skipped) == (0, 0)
    assert read(lambda r: r.changes()).changes == ()


def test_rows_that_are_not_as_previewed_are_skipped(write, read, anna):
    done = change_number(write, anna, expected={"raw": "something else"})
    assert (done.change.rows, done.skipped) == (0, 1)
    assert read(lambda r: r.customer(anna.id)) == anna
    done = change_number(write, anna, expected={"raw": anna.numbers[0].raw})
    assert (done.change.rows, done.skipped) == (1, 0)


def test_deleted_and_unknown_rows_are_skipped(write, anna):
    write(lambda w: w.save_customer(replace(anna, numbers=())))

    def work(w):
        with w.change(*FIX) as change:
            change.update(customer_number, anna.numbers[0].id, fixed(BERLIN))
            change.update(customer_number, uuid.uuid4(), fixed(BERLIN))
            change.remove(customer_number, uuid.uuid4())
        return change

    done = write(work)
    assert (done.change.rows, done.skipped) == (0, 3)


def test_failed_change_leaves_nothing(store, read, anna):
    def work(w):
        with w.change(*FIX) as change:
            change.update(customer_number, anna.numbers[0].id, fixed(BERLIN))
            change.flush()
            raise RuntimeError("after the write")

    assert isinstance(store.write(work).exception(), RuntimeError)
    assert read(lambda r: r.customer(anna.id)) == anna
    assert read(lambda r: r.changes()).changes == ()


def test_stamps_are_those_of_every_row(write, read, anna, store, store_file, key, now):
    later = now + timedelta(hours=1)
    store.close()
    with open_store(store_file, key, clock=lambda: later) as again:

        def work(w):
            with w.change(*FIX) as change:
                change.update(customer_number, anna.numbers[0].id, fixed(BERLIN))
                new = change.insert(
                    customer_number, {"customer_id": anna.id, "label": "x", **fixed(MOBILE)}
                )
            columns = customer_number.c
            stamps = (columns.created_at, columns.updated_at, columns.deleted_at, columns.origin)
            rows = w._connection.execute(customer_number.select().with_only_columns(
                columns.id, *stamps
            )).all()  # fmt: skip
            return new, {row[0]: tuple(row[1:]) for row in rows}

        new, stamps = again.write(work).result()
        assert stamps[anna.numbers[0].id] == (now, later, None, again.desk_id)
        assert stamps[new] == (later, later, None, again.desk_id)


# --- new and removed rows -------------------------------------------------------------------------


def customer_values(name, kind=CustomerKind.PERSON, **facts):
    return {
        "kind": kind.value,
        "name": name,
        "name_key": fold(name),
        "sort_key": sort_key(name, is_person=kind is CustomerKind.PERSON),
        "status": "active",
        **facts,
    }


def bring_in(w, name="Nora Neu", e164=MOBILE):
    with w.change(*FIX) as change:
        key = change.insert(customer, customer_values(name))
        change.insert(customer_number, {"customer_id": key, "label": "mobile", **fixed(e164)})
        change.insert(email, {"customer_id": key, "address": "nora@example.com", "label": "work"})
    return change.id, key


def test_new_customer_is_found_and_gone_again(write, read):
    done, key = write(bring_in)
    new = read(lambda r: r.customer(key))
    assert (new.name, new.numbers[0].e164, new.emails[0].address) == (
        "Nora Neu", MOBILE, "nora@example.com",
    )  # fmt: skip
    for typed in ("nora", "920123", "nora@example"):
        assert [hit.id for hit in read(lambda r, t=typed: r.search(t))] == [key]
    assert write(lambda w: w.undo_change(done, "1001")).restored == 3
    assert read(lambda r: r.customer(key)) is None
    assert read(lambda r: r.by_e164(MOBILE)) == ()
    assert read(lambda r: r.search("nora")) == ()
    assert read(lambda r: r.search("920123")) == ()


def test_new_customer_with_a_note_since_stays_whole(write, read, now):
    done, key = write(bring_in)
    write(lambda w: w.add_note(key, "Called back.", "1001", now))
    before = read(lambda r: r.customer(key))
    result = write(lambda w: w.undo_change(done, "1001"))
    assert (result.restored, result.kept) == (0, 3)
    assert read(lambda r: r.customer(key)) == before


def test_history_the_change_brought_in_itself_keeps_nobody(write, read, now):
    def work(w):
        with w.change(*FIX) as change:
            key = change.insert(customer, customer_values("Nora Neu"))
            note = {"customer_id": key, "at": now, "kind": "note", "detail": "From the old list."}
            change.insert(interaction, note)
        return change.id, key

    done, key = write(work)
    assert len(read(lambda r: r.timeline(key)).entries) == 1
    assert write(lambda w: w.undo_change(done, "1001")).kept == 0
    assert read(lambda r: r.customer(key)) is None
    assert read(lambda r: r.timeline(key)).entries == ()


def test_removed_row_comes_back(write, read, anna):
    def work(w):
        with w.change(*FIX) as change:
            change.remove(customer_number, anna.numbers[0].id)
            change.remove(customer, anna.id)
        return change.id

    done = write(work)
    assert read(lambda r: r.customer(anna.id)) is None
    assert read(lambda r: r.search("anna")) == ()
    assert write(lambda w: w.undo_change(done, "1001")).restored == 2
    assert read(lambda r: r.customer(anna.id)) == anna
    assert [hit.id for hit in read(lambda r: r.search("anna"))] == [anna.id]


def test_people_are_found_by_the_new_name_of_their_company(write, read, make_person):
    firm = make_person("Nordlicht GmbH", kind=CustomerKind.COMPANY)
    person = make_person("Anna Groß", company_id=firm.id)
    write(lambda w: (w.save_customer(firm), w.save_customer(person)))

    def rename(w):
        with w.change(*FIX) as change:
            change.update(
                customer,
                firm.id,
                {"name": "Suedstern AG", "name_key": "suedstern ag", "sort_key": "suedstern ag"},
            )
        return change.id

    done = write(rename)
    found = {hit.id for hit in read(lambda r: r.search("suedstern"))}
    assert found == {firm.id, person.id}
    write(lambda w: w.undo_change(done, "1001"))
    assert read(lambda r: r.search("suedstern")) == ()
    assert {hit.id for hit in read(lambda r: r.search("nordlicht"))} == {firm.id, person.id}


def test_number_that_moves_is_found_with_its_new_owner(write, read, make_person):
    anna, ben = make_person("Anna", BERLIN), make_person("Ben", MOBILE)
    write(lambda w: (w.save_customer(anna), w.save_customer(ben)))
    row = read(lambda r: r.customer(anna.id)).numbers[0].id

    def move(w):
        with w.change(*FIX) as change:
            change.update(customer_number, row, {"customer_id": ben.id})
        return change.id

    done = write(move)
    assert [hit.name for hit in read(lambda r: r.search("3023125012"))] == ["Ben"]
    write(lambda w: w.undo_change(done, "1001"))
    assert [hit.name for hit in read(lambda r: r.search("3023125012"))] == ["Anna"]


# --- calls ----------------------------------------------------------------------------------------


def test_calls_that_came_in_under_a_change_lose_its_link(write, read, anna, make_call, match_of):
    """They were linked by a number that is nobody's any more."""
    done = change_number(write, anna)
    during, chosen = make_call("during"), make_call("chosen")
    for one, rule in ((during, MatchRule.E164), (chosen, MatchRule.CHOSEN)):
        write(lambda w, c=one: w.save_call(c, BERLIN))
        write(lambda w, c=one, m=rule: w.link_call(c.id, match_of(anna, m, BERLIN)))
    write(lambda w: w.undo_change(done.id, "1001"))
    rows = [read(lambda r, c=one: r.call_row(c.id)) for one in (during, chosen)]
    assert [row.customer_id for row in rows] == [None, anna.id]


def test_earlier_calls_linked_by_a_change_are_unlinked_again(write, read, anna, make_call):
    early = make_call("early", minutes_ago=9_000)
    write(lambda w: w.save_call(early, BERLIN))

    def work(w):
        with w.change(*FIX) as change:
            change.update(customer_number, anna.numbers[0].id, fixed(BERLIN))
            change.flush()
            assert w.link_earlier_calls(change, BERLIN, anna.id) == 1
        return change.id

    done = write(work)
    assert read(lambda r: r.call_row(early.id)).customer_id == anna.id
    write(lambda w: w.undo_change(done, "1001"))
    row = read(lambda r: r.call_row(early.id))
    assert (row.customer_id, row.match_state, row.match_rule) == (None, None, None)


# --- the list -------------------------------------------------------------------------------------


def test_changes_are_paged_newest_first_and_by_kind(write, read, anna, store, store_file, key, now):
    store.close()
    at = [now]
    with open_store(store_file, key, clock=lambda: at[0]) as again:
        for n in range(5):
            at[0] = now + timedelta(minutes=n // 2)  # some in the same moment
            again.write(lambda w, n=n: _label(w, anna, n)).result()
        seen, before = [], None
        while True:
            page = again.read(lambda r, b=before: r.changes(b, limit=2)).result()
            seen += page.changes
            before = page.next
            if before is None:
                break
        fixes = again.read(lambda r: r.changes(kinds=[ChangeKind.NUMBER_FIX])).result().changes
        assert again.read(lambda r: r.changes(kinds=[ChangeKind.IGNORE])).result().changes == ()
    assert len(seen) == len({one.id for one in seen}) == 5
    assert [one.at for one in seen] == sorted((one.at for one in seen), reverse=True)
    assert tuple(seen) == fixes


def _label(w, anna, n):
    with w.change(*FIX) as change:
        change.update(customer_number, anna.numbers[0].id, {"label": f"label {n}"})


# --- what may be journaled ------------------------------------------------------------------------


@pytest.mark.parametrize("table", [secret, meta, change_row, change_set], ids=lambda t: t.name)
def test_other_tables_are_refused(write, table):
    def work(w):
        with w.change(*FIX) as change:
            change.update(table, uuid.uuid4(), {"value": "x"})

    with pytest.raises(ValueError, match="cannot be journaled"):
        write(work)


@pytest.mark.parametrize(
    ("table", "column"),
    [(customer, "id"), (customer, "origin"), (customer, "deleted_at"), (call, "caller_e164")],
)
def test_other_columns_are_refused(write, table, column):
    def work(w):
        with w.change(*FIX) as change:
            change.update(table, uuid.uuid4(), {column: None})

    with pytest.raises(ValueError, match="cannot be journaled"):
        write(work)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_MOMENTS = st.integers(-(2**55), 2**57).map(from_micros)
_TICKET = st.fixed_dictionaries(
    {
        "customer_id": st.uuids(),
        "at": _MOMENTS,
        "subject": _TEXT,
        "due_at": st.none() | _MOMENTS,
        "deleted_at": st.none() | _MOMENTS,
    }
)
_CUSTOMER = st.fixed_dictionaries(
    {
        "name": _TEXT,
        "company_id": st.none() | st.uuids(),
        "customer_since": st.none() | st.dates(),
        "do_not_call": st.booleans(),
    }
)


@given(values=_TICKET)
def test_moments_and_keys_come_back_exactly(values):
    entry = journaled(ticket)
    assert entry.decode(entry.encode(values)) == values


@given(values=_CUSTOMER)
def test_days_truths_and_texts_come_back_exactly(values):
    entry = journaled(customer)
    back = entry.decode(entry.encode(values))
    assert back == values
    assert [type(value) for value in back.values()] == [type(v) for v in values.values()]


def test_all_columns_of_the_allow_list_are_json(write, read):
    """Whatever type a new column gets, the journal has to know how to write it."""
    for table in metadata.sorted_tables:
        try:
            entry = journaled(table)
        except ValueError:
            continue
        types = {type(table.c[name].type).__name__ for name in entry.columns}
        assert types <= {"Text", "Integer", "Boolean", "Date", "Instant", "Key"}, table.name


def test_journal_is_plain_json(write, read, anna):
    done = change_number(write, anna)
    text = write(
        lambda w: w._connection.execute(change_row.select().with_only_columns(change_row.c.after))
        .scalar_one()
    )  # fmt: skip
    assert json.loads(text)["e164"] == BERLIN
    assert write(lambda w: w.undo_change(done.id, "x")).restored == 1
