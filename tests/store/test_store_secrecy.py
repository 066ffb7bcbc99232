"""Nothing that was stored can be read from the disk, the logs or an error."""

from __future__ import annotations

import logging
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import crmdesk
from crmdesk.store import open_store

MARKER = "ZQX-7731"

# Uses every kind of row, leaves the write-ahead log full, and is killed.
USE_EVERYTHING = """
import os, signal, sys, uuid
from datetime import UTC, datetime
from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.customers import TimelineKind
from crmdesk.store import open_store
from crmdesk.store.keys import create_keys
from pathlib import Path

M, path = sys.argv[1], Path(sys.argv[2])
key, _ = create_keys(path, passphrase="pass " + M)
now, c = datetime.now(UTC), uuid.uuid4()
customer = Customer(
    id=c, kind=CustomerKind.PERSON, name=M, role=M, account_id=M, salutation=M, source=M, segment=M,
    numbers=(PhoneNumber(M, None, "work"),), emails=(Email(M + "@example.com"),),
    addresses=(Address("home", M, M, M, "DE"),),
)
def fill(w):
    w.save_customer(customer)
    w.add_note(c, M, M, now)
    w.add_interaction(c, TimelineKind.EMAIL, now, title=M, detail=M)
    w.add_ticket(c, now, number=M, kind=M, subject=M)
    w.add_order(c, now, number=M, title=M, total_cents=1)
    w.add_payment(c, now, number=M, amount_cents=1, method=M)
    w.add_survey_answer(c, now, 3, M)
    w.add_follow_up(c, now, title=M, due_at=now)
    w.save_call(Call(uuid.uuid4(), M, Direction.INBOUND, now, caller_raw=M, caller_name=M), None)
    w.set_secret("line", M)
    w.set_secret("gone", M)
    w.delete_secret("gone")
store = open_store(path, key.raw)
store.write(fill).result()
assert store.read(lambda r: r.search(M)).result()
assert store.read(lambda r: r.story(c, now)).result()
print("ready", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_marker_is_nowhere_on_the_disk(tmp_path):
    """Row 26: home, temporary folder, write-ahead log; killed with everything open."""
    home = tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    program = str(Path(crmdesk.__file__).parents[1])
    places = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": program}
    done = subprocess.run(
        [sys.executable, "-c", USE_EVERYTHING, MARKER, str(home / "crmdesk.db")],
        capture_output=True,
        env={**os.environ, **places},
        cwd=home,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    names = {path.name for path in _files(home)}
    assert {"crmdesk.db", "crmdesk.db-wal", "crmdesk.keys.json"} <= names
    for path in _files(home):
        assert MARKER.encode() not in path.read_bytes(), path
    assert MARKER.encode() not in done.stderr
    assert (home / "crmdesk.db-wal").stat().st_size > 10_000


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")
def test_files_are_private_whatever_the_umask(store_file, key):
    umask = os.umask(0)
    try:
        with open_store(store_file, key) as store:
            store.write(lambda w: w.set_secret("a", "b")).result()
            modes = {
                path.name: stat.S_IMODE(path.stat().st_mode) for path in _files(store_file.parent)
            }
    finally:
        os.umask(umask)
    assert set(modes) == {"crmdesk.db", "crmdesk.db-wal", "crmdesk.db-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(store_file.parent.stat().st_mode) == 0o700


def test_key_is_in_no_repr_and_no_url(store, store_file, key):
    for thing in (store, store._writes, store.health(), store.__dict__):
        assert key.hex() not in repr(thing)
        assert repr(key) not in repr(thing)
    assert repr(store) == f"<Store {store_file}>"


def test_parameters_are_in_no_error(store):
    """Row 37: an error of the database names the statement and hides what was in it."""
    from sqlalchemy import text

    job = store.write(
        lambda w: w._connection.execute(text("INSERT INTO nowhere VALUES (:a)"), {"a": MARKER})
    )
    assert "nowhere" in str(job.exception())
    assert MARKER not in str(job.exception())


def test_marker_is_in_no_log(store, make_person, make_call, caplog, now):
    """Row 37 at DEBUG, of every logger."""
    caplog.set_level(logging.DEBUG)
    person = make_person(MARKER, "+493023125012")
    store.write(lambda w: w.save_customer(person)).result()
    store.write(lambda w: w.save_call(make_call("1", caller_name=MARKER), "+493023125012")).result()
    store.read(lambda r: (r.search(MARKER), r.story(person.id, now))).result()

    def fail(w):
        w.add_note(person.id, MARKER, MARKER, now)
        raise ValueError

    assert store.write(fail).exception()
    assert MARKER not in caplog.text
    assert "3023125012" not in caplog.text


def test_settings_of_every_connection(store):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "cell_size_check": 1,
    }

    def settings(view):
        driver = view._connection.connection.driver_connection
        return {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}

    assert store.write(settings).result() == wanted
    assert store.read(settings).result() == wanted
    assert store.read_for_pop(settings).result() == wanted
