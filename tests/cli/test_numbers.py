"""`crmdesk numbers`: the report, bulk fixes, taking them back; also as a program of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main
from crmdesk.cli.numbers import FIXES
from crmdesk.desk.clinic.report import FIXABLE
from crmdesk.domain.customers import Address, Customer, CustomerKind, PhoneNumber
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Writer, keys, open_store

LINES = (
    LineSettings(id="de", name="Support", region="DE", internal=("1001-1199",)),
    LineSettings(id="us", name="Sales", region="US"),
)


def fill(writer: Writer) -> None:
    for name, country, raw, e164 in (
        ("Ann Plus", "DE", "4930 23125 107", None),
        ("Bob Region", "GB", "020 7946 0123", None),
        ("Eve Word", "DE", "call mobile", None),
        ("Ida Well", "DE", "+493023125190", "+493023125190"),
        ("Uma Unknown", "", "202 555 0143", None),
    ):
        address = Address(kind="home", street="", postcode="", city="", country=country)
        writer.save_customer(
            Customer(
                id=uuid.uuid5(uuid.NAMESPACE_DNS, name), kind=CustomerKind.PERSON, name=name,
                numbers=(PhoneNumber(raw=raw, e164=e164, label="work"),),
                addresses=(address,) if country else (),
            )
        )  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    file.save(paths.settings_file(), Settings(lines=LINES))
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as store:
        store.write(fill).result()
    return str(tmp_path / "x.db")


def output(
    capsys: pytest.CaptureFixture[str], place: str, command: str, *words: str
) -> dict[str, Any]:
    assert main(["numbers", command, *words, "--json", "--store", place]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def raws(place: str) -> dict[str, str | None]:
    with open_store(place, keys.DEMO_KEY, read_only=True) as store:
        rows = store.read(lambda reader: reader.stored_numbers((b"", b""), 100)).result()
    return {row.raw: row.e164 for row in rows}


def test_kinds_of_the_command_line_are_those_of_the_clinic() -> None:
    assert tuple(kind.value for kind in FIXABLE) == FIXES


def test_clinic_says_what_is_wrong(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "clinic", "--store", place]) == 0
    text = capsys.readouterr().out
    assert "5 numbers of 5 customers" in text
    assert "Ann Plus: 4930 23125 107 -> +493023125107" in text
    assert "crmdesk numbers fix --dry-run missing-plus wrong-region" in text
    assert "No calls from outside" in text


def test_clinic_as_json(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = output(capsys, place, "clinic", "--examples", "1")
    problems = {(p["kind"], p["line"]): p["count"] for p in report["problems"]}
    assert problems["missing-plus", ""] == 1
    assert problems["letters", ""] == 1
    assert problems["unreachable", "us"] >= 1
    assert all(len(problem["examples"]) <= 1 for problem in report["problems"])
    assert report["region"] == "DE"


def test_a_number_without_a_country_is_read_as_on_the_line_that_is_named(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output(capsys, place, "fix", *FIXES)
    assert raws(place)["202 555 0143"] is None, "on the German line it may lack an area code"
    output(capsys, place, "fix", "wrong-region", "--line", "us")
    assert raws(place)["202 555 0143"] == "+12025550143"


def test_a_line_that_does_not_exist_is_refused(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["numbers", "clinic", "--line", "fr", "--store", place]) == 1
    assert "de, us" in capsys.readouterr().err


def test_fix_shows_first_then_fixes_then_undoes(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = raws(place)
    dry = output(capsys, place, "fix", "missing-plus", "wrong-region", "--dry-run")
    assert (dry["dry_run"], dry["fixable"], dry["fixed"], dry["change"]) == (True, 2, 0, None)
    assert {row["after"] for row in dry["rows"]} == {"+493023125107", "+442079460123"}
    assert raws(place) == before
    done = output(capsys, place, "fix", "missing-plus", "wrong-region")
    assert (done["fixed"], done["skipped"]) == (2, 0)
    assert done["kinds"] == {"missing-plus": 1, "wrong-region": 1}
    assert raws(place)["4930 23125 107"] == "+493023125107"
    undone = output(capsys, place, "undo", done["change"])
    assert undone == {"change": done["change"], "restored": 2, "kept": 0}
    assert raws(place) == before


def test_words_for_people(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "fix", "missing-plus", "--dry-run", "--store", place]) == 0
    assert "1 number would be fixed. Nothing was changed." in capsys.readouterr().out
    assert main(["numbers", "fix", "missing-plus", "--store", place]) == 0
    assert "To take it back: crmdesk numbers undo " in capsys.readouterr().out
    assert main(["numbers", "undo", "--store", place]) == 0
    assert "1 number is as before." in capsys.readouterr().out
    assert main(["numbers", "undo", "--store", place]) == 1
    assert "no fix of numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["fix"], ["fix", "everything"], ["undo", "x"], ["clinic", "--memory-limit", "1"]]
)
def test_wrong_words_are_refused(place: str, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["numbers", *words, "--store", place])
    assert ended.value.code == 2


def test_an_unknown_fix_is_not_undone(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "undo", str(uuid.uuid4()), "--store", place]) == 1
    assert capsys.readouterr().err


def test_as_a_child_it_takes_key_and_settings_from_its_input(place: str) -> None:
    line = json.dumps(
        {
            "key": keys.DEMO_KEY.hex(),
            "settings": {"lines": [{"id": "gb", "name": "London", "region": "GB"}]},
        }
    )
    program = [sys.executable, "-m", "crmdesk", "numbers", "clinic", "--progress=json",
               "--low-priority", "--key-from-stdin", f"--store={place}"]  # fmt: skip
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(line.encode() + b"\n")
        child.stdin.flush()  # and stays open: closing it would cancel
        told = [json.loads(words) for words in child.stdout]
        assert child.wait(60) == 0
    assert told[-1]["result"]["region"] == "GB"
    assert all("progress" in words for words in told[:-1])


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGTERM")
def test_sigterm_while_it_waits_for_its_key_ends_it(place: str) -> None:
    program = [sys.executable, "-m", "crmdesk", "numbers", "clinic", "--progress=json",
               "--key-from-stdin", f"--store={place}"]  # fmt: skip
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) != 0
        assert child.stdout is not None
        assert child.stdout.read() == b""
