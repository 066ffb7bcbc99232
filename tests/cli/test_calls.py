"""`crmdesk calls`: the call log on the command line."""

from __future__ import annotations

import json
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
    assert "--since" in capsys.readouterr().err
