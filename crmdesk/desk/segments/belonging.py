"""Which segments one customer belongs to: asked at each ring, so prepared beforehand.

Asking all rules at once takes half a millisecond. A rule may ask much of a customer with a long
history: the quick question gives up soon, so that no ring waits behind it, and the patient one
then asks each rule by itself and leaves out the slow ones only.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from crmdesk.domain.segments import Segment
from crmdesk.store.errors import TookTooLong

if TYPE_CHECKING:
    from crmdesk.store import Reader

QUICK_S = 0.02
"""What the quick question may take: a ring that comes meanwhile waits no longer."""

PATIENT_S = 0.25
"""What one rule may take in the patient question; a list waits that long."""

LASTS = timedelta(minutes=2)
"""So long "overdue" and "90 days ago" are taken for the same."""

_NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a customer belongs to each of some segments.

    Attributes:
        statement: The store's own form of it.
    """

    segments: tuple[Segment, ...] = ()
    statement: Any = None


@dataclass(frozen=True, slots=True)
class Questions:
    """All of it, as of one moment.

    Attributes:
        every: All segments, in the company's order: for the page.
        pop: Those that are shown on the pop.
    """

    every: Question = Question()
    pop: Question = Question()
    made_at: datetime | None = None

    def is_good(self, segments: tuple[Segment, ...], now: datetime) -> bool:
        """Whether it may still be asked: the same rules, and not long ago."""
        is_same = _rules(segments) == self.every.segments
        return is_same and self.made_at is not None and now - self.made_at < LASTS


@dataclass(frozen=True, slots=True)
class Belonging:
    """The answer for one customer.

    Attributes:
        segments: Those the customer belongs to, in the company's order.
        untold: Those whose rule takes too long for this customer.
    """

    segments: tuple[Segment, ...] = ()
    untold: tuple[Segment, ...] = ()


def prepare(reader: Reader, before: Questions, zone: tzinfo) -> Questions:
    """The questions of now; the same value where they still hold."""
    segments, now = reader.segments(), reader.moment()
    if before.is_good(segments, now):
        return before
    known = _rules(segments)
    on_pop = tuple(one for one in known if one.is_on_pop)
    return Questions(_question(reader, known, zone), _question(reader, on_pop, zone), now)


def _rules(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Without the counts: a new count is no other rule."""
    return tuple(replace(one, counted=None, counted_at=None) for one in segments)


def _question(reader: Reader, segments: tuple[Segment, ...], zone: tzinfo) -> Question:
    if not segments:
        return Question()
    statement = reader.membership(segments, zone)
    # Compiled now, not while it rings; where that takes too long each rule is asked by itself.
    with suppress(TookTooLong):
        reader.segments_of(_NOBODY, segments, statement)
    return Question(segments, statement)


def ask_quickly(
    reader: Reader, customer_id: uuid.UUID, question: Question, limit_s: float = QUICK_S
) -> Belonging | None:
    """All rules at once; None where that took too long."""
    if not question.segments:
        return Belonging()
    asked = question.segments, question.statement
    try:
        return Belonging(reader.segments_of(customer_id, *asked, limit_s))
    except TookTooLong:
        return None


def ask_patiently(
    reader: Reader,
    customer_id: uuid.UUID,
    question: Question,
    zone: tzinfo,
    limit_s: float = PATIENT_S,
) -> Belonging:
    """Each rule by itself; those that take too long are told as such."""
    found: list[Segment] = []
    untold: list[Segment] = []
    for one in question.segments:
        alone = Question((one,), reader.membership((one,), zone))
        answer = ask_quickly(reader, customer_id, alone, limit_s)
        if answer is None:
            untold.append(one)
        else:
            found += answer.segments
    return Belonging(tuple(found), tuple(untold))
