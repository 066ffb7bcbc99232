"""`crmdesk segments`, as it is called."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from crmdesk.cli import main
from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.store import Writer, keys, open_store

GOLD = Group((Condition("segment", Operator.ANY_OF, ("Gold",)),))


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = tmp_path / "crmdesk.db"

    def fill(writer: Writer) -> None:
        for name, segment in (("Zoe", "Gold"), ("Bob", "Silver"), ("Anna", "Gold")):
            writer.save_customer(Customer(uuid.uuid4(), CustomerKind.PERSON, name, segment=segment))
        writer.save_segments((Segment(uuid.uuid4(), "Best ones", GOLD),), "Ben")

    with open_store(place, keys.DEMO_KEY) as opened:
        opened.write(fill).result()
    return str(place)


def said(capsys: pytest.CaptureFixture[str], store: str, *options: str) -> list[str]:
    assert main(["segments", "--store", store, *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_segments_are_listed_counted_and_their_customers_named(store, capsys) -> None:
    assert said(capsys, store) == ["Best ones: Segment is Gold"]
    assert said(capsys, store, "--count", "best ONES") == ["2"]
    assert said(capsys, store, "--list", "Best ones") == ["Anna", "Zoe"]
    counted = said(capsys, store, "--count", "Best ones", "--json")
    assert json.loads(counted[0]) == {"name": "Best ones", "count": 2}
    (listed,) = map(json.loads, said(capsys, store, "--json"))
    assert listed["rule"]["all"][0]["field"] == "segment"


def test_a_name_that_is_unknown_is_answered_with_those_there_are(store, capsys) -> None:
    assert main(["segments", "--store", store, "--count", "Best"]) == 1
    told = capsys.readouterr().err
    assert "no segment “Best”" in told
    assert "Best ones" in told


def test_the_customers_of_a_segment_are_exported(store, capsys) -> None:
    assert main(["export", "customers", "--store", store, "--segment", "best ones"]) == 0
    written = capsys.readouterr().out
    assert "Anna" in written
    assert "Zoe" in written
    assert "Bob" not in written
    both = ["--segment", "Best ones", "--text", "Anna"]
    assert main(["export", "customers", "--store", store, *both]) == 1
    assert "do not go together" in capsys.readouterr().err


def test_an_export_goes_on_behind_pages_without_members(store) -> None:
    with open_store(Path(store), keys.DEMO_KEY) as opened:

        def names(reader) -> list[str]:
            condition = reader.rule_condition(GOLD, UTC)
            after, found = None, []
            while True:
                page = reader.exported_members(condition, after, 1)
                found += [one.customer.name for one in page.records]
                after = page.next
                if after is None:
                    return found

        assert sorted(opened.read(names).result()) == ["Anna", "Zoe"]


def test_calls_and_tickets_of_a_segment_are_listed(store, capsys) -> None:
    with open_store(Path(store), keys.DEMO_KEY) as opened:
        opened.write(_fill).result()
    assert main(["calls", "--store", store, "--segment", "best ones"]) == 0
    written = capsys.readouterr().out
    assert "Anna" in written
    assert "Bob" not in written
    assert main(["tickets", "--store", store, "--segment", "best ones"]) == 0
    written = capsys.readouterr().out
    assert "Anna" in written
    assert "Bob" not in written
    for export in (["calls"], ["calls", "--to-call-back"], ["tickets", "--open"], ["tickets"]):
        assert main(["export", *export, "--store", store, "--segment", "best ones"]) == 0
        written = capsys.readouterr().out
        assert "Anna" in written
        assert "Bob" not in written
    assert main(["calls", "--store", store, "--segment", "Worst"]) == 1
    assert "no segment “Worst”" in capsys.readouterr().err


def _fill(writer) -> None:
    """Anna and Bob call, and each opens a ticket."""
    for place, name in enumerate(("Anna", "Bob")):
        (hit,) = writer.search(name)
        at = writer.moment() - timedelta(hours=place + 1)
        missed = CallOutcome.MISSED
        call = Call(uuid.uuid4(), "support", Direction.INBOUND, at, ended_at=at, outcome=missed)
        writer.save_call(call, None)
        match = Match(MatchState.EXACT, MatchRule.CHOSEN, NormalisedNumber(""), hit.id)
        writer.link_call(call.id, match)
        writer.add_ticket(hit.id, at, number=name[:1], kind="complaint", subject="Late")


def test_a_rule_of_everybody_is_told_beside_the_count(store, capsys) -> None:
    rule = Group((Condition("do_not_call", Operator.NO),))
    with open_store(Path(store), keys.DEMO_KEY) as opened:
        anybody = Segment(uuid.uuid4(), "Anybody", rule)
        opened.write(lambda writer: writer.save_segments((anybody,), "Ben")).result()
    assert main(["segments", "--store", store, "--count", "Anybody"]) == 0
    told = capsys.readouterr()
    assert told.out == "3\n"
    assert "everybody" in told.err
