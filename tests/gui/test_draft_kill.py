"""Kill -9 while somebody types: every draft that was told as kept is there afterwards.

The child types a number after the other. When the keeper tells that all is kept, and only
then, the number is appended to ack.log with fsync. It is killed after a random time.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
import uuid
from pathlib import Path

import pytest

from crmdesk.store import open_store

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

KEY = bytes(range(32))
CUSTOMER = uuid.UUID(int=1)
KILLS = 8

# Run by `exec` in a forked process, see tests/store/test_store_kill.py.
CHILD = """
import os, uuid
from PySide6.QtCore import QCoreApplication, QTimer
from crmdesk.gui.pages.customers.drafts import DraftKeeper
from crmdesk.store import open_store

app = QCoreApplication([])
store = open_store(STORE, bytes(range(32)))
log = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
keeper, customer, typed = DraftKeeper(store), uuid.UUID(int=1), FIRST

def type_on():
    global typed
    typed += 1
    keeper.keep(customer, f"note {typed}")

def kept(_customer):
    # What is typed later waits in the queue, so this number or a later one is on the disk.
    os.write(log, f"{typed}\\n".encode())
    os.fsync(log)
    READY.set()

keeper.kept.connect(kept)
fast = QTimer()
fast.timeout.connect(type_on)
fast.start(1)
app.exec()
"""

_processes = multiprocessing.get_context("forkserver" if os.name != "nt" else None)
_processes.set_forkserver_preload(["crmdesk.store", "crmdesk.gui.pages.customers.drafts"])


def _run_and_kill(store: Path, log: Path, first: int, after_s: float) -> None:
    ready = _processes.Event()
    names = {"STORE": str(store), "LOG": str(log), "FIRST": first, "READY": ready}
    child = _processes.Process(target=exec, args=(CHILD, names), daemon=True)
    child.start()
    assert ready.wait(60)
    time.sleep(after_s)
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    child.close()


def _draft(store_file: Path) -> int:
    with open_store(store_file, KEY) as store:
        text = store.read(lambda r: r.secret(f"draft.note.{CUSTOMER}")).result()
    assert text is not None, "the draft is lost"
    return int(text.removeprefix("note "))


def test_no_draft_that_was_told_as_kept_is_lost(tmp_path: Path) -> None:
    rng = random.Random(7)
    store_file, log = tmp_path / "crmdesk.db", tmp_path / "ack.log"
    open_store(store_file, KEY).close()
    last = 0
    for _ in range(KILLS):
        _run_and_kill(store_file, log, last, rng.random() * 0.05)
        acknowledged = [int(line) for line in log.read_bytes().split(b"\n")[:-1]]
        last = _draft(store_file)
        assert last >= acknowledged[-1], "a draft that was told as kept is lost"
    assert len(acknowledged) > KILLS  # the kills hit a program at work
