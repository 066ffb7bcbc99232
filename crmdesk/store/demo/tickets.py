"""Tickets of the demo, what was said and done on them, and the service levels they are held to."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from sqlalchemy import Table

from crmdesk.domain.tickets import TicketEntryKind, TicketStatus
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import HOUR, Row, Stamps
from crmdesk.store.demo.words import pick, words
from crmdesk.store.tables import (
    sla_policy,
    ticket,
    ticket_entry,
    work_calendar,
    work_holiday,
    work_hours,
)

TOLD = 80
"""Open tickets with a history; the others of a large demo have a due time and no more."""

_SEED = 7
_ANSWERED, _WAITING, _NOTED, _ESCALATED, _NOBODYS = 0.7, 0.4, 0.5, 0.15, 0.15
_LEAD = "Nora Lindqvist"


_K = TicketEntryKind
_Tables = dict[Table, list[Row]]


class Opened(NamedTuple):
    """A ticket as history makes it; moments in microseconds.

    Attributes:
        who: Who opened it.
        solved: When, None while it is open.
    """

    number: str
    at: int
    kind: str
    subject: str
    priority: str
    who: str
    due: int
    solved: int | None = None


class TicketMaker:
    """Adds tickets; chance of its own, so that the demo's people stay who they are.

    Args:
        now: What deadlines are measured against.
        origin: The desk.

    Attributes:
        told: Keys of the open tickets that have a history; their clocks are to be mended.
    """

    def __init__(self, now: datetime, origin: bytes) -> None:
        self._rng = Random(_SEED)  # noqa: S311  invented tickets are no secret
        self._stamps = Stamps(self._rng, now, origin)
        self._now = to_micros(now)
        self._words = words()["history"]
        self.told: list[uuid.UUID] = []

    def add(self, customer: bytes, to: _Tables, one: Opened) -> None:
        """Adds a ticket of a customer, with what happened on it while it is open."""
        stamp = self._stamps.new()
        is_told = one.solved is None and len(self.told) < TOLD
        if is_told:
            self.told.append(uuid.UUID(bytes=stamp[0]))
            story = _Story(self, stamp[0], customer, one)
            to[ticket].append((*stamp, customer, one.at, *story.columns()))
            to[ticket_entry] += story.entries
        else:
            to[ticket].append((*stamp, customer, one.at, *_plain(one, self._now)))

    def chance(self, share: float) -> bool:
        """Whether it happens."""
        return self._rng.random() < share

    def is_late(self, one: Opened) -> bool:
        """Whether it was to press: then it is nobody else's turn."""
        return one.due < self._now

    def later(self, at: int, most: int) -> int:
        """Some moment after another one, not in the future."""
        return min(at + 1 + int(self._rng.random() * most), self._now)

    def words(self, name: str) -> str:
        """One of the texts of a list."""
        return pick(self._rng, self._words[name])

    def stamp(self) -> Row:
        """For a row of its own."""
        return self._stamps.new()


class _Story:
    """What happened on one open ticket."""

    def __init__(self, maker: TicketMaker, key: bytes, customer: bytes, one: Opened) -> None:
        self._maker, self._key, self._customer, self._one = maker, key, customer, one
        self.entries: list[Row] = []
        self.status = TicketStatus.OPEN
        self.owner = "" if maker.chance(_NOBODYS) else one.who
        self.detail = maker.words("ticket_details")
        self.answered: int | None = None
        self.escalated_to = ""
        self._at = one.at
        self._tell()

    def columns(self) -> Row:
        """Of the ticket's row, from the number to whom it was escalated."""
        one, is_escalated = self._one, int(bool(self.escalated_to))
        first = (one.number, one.kind, one.subject, one.priority, self.status.value, one.who)
        clocks = (None, None, None, None, None)  # policy, first due, next due, paused, watch
        recorded = (self.answered, None, None, None, None)
        stage = self.status.value
        return (
            *(*first, one.due, None, self.detail, stage, self.owner),
            *(*clocks, *recorded, is_escalated, self.escalated_to),
        )

    def _tell(self) -> None:
        maker, one = self._maker, self._one
        self._add(_K.OPENED, one.who, at=one.at)
        if maker.chance(_NOTED):
            self._add(_K.NOTE, one.who, maker.words("ticket_notes"))
        if maker.chance(_ANSWERED):
            self.answered = self._add(_K.ANSWER, one.who, maker.words("ticket_answers"))
        if maker.chance(_ESCALATED):
            self.escalated_to = _LEAD
            reason = maker.words("ticket_reasons")
            self._add(_K.ESCALATION, one.who, reason, after=_LEAD)
        elif self.answered is not None and not maker.is_late(one) and maker.chance(_WAITING):
            self.status = TicketStatus.WAITING
            before, after = TicketStatus.OPEN.value, TicketStatus.WAITING.value
            self._add(_K.STATUS, one.who, before=before, after=after)

    def _add(
        self,
        kind: TicketEntryKind,
        who: str,
        text: str = "",
        *,
        before: str = "",
        after: str = "",
        at: int | None = None,
    ) -> int:
        self._at = self._maker.later(self._at, 3 * HOUR) if at is None else at
        said = (kind.value, who, text, before, after)
        row = (*self._maker.stamp(), self._key, self._customer, self._at, *said)
        self.entries.append(row)
        return self._at


def _plain(one: Opened, now: int) -> Row:
    """Columns of a ticket that has a given due time and no history."""
    is_open = one.solved is None
    status = (TicketStatus.OPEN if is_open else TicketStatus.SOLVED).value
    first = (one.number, one.kind, one.subject, one.priority, status, one.who)
    late = one.due if one.due < (one.solved or now) else None
    clocks = (None, None, one.due if is_open else None, None, None)
    recorded = (one.solved, None, None, None, late)
    return (*first, one.due, one.solved, "", status, one.who, *clocks, *recorded, 0, "")


def service_rows(now: datetime, origin: bytes) -> _Tables:
    """Calendars and policies: complaints round the clock, everything else in office hours."""
    stamps = Stamps(Random(_SEED + 1), now, origin)  # noqa: S311
    office = stamps.new()
    key = office[0]
    quick = (2 * 60, 16 * 60, 75, key, _LEAD)
    usual = (8 * 60, 40 * 60, 80, key, "")
    always = (4 * 60, 48 * 60, 80, None, _LEAD)
    days = _holidays(now)
    return {
        work_calendar: [(*office, "Office", "Europe/Berlin", 0)],
        work_hours: [(*stamps.new(), key, day, 8 * 60, 17 * 60) for day in range(5)],
        work_holiday: [(*stamps.new(), key, day, title) for day, title in days],
        sla_policy: [
            (*stamps.new(), "Complaints", 0, "complaint", "", "", *always, 1),
            (*stamps.new(), "Urgent", 1, "", "urgent", "", *quick, 1),
            (*stamps.new(), "Everything else", 2, "", "", "", *usual, 1),
        ],
    }


def _holidays(now: datetime) -> list[tuple[str, str]]:
    years = (now.year, (now + timedelta(days=366)).year)
    named = (("01-01", "New Year"), ("05-01", "Labour Day"), ("12-25", "Christmas Day"))
    return [(f"{year}-{day}", title) for year in years for day, title in named]
