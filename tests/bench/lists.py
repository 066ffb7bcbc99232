"""The pages that list what presses whom, and a customer's whole page, as the desk reads them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import func, select

from crmdesk.domain.follow_ups import FollowUpFilter
from crmdesk.domain.tickets import TicketFilter, TicketScope
from crmdesk.gui.pages.customers.blocks.registry import BLOCKS
from crmdesk.gui.pages.customers.reading import Wanted, read_opened
from crmdesk.gui.pages.due import reading as due
from crmdesk.gui.pages.leads import reading as leads
from crmdesk.gui.pages.tickets import reading as tickets
from crmdesk.store import Reader, Store, Writer
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.history import AGENT_NAMES
from crmdesk.store.tables import customer, follow_up, opportunity, ticket
from crmdesk.store.tables.history import is_undone, is_unsolved
from crmdesk.store.tables.sales import is_open_opportunity
from tests.bench.demo_store import Listener, opened, raw_connection, some_numbers
from tests.bench.long_history import table_row
from tests.bench.measuring import Figure, Outcome, Scale, agree, scaled
from tests.bench.store import Roads, against_driver

_SAME = "the same statements through the driver alone"
_TARGET = "x3; p99 one frame, 16.7 ms"
_ONE = "Jonas Weber"
_LEADS_PER_CUSTOMER, _HAVE_A_DAY = 0.1, 0.9
_STAGES = ("new", "talking", "offer")
_AT_ONCE = 5_000

Work = Callable[[Reader], Any]


def run(scale: Scale) -> Outcome:
    """Due, tickets, leads; the page of one customer after the other."""
    with opened(scale) as store, raw_connection(scale) as raw, closing(Listener(scale)) as listener:
        _add_leads(store, int(scale.customers * _LEADS_PER_CUSTOMER))
        roads = Roads(store, raw, listener)
        sizes = store.read(_sizes).result()
        pages = [_figure(roads, what, work, scale.rounds) for what, work in _pages().items()]
        numbers = some_numbers(raw, scale.customers, scale.rounds)
        whole = _whole_page(roads, numbers)
    follow_ups, open_tickets, open_leads = sizes
    note = (
        f"{scale.customers:,} customers with {follow_ups:,} open follow-ups, {open_tickets:,} open"
        f" tickets and {open_leads:,} open leads; pages of 100 with the counts beside their views."
    )
    return Outcome("Lists of what is to be done", (*pages, whole), (note,))


def _pages() -> dict[str, Work]:
    now = datetime.now(UTC)
    mine = TicketFilter(TicketScope.MINE, _ONE)
    late = FollowUpFilter(responsible=_ONE, due_before=now)
    shown, theirs = leads.Chosen(), leads.Chosen(owner=_ONE)
    return {
        "due: all": partial(due.read_first, chosen=due.Chosen(), now=now),
        "due: mine": partial(due.read_first, chosen=due.Chosen(responsible=_ONE), now=now),
        "due: nobody's": partial(due.read_first, chosen=due.Chosen(responsible="-"), now=now),
        "due: mine, overdue": lambda reader: reader.open_follow_ups(late),
        "tickets: by their clock": partial(tickets.read_first, chosen=TicketFilter(), now=now),
        "tickets: mine": partial(tickets.read_first, chosen=mine, now=now),
        "tickets: mine, without the counts": lambda reader: reader.tickets(mine, now),
        "tickets: a promise was broken": lambda reader: reader.tickets(
            TicketFilter(is_breached=True), now
        ),
        "leads: with the forecast": partial(leads.read_first, chosen=shown),
        "leads: one person's": partial(leads.read_first, chosen=theirs),
        "leads: without the forecast": lambda reader: reader.open_leads(),
    }


def _figure(roads: Roads, what: str, work: Work, rounds: int) -> Figure:
    measured, raw, _ = against_driver(roads, [work] * rounds)
    return Figure(what, scaled(measured, 1e3), scaled(raw, 1e3), _SAME, "ms", _TARGET)


def _whole_page(roads: Roads, numbers: Sequence[str]) -> Figure:
    """Each customer once: story, timeline, every block, own fields."""
    now = datetime.now(UTC)

    def read(number: str) -> Work:
        def work(reader: Reader) -> Any:
            (owner, *_) = reader.by_e164(number)
            return read_opened(reader, Wanted(owner.customer_id, now, blocks=BLOCKS))

        return work

    measured, raw, results = against_driver(roads, [read(number) for number in numbers])
    found = {page.story.customer.id for page, _ in results if page}
    agree(len(found) > 0, True, "customers are opened")
    return Figure(
        "a customer's whole page, every block", scaled(measured, 1e3), scaled(raw, 1e3), _SAME,
        "ms", "x3",
    )  # fmt: skip


def _sizes(reader: Reader) -> tuple[int, ...]:
    parts = ((follow_up, is_undone), (ticket, is_unsolved), (opportunity, is_open_opportunity))
    counts = (select(func.count()).select_from(table).where(which) for table, which in parts)
    return tuple(reader._connection.execute(one).scalar_one() for one in counts)


def _add_leads(store: Store, wanted: int) -> None:
    """The demo has few: a store of this size has one for every tenth customer."""
    missing = wanted - store.read(_sizes).result()[2]
    if missing <= 0:
        return
    some = select(customer.c.id).limit(missing)
    keys = store.read(lambda reader: reader._connection.execute(some).scalars().all()).result()
    rng, now = Random(9), datetime.now(UTC)
    for start in range(0, len(keys), _AT_ONCE):
        rows = [_lead(rng, key, now) for key in keys[start : start + _AT_ONCE]]
        store.write(partial(Writer.insert_rows, table=opportunity, rows=rows)).result()


def _lead(rng: Random, key: uuid.UUID, now: datetime) -> tuple[object, ...]:
    at, expected = to_micros(now), now.date() + timedelta(days=rng.randrange(-30, 200))
    facts = {
        "id": uuid.UUID(int=rng.getrandbits(128), version=4).bytes,
        "customer_id": key.bytes,
        "stage": rng.choice(_STAGES),
        "owner": rng.choice(AGENT_NAMES),
        "value_cents": rng.randrange(100_000, 5_000_000),
        "expected_on": expected.isoformat() if rng.random() < _HAVE_A_DAY else None,
    }
    stamps = {"created_at": at, "updated_at": at, "at": at, "origin": bytes(16)}
    return table_row(opportunity, {**stamps, "title": "Desk lamps", "state": "open", **facts})
