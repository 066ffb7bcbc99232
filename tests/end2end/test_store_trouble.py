"""The customer store in trouble while calls come in: said in plain words, and no call is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import CallOutcome
from crmdesk.store import keys, open_store
from tests.end2end.people import JANE, people
from tests.end2end.programs import crmdesk, line_to, listen, make_home
from tests.fakes.fake_pbx import FakePbx

DATA = Path(__file__).parents[1] / "data" / "asterisk"
CALL = DATA / "01-direct-answered.ami"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with 6 MB of room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", str(folder)]
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


def raw(home: Path) -> sqlcipher.Connection:
    """Another program's connection to the store."""
    connection = sqlcipher.connect(str(home / "crmdesk.db"), isolation_level=None, timeout=0)
    connection.execute(f"PRAGMA key = \"x'{keys.DEMO_KEY.hex()}'\"")
    return connection


def outcomes(home: Path) -> list[CallOutcome | None]:
    """The calls of today in the store, however they ended."""
    with open_store(home / "crmdesk.db", keys.DEMO_KEY) as store:
        page = store.read(lambda reader: reader.calls(CallFilter())).result()
        return [row.call.outcome for row in page.rows if row.call.line_id == "office"]


def test_full_disk_keeps_calls_in_memory_until_there_is_room(
    small_disk: Path, pbx: FakePbx
) -> None:
    home = make_home(small_disk / "home", line_to(pbx), fill=people)
    before = len(outcomes(home))
    ballast = small_disk / "ballast"
    with listen(home) as desk:
        pbx.wait_for_login()
        fill_up(ballast)
        pbx.play(CALL)
        assert desk.wait_for("pop")["title"] == JANE.name  # pops go on
        told = desk.wait_for_error("The disk with the customer store is full.")
        assert "Free some space on that disk" in told
        assert desk.events("call") == []
        ballast.unlink()
        desk.wait_for("call", outcome="answered")
        desk.wait_for_error("The customer store takes calls again.")
        assert desk.stop() == 0
    assert outcomes(home)[: -before or None] == [CallOutcome.ANSWERED]


def fill_up(ballast: Path) -> None:
    """Takes the last byte of a disk."""
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


def test_locked_store_keeps_calls_in_memory_until_it_is_free(home: Path, pbx: FakePbx) -> None:
    other = raw(home)
    with listen(home) as desk:
        pbx.wait_for_login()
        other.execute("BEGIN IMMEDIATE")
        pbx.play(CALL)
        assert desk.wait_for("pop")["title"] == JANE.name
        told = desk.wait_for_error("Another program is using the customer store.")
        assert "saving is tried again" in told
        other.execute("ROLLBACK")
        other.close()
        desk.wait_for("call", outcome="answered")
        assert desk.stop() == 0
    assert CallOutcome.ANSWERED in outcomes(home)


@pytest.mark.parametrize("command", [("listen",), ("calls",), ("demo",)])
def test_store_of_a_newer_version_stays_closed_and_untouched(
    home: Path, command: tuple[str, ...]
) -> None:
    newer = raw(home)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    before = (home / "crmdesk.db").read_bytes()
    arguments = (*command, "--store", str(home / "crmdesk.db"))
    with crmdesk(home, *arguments) as program:
        assert program.wait() == 1
        said = "".join(program.errors)
    assert "The customer store has version 9999" in said
    assert "Install the newest CRMDesk" in said
    assert "Traceback" not in said
    assert (home / "crmdesk.db").read_bytes() == before
