"""Imports: all or nothing, hidden until they are whole, and taken back as one step."""

from __future__ import annotations

import multiprocessing
import os
import signal
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind, ExternalRef, NewCustomer
from crmdesk.domain.matches import MatchRule
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.clinic import START
from crmdesk.store.importing import batch as batches
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.importing.lookups import FOUND_OF_ONE
from crmdesk.store.number_index import NumberIndex
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
            _customer(key, f"Nia Neu {n}", number(n)),
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


def _customer(key, name, e164, extension="7"):
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


# --- creating -----------------------------------------------------------------------------------


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

    def watched(batch):
        counts.add(read(lambda r: r.counts()).customers)
        original(batch)
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
            _customer(batch.new_key(), f"Nia {n}", number(n), extension="") for n in (1, 2, 2)
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


# --- updating -----------------------------------------------------------------------------------


@pytest.fixture
def anna(write, make_person):
    person = make_person("Anna Groß", number(900), emails=("anna@example.com",))
    write(lambda w: w.save_customer(person))
    return person.id


def update(store, customer_id, fields=None, **more):
    with ImportBatch(store, "Update", "1001", pause=at_once) as batch:
        batch.update(customer_id, fields or {}, **more)
    return batch.finish()


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


# --- taking back --------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_parts")
def test_undo_takes_all_away(ticking, monkeypatch):
    monkeypatch.setattr("crmdesk.store.importing.taking_back.TAKEN_AT_ONCE", 7)
    change, _ = bring_in(ticking)
    result = undo_in_parts(ticking, change.id, "1002")
    assert (result.restored, result.kept) == (PEOPLE, 0)
    found = ticking.read(lambda r: seen(r, 3)).result()
    assert not any(found.values())
    state = ticking.read(lambda r: r.change_set(change.id)).result()
    assert (state.state, state.undone_by) == (ChangeState.UNDONE, "1002")
    with pytest.raises(UserFacingError, match="taken back already"):
        ticking.write(lambda w: w.undo_change(change.id, "1001")).result()


def test_second_import_then_both_are_taken_back(ticking):
    """A customer whose update was taken back is as it was brought in."""
    first, drafts = bring_in(ticking)
    second = update(ticking, drafts[0].customer.id, {"segment": "Gold"}, custom={"card": "X"})
    for change in (second, first):
        assert undo_in_parts(ticking, change.id, "1001").kept == 0
    assert ticking.read(lambda r: r.counts()).result().customers == 0


def history(what, key, writer, make_call, match_of):
    at = START_OF_TIME
    if what == "note":
        writer.add_note(key, "Called back", "1001", at)
    elif what == "ticket":
        writer.add_ticket(key, at, number="1", kind="complaint", subject="Invoice")
    elif what == "edit":
        one = writer.customer(key)
        writer.save_customer(replace(one, segment="Gold"))
    elif what == "number":
        writer.assign_number(number(950), number(950), key, None, "home", "1001")
    elif what == "chosen":
        call = make_call("chosen")
        writer.save_call(call, number(951))
        writer.choose_owner(number(951), key, call.id, "1001")
    elif what == "remembered":
        writer.choose_owner(number(951), key, None, "1001", remember=True)


@pytest.mark.parametrize("what", ["note", "ticket", "edit", "number", "chosen", "remembered"])
def test_customer_with_history_stays(ticking, make_call, match_of, what):
    change, drafts = bring_in(ticking)
    key = drafts[4].customer.id
    ticking.write(lambda w: history(what, key, w, make_call, match_of)).result()
    result = undo_in_parts(ticking, change.id, "1001")
    assert (result.restored, result.kept) == (PEOPLE - 1, 1)
    left = ticking.read(lambda r: r.customers()).result().customers
    assert [hit.id for hit in left] == [key]
    assert [hit.id for hit in ticking.read(lambda r: r.search("nia neu 4")).result()] == [key]
    assert len(ticking.read(lambda r: r.timeline(key)).result().entries) >= 1


def test_calls_since_then_lose_who_is_gone(ticking, make_call, match_of):
    change, drafts = bring_in(ticking)
    one = drafts[1].customer
    call = make_call("later", minutes_ago=-60)
    ticking.write(lambda w: w.save_call(call, number(1))).result()
    found = match_of(one, MatchRule.E164, number(1))
    ticking.write(lambda w: w.link_call(call.id, found)).result()
    assert undo_in_parts(ticking, change.id, "1001").kept == 0
    assert ticking.read(lambda r: r.call_row(call.id)).result().customer_id is None


