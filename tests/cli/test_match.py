"""`crmdesk match`: one number with all that is known, and files of anything."""

from __future__ import annotations

import io
import json
import sys
import uuid
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.cli import main, match_file
from crmdesk.desk.matching.bulk import LONGEST_LINE, count_lines, read_lines
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.matches import MatchState
from crmdesk.settings import file, paths
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Writer, keys, open_store

ANNA, BEN = uuid.UUID(int=1), uuid.UUID(int=2)
SHARED = "+442079460312"
LINES = (
    LineSettings(id="support", name="Support", region="DE", area_code="30"),
    LineSettings(id="london", name="London", region="GB", line_prefix="9"),
)
KEYS = {
    "number", "e164", "extension", "region", "state", "rule", "digits", "customer", "candidates",
    "owner_count", "link_from", "trust", "facts", "ignored", "steps", "other_readings",
    "explanation", "line",
}  # fmt: skip


def _fill(writer: Writer) -> None:
    anna = (PhoneNumber("+493023125710", "+493023125710", "work"),
            PhoneNumber(SHARED, SHARED, "home"))  # fmt: skip
    old = PhoneNumber("+4917139200123", "+4917139200123", "mobile", until=date(2023, 12, 31))
    both = (PhoneNumber(SHARED, SHARED, "home"), old)
    writer.save_customer(
        Customer(ANNA, CustomerKind.PERSON, "Anna Hansen", account_id="4711", numbers=anna)
    )
    writer.save_customer(Customer(BEN, CustomerKind.PERSON, "Ben Brandt", numbers=both))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    made: Path = tmp_path_factory.mktemp("match") / "demo.db"
    with open_store(made, keys.DEMO_KEY) as store:
        store.write(_fill).result()
    return str(made)


@pytest.fixture(autouse=True)
def _lines(crmdesk_home: Path) -> None:
    file.save(paths.settings_file(), Settings(lines=LINES))


