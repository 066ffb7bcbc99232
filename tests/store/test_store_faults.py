"""What can go wrong with the file, the disk and the neighbours; and that nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from crmdesk.domain.store_health import StoreState
from crmdesk.store import (
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreKeyWrong,
    StoreLocked,
    StoreNewer,
    open_store,
)
from crmdesk.store import engine as engine_module
from crmdesk.store.backup import backup
from crmdesk.store.engine import make_engine
from crmdesk.store.errors import StoreReadOnly, StoreUnreachable, in_words
from crmdesk.store.schema import HEAD

FLIPS = 60
"""Damaged copies tried in the normal run."""


def _raw(path: Path, key: bytes) -> sqlite3.Connection:
    connection = sqlcipher.connect(str(path), isolation_level=None, timeout=0)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _fill(store, make_person, count: int = 1) -> None:
    people = [make_person(f"Anna {n}", f"+49302312{5000 + n}") for n in range(count)]
    store.write(lambda w: [w.save_customer(person) for person in people]).result()


# --- key ------------------------------------------------------------------------------------------


def test_wrong_key(store_file, key, capfd):
    open_store(store_file, key).close()
    with pytest.raises(StoreKeyWrong):
        open_store(store_file, bytes(32))
    assert capfd.readouterr().err == ""  # SQLCipher would tell stderr about it, at length


def test_right_key_that_does_not_open_means_damage(store_file, key):
    open_store(store_file, key).close()
    content = bytearray(store_file.read_bytes())
    content[100] ^= 1
    store_file.write_bytes(content)
    with pytest.raises(StoreCorrupt):
        open_store(store_file, key, key_is_right=True)


@pytest.mark.parametrize("no_key", [None, b"", b"short", b"x" * 33])
def test_no_store_without_a_whole_key(store_file, no_key):
    with pytest.raises(StoreKeyWrong):
        open_store(store_file, no_key)
    assert not store_file.exists()


def test_file_that_is_no_store(store_file, key):
    store_file.parent.mkdir(parents=True)
    store_file.write_bytes(b"SQLite format 3\0" + bytes(8176))
    with pytest.raises(StoreKeyWrong):
        open_store(store_file, key)


# --- other programs -------------------------------------------------------------------------------


def test_another_program_that_does_not_let_go(store_file, key, make_person, monkeypatch):
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_S", 0.05)
    with open_store(store_file, key) as store:
        _fill(store, make_person)
        other = _raw(store_file, key)
        other.execute("BEGIN IMMEDIATE")
        refused = store.write(lambda w: w.set_secret("a", "b")).exception()
        assert isinstance(refused, StoreLocked)
        assert refused.is_temporary
        assert store.health().state is StoreState.LOCKED
        assert len(store.read(lambda r: r.search("anna")).result()) == 1  # reading goes on
        other.execute("ROLLBACK")
        other.close()
        store.write(lambda w: w.set_secret("a", "b")).result()
        assert store.health().state is StoreState.READY


def test_opening_a_locked_store_says_so(store_file, key, monkeypatch):
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_S", 0.05)
    open_store(store_file, key).close()
    other = _raw(store_file, key)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreLocked):
            open_store(store_file, key)
    finally:
        other.close()


def test_two_programs_write_and_see_each_other(store_file, key):
    with open_store(store_file, key) as one, open_store(store_file, key) as two:
        jobs = [
            store.write(lambda w, ref=f"{name}{n}": w.set_secret(ref, ref))
            for n in range(25)
            for name, store in (("a", one), ("b", two))
        ]
        for job in jobs:
            job.result()
        assert one.read(lambda r: r.secret("b24")).result() == "b24"
        assert two.read(lambda r: r.secret("a24")).result() == "a24"


def test_reading_program_beside_a_writing_one(store_file, key, make_person):
    with open_store(store_file, key) as writing:
        _fill(writing, make_person)
        with open_store(store_file, key, read_only=True) as reading:
            assert len(reading.read(lambda r: r.search("anna")).result()) == 1
            refused = reading.write(lambda w: w.set_secret("a", "b")).exception()
            assert isinstance(refused, StoreReadOnly)


def test_reading_does_not_make_a_store(store_file, key):
    with pytest.raises(StoreUnreachable):
        open_store(store_file, key, read_only=True)
    assert not store_file.exists()


# --- versions -------------------------------------------------------------------------------------


def test_newer_store_is_refused_and_not_touched(store_file, key):
    open_store(store_file, key).close()
    raw = _raw(store_file, key)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = store_file.read_bytes()
    with pytest.raises(StoreNewer, match="9999"):
        open_store(store_file, key)
    assert store_file.read_bytes() == before


def test_old_sqlite_is_refused(store_file, key, monkeypatch):
    monkeypatch.setattr(engine_module.sqlcipher, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(RuntimeError, match="may corrupt"):
        open_store(store_file, key)


# --- damage ---------------------------------------------------------------------------------------


def _all_rows(connection: sqlite3.Connection) -> list[list[object]]:
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    return [connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables]


@pytest.mark.parametrize("count", [FLIPS, pytest.param(1_000, marks=pytest.mark.slow)])
def test_no_flipped_bit_is_shown_as_good(store_file, key, make_person, tmp_path, count):
    with open_store(store_file, key) as store:
        _fill(store, make_person, 40)
    good = store_file.read_bytes()
    raw = _raw(store_file, key)
    expected = _all_rows(raw)
    raw.close()
    rng = random.Random(1)
    shown_wrong = 0
    for number in range(count):
        damaged = bytearray(good)
        place = rng.randrange(len(damaged))
        damaged[place] ^= 1 << rng.randrange(8)
        copy = tmp_path / f"{number}.db"
        copy.write_bytes(damaged)
        raw = _raw(copy, key)
        raw.execute("PRAGMA cipher_log_level = NONE")
        try:
            raw.execute("PRAGMA cipher_integrity_check").fetchall()
            shown_wrong += _all_rows(raw) != expected
        except sqlcipher.DatabaseError:
            pass
        raw.close()
        copy.unlink()
    assert shown_wrong == 0


def test_damage_met_while_working(store_file, key, make_person, capfd):
    """The file goes bad under an open store."""
    with open_store(store_file, key) as store:
        _fill(store, make_person, 200)
    with open_store(store_file, key) as store:
        content = store_file.read_bytes()
        store_file.write_bytes(content[:4096] + bytes(len(content) - 4096))
        error = store.read(lambda r: r.customers(limit=200)).exception()
        assert isinstance(error, StoreCorrupt)
        assert store.health().state is StoreState.BROKEN
        assert store.health().remedy
    assert capfd.readouterr().err == ""


def _read_everything(path: Path, key: bytes) -> None:
    with open_store(path, key) as store:
        page = store.read(lambda r: r.customers(limit=200)).result()
        store.read(lambda r: [r.customer(hit.id) for hit in page.customers]).result()
        store.read(lambda r: r.counts()).result()


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_truncated_file(store_file, key, make_person, keep):
    with open_store(store_file, key) as store:
        _fill(store, make_person, 200)
    content = store_file.read_bytes()
    store_file.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(StoreError):
        _read_everything(store_file, key)


def test_folder_that_cannot_be_made(tmp_path, key):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnreachable):
        open_store(tmp_path / "file" / "crmdesk.db", key)


# --- full disk ------------------------------------------------------------------------------------

# Runs in a child: RLIMIT_FSIZE makes every file of a process full at a size. SQLite reports
# its EFBIG as an I/O error, so the limit is laid on a small tmpfs where that can be mounted.
FULL_DISK = """
import sys, uuid, pathlib
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.store import open_store, StoreFull

