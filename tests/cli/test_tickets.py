"""`crmdesk tickets`, as it is called."""

from __future__ import annotations

import csv
import json
import uuid
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.planning import Choice, PicklistKey
from crmdesk.domain.sla import SlaPolicy
from crmdesk.domain.tickets import NewTicket, TicketStatus
from crmdesk.store import Writer, keys, open_store
from crmdesk.store.planning.writing import PlanWriting

ANNA = Customer(uuid.uuid4(), CustomerKind.PERSON, "Anna Groß")


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = tmp_path / "crmdesk.db"

    def fill(writer: Writer) -> None:
        writer.save_customer(ANNA)
        policy = SlaPolicy(uuid.uuid4(), "Urgent", priority="urgent", resolution_minutes=60)
        writer.save_policies((policy,), "Dana")
        writer.open_ticket(NewTicket(ANNA.id, "question", "Where\x1b[31m is it?"), "Ben")
        writer.open_ticket(NewTicket(ANNA.id, "complaint", "Burnt", "urgent", owner="Ben"), "Ben")
        key = uuid.uuid4()
        writer.open_ticket(NewTicket(ANNA.id, "request", "Done"), "Ben", key)
        writer.set_ticket_status(key, TicketStatus.SOLVED, "Ben")

    with open_store(place, keys.DEMO_KEY) as opened:
        opened.write(fill).result()
    return str(place)


def tickets(capsys: pytest.CaptureFixture[str], store: str, *options: str) -> list[str]:
    assert main(["tickets", "--store", store, *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_what_is_due_first_is_listed_first(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    urgent, other = tickets(capsys, store, "--open")
    assert urgent.startswith("1002  Burnt  (Anna Groß)  [due ")
    assert urgent.endswith("Complaint, Urgent, Ben]")
    assert other == "1001  Where[31m is it?  (Anna Groß)  [Open, Question, Normal, nobody's]"


def test_choices_have_the_names_the_company_gave_them(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = (Choice("complaint", "Beanstandung"), Choice("question", "Question"))
    with open_store(Path(store), keys.DEMO_KEY) as opened:
        opened.write(
            lambda w: PlanWriting(w, "Ann").save_picklist(PicklistKey.TICKET_KIND, kinds)
        ).result()
    urgent, _ = tickets(capsys, store)
    assert urgent.endswith("Beanstandung, Urgent, Ben]")


def test_json_has_every_moment(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = map(json.loads, tickets(capsys, store, "--json"))
    assert (first["number"], first["status"], first["owner"]) == ("1002", "open", "Ben")
    assert first["customer"] == {"id": str(ANNA.id), "name": "Anna Groß"}
    assert first["due_at"] == first["next_due_at"]
    assert first["solved_at"] is None


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--solved",), ["1003"]),
        (("--owner", "Ben"), ["1002"]),
        (("--nobodys",), ["1001"]),
        (("--kind", "question"), ["1001"]),
        (("--text", "burn"), ["1002"]),
        (("--limit", "1"), ["1002"]),
        (("--late",), []),
    ],
)
def test_filters(
    store: str, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], numbers: list[str]
) -> None:
    found = map(json.loads, tickets(capsys, store, "--json", *options))
    assert [one["number"] for one in found] == numbers


def test_nothing_found_is_said(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert tickets(capsys, store, "--text", "xylophone") == ["No ticket matches."]


def test_what_is_listed_is_exported_too(store: str, tmp_path: Path) -> None:
    table, lines = tmp_path / "t.csv", tmp_path / "t.jsonl"
    for out, options in ((table, ("--open",)), (lines, ("--nobodys",))):
        assert main(["export", "tickets", "--store", store, "--out", str(out), *options]) == 0
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert [row["Ticket number"] for row in rows] == ["1002", "1001"]
    assert rows[0]["Customer"] == "Anna Groß"
    (only,) = map(json.loads, lines.read_text("utf-8").splitlines())
    assert (only["number"], only["opened_by"]) == ("1001", "Ben")


def test_tickets_are_no_address_book(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "t.vcf")
    assert main(["export", "tickets", "--store", store, "--out", out]) == 1
    assert "no address book" in capsys.readouterr().err
