"""`crmdesk calls`: the call log on the command line."""

from __future__ import annotations

import getpass
import io
import json
import sys
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.store import keys, open_store
from crmdesk.store.demo import make_demo


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("calls") / "demo.db"
    with open_store(file, keys.DEMO_KEY) as store:
        make_demo(store, 40, calls=500)
    return str(file)


def listed(capsys: pytest.CaptureFixture[str], place: str, *options: str) -> list[dict[str, str]]:
    assert main(["calls", "--json", "--store", place, *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_newest_first_and_no_more_than_wanted(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = listed(capsys, place, "--limit", "7")
    assert len(rows) == 7
    times = [row["started_at"] for row in rows]
    assert times == sorted(times, reverse=True)


def test_pages_make_one_list(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, place, "--limit", "450")
    assert len({row["id"] for row in rows}) == 450


def test_missed_calls_only(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, place, "--missed", "--limit", "1000")
    assert 0 < len(rows) < 500
    assert all(row["answered_by"] is None for row in rows)


def test_text_finds_names(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    every = listed(capsys, place, "--limit", "1000")
    name = next(row["customer"]["name"] for row in every if row["customer"])  # type: ignore[index]
    found = listed(capsys, place, "--text", name, "--limit", "1000")
    assert 0 < len(found) < len(every)


def test_since_a_day(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys, place, "--since", "2100-01-01") == []
    assert listed(capsys, place, "--since", "2000-01-01") != []


def test_text_for_people(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calls", "--store", place, "--limit", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(" ring " in line and " talk " in line for line in lines)


def test_day_that_is_none(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["calls", "--store", place, "--since", "yesterday"])
    told = capsys.readouterr().err
    assert "--since" in told
    assert "2026-03-31" in told
    assert "_moment" not in told


@pytest.mark.parametrize("limit", ["-1", "0", "many"])
def test_limit_is_above_nothing(place: str, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["calls", "--store", place, "--limit", limit])
    assert "--limit" in capsys.readouterr().err


def test_nothing_found_is_told_to_people_only(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calls", "--store", place, "--since", "2100-01-01"]) == 0
    assert capsys.readouterr().out == "No calls match.\n"
    assert main(["calls", "--store", place, "--since", "2100-01-01", "--json"]) == 0
    assert capsys.readouterr().out == ""
    empty = tmp_path / "empty.db"
    open_store(empty, keys.DEMO_KEY).close()
    assert main(["calls", "--store", str(empty)]) == 0
    assert capsys.readouterr().out == "The call log is empty.\n"


def test_reading_makes_no_store(
    crmdesk_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("river lamp cloud seven\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "river lamp cloud seven")
    assert main(["calls"]) == 1
    assert "There is no customer store yet. `crmdesk` makes one" in capsys.readouterr().err
    assert not list(crmdesk_home.rglob("*.db"))
    assert main(["calls", "--store", str(tmp_path / "nope.db")]) == 1
    assert "nope.db does not exist" in capsys.readouterr().err
    assert not (tmp_path / "nope.db").exists()
