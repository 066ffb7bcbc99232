"""An import takes records that lack what the company requires, and tells of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.store import Store, open_store
from crmdesk.store.planning.writing import PlanWriting
from crmdesk.sync.records.importing import RecordOrder, RecordResult, import_records
from crmdesk.sync.records.kinds import RecordKind
from crmdesk.sync.records.required import lacking
from crmdesk.sync.sources import open_source
from tests.sync.record_runs import profile_of

Bring = Callable[..., RecordResult]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "crmdesk.db", bytes(32)) as opened:
        anna = Customer(uuid.uuid4(), CustomerKind.PERSON, "Anna Groß", account_id="K-7")
        opened.write(lambda w: w.save_customer(anna)).result()
        yield opened


@pytest.fixture
def bring(store: Store, tmp_path: Path) -> Bring:
    def _bring(kind: RecordKind, text: str, *, is_dry: bool = False) -> RecordResult:
        path = tmp_path / "records.csv"
        path.write_text(text, encoding="utf-8")
        with open_source(path) as source:
            profile = profile_of(kind, source.facts, {}, "shop")
            order = RecordOrder(source, profile, ZoneInfo("UTC"), "Import", is_dry=is_dry)
            return import_records(store, order, lambda *_: None)

    return _bring


def require(store: Store, situation: Situation, *names: str) -> None:
    store.write(lambda w: PlanWriting(w, "Ann").save_required(situation, names)).result()


TICKETS = """Ticket number,Customer number,Subject,Status,Owner
1,K-7,Late,solved,
2,K-7,Broken,solved,Ben
3,K-7,Cold,open,
"""
LEADS = """Id,Customer number,Title,Stage,Value
1,K-7,Desks,won,
2,K-7,Lamps,offer,
"""


@pytest.mark.parametrize("is_dry", [True, False])
def test_a_solved_ticket_without_what_it_needs_comes_in_and_is_told(
    store: Store, bring: Bring, is_dry: bool
) -> None:
    require(store, Situation.SOLVED_TICKET, "owner", "comment")
    found = bring(RecordKind.TICKETS, TICKETS, is_dry=is_dry).summary
    assert (found.created, found.bad) == (3, 0)
    assert found.notes == ("Without an owner, which a solved ticket needs here (1 times)",)


def test_leads_tell_by_how_far_they_are(store: Store, bring: Bring) -> None:
    require(store, Situation.WON_LEAD, "value")
    require(store, Situation.NEW_LEAD, "next_step", "value")
    found = bring(RecordKind.LEADS, LEADS).summary
    assert (found.created, found.bad) == (2, 0)
    assert set(found.notes) == {
        "Without a value, which a won lead needs here (1 times)",
        "Without a next step, which a lead needs here (1 times)",
        "Without a value, which a lead needs here (1 times)",
    }
    again = bring(RecordKind.LEADS, LEADS).summary
    assert (again.same, again.notes) == (2, ())


def test_records_of_other_kinds_and_plans_without_wishes_tell_nothing() -> None:
    plan = CompanyPlan(required=dict.fromkeys(Situation, frozenset({"owner", "no such field"})))
    assert list(lacking(RecordKind.ORDERS, {}, plan)) == []
    assert list(lacking(RecordKind.TICKETS, {}, CompanyPlan())) == []
    assert list(lacking(RecordKind.TICKETS, {"owner": ""}, plan)) == [
        "Without an owner, which a ticket needs here"
    ]
