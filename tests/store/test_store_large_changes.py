"""Large changes: many transactions, flat memory, and nothing half when the program dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import uuid

import pytest

from crmdesk.domain.changes import ChangeKind, ChangeState
from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.store import open_store
from crmdesk.store.changes.large import LargeChange, undo_in_parts
from crmdesk.store.changes.lock import ChangeLock
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.numbers.columns import number_columns
from crmdesk.store.tables import customer, customer_number

FIX = (ChangeKind.NUMBER_FIX, "Numbers read anew", "1001")
PEOPLE = 2_500  # more than one part of an undo


def number(n):
    return f"+493023125{n:06}"


def fill(w, people=PEOPLE):
    """People whose numbers are written with a blank at the end, as exports write them."""
    with w.change(*FIX) as change:
        for n in range(people):
            name = f"Person {n}"
            values = {"kind": CustomerKind.PERSON.value, "name": name, "name_key": fold(name)}
            values |= {"sort_key": sort_key(name, is_person=True), "status": "active"}
            key = change.insert(customer, values, uuid.UUID(int=n))
            raw = f"{number(n)} "
            columns = {"customer_id": key, "raw": raw, "label": "work", **number_columns(None, raw)}
            change.insert(customer_number, columns, uuid.UUID(int=n))
    return change.id


def fix(recorder, numbers):
    for n in numbers:
        recorder.update(
            customer_number, uuid.UUID(int=n), {"raw": number(n), **number_columns(number(n), "")}
        )


def known(store):
    """How many numbers can be found when they call."""
    asked = range(0, PEOPLE, 50)
    found = store.read(lambda r: [len(r.by_e164(number(n))) for n in asked]).result()
    return sum(found) / len(asked)


@pytest.fixture
def people(store):
    store.write(fill).result()
    return store


def test_large_change_is_made_in_parts_and_taken_back(people):
    with LargeChange(people, *FIX) as change:
        for start in range(0, PEOPLE, 500):
            change.write(lambda _w, r, s=start: fix(r, range(s, s + 500)))
            assert people.read(lambda r: r.change_set(change.change.id)).result().state == "open"
    done = change.change
    assert (done.rows, done.state) == (PEOPLE, ChangeState.DONE)
    assert known(people) == 1
    progress = []
    result = undo_in_parts(people, done.id, "1002", lambda *at: progress.append(at))
    assert (result.restored, result.kept) == (PEOPLE, 0)
    assert progress == [(2_000, PEOPLE), (PEOPLE, PEOPLE)]
    assert known(people) == 0
    assert people.read(lambda r: r.change_set(done.id)).result().undone_by == "1002"


def test_one_transaction_is_enough_for_a_usual_one(people):
    def whole(w):
        with w.change(*FIX) as change:
            fix(change, range(PEOPLE))
        return change.id

    done = people.write(whole).result()
    assert known(people) == 1
    assert people.write(lambda w: w.undo_change(done, "1002")).result().restored == PEOPLE
    assert known(people) == 0


def test_failed_large_change_is_taken_back(people):
    def broken():
        with LargeChange(people, *FIX) as change:
            change.write(lambda _w, r: fix(r, range(1_000)))
            assert known(people) == 0.4
            change.write(lambda _w, _r: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        broken()
    assert known(people) == 0
    changes = people.read(lambda r: r.changes()).result().changes
    assert (ChangeState.UNDONE, 1_000) in {(one.state, one.rows) for one in changes}


def test_large_change_without_rows_leaves_no_trace(people):
    before = people.read(lambda r: r.changes()).result()
    with LargeChange(people, *FIX):
        pass
    assert people.read(lambda r: r.changes()).result() == before


def test_only_one_at_a_time_and_none_in_progress_is_taken_back(people, store_file, key):
    with LargeChange(people, *FIX) as change:
        change.write(lambda _w, r: fix(r, range(500)))
        with pytest.raises(UserFacingError, match="Another large change"):
            LargeChange(people, *FIX).__enter__()
        with pytest.raises(UserFacingError, match="Another large change"):
            undo_in_parts(people, change.change.id, "1002")
        with pytest.raises(UserFacingError, match="still in progress"):
            people.write(lambda w: w.undo_change(change.change.id, "1002")).result()
        # Another program that starts meanwhile leaves it alone.
        with open_store(store_file, key) as other:
            assert other.recovery.wait(60)
            unfinished = other.read(lambda r: r.unfinished_changes()).result()
            assert [one.state for one in unfinished] == [ChangeState.OPEN]
        change.write(lambda _w, r: fix(r, range(500, PEOPLE)))
    assert known(people) == 1


def test_lock_is_for_one(tmp_path):
    first, second = ChangeLock(tmp_path / "x.db"), ChangeLock(tmp_path / "x.db")
    assert first.acquire()
    assert not first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()


def test_calls_are_saved_between_the_parts(people, make_call):
    """A part is short enough for the writer to do something else in between."""
    others = []

    def ring(*_at):
        others.append(people.write(lambda w: w.save_call(make_call(str(len(others))), None)))

    with LargeChange(people, *FIX) as change:
        change.write(lambda _w, r: fix(r, range(PEOPLE)))
    undo_in_parts(people, change.change.id, "1001", ring)
    assert all(other.result() is None for other in others)
    assert len(others) == 2


# --- kill -9 --------------------------------------------------------------------------------------

# Run by `exec` in a forked process; STORE, STEP and AT come with it.
CHILD = """
import uuid
from crmdesk.store import open_store
from crmdesk.store.changes.large import LargeChange, undo_in_parts

