"""Imports are all or nothing: taken back as one step, after an error, after a kill."""

from __future__ import annotations

import multiprocessing
import os
import signal
import uuid
from dataclasses import replace

import pytest

from crmdesk.domain.changes import ChangeState
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.matches import MatchRule
from crmdesk.store import open_store
from crmdesk.store.changes.large import undo_in_parts
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
    ticking,
    update,
)

__all__ = ["anna", "small_parts", "ticking"]

# --- taking back ----------------------------------------------------------------------------------


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


# --- kill -9 --------------------------------------------------------------------------------------

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
