"""What the windows ask most is answered by an index, in its order, however much there is.

Plans are made for a new store, about which SQLite knows nothing, and with the statistics of a
demo store of 1,000,000 customers and 10,000,000 calls: the planner chooses as it does there.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber, TimelineKind
from crmdesk.domain.follow_ups import DuePlace, FollowUpFilter, FollowUpKind
from crmdesk.domain.leads import LeadPlace
from crmdesk.domain.planning import Picklists
from crmdesk.domain.tickets import TicketFilter, TicketPlace, TicketScope
from crmdesk.store import Reader, open_store
from crmdesk.store.engine import make_engine
from crmdesk.store.keys import DEMO_KEY
from crmdesk.store.tables import metadata
from tests.bench.demo_store import Listener
from tests.bench.measuring import Scale

_STATISTICS = Path(__file__).parents[1] / "data" / "stores" / "statistics_of_a_million.tsv"
_NOW = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
_KEY = uuid.UUID(int=7)
_ANNA = "Anna"

_PLAN = re.compile("FROM picklist_entry")
"""The company's own lists: a few rows, read whole."""

Work = Callable[[Reader], Any]
Plan = list[str]


@pytest.fixture(scope="module", params=["new", "a million"])
def plan(request: Any, tmp_path_factory: Any) -> Iterator[Callable[[Work], Plan]]:
    """Tells the steps of every statement that a job runs, with the values still open."""
    folder = tmp_path_factory.mktemp("plans")
    path = folder / "store.db"
    with open_store(path, DEMO_KEY) as store:
        customer = Customer(
            _KEY, CustomerKind.PERSON, "Ida Long", numbers=(PhoneNumber("1", "+493023125201"),)
        )
        store.write(lambda w: w.save_customer(customer)).result()
    engine = make_engine(path, DEMO_KEY)
    if request.param == "a million":
        _pretend(engine)
    with closing(Listener(Scale(0, 0, 0, folder, path))) as listener, engine.connect() as asked:
        driver: Any = asked.connection.driver_connection

        def steps(work: Work) -> Plan:
            heard = listener.statements_of(work)
            return [
                row[3]
                for one in heard
                if one.sql.lstrip().startswith(("SELECT", "WITH")) and not _PLAN.search(one.sql)
                for row in driver.execute(f"EXPLAIN QUERY PLAN {one.sql}", one.values)
            ]

        yield steps


def _pretend(engine: Any) -> None:
    rows = [line.split("\t") for line in _STATISTICS.read_text("utf-8").splitlines()]
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for table, index, counts in rows:
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index or None, counts)
            )


def _due(after: DuePlace | None = None, **chosen: Any) -> Work:
    return lambda reader: reader.open_follow_ups(FollowUpFilter(**chosen), after)


def _tickets(
    scope: TicketScope = TicketScope.ALL, after: TicketPlace | None = None, **chosen: Any
) -> Work:
    return lambda reader: reader.tickets(TicketFilter(scope, _ANNA, **chosen), _NOW, after)


_BEHIND = TicketPlace(_NOW, _KEY)
# What is asked, and the indexes that may give the rows of the list.
_LISTS: dict[str, tuple[Work, set[str]]] = {
    "due": (_due(), {"follow_up_due"}),
    "due, further page": (_due(DuePlace(_NOW, _KEY)), {"follow_up_due"}),
    "due, overdue": (_due(due_before=_NOW), {"follow_up_due"}),
    "due, of a kind": (_due(kinds=frozenset({FollowUpKind.PROMISE})), {"follow_up_due"}),
    "due, mine": (_due(responsible=_ANNA), {"follow_up_owner", "follow_up_maker"}),
    "due, mine, further page": (
        _due(DuePlace(_NOW, _KEY), responsible=_ANNA),
        {"follow_up_owner", "follow_up_maker"},
    ),
    "due, mine, this week": (
        _due(responsible=_ANNA, due_from=_NOW, due_before=_NOW + timedelta(7)),
        {"follow_up_owner", "follow_up_maker"},
    ),
    "due, counted": (lambda r: r.count_due(_NOW, None, 200), {"follow_up_due"}),
    "due, mine counted": (
        lambda r: r.count_due(_NOW, {_ANNA, "1001"}, 200),
        {"follow_up_owner", "follow_up_maker"},
    ),
    "next reminder": (lambda r: r.next_reminder(_NOW), {"follow_up_remind"}),
    "tickets": (_tickets(), {"ticket_due"}),
    "tickets, further page": (_tickets(after=_BEHIND), {"ticket_due"}),
    "tickets, of a kind": (_tickets(kinds=frozenset({"complaint"})), {"ticket_due"}),
    "tickets, broken promises": (_tickets(is_breached=True), {"ticket_due"}),
    "tickets, mine": (_tickets(TicketScope.MINE), {"ticket_owner", "ticket_escalated"}),
    "tickets, mine, further page": (
        _tickets(TicketScope.MINE, _BEHIND),
        {"ticket_owner", "ticket_escalated"},
    ),
    "tickets, nobody's": (_tickets(TicketScope.UNASSIGNED), {"ticket_owner"}),
    "next clock": (lambda r: r.next_ticket_watch(), {"ticket_watch"}),
    "leads": (lambda r: r.open_leads(), {"opportunity_open"}),
    "leads, further page": (
        lambda r: r.open_leads(LeadPlace(date(2026, 7, 1), _KEY)),
        {"opportunity_open"},
    ),
    "leads, of a stage": (lambda r: r.open_leads(stage="offer"), {"opportunity_open"}),
    "leads, mine": (lambda r: r.open_leads(owner=_ANNA), {"opportunity_owner"}),
}


