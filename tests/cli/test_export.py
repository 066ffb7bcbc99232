"""`crmdesk export`: options, streams and refusals; also as a program of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.cli.export import FORMATS
from crmdesk.store import keys, open_store
from crmdesk.store.demo import make_demo
from crmdesk.sync.export.formats import ExportFormat

PROGRAM = (sys.executable, "-m", "crmdesk", "export")


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export") / "demo.db"
    with open_store(place, keys.DEMO_KEY) as store:
        make_demo(store, 60, calls=40)
    return place


@pytest.fixture
def place(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / "home"))
    return str(demo_store)


def test_formats_of_the_command_line_are_those_of_the_export() -> None:
    assert tuple(ExportFormat) == FORMATS


def test_customers_into_a_file_with_a_summary(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "c.jsonl"
    assert main(["export", "customers", "--store", place, "--out", str(out), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["rows"], summary["place"], summary["format"]) == (60, str(out), "jsonl")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 60


def test_the_name_of_the_file_tells_the_format(place: str, tmp_path: Path) -> None:
    for name, start in (("c.xlsx", b"PK"), ("c.vcf", b"BEGIN:VCARD"), ("c.txt", b"Name,Kind")):
        out = tmp_path / name
        assert main(["export", "customers", "--store", place, "--out", str(out)]) == 0
        assert out.read_bytes().startswith(start)


def test_standard_output_has_the_export_alone(place: str) -> None:
    command = [*PROGRAM, "calls", "--store", place, "--delimiter", "semicolon", "--bom", "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    lines = done.stdout.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Started;Direction;Number;")
    assert len(lines) == 40 + 2
    assert json.loads(done.stderr)["rows"] == 40


def test_a_reader_that_has_seen_enough_is_no_error(place: str) -> None:
    command = [*PROGRAM, "calls", "--format", "jsonl", "--store", place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_standard_output(place: str) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, "customers", "--store", place]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"does not fit" in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_does_not_fit_together_is_refused(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "c.csv"
    there.write_text("mine")
    for words, said in (
        (["customers", "--out", str(there)], "--force"),
        (["customers", "--delimiter", "ab", "--out", "-"], "no delimiter"),
        (["calls", "--format", "vcard"], "no address book"),
    ):
        assert main(["export", *words, "--store", place]) == 1
        assert said in capsys.readouterr().err
    assert there.read_text() == "mine"


def test_progress_needs_a_file(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "customers", "--progress", "json", "--store", place]) == 1
    assert "Name a file" in json.loads(capsys.readouterr().out)["error"]["remedy"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_program_that_is_told_to_stop_leaves_no_file(tmp_path: Path) -> None:
    store = tmp_path / "demo.db"
    with open_store(store, keys.DEMO_KEY) as opened:
        make_demo(opened, 5_000, calls=0)
    folder = tmp_path / "out"
    folder.mkdir()
    command = [*PROGRAM, "customers", "--store", str(store), "--out", str(folder / "c.csv"),
               "--progress", "json"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert not (folder / "c.csv").exists()
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 130
    assert b"result" not in rest
    assert list(folder.iterdir()) == []
