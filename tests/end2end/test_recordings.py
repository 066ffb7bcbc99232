"""`crmdesk replay --json` on every recording agrees with what really happened.

What happened comes from `tests/data/asterisk/expected`, written from the phones' side of each
recording. The E.164 numbers stand here, written by hand: no number of this file was computed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main

DATA = Path(__file__).parents[1] / "data" / "asterisk"
EXPECTED = DATA / "expected"
RECORDINGS = sorted(str(path.relative_to(EXPECTED))[:-5] for path in EXPECTED.rglob("*.json"))
RECOMMENDED = sorted(path.stem for path in (DATA / "recommended-rights").glob("*.ami"))
TOLERANCE_S = 0.25
"""The expected seconds come from the phones' clock, ours from when the PBX told."""
LINE = ("--region", "DE", "--internal", "1001-1199", "--json")

JANE, JOHN, MARY = "+493023125710", "+442079460123", "+12025550142"
CUSTOMER = "+493023125777"

OUTSIDE = {
    JANE: JANE,
    JOHN: JOHN,
    MARY: MARY,
    CUSTOMER: CUSTOMER,
    "+493023125720": "+493023125720",
    "+493023125721": "+493023125721",
    "+33199001234": "+33199001234",
    **{f"+4930231256{n:02}": f"+4930231256{n:02}" for n in range(1, 21)},
    # 18-number-formats: one telephone, as eleven trunks write it
    "03023125777": CUSTOMER,
    "00493023125777": CUSTOMER,
    "493023125777": CUSTOMER,
    "+49-30-23125-777": CUSTOMER,
    "00442079460188": "+442079460188",
    "12025550123": "+12025550123",
    # digits of another country without anything that says so: they are no number of Berlin
    "1" * 79: None,
    "jane.doe": None,
    "1003": None,  # an extension, forwarded to itself
}
"""What the phone system wrote, to E.164 on a German line without an area code."""
UNCLEAR = {"2025550123", "23125777"}
"""Too little to be sure of; what is made of them is matching's affair (tests/matching)."""


def replay(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert main(["replay", str(path), *LINE, *options]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return [json.loads(line) for line in told.out.splitlines()]


def expected_of(name: str) -> list[dict[str, Any]]:
    calls = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    for call in calls:
        call["caller"] = caller_of(call)
        for key in ("ring_seconds", "talk_seconds"):
            call[key] = pytest.approx(call[key], abs=TOLERANCE_S)
    return calls


def caller_of(call: dict[str, Any]) -> str | None:
    if call["withheld"] or call["direction"] == "internal":
        return None
    raw = call["caller_raw"]
    return raw if raw in UNCLEAR else OUTSIDE[raw]


@pytest.mark.parametrize("name", RECORDINGS)
def test_replay_agrees_with_what_happened(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = replay(DATA / f"{name}.ami", capsys)
    for call in found:
        if call["caller_raw"] in UNCLEAR:
            call["caller"] = call["caller_raw"]
    assert found == expected_of(name)
    assert all(next(iter(call)) == "direction" and list(call)[-1] == "pops" for call in found)


@pytest.mark.parametrize("name", RECOMMENDED)
def test_recommended_rights_tell_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = replay(DATA / "recommended-rights" / f"{name}.ami", capsys)
    assert found == expected_of(name)


def test_table_of_numbers_has_nothing_to_spare() -> None:
    """Every line of the table is in a recording, so no line is a guess nobody checks."""
    calls = [call for name in RECORDINGS for call in expected_of(name)]
    there = {c["caller_raw"] for c in calls if not c["withheld"] and c["direction"] != "internal"}
    assert there == set(OUTSIDE) | UNCLEAR