@pytest.mark.parametrize("name", _LISTS)
def test_a_list_is_read_in_the_order_of_its_index(plan, name):
    work, indexes = _LISTS[name]
    steps = plan(work)
    assert {index for step in steps for index in _indexes(step) if index in indexes} == indexes
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    assert _unhelped(steps) == []


def _indexes(step: str) -> list[str]:
    return re.findall(r"INDEX ix_(\w+)", step)


_TABLES = "|".join((*metadata.tables, "company", "later"))


def _unhelped(steps: Plan) -> Plan:
    """Steps that read a table from one end to the other, without an index."""
    scans = [step for step in steps if re.match(rf"SCAN ({_TABLES})\b", step)]
    return [step for step in scans if " INDEX ix_" not in step]


def test_what_is_counted_and_summed_is_read_from_indexes_alone(plan):
    steps = plan(lambda r: r.ticket_counts(_ANNA, _NOW))
    counted = [step for step in steps if " ticket " in step]
    assert len(counted) == 5
    assert sum("COVERING INDEX ix_ticket_owner" in step for step in counted) == 4
    steps = plan(lambda r: r.forecast(Picklists()))
    assert "SCAN opportunity USING COVERING INDEX ix_opportunity_forecast" in steps
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    customers = [step for step in steps if "customer" in step]
    assert [step for step in customers if "ix_customer_deleted" not in step] == []


def test_names_of_people_come_from_one_entry_each(plan):
    """The smallest name, the next one behind it, and so on; not from every open ticket."""
    steps = plan(lambda r: r.ticket_people())
    asked = [step for step in steps if re.search(r"\bticket USING", step)]
    assert len(asked) == 4
    assert [step for step in asked if not step.startswith("SEARCH")] == []
    assert {index for step in asked for index in _indexes(step)} == {
        "ticket_owner",
        "ticket_escalated",
    }


# Of one customer: whatever there is of others is never looked at.
_OF_ONE: dict[str, Work] = {
    "story": lambda r: r.story(_KEY, _NOW),
    "timeline": lambda r: r.timeline(_KEY),
    "orders": lambda r: (r.orders_of(_KEY), r.invoices_of(_KEY), r.open_invoices_of(_KEY)),
    "leads": lambda r: r.leads_of(_KEY),
    "tickets": lambda r: r.open_tickets_of(_KEY),
    "surveys": lambda r: r.survey_answers_of(_KEY),
    "follow-ups": _due(customer_id=_KEY),
    "stamp": lambda r: r.customer_stamp(_KEY),
    "call-backs": lambda r: r.call_backs_of_reached(_KEY),
}


@pytest.mark.parametrize("name", _OF_ONE)
def test_one_customer_is_found_by_key(plan, name):
    steps = plan(_OF_ONE[name])
    assert any(step.startswith("SEARCH") for step in steps)
    assert [step for step in steps if re.match(rf"SCAN ({_TABLES})\b", step)] == []


@pytest.mark.parametrize("kinds", [(), (TimelineKind.NOTE, TimelineKind.TICKET)])
def test_a_page_of_a_timeline_sorts_nothing(plan, kinds):
    for before in (None, TicketPlace(_NOW, _KEY)):
        steps = plan(lambda r, b=before: r.timeline(_KEY, b, kinds=kinds))
        assert [step for step in steps if "TEMP B-TREE" in step] == []


def test_the_pop_reads_open_tickets_by_their_own_index(plan):
    assert any("ix_ticket_open" in step for step in plan(_OF_ONE["story"]))
