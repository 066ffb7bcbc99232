"""`crmdesk demo`: invented people, once."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.desk.handover.server import HandoverServer
from crmdesk.domain.requests import DeskRequest, RequestVerb


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


def test_without_customers_the_path_of_the_demo_is_named(
    crmdesk_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--customers", "5"]) == 0
    capsys.readouterr()
    assert main(["match", "+493023125710"]) == 1
    told = capsys.readouterr().err
    options = shlex.split(told.strip().splitlines()[-1].split("the demo is at ")[1])
    assert main(["match", "+493023125710", *options]) == 0


@pytest.mark.skipif(os.name == "nt", reason="local sockets of POSIX")
def test_second_demo_brings_the_open_desk_to_the_front(
    crmdesk_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[DeskRequest] = []

    async def desk() -> int:
        running = HandoverServer(heard.append)
        await running.start()
        try:
            return await asyncio.to_thread(main, ["demo", "--show", "--customers", "5"])
        finally:
            running.stop()

    assert asyncio.run(desk()) == 0
    assert [request.verb for request in heard] == [RequestVerb.FRONT]
    assert "it was brought to the front" in capsys.readouterr().out
    assert not (crmdesk_home / "demo.db").exists()
