"""Invented history: orders and their payments, tickets, surveys, promises, notes.

Everything hangs on `now`, so that a demo made today has deadlines of today. Every seventh
customer has something that presses, so that the pop has something to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from random import Random

from sqlalchemy import Table

from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import DAY, HOUR, SECOND, Row, Stamps
from crmdesk.store.demo.sales import SalesMaker, Sold
from crmdesk.store.demo.tickets import Opened, TicketMaker
from crmdesk.store.demo.words import pick, words
from crmdesk.store.numbers.holders import day_ends, local_day
from crmdesk.store.tables import (
    follow_up,
    interaction,
    survey_answer,
)

AGENTS = {
    "1001": "Jonas Weber",
    "1002": "Claire Martin",
    "1003": "Aylin Demir",
    "1004": "Tom Becker",
    "1005": "Nora Lindqvist",
    "1006": "Peter Hall",
}
"""Extensions of the demo's people, for the names of a phone line."""

PRESSING_EVERY = 7
_KINDS = ("follow_up", "call_back", "appointment")
"""Of what is to be done; promises are made where something presses."""
_YEARS = 5
AGENT_NAMES = list(AGENTS.values())
_Tables = dict[Table, list[Row]]


class HistoryMaker:
    """Adds rows of history for one customer after the other.

    Args:
        rng: Where chance comes from.
        stamps: For keys.
        now: What deadlines are measured against.
        tickets: Makes the tickets.
        sales: Makes orders, invoices and leads.
    """

    def __init__(
        self,
        rng: Random,
        stamps: Stamps,
        now: datetime,
        tickets: TicketMaker,
        sales: SalesMaker,
    ) -> None:
        self._sales = sales
        self._tickets = tickets
        self._rng = rng
        self._stamps = stamps
        self._now = to_micros(now)
        self._tonight = to_micros(day_ends(local_day(now))) - 60 * SECOND
        self._words = words()["history"]
        self._numbers = count(1042)
        self._customers = 0

    def add(self, customer: bytes, to: _Tables) -> None:
        """Adds what happened with a customer."""
        is_pressing = self._customers % PRESSING_EVERY == 0
        self._customers += 1
        if is_pressing:
            self._sales.add_ways(customer, to)
        self._sales.add_leads(customer, to, is_pressing=is_pressing)
        self._add_orders(customer, to, 1 + is_pressing)
        if is_pressing:
            self._add_pressing(customer, to)
        self._maybe(0.25, self._add_solved_ticket, customer, to)
        self._maybe(0.08, self._add_open_ticket, customer, to)
        self._maybe(0.30, self._add_survey, customer, to)
        self._maybe(0.15, self._add_follow_up, customer, to)
        for _ in range(int(self._rng.random() * 4)):
            self._add_interaction(customer, to)

    def _maybe(
        self, chance: float, add: Callable[[bytes, _Tables], None], customer: bytes, to: _Tables
    ) -> None:
        if self._rng.random() < chance:
            add(customer, to)

    def _ago(self, days: float) -> int:
        """Some moment of the last days."""
        return self._now - int(self._rng.random() * days * DAY)

    def _who(self) -> str:
        return pick(self._rng, AGENT_NAMES)

    def _number(self) -> str:
        return str(next(self._numbers))

    # --- what presses -----------------------------------------------------------------------

    def _add_pressing(self, customer: bytes, to: _Tables) -> None:
        """An overdue complaint, a late order, an unpaid invoice, a promise for today."""
        complaint = pick(self._rng, self._words["complaints"])
        opened, due = self._now - 3 * DAY, self._now - int((1 + self._rng.random() * 20) * HOUR)
        self._add_ticket(customer, to, opened, ("complaint", complaint, "high"), due)
        self._add_order(customer, to, self._now - 12 * DAY, "placed", self._now - 2 * DAY)
        due_at = min(self._now + int((1 + self._rng.random() * 5) * HOUR), self._tonight)
        title = pick(self._rng, self._words["promises"])
        row = ("promise", title, self._who(), due_at, None)
        to[follow_up].append((*self._stamps.new(), customer, self._now - DAY, *row))

    # --- orders -----------------------------------------------------------------------------

    def _add_orders(self, customer: bytes, to: _Tables, most: int) -> None:
        for _ in range(int(self._rng.random() * (most + 2))):
            at = self._ago(_YEARS * 365)
            status = "delivered" if self._rng.random() < 0.93 else "cancelled"
            if self._now - at < 6 * DAY:
                status = "shipped"
            self._add_order(customer, to, at, status, at + 5 * DAY)

    def _add_order(self, customer: bytes, to: _Tables, at: int, status: str, promised: int) -> None:
        cents = 2_900 + int(self._rng.random() ** 3 * 900_000)
        number, title = self._number(), pick(self._rng, self._words["products"])
        shipped = (
            min(at + 2 * DAY, self._now - HOUR) if status in {"shipped", "delivered"} else None
        )
        sold = Sold(number, title, at, status, cents, promised, shipped)
        if status != "cancelled":
            sold = self._invoiced(sold)
        self._sales.add(customer, to, sold)

    def _invoiced(self, sold: Sold) -> Sold:
        """Two in a hundred old invoices were never paid; new ones are open until they are due."""
        paid = sold.at + int(self._rng.random() * 9 * DAY)
        is_open = paid > self._now or self._rng.random() < 0.02
        method = pick(self._rng, self._words["methods"])
        return sold._replace(invoice=self._number(), method=method, paid=None if is_open else paid)

    # --- tickets, surveys, follow-ups -------------------------------------------------------

    def _add_solved_ticket(self, customer: bytes, to: _Tables) -> None:
        opened = self._ago(_YEARS * 365)
        solved = min(opened + int(self._rng.random() * 4 * DAY), self._now)
        what = ("question", pick(self._rng, self._words["questions"]), "normal")
        self._add_ticket(customer, to, opened, what, opened + 2 * DAY, solved)

    def _add_open_ticket(self, customer: bytes, to: _Tables) -> None:
        opened = self._ago(4)
        kind, subjects = ("complaint", "complaints")
        if self._rng.random() < 0.6:
            kind, subjects = ("question", "questions")
        what = (kind, pick(self._rng, self._words[subjects]), self._priority())
        self._add_ticket(customer, to, opened, what, self._now + int(self._rng.random() * 3 * DAY))

    def _add_ticket(
        self,
        customer: bytes,
        to: _Tables,
        at: int,
        what: tuple[str, str, str],
        due: int,
        solved: int | None = None,
    ) -> None:
        kind, subject, priority = what
        number, who = self._number(), self._who()
        made = Opened(number, at, kind, subject, priority, who, due, solved)
        self._tickets.add(customer, to, made)

    def _priority(self) -> str:
        return pick(self._rng, self._words["priorities"])

    def _add_survey(self, customer: bytes, to: _Tables) -> None:
        score = 5 - int(self._rng.random() ** 2 * 5)
        comment = pick(self._rng, self._words["comments"])
        to[survey_answer].append((*self._stamps.new(), customer, self._ago(700), score, comment))

    def _add_follow_up(self, customer: bytes, to: _Tables) -> None:
        at = self._ago(60)
        done = None if self._rng.random() < 0.4 else min(at + DAY, self._now)
        due = self._now + int(self._rng.random() * 5 * DAY) if done is None else at + 2 * DAY
        if done is None and due < self._now + DAY:
            due = min(due, self._tonight)
        title = pick(self._rng, self._words["questions"])
        kind = _KINDS[self._customers % len(_KINDS)]
        row = (kind, title, self._who(), due, done)
        to[follow_up].append((*self._stamps.new(), customer, at, *row))

    def _add_interaction(self, customer: bytes, to: _Tables) -> None:
        kind, title, detail = self._contact()
        at = self._ago(_YEARS * 365 * self._rng.random())
        row = (kind, self._who(), title, detail, None)
        to[interaction].append((*self._stamps.new(), customer, at, *row))

    def _contact(self) -> tuple[str, str, str]:
        lists, chance = self._words, self._rng.random()
        if chance < 0.5:
            return "note", "", pick(self._rng, lists["notes"])
        if chance < 0.8:
            return "email", pick(self._rng, lists["emails"]), ""
        if chance < 0.9:
            return "visit", pick(self._rng, lists["visits"]), ""
        return "web_form", pick(self._rng, lists["forms"]), ""
