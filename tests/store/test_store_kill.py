"""Kill -9 at random moments: every call that was said to be saved is there afterwards.

The child writes the states of calls one after the other. When the future of a state has
resolved, and only then, the state is appended to ack.log with fsync. It is killed after a
random time. Then the store is opened as the program would open it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmdesk.domain.calls import CallOutcome, OfferOutcome
from crmdesk.store import open_store

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

KEY = bytes(range(32))

# Run by `exec` in a process forked from one that has imported everything: a start costs
# 20 ms instead of a second. STORE, LOG, RUN and READY come with it.
CHILD = """
import json, os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from crmdesk.domain.calls import Call, CallOutcome, Direction, Offer, OfferOutcome, Pop, PopReason
from crmdesk.domain.ids import call_id
from crmdesk.store import open_store

store = open_store(STORE, bytes(range(32)))
log = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
now = datetime.now(UTC)

def save(call, state):
    store.write(lambda w: w.save_call(call, "+493023125012")).result()
    os.write(log, json.dumps([str(call.id), state]).encode() + b"\\n")
    os.fsync(log)

number = 0
while True:
    if number == 1:
        READY.set()
    number += 1
    offers = (Offer("1001", now, now), Offer("1002", now))
    ringing = Call(
        call_id("pbx", f"{RUN}-{number}"), "line", Direction.INBOUND, now,
        offers=offers, pops=(Pop("1001", PopReason.RING, now),),
    )
    save(ringing, "ringing")
    offers = (replace(offers[0], outcome=OfferOutcome.ANSWERED), offers[1])
    answered = replace(
        ringing, answered_at=now, answered_by="1001", connected_at=now, offers=offers
    )
    save(answered, "answered")
    offers = (offers[0], replace(offers[1], outcome=OfferOutcome.ELSEWHERE))
    end = now + timedelta(seconds=9)
    save(
        replace(
            answered, ended_at=end, outcome=CallOutcome.ANSWERED, connected_at=None, offers=offers
        ),
        "over",
    )
"""

_processes = multiprocessing.get_context("forkserver" if os.name != "nt" else None)
_processes.set_forkserver_preload(["crmdesk.store"])


def _run_and_kill(store: Path, log: Path, run: int, after_s: float) -> None:
    ready = _processes.Event()
    names = {"STORE": str(store), "LOG": str(log), "RUN": run, "READY": ready}
    child = _processes.Process(target=exec, args=(CHILD, names), daemon=True)
    child.start()
    assert ready.wait(60)
    time.sleep(after_s)
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    child.close()


def _acknowledged(log: Path) -> dict[uuid.UUID, str]:
    """The last acknowledged state of each call; half a line was acknowledged to nobody."""
    states: dict[uuid.UUID, str] = {}
    for line in log.read_bytes().split(b"\n")[:-1]:
        call, state = json.loads(line)
        states[uuid.UUID(call)] = state
    return states


def _assert_all_there(store_file: Path, acknowledged: dict[uuid.UUID, str]) -> int:
    with open_store(store_file, KEY) as store:
        at = datetime.now(UTC)
        was_open = {call.id for call in store.read(lambda r: r.open_calls()).result()}
        closed = store.write(lambda w: w.close_open_calls(at)).result()
        assert closed == len(was_open) <= 1  # the child has one call at a time
        for key, state in acknowledged.items():
            call = store.read(lambda r, key=key: r.call(key)).result()
            assert call is not None, f"a call acknowledged as {state} is lost"
            assert call.ended_at is not None
            assert [offer.extension for offer in call.offers] == ["1001", "1002"]
            assert [pop.extension for pop in call.pops] == ["1001"]
            assert all(offer.outcome for offer in call.offers)
            if state == "over":
                assert call.outcome is CallOutcome.ANSWERED
            if state == "answered":
                assert call.answered_by == "1001"
            if key in was_open:
                assert call.outcome is CallOutcome.UNKNOWN
                assert call.started_at <= call.ended_at <= at
                assert OfferOutcome.UNKNOWN in {offer.outcome for offer in call.offers}
        assert store.read(lambda r: r.open_calls()).result() == ()
        return len(was_open)


@pytest.mark.parametrize("kills", [50, pytest.param(1_000, marks=pytest.mark.slow)])
def test_no_acknowledged_call_is_lost(tmp_path, kills):
    rng = random.Random(7)
    store_file, log = tmp_path / "crmdesk.db", tmp_path / "ack.log"
    open_store(store_file, KEY).close()
    total = in_progress = 0
    for run in range(kills):
        log.unlink(missing_ok=True)
        _run_and_kill(store_file, log, run, 0.005 + rng.random() * 0.055)
        acknowledged = _acknowledged(log) if log.exists() else {}
        in_progress += _assert_all_there(store_file, acknowledged)
        total += len(acknowledged)
    assert total > kills  # the kills hit a program at work
    assert in_progress > 0  # and some of them a call in progress