@pytest.mark.usefixtures("small_parts")
def test_error_inside_takes_everything_back(store, read, anna):
    before = read(rows_in)

    def broken():
        with ImportBatch(store, "Import", "1001", pause=at_once) as batch:
            batch.create([draft(batch.new_key(), n) for n in range(PEOPLE)])
            batch.update(anna, {"segment": "Gold"})
            batch._write_updates()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert read(rows_in) == before
    assert read(lambda r: r.customer(anna)).segment == ""
    assert bring_in(store)[0].created == PEOPLE


def test_row_that_cannot_be_written_ends_the_batch(store, read):
    """The same key twice: raised at the latest when it is finished."""
    key = uuid.uuid4()
    with (
        pytest.raises(Exception, match="UNIQUE"),
        ImportBatch(store, "Import", "1001", pause=at_once) as batch,
    ):
        batch.create([draft(key, 1), draft(key, 2)])
    assert read(rows_in)["customer"] == 0
    assert batch.finish() is None


def test_only_one_at_a_time(store):
    with ImportBatch(store, "One", "1001"), pytest.raises(UserFacingError, match="Another large"):
        ImportBatch(store, "Two", "1001")


# --- kill -9 ------------------------------------------------------------------------------------

# Run by `exec` in a forked process; STORE, STEP, AT, HANG, DRAFT and MANY come with it.
CHILD = """
from crmdesk.store import open_store
from crmdesk.store.importing import batch as batches
from crmdesk.store.importing.batch import ImportBatch
from crmdesk.store.changes.large import undo_in_parts
import crmdesk.store.importing.taking_back as taking_back
import crmdesk.store.changes.large as large

batches.CREATED_AT_ONCE = batches._FEWEST = batches._MOST = 8
batches.SHOWN_AT_ONCE = 10
taking_back.TAKEN_AT_ONCE = 7
store = open_store(STORE, bytes(range(32)))
parts = 0

def stop(*_at):
    AT.set()
    HANG.wait()

def stop_when_showing(_seconds):
    if batch._writing is None and store.read(lambda r: r.has_customers()).result():
        stop()

batch = ImportBatch(store, "Import", "1001", pause=stop_when_showing)
batch.create([DRAFT(batch.new_key(), n) for n in range(MANY)])
if STEP == "creating":
    batch._settle()
    stop()
if STEP == "undoing":
    batch._pause = lambda _s: None
    change = batch.finish()
    takes = large.Writer.undo_part
    def counted(writer, *rest):
        global parts
        parts += 1
        return takes(writer, *rest)
    large.Writer.undo_part = counted
    store_write = store.write
    def write(work):
        if parts == 2:
            stop()
        return store_write(work)
    store.write = write
    undo_in_parts(store, change.id, "1002")
batch.finish()
"""

_processes = multiprocessing.get_context("forkserver" if os.name != "nt" else None)
_processes.set_forkserver_preload(["crmdesk.store.importing.batch"])


def run_and_kill(store_file, step):
    at = _processes.Event()
    names = {"STORE": str(store_file), "STEP": step, "AT": at, "HANG": _processes.Event()}
    names |= {"DRAFT": draft, "MANY": PEOPLE}
    child = _processes.Process(target=exec, args=(CHILD, names), daemon=True)
    child.start()
    assert at.wait(60)
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    child.close()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("step", ["creating", "showing", "undoing"])
def test_killed_import_leaves_nothing(store_file, key, step):
    open_store(store_file, key).close()
    run_and_kill(store_file, step)
    with open_store(store_file, key) as store:
        assert store.recovery.wait(60)
        assert not any(store.read(lambda r: seen(r, 3)).result().values())
        change = store.read(lambda r: r.changes()).result().changes[0]
        assert (change.state, change.kept) == (ChangeState.UNDONE, 0)
        if step == "creating":
            assert not any(store.read(rows_in).result().values())
        assert bring_in(store)[0].created == PEOPLE
        assert all(store.read(lambda r: seen(r, 3)).result().values())


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_in_the_middle_of_showing_was_seen_in_part(store_file, key):
    """So the test above kills where it hurts."""
    open_store(store_file, key).close()
    run_and_kill(store_file, "showing")
    with open_store(store_file, key, read_only=True) as store:
        assert store.read(lambda r: r.counts()).result().customers == 10


# --- look-ups -----------------------------------------------------------------------------------


