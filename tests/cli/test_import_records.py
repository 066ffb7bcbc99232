"""`crmdesk import FILE --as KIND`: what happened with customers comes in and goes again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crmdesk.cli import main
from crmdesk.store import keys, open_store
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile

CUSTOMERS = "Name,Phone,Customer number\nJane Doe,+49 30 23125 101,K-7\n"
TICKETS = """Ticket ID,Subject,Customer number,Created
501,Wrong invoice,K-7,2026-06-05
502,Late,K-9,2026-06-06
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CRMDESK_HOME", str(tmp_path))
    store = tmp_path / "x.db"
    open_store(store, keys.DEMO_KEY).close()
    return str(store)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    made = tmp_path / "tickets.csv"
    made.write_text(TICKETS)
    return made


def run(capsys: pytest.CaptureFixture[str], place: str, *words: object) -> dict[str, Any]:
    assert main(["import", *map(str, words), "--json", "--store", place]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def figures(result: dict[str, Any]) -> tuple[int, ...]:
    return tuple(result[name] for name in ("created", "same", "bad"))


def test_tickets_come_in_and_are_taken_back(
    capsys: pytest.CaptureFixture[str], place: str, tickets: Path
) -> None:
    run(capsys, place, tickets.parent / "customers.csv")
    planned = run(capsys, place, tickets, "--as", "tickets", "--dry-run")
    assert (figures(planned), planned["batch"]) == ((1, 0, 1), None)
    done = run(capsys, place, tickets, "--as", "tickets", "--source-name", "desk")
    assert figures(done) == (1, 0, 1)
    assert "No customer has customer number K-9" in Path(done["bad_file"]).read_text("utf-8-sig")
    again = run(capsys, place, tickets, "--as", "tickets", "--source-name", "desk")
    assert figures(again) == (0, 1, 1)
    assert run(capsys, place, "--undo", done["batch"])["restored"] == 2
    fresh = run(capsys, place, tickets, "--as", "tickets", "--source-name", "desk")
    assert figures(fresh) == (1, 0, 1)


def test_words_for_people(capsys: pytest.CaptureFixture[str], place: str, tickets: Path) -> None:
    run(capsys, place, tickets.parent / "customers.csv")
    assert main(["import", str(tickets), "--as", "tickets", "--store", place]) == 0
    said = capsys.readouterr().out
    assert "2 records: 1 new, 0 changed" in said
    assert "Wrong invoice" in said
    assert "To take it back: crmdesk import --undo" in said


def test_profiles_and_unknown_columns_are_refused_in_words(
    capsys: pytest.CaptureFixture[str], place: str, tickets: Path
) -> None:
    profiles.save(ImportProfile(holds="orders"), "shop")
    for words in (["--profile", "x"], ["--profile", "shop"], ["--map", "Subject=colour"]):
        assert main(["import", str(tickets), "--as", "tickets", *words, "--store", place]) == 1
        assert "Nothing was imported" in capsys.readouterr().err


def test_a_profile_of_records_is_saved_and_used(
    capsys: pytest.CaptureFixture[str], place: str, tickets: Path
) -> None:
    run(capsys, place, tickets.parent / "customers.csv")
    run(capsys, place, tickets, "--as", "tickets", "--save-profile", "desk", "--dry-run")
    done = run(capsys, place, tickets, "--profile", "desk")
    assert (done["as"], figures(done)) == ("tickets", (1, 0, 1))


def test_what_is_in_a_file_of_tickets_is_shown(
    capsys: pytest.CaptureFixture[str], place: str, tickets: Path
) -> None:
    shown = run(capsys, place, tickets, "--as", "tickets", "--show")
    assert "subject" in {column["target"] for column in shown["columns"]}


def test_a_name_that_is_no_text_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], place: str, tickets: Path
) -> None:
    words = ["import", str(tickets), "--as", "tickets", "--source-name", "\udcff", "--store", place]
    with pytest.raises(SystemExit):
        main(words)
    assert "is no name" in capsys.readouterr().err