store = open_store(STORE, bytes(range(32)))
if STEP == "whole":
    def whole(writer):
        with writer.change(*FIX) as change:
            FIXED(change, range(1_200))
            change.flush()
            AT.set()
            HANG.wait()
    store.write(whole).result()
if STEP == "parts":
    with LargeChange(store, *FIX) as change:
        change.write(lambda _w, r: FIXED(r, range(1_000)))
        change.write(lambda _w, r: FIXED(r, range(1_000, 2_400)))
        AT.set()
        HANG.wait()
if STEP == "undo":
    def stop(*_at):
        AT.set()
        HANG.wait()
    undo_in_parts(store, uuid.UUID(CHANGE), "1002", stop)
"""

_processes = multiprocessing.get_context("forkserver" if os.name != "nt" else None)
_processes.set_forkserver_preload(["crmdesk.store.changes.large"])


def run_and_kill(store_file, step, change_id=None):
    at = _processes.Event()
    names = {"STORE": str(store_file), "STEP": step, "AT": at, "HANG": _processes.Event()}
    names |= {"FIX": FIX, "FIXED": fix, "CHANGE": str(change_id)}
    child = _processes.Process(target=exec, args=(CHILD, names), daemon=True)
    child.start()
    assert at.wait(60)
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    child.close()


@pytest.fixture
def killed(store, store_file, key):
    """Fills the store, lets a child die over it, and opens it as the program would."""
    opened = []

    def run(step, before=None):
        store.write(fill).result()
        change_id = before(store) if before else None
        store.close()
        run_and_kill(store_file, step, change_id)
        opened.append(open_store(store_file, key))
        assert opened[0].recovery.wait(60)
        return opened[0], change_id

    yield run
    for one in opened:
        one.close()


needs_kill = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


@needs_kill
def test_killed_in_one_transaction_leaves_nothing(killed):
    store, _ = killed("whole")
    assert known(store) == 0
    assert len(store.read(lambda r: r.changes()).result().changes) == 1  # of `fill`


@needs_kill
def test_killed_between_parts_is_taken_back_at_the_next_start(killed):
    store, _ = killed("parts")
    assert known(store) == 0
    newest = store.read(lambda r: r.changes()).result().changes[0]
    assert (newest.state, newest.rows, newest.kept) == (ChangeState.UNDONE, 2_400, 0)
    with LargeChange(store, *FIX) as change:
        change.write(lambda _w, r: fix(r, range(PEOPLE)))
    assert known(store) == 1


@needs_kill
def test_killed_while_taking_back_goes_on_at_the_next_start(killed):
    def make(store):
        with LargeChange(store, *FIX) as change:
            change.write(lambda _w, r: fix(r, range(PEOPLE)))
        return change.change.id

    store, change_id = killed("undo", make)
    assert known(store) == 0
    change = store.read(lambda r: r.change_set(change_id)).result()
    assert (change.state, change.undone_by, change.kept) == (ChangeState.UNDONE, "1002", 0)


def test_closed_while_recovering_goes_on_later(people, store_file, key):
    """What a start did not get done is done by the next one."""
    half = people.write(lambda w: w.begin_change(*FIX)).result()

    def part(w):
        with w.go_on_with(half.id) as recorder:
            fix(recorder, range(PEOPLE))

    people.write(part).result()
    people.close()
    open_store(store_file, key).close()
    with open_store(store_file, key) as again:
        assert again.recovery.wait(60)
        assert known(again) == 0
        assert again.read(lambda r: r.change_set(half.id)).result().kept == 0


@pytest.mark.slow
def test_memory_stays_flat(tmp_path):
    """Five times as many rows, made and taken back, need hardly more memory."""
    import resource

    def peak_mib():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    with open_store(tmp_path / "many.db", bytes(32)) as store:
        few = _make_and_undo(store, 0, 40_000)
        after_few = peak_mib()
        many = _make_and_undo(store, 40_000, 200_000)
        assert (few, many) == (40_000, 200_000)
        assert peak_mib() - after_few < 60


def _make_and_undo(store, first, rows, part=10_000):
    with LargeChange(store, *FIX) as change:
        for start in range(first, first + rows, part):
            change.write(lambda _w, r, s=start: _add(r, range(s, s + part)))
    return undo_in_parts(store, change.change.id, "1001").restored


def _add(recorder, numbers):
    for n in numbers:
        values = {"kind": "person", "name": f"Person {n}", "name_key": f"person {n}"}
        recorder.insert(customer, {**values, "sort_key": f"{n} person", "status": "active"})