folder = pathlib.Path(sys.argv[1])
def person(n):
    return Customer(id=uuid.UUID(int=n), kind=CustomerKind.PERSON, name=f"Anna {n}", role="x" * 900)

with open_store(folder / "full.db", bytes(32)) as store:
    saved = 0
    error = None
    while error is None and saved < 5000:
        error = store.write(lambda w: w.save_customer(person(saved))).exception()
        saved += error is None
    assert isinstance(error, StoreFull), repr(error)
    assert error.is_temporary
    assert store.health().state == "full"
    # Reading goes on, everything that was said to be saved is there.
    assert store.read(lambda r: r.counts()).result().customers == saved > 10
    assert isinstance(store.write(lambda w: w.save_customer(person(saved))).exception(), StoreFull)
    (folder / "ballast").unlink()
    store.write(lambda w: w.save_customer(person(saved))).result()
    assert store.health().state == "ready"
with open_store(folder / "full.db", bytes(32)) as store:
    assert store.read(lambda r: r.counts()).result().customers == saved + 1
print("saved", saved)
"""


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small disk can only be mounted by root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_copy_before_an_upgrade_on_a_full_disk_is_told(small_disk, key):
    file = small_disk / "full.db"
    with open_store(file, key) as store:
        assert store.read(lambda r: r.counts()).result().customers == 0
    free = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(bytes(free - 64_000))
    with pytest.raises(StoreFull):
        backup(make_engine(file, key), file, "0001")
    assert list((small_disk / "backups").iterdir()) == []


def test_full_disk(small_disk):
    (small_disk / "ballast").write_bytes(bytes(2_000_000))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FULL_DISK, str(small_disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("saved")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (5, StoreLocked),
        (13, StoreFull),
        (11, StoreCorrupt),
        (26, StoreCorrupt),
        (10, StoreUnreachable),
    ],
)
def test_every_result_code_has_words(code, kind):
    error = sqlcipher.OperationalError("x")
    error.sqlite_errorcode = code | 1 << 8  # an extended code
    words = in_words(error)
    assert isinstance(words, kind)
    assert words.what
    assert words.meaning
    assert words.remedy


def test_bug_of_ours_has_no_words():
    assert in_words(ValueError("x")) is None
    assert in_words(sqlcipher.ProgrammingError("x")) is None


# --- life -----------------------------------------------------------------------------------------


def test_closing_finishes_what_is_queued(store_file, key):
    store = open_store(store_file, key)
    jobs = [store.write(lambda w, n=n: w.set_secret(str(n), "x")) for n in range(50)]
    store.close()
    store.close()
    assert all(job.done() and job.exception() is None for job in jobs)
    assert store.health().state is StoreState.CLOSED


def test_cancelled_job_is_not_run(store):
    blocked = store.write(lambda _w: os.getpid())
    jobs = [store.write(lambda w, n=n: w.set_secret(str(n), "x")) for n in range(20)]
    cancelled = jobs[-1].cancel()
    blocked.result()
    store.write(lambda _w: None).result()
    assert (store.read(lambda r: r.secret("19")).result() is None) is cancelled


def test_health_of_a_good_store(store, store_file):
    health = store.health()
    assert (health.state, health.encrypted, health.schema) == (StoreState.READY, True, HEAD)
    assert health.place == str(store_file)
    assert health.message == ""
