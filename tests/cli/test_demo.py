"""`crmdesk demo`: invented people, once."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from crmdesk.cli import main


def counted(place: Path, capsys: pytest.CaptureFixture[str]) -> int:
    capsys.readouterr()
    assert main(["calls", "--store", str(place), "--json", "--limit", "100000"]) == 0
    return len([json.loads(line) for line in capsys.readouterr().out.splitlines()])


def test_store_is_made_and_says_that_its_key_is_public(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "demo.db"
    assert main(["demo", "--customers", "20", "--history", "60", "--store", str(place)]) == 0
    told = capsys.readouterr()
    assert "Its key is public: invented people only." in told.out
    command = shlex.split(told.out.splitlines()[-1])
    assert command[0] == "crmdesk"
    assert main([*command[1:], "--json", "--limit", "100"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 60
    assert told.err == ""  # a bar is for terminals
    assert counted(place, capsys) == 60


def test_second_time_adds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "demo.db"
    assert main(["demo", "--customers", "20", "--store", str(place)]) == 0
    before = counted(place, capsys)
    assert main(["demo", "--customers", "500", "--store", str(place)]) == 0
    assert "already; nothing was added" in capsys.readouterr().out
    assert counted(place, capsys) == before


@pytest.mark.parametrize("count", ["0", "-5", "many"])
def test_counts_are_above_nothing(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["demo", "--customers", count])
    told = capsys.readouterr().err
    assert "--customers" in told
    assert "such as 200" in told
