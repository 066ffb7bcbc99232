"""Orders of the demo with their lines, what was paid on them and how; and leads."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import NamedTuple

from sqlalchemy import Table

from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import DAY, HOUR, Row, Stamps, iso_day
from crmdesk.store.demo.words import pick, words
from crmdesk.store.tables import (
    opportunity,
    order_line,
    payment,
    payment_method,
    receipt,
    sales_order,
)

TOLD = 600
"""Orders with lines and receipts; the others of a large demo have a sum and no more."""

LEADS = 400

_SEED = 11
_STAGES = ("new", "new", "talking", "talking", "offer")
_METHOD_KEYS = {"Bank transfer": "transfer", "Direct debit": "direct_debit", "Card": "card"}
_TEN_DAYS = 10 * DAY
_LATE, _OPEN, _IN_PART, _OF_LEADS = 0.2, 0.5, 0.4, 0.12
_Tables = dict[Table, list[Row]]


class Sold(NamedTuple):
    """An order as history makes it; moments in microseconds.

    Attributes:
        method: How it was paid, None where there is no invoice.
        invoice: Number of the invoice.
        paid: When; None while it is open.
    """

    number: str
    title: str
    at: int
    status: str
    cents: int
    promised: int
    shipped: int | None
    invoice: str = ""
    method: str | None = None
    paid: int | None = None


class SalesMaker:
    """Adds orders, invoices, ways to pay and leads; chance of its own, as tickets have.

    Args:
        now: What is late is measured against.
        origin: The desk.
        people: Who may have a lead.
    """

    def __init__(self, now: datetime, origin: bytes, people: list[str]) -> None:
        self._rng = Random(_SEED)  # noqa: S311  invented orders are no secret
        self._stamps = Stamps(self._rng, now, origin)
        self._now, self._year = to_micros(now), now.year
        self._words = words()["history"]
        self._people = people
        self._told = self._leads = 0

    def add(self, customer: bytes, to: _Tables, sold: Sold) -> None:
        """Adds an order of a customer with its invoice."""
        stamp = self._stamps.new()
        is_told = self._told < TOLD
        self._told += is_told
        is_there = sold.status == "delivered"
        delivered = min(sold.at + 4 * DAY, self._now - HOUR) if is_there else None
        parcel = self._parcel() if is_told and sold.shipped else ("", "")
        row = (sold.number, sold.title, sold.status, sold.cents, "EUR", sold.promised, sold.shipped)
        to[sales_order].append((*stamp, customer, sold.at, *row, delivered, *parcel, ""))
        if is_told:
            self._add_lines(stamp[0], sold, to)
        if sold.method is not None:
            self._add_invoice(customer, stamp[0], sold, to, is_told=is_told)

    def add_ways(self, customer: bytes, to: _Tables) -> None:
        """Adds how somebody pays: a card, and often a mandate."""
        if self._told >= TOLD:
            return
        year = self._year + int(self._rng.random() * 5)
        month = 1 + int(self._rng.random() * 12)
        last_four = f"{int(self._rng.random() * 10_000):04}"
        brand = pick(self._rng, ["Visa", "Mastercard"])
        card = ("card", brand, last_four, f"{year}-{month:02}", "", "", "", True)
        to[payment_method].append((*self._stamps.new(), customer, *card))
        if self._rng.random() < _OPEN:
            mandate = f"M-{year - 2}-{int(self._rng.random() * 90) + 10}"
            bank = pick(self._rng, ["Hafenbank", "Fenland Bank", "Banque du Port"])
            debit = ("direct_debit", "", "", "", "", bank, mandate, False)
            to[payment_method].append((*self._stamps.new(), customer, *debit))

    def add_leads(self, customer: bytes, to: _Tables, *, is_pressing: bool) -> None:
        """Adds what may come: one lead for some, two for whom something presses."""
        for share in (1.0, _OPEN) if is_pressing else (_OF_LEADS,):
            if self._leads < LEADS and self._rng.random() < share:
                self._leads += 1
                self._add_lead(customer, to)

    # --- one by one -------------------------------------------------------------------------

    def _parcel(self) -> tuple[str, str]:
        number = "".join(str(int(self._rng.random() * 10)) for _ in range(10))
        return pick(self._rng, self._words["carriers"]), f"PS{number}DE"

    def _add_lines(self, order: bytes, sold: Sold, to: _Tables) -> None:
        """Two lines that come to the total: the thing itself, and what goes with it."""
        count = 1 + int(self._rng.random() ** 2 * 6)
        each = sold.cents * 9 // (10 * count)
        extra = sold.cents - each * count
        sku = f"{sold.title[:2].upper()}-{100 + int(self._rng.random() * 900)}"
        lines = (
            (0, sku, sold.title, count * 1000, each, each * count),
            (1, "DEL", "Delivery and assembly", 1000, extra, extra),
        )
        to[order_line] += [(*self._stamps.new(), order, *line) for line in lines]

    def _add_invoice(
        self, customer: bytes, order: bytes, sold: Sold, to: _Tables, *, is_told: bool
    ) -> None:
        due, paid = sold.at + _TEN_DAYS, sold.paid
        if is_told:
            paid = self._told_payment(sold, due)
        stamp = self._stamps.new()
        paid_cents = sold.cents if paid is not None else 0
        if is_told:
            part = sold.cents // 2 if paid is None and self._rng.random() < _IN_PART else 0
            paid_cents = part or paid_cents
            self._add_receipt(customer, stamp[0], sold, paid or sold.at + DAY, paid_cents, to)
        status = "open" if paid is None else "paid"
        row = (sold.invoice, sold.cents, "EUR", iso_day(due), paid, sold.method)
        to[payment].append((*stamp, customer, sold.at, *row, paid_cents, status, order))

    def _told_payment(self, sold: Sold, due: int) -> int | None:
        """Some pay late; of orders that press, half are not paid yet."""
        if sold.status == "placed" and self._rng.random() < _OPEN:
            return None
        if sold.paid is not None and self._rng.random() < _LATE:
            late = due + int((1 + self._rng.random() * 12) * DAY)
            return late if late < self._now else sold.paid
        return sold.paid

    def _add_receipt(
        self, customer: bytes, invoice: bytes, sold: Sold, at: int, cents: int, to: _Tables
    ) -> None:
        if not cents:
            return
        method = _METHOD_KEYS.get(sold.method or "", "transfer")
        row = (invoice, cents, "EUR", method, None, f"R {sold.invoice}")
        to[receipt].append((*self._stamps.new(), customer, min(at, self._now), *row))

    def _add_lead(self, customer: bytes, to: _Tables) -> None:
        at = self._now - int(self._rng.random() * 60 * DAY)
        expected = iso_day(self._now + int((self._rng.random() * 120 - 10) * DAY))
        cents = 50_000 + int(self._rng.random() ** 2 * 60) * 25_000
        step_at = self._now + int((self._rng.random() * 10 - 1) * DAY)
        state, closed, lost = "open", None, ""
        stage = pick(self._rng, list(_STAGES))
        ended = self._rng.random()
        if ended < _LATE:
            state = stage = "won" if ended < _LATE / 2 else "lost"
            closed = at + int(self._rng.random() * (self._now - at))
            lost = pick(self._rng, ["Price", "Competitor", "No need"]) if stage == "lost" else ""
        is_open = state == "open"
        row = (
            pick(self._rng, self._words["leads"]),
            pick(self._rng, ["Recommendation", "Web search", "Trade fair", "Call"]),
            *(stage, state, cents, "EUR", None, expected),
            pick(self._rng, self._words["next_steps"]) if is_open else "",
            step_at if is_open else None,
            pick(self._rng, self._people),
            *(closed, lost),
        )
        to[opportunity].append((*self._stamps.new(), customer, at, *row))