def test_known_by_what_a_record_says(store, read):
    _, drafts = bring_in(store)
    key = drafts[5].customer.id

    def only(found, value):
        assert set(found) == {value}
        return [one.customer_id for one in found[value]]

    assert only(read(lambda r: r.known_by_ref("shop", ["5", "none"])), "5") == [key]
    assert read(lambda r: r.known_by_ref("erp", ["5"])) == {}
    assert only(read(lambda r: r.known_by_email(["NIA5@EXAMPLE.COM"])), "nia5@example.com") == [key]
    assert only(read(lambda r: r.known_by_account(["ACC5", ""])), "ACC5") == [key]
    assert only(read(lambda r: r.known_by_name(["nia neu 5"])), "nia neu 5") == [key]
    by_number = read(lambda r: r.known_by_number([number(5)]))
    assert only(by_number, number(5)) == [key]
    assert by_number[number(5)][0].extension == "7"
    names = [one.name for one in read(lambda r: r.name_neighbours("nia neu 5x", "5x nia neu"))]
    assert "Nia Neu 5" in names
    assert "Nia Neu 6" in names
    assert len(names) < PEOPLE


def test_more_questions_than_one_statement_takes(store, read):
    _, drafts = bring_in(store, range(10))
    asked = [str(n) for n in range(40_000)]
    assert len(read(lambda r: r.known_by_ref("shop", asked))) == 10
    keys = [one.customer.id for one in drafts] * 100
    assert len(read(lambda r: r.whole_customers(keys))) == 10


def test_number_that_everybody_has_tells_a_few(store, read):
    with ImportBatch(store, "Crowd", "1001", pause=at_once) as batch:
        batch.create([draft(batch.new_key(), 1) for _ in range(2_500)])
        batch.create([draft(batch.new_key(), 2)])
    found = read(lambda r: r.known_by_number([number(1), number(2)]))
    assert [len(found[number(n)]) for n in (1, 2)] == [FOUND_OF_ONE, 1]


def test_look_ups_read_indexes(store):
    """Half a thousand questions at a time, and never a whole table."""

    def plans(writer):
        asked = (
            ("address COLLATE NOCASE IN ('a', 'b')", "email"),
            (
                "source = 's' AND external_id IN ('1', '2')",
                "external_ref",
            ),
        )
        return [
            writer._connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT customer_id FROM {table} WHERE {where}"
            ).all()[0][3]
            for where, table in asked
        ]

    by_email, by_ref = store.write(plans).result()
    assert by_email.startswith("SEARCH email USING INDEX ix_email_address")
    assert by_ref.startswith("SEARCH external_ref USING INDEX ix_external_ref_id")


# --- fields of the company's own, and where a sync goes on --------------------------------------


def test_custom_fields_are_what_was_saved_last(write, read):
    card = CustomField("card", "Card", CustomFieldKind.CHOICE, ("Gold", "Silber & Söhne"))
    since = CustomField("since", "Member since", CustomFieldKind.DATE)
    write(lambda w: w.save_custom_fields([since, card]))
    assert read(lambda r: r.custom_fields()) == (since, card)
    write(lambda w: w.save_custom_fields([replace(card, title="Loyalty card")]))
    assert read(lambda r: r.custom_fields()) == (replace(card, title="Loyalty card"),)
    write(lambda w: w.save_custom_fields([card, since]))
    assert read(lambda r: r.custom_fields()) == (card, since)


def test_sync_state_is_kept_by_profile(write, read):
    assert read(lambda r: r.sync_state("shop")) == ""
    for body in ('{"token": "1"}', '{"token": "2"}'):
        write(lambda w, body=body: w.keep_sync_state("shop", body))
    write(lambda w: w.keep_sync_state("erp", "{}"))
    assert read(lambda r: r.sync_state("shop")) == '{"token": "2"}'


# --- size ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_memory_stays_flat(tmp_path):
    """Five times as many customers, brought in and taken back, need hardly more memory."""
    import resource

    def peak_mib():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    with open_store(tmp_path / "many.db", bytes(32)) as store:
        peaks = []
        for count in (40_000, 200_000):
            with ImportBatch(store, "Many", "1001", pause=at_once) as batch:
                for n in range(count):
                    batch.create([draft(batch.new_key(), n % 1_000)])
            change = batch.finish()
            assert change.created == count
            assert undo_in_parts(store, change.id, "1001").kept == 0
            peaks.append(peak_mib())
        assert peaks[1] - peaks[0] < 60
