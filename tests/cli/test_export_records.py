"""`crmdesk export orders` and the like, as they are called, and back with `import --as`."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.cli.import_ import RECORDS
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind
from crmdesk.domain.leads import Lead
from crmdesk.domain.sales import Order, OrderLine
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.store import keys, open_store
from crmdesk.store.sales.leads import LeadWriting
from crmdesk.store.sales.writing import SalesWriting
from crmdesk.sync.records.kinds import RecordKind

AT = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
ANNA = Customer(uuid.UUID(int=7), CustomerKind.PERSON, "Anna Groß", segment="Gold")
BOB = Customer(uuid.UUID(int=8), CustomerKind.PERSON, "Bob Stone")


def order(number: str, whose: Customer, *lines: OrderLine, at: datetime = AT) -> Order:
    key = uuid.UUID(bytes=number.encode().ljust(16))
    return Order(key, whose.id, at, number, total_cents=5_000, lines=lines)


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = tmp_path / "x.db"
    lines = OrderLine("Chair", "C-1", 1500, 2000, 3000), OrderLine("=Lamp", total_cents=2000)
    with open_store(place, keys.DEMO_KEY) as opened:
        for one in (ANNA, BOB):
            opened.write(lambda w, one=one: w.save_customer(one)).result()
        for new in (order("A-1", ANNA, *lines), order("B-1", BOB, at=AT.replace(year=2025))):
            opened.write(lambda w, new=new: SalesWriting(w, "Ann").add_order(new)).result()
        rule = Group((Condition("segment", Operator.ANY_OF, ("Gold",)),))
        gold = Segment(uuid.uuid4(), "Gold ones", rule)
        opened.write(lambda w: w.save_segments((gold,), "Ann")).result()
        for owner, stage in (("Ann", "new"), ("Ben", "offer")):
            lead = Lead(uuid.uuid4(), ANNA.id, AT, f"Desks of {owner}", stage, owner=owner)
            opened.write(lambda w, lead=lead: LeadWriting(w, "Ann").add(lead)).result()
        for whose in ("Ann", "Ben"):
            one = FollowUp(uuid.uuid4(), BOB.id, FollowUpKind.PROMISE, f"Of {whose}", AT, AT,
                           owner=whose)  # fmt: skip
            opened.write(lambda w, one=one: w.add_follow_ups((one,), "Ann")).result()
    return str(place)


def exported(capsys: pytest.CaptureFixture[str], store: str, *words: str) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["export", *words, "--store", store]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_an_order_has_a_row_for_each_line(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path
) -> None:
    rows = exported(capsys, store, "orders")
    assert [(row["Order number"], row["Line"], row["Line quantity"]) for row in rows] == [
        ("A-1", "Chair", "1.5"), ("A-1", "'=Lamp", "1"), ("B-1", "", ""),
    ]  # fmt: skip
    place = tmp_path / "o.jsonl"
    assert main(["export", "orders", "--to", str(place), "--store", store]) == 0
    assert capsys.readouterr().out.startswith(f"2 orders in {place}")
    first = json.loads(place.read_text("utf-8").splitlines()[0])
    assert (first["total"], first["customer"]["name"]) == (50.0, "Anna Groß")
    assert [line["title"] for line in first["lines"]] == ["Chair", "=Lamp"]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("--segment", "gold ones"), {"A-1"}),
        (("--customers", "stone"), {"B-1"}),
        (("--customers", "nobody"), set()),
        (("--since", "2026-01-01"), {"A-1"}),
        (("--until", "2026-01-01"), {"B-1"}),
        (("--segment", "gold ones", "--until", "2026-01-01"), set()),
    ],
)
def test_orders_of_some(
    capsys: pytest.CaptureFixture[str], store: str, words: tuple[str, ...], numbers: set[str]
) -> None:
    rows = exported(capsys, store, "orders", *words)
    assert {row["Order number"] for row in rows} == numbers


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("leads",), {"Desks of Ann", "Desks of Ben"}),
        (("leads", "--owner", "Ben"), {"Desks of Ben"}),
        (("leads", "--stage", "new"), {"Desks of Ann"}),
        (("leads", "--open", "--expected-by", "2026-06-30"), set()),
        (("follow_ups",), {"Of Ann", "Of Ben"}),
        (("follow_ups", "--owner", "Ann", "--kind", "promise"), {"Of Ann"}),
        (("follow_ups", "--open", "--due-before", "2026-06-15"), set()),
    ],
)
def test_what_a_list_shows(
    capsys: pytest.CaptureFixture[str], store: str, words: tuple[str, ...], found: set[str]
) -> None:
    assert {row["What"] for row in exported(capsys, store, *words)} == found


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("orders", "--format", "vcard"), "Orders are no address book."),
        (("orders", "--segment", "Silver"), "There is no segment “Silver”."),
        (("tickets", "--late", "--since", "2026-01-01"), "--late and --since do not go together"),
        (("leads", "--open", "--since", "2026-01-01"), "--open and --since do not go together"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    place = tmp_path / "out.csv"
    assert main(["export", *words, "--store", store, "--out", str(place)]) == 1
    assert why in capsys.readouterr().err
    assert not place.exists()


def test_all_kinds_go_out_and_come_back_unchanged(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path
) -> None:
    for what in RECORDS:
        place = tmp_path / f"{what}.xlsx"
        assert main(["export", what, "--to", str(place), "--store", store, "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        if not rows:
            continue
        again = ["import", str(place), "--as", what, "--store", store, "--json"]
        assert main(again) == 0
        result = json.loads(capsys.readouterr().out)
        assert (result["same"], result["records"]) == (rows, rows), what


def test_the_kinds_of_the_command_line_are_all_there_are() -> None:
    assert set(RECORDS) == {kind.value for kind in RecordKind}
