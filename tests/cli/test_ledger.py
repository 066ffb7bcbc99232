"""`crmdesk ledger` and `crmdesk replay --ledger`, as they are called."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome
from crmdesk.store import keys, open_store

RECORDING = Path(__file__).parents[1] / "data" / "asterisk" / "06-queue-ringall-answered.ami"
LINE = ("--region", "DE", "--internal", "1001-1199")
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CALL = uuid.UUID(int=7)
JANE = LedgerLine(
    START, "office", "phone_rang", LedgerOutcome.POPPED, CALL, "1001", "e164",
    "+493023125710", 2, 31.25, "Phone 1001 rang: card shown, 31 ms",
)  # fmt: skip
LOST = LedgerLine(
    START + timedelta(hours=1), "office", "line_lost", LedgerOutcome.NOTED, rule="line_lost",
    words="The phone line was lost",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = tmp_path / "crmdesk.db"
    with open_store(place, keys.DEMO_KEY) as opened:
        opened.write(lambda writer: writer.add_ledger([JANE, LOST])).result()
    return str(place)


def ledger(capsys: pytest.CaptureFixture[str], store: str, *options: str) -> list[str]:
    assert main(["ledger", "--store", store, *options]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out.splitlines()


def as_json(capsys: pytest.CaptureFixture[str], store: str, *options: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger(capsys, store, "--json", *options)]


def test_every_field_of_a_line_is_printed(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    newest, first = as_json(capsys, store)
    assert first == {
        "sequence": 1,
        "at": "2026-11-22T09:00:00+00:00",
        "line": "office",
        "event": "phone_rang",
        "outcome": "popped",
        "rule": "e164",
        "call": str(CALL),
        "extension": "1001",
        "digits": "+493023125710",
        "candidates": 2,
        "millis": 31.2,
        "words": "Phone 1001 rang: card shown, 31 ms",
    }
    assert (newest["call"], newest["millis"], newest["outcome"]) == (None, None, "noted")


def test_people_get_columns(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    lost, jane = ledger(capsys, store)
    assert lost.index("The phone line") == jane.index("Phone 1001 rang")
    assert lost.index("noted") == jane.index("popped")
    assert jane.startswith(f"{START.astimezone():%Y-%m-%d %H:%M:%S}.000  popped")


@pytest.mark.parametrize(
    ("options", "sequences"),
    [
        (("--limit", "1"), [2]),
        (("--outcome", "popped"), [1]),
        (("--outcome", "popped", "--outcome", "noted"), [2, 1]),
        (("--call", str(CALL)), [1]),
        (("--since", "2026-11-22T09:30+00:00"), [2]),
        (("--text", "030 23125710"), [1]),
    ],
)
def test_filters(
    store: str,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    sequences: list[int],
) -> None:
    assert [line["sequence"] for line in as_json(capsys, store, *options)] == sequences


def test_more_than_a_page_is_printed_whole(
    store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmdesk.cli.ledger.PAGE", 1)
    assert len(as_json(capsys, store)) == 2


def test_nothing_to_print_is_said(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ledger(capsys, store, "--outcome", "failed") == ["No line fits."]
    empty = tmp_path / "empty.db"
    open_store(empty, keys.DEMO_KEY).close()
    assert ledger(capsys, str(empty)) == ["The ledger is empty: no calls were followed yet."]
    assert as_json(capsys, str(empty)) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--outcome", "nonsense"), "'nonsense' is none of popped, ambiguous"),
        (("--call", "17"), "'17' is no id of a call"),
        (("--limit", "0"), "is no count"),
        (("--since", "yesterday"), "is no day or time"),
    ],
)
def test_wrong_options_are_told_in_words(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["ledger", *options])
    assert left.value.code == 2
    assert words in capsys.readouterr().err


def test_a_recording_is_examined_without_windows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(RECORDING), *LINE, "--extension", "1001", "--ledger", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    rang = {line["extension"]: line["rule"] for line in lines if line["event"] == "phone_rang"}
    assert rang == {"1001": "nothing", "1002": "other_extension", "1003": "other_extension"}


def test_replay_prints_columns_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(RECORDING), *LINE, "--ledger"]) == 0
    told = capsys.readouterr().out
    assert "Phone 1001 rang: card shown, no customer has the number" in told
