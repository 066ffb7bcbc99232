"""Two people have one record open: what differs is written, nothing is written over."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crmdesk.domain.amounts import MOST_CENTS, MOST_MILLI
from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.edits import AMOUNT, LINES, MINE, RECORD_FIELDS, THEIRS, settled
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind, Repeat, RepeatUnit
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.records import Interaction
from crmdesk.domain.sales import (
    Invoice,
    InvoiceStatus,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    Receipt,
)
from crmdesk.store import open_store
from crmdesk.store.audit.notes import NoteWriting
from crmdesk.store.sales.leads import LeadWriting
from crmdesk.store.sales.writing import SalesWriting

DAY = timedelta(days=1)
AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
KEY = uuid.UUID(int=7)
ONE, TWO = (uuid.UUID(int=100 + place) for place in range(2))
CHAIR = OrderLine("Chair", "C-1", 2000, 5000, 10_000, ONE)
ROPE = OrderLine("Rope", "R", 1500, 200, 300, TWO)
SHIPPED = {"status": OrderStatus.SHIPPED, "shipped_at": AT}


def _order(whose: uuid.UUID) -> Order:
    return Order(KEY, whose, AT, "88-21", "Chairs", total_cents=10_300, lines=(CHAIR, ROPE))


def _invoice(whose: uuid.UUID) -> Invoice:
    return Invoice(KEY, whose, AT, "R-7", 10_000, due_on=date(2026, 6, 30))


def _lead(whose: uuid.UUID) -> Lead:
    return Lead(KEY, whose, AT, "20 desks", "new", value_cents=5_000)


def _follow_up(whose: uuid.UUID) -> FollowUp:
    due = AT + DAY
    return FollowUp(KEY, whose, FollowUpKind.PROMISE, "10 %", AT, due, "Ben", remind_at=due)


def _method(whose: uuid.UUID) -> PaymentMethod:
    return PaymentMethod(KEY, whose, MethodKind.CARD, "Visa", "1111", "2027-04")


class Record:
    """One record of a customer, as two people edit it."""

    def __init__(self, read: Any, write: Any, made: Any) -> None:
        self._read, self._write = read, write
        self.base = made
        sales = isinstance(made, Order | Invoice | PaymentMethod)
        self._steps = (SalesWriting if sales else LeadWriting) if made else None
        self._name = {PaymentMethod: "method", Lead: "lead", FollowUp: "follow_up"}.get(
            type(made), type(made).__name__.lower()
        )
        self._do("add", made)
        self.base = self.now()

    def _do(self, verb: str, *records: Any, who: str = "Ben") -> Any:
        if isinstance(self.base, FollowUp):
            add = lambda w: w.add_follow_ups(records, who)  # noqa: E731
            edit = lambda w: w.edit_follow_up(*records, who)  # noqa: E731
            return self._write(add if verb == "add" else edit)
        name = verb if isinstance(self.base, Lead) else f"{verb}_{self._name}"
        return self._write(lambda w: getattr(self._steps(w, who), name)(*records))

    def now(self) -> Any:
        if isinstance(self.base, PaymentMethod):
            found = self._read(lambda r: r.payment_methods(self.base.customer_id))
            return next(one for one in found if one.id == KEY)
        return self._read(lambda r: getattr(r, self._name)(KEY))

    def edit(self, who: str, base: Any = None, **values: Any) -> Any:
        """Somebody saves a form that was opened before everything else."""
        base = base or self.base
        return self._do("edit", base, replace(base, **values), who=who)


@pytest.fixture
def store(store_file, key, now):
    """One whose clock goes on: who wrote last is known by when."""
    seconds = itertools.count()
    with open_store(
        store_file, key, clock=lambda: now + timedelta(seconds=next(seconds))
    ) as opened:
        yield opened


@pytest.fixture
def anna(write, make_person):
    someone = make_person("Anna Groß")
    write(lambda w: w.save_customer(someone))
    return someone.id


@pytest.fixture
def record(read, write, anna):
    return lambda make: Record(read, write, make(anna))


BOTH = [
    (_order, {**SHIPPED, "tracking": "XY 1"}, {"title": "Chairs and rope"}),
    (_order, {"carrier": "Post"}, {"lines": (CHAIR,), "total_cents": 10_000}),
    (_invoice, {"due_on": date(2026, 7, 30)}, {"amount_cents": 9_000}),
    (_lead, {"stage": "won", "state": LeadState.WON, "closed_at": AT}, {"next_step": "offer"}),
    (_follow_up, {"due_at": AT + 3 * DAY, "remind_at": AT + 2 * DAY}, {"title": "12 %"}),
    (_follow_up, {"owner": "Cleo"}, {"repeat": Repeat(RepeatUnit.WEEK)}),
    (_method, {"is_preferred": True}, {"expiry": "2029-01"}),
]


@pytest.mark.parametrize(("make", "hers", "his"), BOTH)
def test_what_two_people_change_of_a_record_holds_of_both(record, make, hers, his):
    one = record(make)
    one.edit("Anna", **hers)
    one.edit("Ben", **his)
    assert one.now() == replace(one.base, **hers, **his)


CLASHES = [
    (_order, {"title": "Chairs, blue"}, {"title": "Chairs, red"}, "title", "order"),
    (
        _order,
        SHIPPED,
        {"status": OrderStatus.CANCELLED},
        "status+shipped_at+delivered_at",
        "order",
    ),
    (_order, {"lines": (ROPE,)}, {"total_cents": 9_000}, LINES, "order"),
    (_invoice, {"amount_cents": 9_000}, {"currency": "USD"}, AMOUNT, "invoice"),
    (_invoice, {"due_on": None}, {"due_on": date(2026, 8, 1)}, "due_on", "invoice"),
    (
        _lead,
        {"next_step": "call", "next_step_at": AT},
        {"next_step_at": AT + DAY},
        "next_step+next_step_at",
        "lead",
    ),
    (_follow_up, {"due_at": AT}, {"due_at": AT + 5 * DAY}, "due_at+ends_at", "follow-up"),
    (
        _follow_up,
        {"repeat": Repeat(RepeatUnit.DAY)},
        {"repeat": Repeat(RepeatUnit.YEAR)},
        "repeat",
        "follow-up",
    ),
]


@pytest.mark.parametrize(("make", "hers", "his", "field", "word"), CLASHES)
def test_a_field_of_both_is_refused_with_both_values_and_who(record, make, hers, his, field, word):
    one = record(make)
    one.edit("Anna", **hers)
    with pytest.raises(ConflictingEditsError, match=f"Anna changed this {word} while") as error:
        one.edit("Ben", **his)
    (found,) = error.value.conflicts
    assert (found.field, found.who) == (field, "Anna")
    assert found.theirs != found.base != found.mine
    assert one.now() == replace(one.base, **hers)  # nothing at all of Ben's was written


@pytest.mark.parametrize("side", [MINE, THEIRS])
def test_a_decided_order_is_all_of_one_person_and_a_removed_line_comes_back(record, side):
    one = record(_order)
    one.edit("Anna", lines=(CHAIR,), total_cents=10_000, **SHIPPED)
    more = replace(ROPE, quantity_milli=3000, total_cents=600)
    edited = replace(one.base, lines=(CHAIR, more), total_cents=10_600, carrier="Post")
    with pytest.raises(ConflictingEditsError) as error:
        one.edit("Ben", lines=edited.lines, total_cents=10_600, carrier="Post")
    base, final = settled(one.base, edited, error.value.conflicts, {LINES: side})
    one._do("edit", base, final)
    found = one.now()
    his, hers = ((CHAIR, more), 10_600), ((CHAIR,), 10_000)
    assert (found.lines, found.total_cents) == (his if side == MINE else hers)
    assert (found.carrier, found.status, found.shipped_at) == ("Post", OrderStatus.SHIPPED, AT)


def test_a_line_that_was_removed_is_in_nobodys_way(record):
    one = record(_order)
    one.edit("Anna", lines=(ROPE,))
    one.edit("Ben", title="Chairs and rope")
    assert one.now().lines == (ROPE,)
    one.edit("Anna", one.now(), lines=(ROPE, CHAIR))
    assert one.now().lines == (ROPE, CHAIR)


def test_a_stage_is_not_taken_back_by_a_form_that_was_open(record, write):
    one = record(_lead)
    write(lambda w: LeadWriting(w, "Anna").move(KEY, "won"))
    one.edit("Ben", next_step="send the offer")
    won = one.now()
    assert (won.state, won.next_step) == (LeadState.WON, "send the offer")
    assert won.closed_at is not None


def test_what_came_in_meanwhile_counts_on_another_amount(record, write, anna):
    one = record(_invoice)
    came = Receipt(uuid.uuid4(), anna, AT, 9_000, invoice_id=KEY)
    write(lambda w: SalesWriting(w, "Anna").add_receipt(came))
    one.edit("Ben", amount_cents=9_000)
    assert (one.now().status, one.now().paid_cents) == (InvoiceStatus.PAID, 9_000)


def test_a_note_that_two_people_change_keeps_the_first_until_somebody_decides(read, write, anna):
    write(lambda w: NoteWriting(w, "Ben").add(anna, "wants a lamp", AT))
    (entry,) = read(lambda r: r.timeline(anna)).entries
    seen = read(lambda r: r.interaction(entry.id))
    assert isinstance(seen, Interaction)
    assert seen.kind is TimelineKind.NOTE
    write(lambda w: NoteWriting(w, "Anna").edit(seen, "wants two lamps"))
    with pytest.raises(ConflictingEditsError, match="Anna changed this note") as error:
        write(lambda w: NoteWriting(w, "Ben").edit(seen, "wants a desk"))
    mine = replace(seen, detail="wants a desk")
    base, final = settled(seen, mine, error.value.conflicts, {"detail": MINE})
    write(lambda w: NoteWriting(w, "Ben").edit(base, final.detail))
    assert read(lambda r: r.interaction(seen.id)).detail == "wants a desk"


def test_every_field_of_a_record_is_an_attribute_of_it():
    for kind, fields in RECORD_FIELDS.items():
        names = [name for field in fields for name in field.split("+")]
        assert set(names) <= set(kind.__dataclass_fields__)
        assert len(names) == len(set(names))


TOO_LARGE = [
    (_order, {"total_cents": 10**19}),
    (_order, {"lines": (replace(CHAIR, total_cents=MOST_CENTS + 1),)}),
    (_order, {"lines": (replace(CHAIR, unit_cents=-MOST_CENTS - 1),)}),
    (_order, {"lines": (replace(CHAIR, quantity_milli=MOST_MILLI + 1),)}),
    (_invoice, {"amount_cents": 10**19}),
    (_lead, {"value_cents": 10**19}),
]


@pytest.mark.parametrize(("make", "values"), TOO_LARGE)
def test_what_no_store_can_hold_is_refused_in_words(record, read, write, anna, make, values):
    with pytest.raises(UserFacingError, match="too large to be written down"):
        Record(read, write, replace(make(anna), **values))
    one = record(make)
    with pytest.raises(UserFacingError, match="too large to be written down"):
        one.edit("Ben", **values)
    assert one.now() == one.base


def test_a_receipt_too_large_is_refused_and_the_most_is_kept(record, write, anna):
    one = record(lambda whose: replace(_invoice(whose), amount_cents=MOST_CENTS))
    came = Receipt(uuid.uuid4(), anna, AT, MOST_CENTS, invoice_id=KEY)
    beyond = replace(came, amount_cents=10**19)
    with pytest.raises(UserFacingError, match="too large"):
        write(lambda w: SalesWriting(w, "Anna").add_receipt(beyond))
    write(lambda w: SalesWriting(w, "Anna").add_receipt(came))
    assert one.now().status is InvoiceStatus.PAID
