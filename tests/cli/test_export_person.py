"""`crmdesk export person`: the copy a person may ask for."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.store import keys, open_store

JANE = uuid.UUID(int=10)
SHARED = PhoneNumber("+493023125100", "+493023125100", "work")
OWN = PhoneNumber("+493023125101", "+493023125101", "mobile")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path / "home"))
    file = tmp_path / "desk.db"
    with open_store(file, keys.DEMO_KEY) as store:
        jane = Customer(JANE, CustomerKind.PERSON, "Jane Doe", numbers=(SHARED, OWN))
        max_ = Customer(uuid.UUID(int=11), CustomerKind.PERSON, "Max Neumann", numbers=(SHARED,))
        for one in (jane, max_):
            store.write(lambda w, one=one: w.save_customer(one)).result()
        store.write(lambda w: w.add_note(JANE, "Wants a lamp", "1001", w.moment())).result()
    return str(file)


@pytest.mark.parametrize("who", [str(JANE), "+49 30 23125 101", "030 23125101", "(030) 23125-101"])
def test_all_of_a_person_goes_into_one_file(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    out = tmp_path / "jane.json"
    assert main(["export", "person", who, "--out", str(out), "--store", place]) == 0
    said = capsys.readouterr().out
    assert "about Jane Doe" in said
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["name"] == "Jane Doe"
    assert written["tables"]["interaction"][0]["detail"] == "Wants a lamp"
    assert "Max" not in out.read_text(encoding="utf-8")
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o600


def test_summary_as_json(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "jane.json"
    command = ["export", "person", str(JANE), "--out", str(out), "--store", place, "--json"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out) == {"place": str(out), "rows": 4, "tables": 3}


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("+49 30 23125 100", "belongs to 2 customers"),
        ("030 23125 100", "belongs to 2 customers"),
        ("+49 30 23125 199", "There is no customer"),
        ("23125101", "There is no customer"),
        (str(uuid.UUID(int=99)), "There is no customer"),
        ("Jane Doe", "There is no customer"),
    ],
)
def test_nobody_and_several_are_told_and_nothing_is_written(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], who: str, said: str
) -> None:
    out = tmp_path / "jane.json"
    assert main(["export", "person", who, "--out", str(out), "--store", place]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_there_is_replaced_only_if_wanted(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "jane.json"
    out.write_text("mine", encoding="utf-8")
    command = ["export", "person", str(JANE), "--out", str(out), "--store", place]
    assert main(command) == 1
    assert "is there already" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine"
    assert main([*command, "--force"]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["name"] == "Jane Doe"
