"""Standard output that takes no more: a full disk, a reader that has seen enough."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crmdesk.store import keys, open_store
from crmdesk.store.demo import make_demo

PROGRAM = [sys.executable, "-m", "crmdesk"]
COMMANDS = pytest.mark.parametrize("command", [["--version"], ["--help"], ["calls"]], ids=" ".join)


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """A desk with calls; and what is printed is written at the end, as people have it."""
    with open_store(tmp_path / "crmdesk.db", keys.DEMO_KEY) as store:
        make_demo(store, 5, calls=5)
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return usual | {"CRMDESK_HOME": str(tmp_path)}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@COMMANDS
def test_a_full_disk_is_told_in_words(command: list[str], variables: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *command], stdout=full, stderr=subprocess.PIPE, env=variables, check=False
        )
    assert done.returncode == 1
    assert done.stderr == b"crmdesk: the output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes of Windows break in another way")
@COMMANDS
def test_a_reader_that_has_seen_enough_is_no_error(
    command: list[str], variables: dict[str, str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [*PROGRAM, *command], stdout=closed, stderr=subprocess.PIPE, env=variables, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")
