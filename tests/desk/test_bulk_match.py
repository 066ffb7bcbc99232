"""Many numbers at once: repeated ones are answered from memory, and columns are no formulas."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import pytest

from crmdesk.desk.caller import LookUp
from crmdesk.desk.matching import bulk as bulk_match
from crmdesk.desk.matching.bulk import BulkMatcher, in_columns
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Reader, Writer, keys, open_store

SHARED, OTHER, ANNAS = "+442079460312", "+442079460313", "+493023125710"
LINE = LineSettings(id="support", name="Support", region="DE")


def _fill(writer: Writer) -> None:
    for key, name in enumerate(("Anna Hansen", "Ben Brandt"), start=1):
        numbers = [PhoneNumber(raw, raw, "home") for raw in (SHARED, OTHER)]
        if key == 1:
            numbers.append(PhoneNumber(ANNAS, ANNAS, "work"))
        person = CustomerKind.PERSON
        writer.save_customer(Customer(uuid.UUID(int=key), person, name, numbers=tuple(numbers)))


class _Asked:
    """A lookup that counts how often it is asked for a number."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.numbers: list[str] = []

    def by_e164(self, e164: str) -> object:
        self.numbers.append(e164)
        return self._reader.by_e164(e164)

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)


def _answers(folder: Path, texts: list[str]) -> tuple[list[str], list[str], dict[str, int]]:
    """The states, the numbers that were looked for, and the count of states."""

    def work(reader: Reader) -> tuple[list[str], list[str], dict[str, int]]:
        asked = _Asked(reader)
        settings = Settings(lines=(LINE,))
        matcher = BulkMatcher(asked, LookUp.of(LINE, settings), LINE.id, date(2026, 1, 5))  # type: ignore[arg-type]
        states = [str(matcher.match(text).state) for text in texts]
        return states, asked.numbers, dict(matcher.states)

    with open_store(folder / "demo.db", keys.DEMO_KEY) as store:
        store.write(_fill).result()
        return store.read(work).result()


def test_number_that_several_share_is_looked_for_once(tmp_path: Path) -> None:
    once = _answers(tmp_path, [SHARED])[1]
    states, asked, counted = _answers(tmp_path, [SHARED] * 50)
    assert asked == once
    assert states == ["several"] * 50
    assert counted == {"several": 50}


def test_what_is_remembered_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_match, "REMEMBERED", 1)
    states, asked, _ = _answers(tmp_path, [SHARED, OTHER, SHARED, SHARED, ANNAS, SHARED])
    assert states == ["several"] * 4 + ["exact", "several"]
    assert list(dict.fromkeys(asked)) == [SHARED, OTHER, ANNAS]
    assert asked[-1] == ANNAS  # one number with one owner drives nothing out


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A1", "@SUM(A1)", "+1+cmd|x", "-1+1", "＝1"])
def test_columns_are_no_formulas(text: str) -> None:
    assert in_columns((text, "none")) == f"'{text}\tnone"


def test_plain_numbers_stay_as_they_came() -> None:
    assert in_columns((ANNAS, "030 23125710")) == f"{ANNAS}\t030 23125710"
