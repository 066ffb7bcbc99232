"""`crmdesk replay`: its options, its two forms of output, and what it refuses."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.store import keys, open_store
from tests.end2end.people import JANE, people

DATA = Path(__file__).parents[1] / "data" / "asterisk"
CALL = str(DATA / "01-direct-answered.ami")
FORMATS = str(DATA / "18-number-formats.ami")


def test_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", CALL, "--region", "de", "--internal", "1001-1199"]) == 0
    call, pop = capsys.readouterr().out.splitlines()
    assert "answered by 1001" in call
    assert pop.startswith("pop on 1001: ")
    assert pop.count("030 23125710") == 1
    assert pop.endswith("  [no match]")


def test_named_store_names_the_caller_and_keeps_the_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "mine.db"
    with open_store(place, keys.DEMO_KEY) as store:
        people(store)
    assert main(["replay", CALL, "--region", "DE", "--store", str(place)]) == 0
    assert JANE.name in capsys.readouterr().out
    assert main(["replay", CALL, "--region", "DE", "--store", str(place), "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1  # the same call, not a second one
    assert main(["calls", "--store", str(place), "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2  # and the one of nine days ago


def test_without_store_nothing_is_left(crmdesk_home: Path) -> None:
    assert main(["replay", CALL]) == 0
    assert not crmdesk_home.exists()


def test_one_extension(capsys: pytest.CaptureFixture[str]) -> None:
    recording = str(DATA / "06-queue-ringall-answered.ami")
    assert main(["replay", recording, "--extension", "1002"]) == 0
    pops = [line for line in capsys.readouterr().out.splitlines() if line.startswith("pop on")]
    assert [line.split()[2] for line in pops] == ["1002:"]


@pytest.mark.parametrize(
    ("when", "pops"), [("ringing", ["1001", "1002", "1003"]), ("answer", ["1003"])]
)
def test_pop_when(when: str, pops: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    recording = str(DATA / "06-queue-ringall-answered.ami")
    assert main(["replay", recording, "--json", "--pop-when", when]) == 0
    (call,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert sorted(pop["extension"] for pop in call["pops"]) == pops


def test_area_code_completes_local_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--region", "DE", "--area-code", "30", "--json")
    assert main(["replay", FORMATS, *options]) == 0
    calls = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_raw = {call["caller_raw"]: call["caller"] for call in calls}
    assert by_raw["23125777"] == "+493023125777"


def test_recording_without_its_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.ami"
    copy.write_bytes(Path(CALL).read_bytes())
    assert main(["replay", str(copy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "answered"


@pytest.mark.parametrize("speed", ["0", "-1", "inf", "nan", "fast"])
def test_speed_is_above_nothing(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["replay", CALL, "--speed", speed])
    assert "speed" in capsys.readouterr().err


def test_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "none.ami")]) == 1
    assert "none.ami" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"\x00" * 5000, b"GET / HTTP/1.1\r\n\r\n"])
def test_file_that_is_no_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    file = tmp_path / "odd.ami"
    file.write_bytes(data)
    assert main(["replay", str(file), "--json"]) in {0, 1}
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err


def test_times_for_people_are_local(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = set()
    for zone in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert main(["replay", CALL]) == 0
        shown.add(capsys.readouterr().out.split()[0])
    monkeypatch.undo()
    time.tzset()
    hours = {int(clock[:2]) for clock in shown}
    assert (max(hours) - min(hours)) % 24 in {9, 15}
    assert len({clock[2:] for clock in shown}) == 1


def test_windows_and_json_are_not_both_to_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["replay", CALL, "--gui", "--json"])
    assert "--json" in capsys.readouterr().err


def test_store_behind_a_passphrase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text("correct horse battery staple")
    options = ("--store", str(tmp_path / "mine.db"), "--passphrase-file", str(file))
    assert main(["replay", CALL, *options]) == 0
    assert "recovery key" in capsys.readouterr().err
    assert main(["calls", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "answered"
    assert main(["replay", CALL, *options[:2]]) == 1
    assert "assphrase" in capsys.readouterr().err


def test_file_without_events_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(repository / "README.md")]) == 1
    assert "no phone events in README.md" in capsys.readouterr().err


@pytest.mark.parametrize("region", ["XX", "Germany"])
def test_region_that_is_none(region: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", CALL, "--region", region]) == 1
    assert "two letters, such as DE" in capsys.readouterr().err


@pytest.mark.parametrize("ranges", ["x", "1-", "5-1"])
def test_ranges_that_are_none(ranges: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", CALL, "--internal", ranges]) == 1
    assert ranges in capsys.readouterr().err
