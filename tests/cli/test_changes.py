"""`crmdesk changes`, as it is called."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.store import Writer, keys, open_store

NUMBERS = ("+442079460123", "+442079460124")


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = tmp_path / "crmdesk.db"

    def fill(writer: Writer) -> None:
        for number in NUMBERS:
            writer.ignore(IgnoreRule(uuid.uuid4(), IgnoreKind.EXACT, number), "Ben")

    with open_store(place, keys.DEMO_KEY) as opened:
        opened.write(fill).result()
    return str(place)


def changes(capsys: pytest.CaptureFixture[str], store: str, *options: str) -> list[str]:
    assert main(["changes", "--store", store, *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_an_older_step_is_listed_and_taken_back(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    newest, oldest = map(json.loads, changes(capsys, store, "--json"))
    assert (oldest["who"], oldest["rows"], oldest["state"]) == ("Ben", 1, "done")
    told = changes(capsys, store, "--undo", oldest["id"])
    assert told == [f"Taken back: {oldest['title']}.", "1 row is as before."]
    lines = changes(capsys, store)
    assert lines[1].startswith(oldest["id"])
    assert lines[1].endswith("[Ben, 1 row, taken back by the command line]")
    with open_store(store, keys.DEMO_KEY) as opened:
        (rule,) = opened.read(lambda reader: reader.ignored()).result()
    assert rule.text == NUMBERS[1]
    (first,) = changes(capsys, store, "--limit", "1")
    assert first.startswith(newest["id"])


def test_what_cannot_be_taken_back_is_said(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    newest = json.loads(changes(capsys, store, "--json", "--limit", "1")[0])["id"]
    changes(capsys, store, "--undo", newest)
    assert main(["changes", "--store", store, "--undo", newest]) == 1
    assert "taken back already" in capsys.readouterr().err
    assert main(["changes", "--store", store, "--undo", str(uuid.uuid4())]) == 1
    assert "list of changes" in capsys.readouterr().err


def test_empty_list_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "crmdesk.db"
    open_store(place, keys.DEMO_KEY).close()
    assert changes(capsys, str(place)) == ["Nothing was changed yet."]