def asked(capsys: pytest.CaptureFixture[str], place: str, *arguments: str) -> dict[str, object]:
    assert main(["match", "--json", "--store", place, *arguments]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_form_is_the_documented_one(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, place, "030 23125710")
    assert set(found) == KEYS
    assert (found["number"], found["e164"]) == ("030 23125710", "+493023125710")
    assert (found["state"], found["rule"], found["line"]) == ("exact", "e164", "support")
    assert found["customer"] == {"id": str(ANNA), "name": "Anna Hansen"}
    (candidate,) = found["candidates"]  # type: ignore[misc]
    assert set(candidate) == {
        "customer", "name", "company", "label", "score", "linked", "barred", "evidence",
    }  # fmt: skip
    assert candidate["linked"]
    assert candidate["score"] == sum(one["points"] for one in candidate["evidence"]) == 800
    assert found["facts"] == {"region": "DE", "area": "Berlin", "line_type": "fixed"}
    assert found["steps"]


def test_nobody_is_an_answer_too(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, place, "+12025550123")
    assert (found["state"], found["customer"], found["candidates"]) == ("none", None, [])


def test_shared_number_links_nobody(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, place, SHARED)
    assert (found["state"], found["customer"], found["owner_count"]) == ("several", None, 2)
    assert not any(one["linked"] for one in found["candidates"])  # type: ignore[attr-defined]


def test_day_of_the_call_decides_who_had_the_number(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    now = asked(capsys, place, "0171 39200123")
    assert now["customer"] is None
    (former,) = now["candidates"]  # type: ignore[misc]
    assert "2023" in former["barred"]
    then = asked(capsys, place, "0171 39200123", "--day", "2022-05-01")
    assert then["customer"] == {"id": str(BEN), "name": "Ben Brandt"}


def test_account_id_beats_the_number(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, place, "anonymous", "--account", "4711")
    assert (found["rule"], found["customer"]) == (
        "account_id",
        {"id": str(ANNA), "name": "Anna Hansen"},
    )


def test_wrong_signature_links_nobody(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, place, "+493023125710", "--verification", "failed")
    assert (found["state"], found["customer"]) == ("suggested", None)
    assert found["trust"]["level"] == "doubtful"  # type: ignore[index]


def test_own_number_as_caller_is_doubted(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, place, "+493023125200", "--dialled", "+493023125200")
    assert found["trust"]["level"] == "doubtful"  # type: ignore[index]


def test_line_decides_how_the_number_is_read(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(capsys, place, "902079460312", "--line", "london")["e164"] == SHARED
    assert asked(capsys, place, "902079460312")["e164"] != SHARED


def test_unknown_line_names_those_there_are(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "+493023125710", "--line", "moon", "--store", place]) == 1
    told = capsys.readouterr().err
    assert "no phone line 'moon'" in told
    assert "support, london" in told


def test_text_for_people(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", SHARED, "--store", place]) == 0
    told = capsys.readouterr().out
    assert "Anna Hansen" in told
    assert "Ben Brandt" in told
    assert "700 points needed" in told
    assert "(+0)" not in told


def test_a_name_does_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "A\x1b[2J\nState     exact\u202e"
    number = PhoneNumber(SHARED, SHARED, "home")
    with open_store(tmp_path / "demo.db", keys.DEMO_KEY) as store:
        bad = Customer(ANNA, CustomerKind.PERSON, name, numbers=(number,))
        store.write(lambda writer: writer.save_customer(bad)).result()
    assert main(["match", SHARED, "--store", str(tmp_path / "demo.db")]) == 0
    told = capsys.readouterr().out
    assert "[2J State     exact" in told
    assert all(char.isprintable() for char in told.replace("\n", ""))
    assert "\nState     exact\u202e" not in told


def test_a_line_without_country_says_so(
    place: str, crmdesk_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.save(paths.settings_file(), Settings())
    assert main(["match", "030 23125710", "--store", place]) == 0
    assert "The line softphone has no country" in capsys.readouterr().out
    assert main(["match", "+493023125710", "--store", place]) == 0
    assert "has no country" not in capsys.readouterr().out


def test_a_line_with_an_unknown_country_says_so(
    place: str, crmdesk_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = LineSettings(id="support", name="Support", region="XX")
    file.save(paths.settings_file(), Settings(lines=(line,)))
    assert main(["match", "030 23125710", "--store", place]) == 0
    assert "The line support has the unknown country 'XX'" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ["", "\u202e+493023125710", "9" * 300, "sip:+493023125710@pbx;user=phone", "٠٣٠", "a\udcffb",
     "<script>", "110", "--", "+0900"],
)  # fmt: skip
def test_hostile_numbers_have_a_state(
    text: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["match", "--json", "--store", place, "--", text]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["state"] in set(MatchState)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["+493023125710", "--file", "numbers.txt"],
        ["--file", "numbers.txt", "--account", "1"],
        ["--file", "numbers.txt", "--verification", "failed"],
        ["+493023125710", "--out", "answers.txt"],
        ["--file", "-", "--key-from-stdin"],
    ],
)
def test_what_does_not_go_together(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["match", *arguments])
    assert capsys.readouterr().err


# --- files -----------------------------------------------------------------------------------


def _write(folder: Path, data: bytes) -> str:
    made = folder / "numbers.txt"
    made.write_bytes(data)
    return str(made)


HOSTILE = (
    b"\xef\xbb\xbf030 23125710\r\n",
    b"\n",
    b"anonymous\n",
    b"\x00\x01\x02\n",
    b"\xff\xfe\x00+\x004\x009\n",
    b"9" * 1_000_000 + b"\n",
    b'","x"\t=cmd|calc\t1\n',
    SHARED.encode() + b"\n",
    "‮+493023125710".encode() + b"\n",
    b"+493023125710",
)


def test_every_line_of_a_file_has_an_answer_in_its_order(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = _write(tmp_path, b"".join(HOSTILE))
    assert main(["match", "--file", numbers, "--store", place]) == 0
    told = capsys.readouterr()
    rows = [line.split("\t") for line in told.out.splitlines()]
    assert len(rows) == len(HOSTILE)
    assert all(len(row) == 5 for row in rows)
    assert all(row[1] in set(MatchState) for row in rows)
    assert rows[0] == ["030 23125710", "exact", "e164", str(ANNA), "Anna Hansen"]
    assert rows[-1][4] == "Anna Hansen"
    assert rows[7][1] == "several"
    assert "10 numbers: " in told.err


def test_json_of_a_file_is_an_object_a_line(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = _write(tmp_path, b"".join(HOSTILE))
    assert main(["match", "--json", "--file", numbers, "--store", place]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == len(HOSTILE)
    assert set(rows[0]) == {
        "number", "e164", "extension", "state", "rule", "digits", "customer", "candidates",
    }  # fmt: skip
    assert rows[0]["customer"] == {"id": str(ANNA), "name": "Anna Hansen"}


def test_standard_input_and_an_index_in_memory(
    place: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index says what the store says, number by number."""
    data = b"+493023125710\n" * 3 + SHARED.encode() + b"\n017139200123\n3023125710\n"
    answers = []
    for few in (match_file.FEW, 0):
        monkeypatch.setattr(match_file, "FEW", few)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert main(["match", "--file", "-", "--json", "--store", place]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    assert answers[0].count("\n") == 6


def test_answers_go_to_a_file_where_a_parent_looks(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers, out = _write(tmp_path, b"+493023125710\n"), tmp_path / "out.tsv"
    arguments = ["match", "--file", numbers, "--out", str(out), "--progress", "json"]
    assert main([*arguments, "--store", place]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    assert (result["numbers"], result["states"]) == (1, {"exact": 1})
    assert out.read_text(encoding="utf-8").startswith("+493023125710\texact\t")


@pytest.mark.parametrize("what", ["missing.txt", "."])
def test_file_that_cannot_be_read(
    what: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", "--file", str(tmp_path / what), "--store", place]) == 1
    assert "cannot be read" in capsys.readouterr().err


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=6_000), filler=st.sampled_from((b"", b"7" * LONGEST_LINE)))
def test_lines_are_counted_as_they_are_read(data: bytes, filler: bytes) -> None:
    data += filler
    lines = list(read_lines(io.BytesIO(data)))
    assert len(lines) == count_lines(io.BytesIO(data))
    assert all(len(line) <= LONGEST_LINE for line in lines)
