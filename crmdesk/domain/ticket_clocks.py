"""When a ticket is due: pure, from what happened to it and what was promised.

The solution's clock runs while a ticket is open and stands while it waits for the customer or
is solved. The first answer's clock runs until the customer is told something: an answer, or the
solution. That a ticket begins to wait tells nobody anything. A due time that no policy set (it
came with an import) is a fixed moment: nothing moves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crmdesk.domain.business_time import BusinessClock
from crmdesk.domain.sla import WARN_PERCENT, SlaPolicy
from crmdesk.domain.tickets import (
    TicketClocks,
    TicketEntryKind,
    TicketStatus,
    TicketTarget,
)

_PER_CENT = 100
_NOTHING = timedelta()
_ONE_STEP = timedelta(seconds=1)
"""A row and an entry of one step have moments that are that near to each other."""

Stretch = tuple[datetime, "datetime | None"]
"""From when to when a clock ran; None where it still does."""


@dataclass(frozen=True, slots=True)
class StatusMove:
    """A ticket got another status."""

    at: datetime
    status: TicketStatus


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What the clocks of a ticket depend on besides the policy.

    Attributes:
        moves: After it was opened, in order of time.
        first_answered_at: When the customer was first told something.
        given_first_due_at, given_due_at: Fixed due times, for where no policy is meant.
    """

    opened_at: datetime
    moves: tuple[StatusMove, ...] = ()
    first_answered_at: datetime | None = None
    given_first_due_at: datetime | None = None
    given_due_at: datetime | None = None

    @property
    def status(self) -> TicketStatus:
        """The present one."""
        return self.moves[-1].status if self.moves else TicketStatus.OPEN

    @property
    def answered_at(self) -> datetime | None:
        """The first answer, or the solution where that came first."""
        solved = (move.at for move in self.moves if move.status is TicketStatus.SOLVED)
        told = (self.first_answered_at, next(solved, None))
        return min((at for at in told if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Promise:
    """How one of the two promises stands.

    Attributes:
        due_at: When it runs out, or ran out, or would have; None while its clock stands.
        warn_at: When a warning is due, None for never.
        is_ticking: Its clock runs: it can still be kept, or is overdue.
        is_lost: It ran out before it was kept.
        left: Working time left while its clock stands.
    """

    due_at: datetime | None
    warn_at: datetime | None = None
    is_ticking: bool = False
    is_lost: bool = False
    left: timedelta | None = None

    @property
    def can_breach(self) -> bool:
        """Whether it is, or will be, broken if nothing is done."""
        return self.due_at is not None and (self.is_ticking or self.is_lost)


@dataclass(frozen=True, slots=True)
class Promises:
    """Both promises of a ticket; None where nothing was promised."""

    first_answer: Promise | None = None
    resolution: Promise | None = None
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something the clock has to record."""

    kind: TicketEntryKind
    target: TicketTarget
    due_at: datetime


def first_answer(
    known: datetime | None, told: Collection[datetime], taken_back: Collection[datetime] = ()
) -> datetime | None:
    """When the customer was first told something, as a ticket's row has it.

    Args:
        known: What the row says; with a ticket from elsewhere a moment came that no entry says.
        told: When entries say so: answers and solutions.
        taken_back: The same of entries that do not hold any more.
    """
    first = min(told, default=None)
    if known is None or any(abs(known - at) < _ONE_STEP for at in taken_back):
        return first
    is_same = first is None or known - first < _ONE_STEP
    return known if is_same else first


def promises(facts: ClockFacts, policy: SlaPolicy | None, clock: BusinessClock | None) -> Promises:
    """How both promises of a ticket stand.

    Args:
        facts: What happened.
        policy: What was promised; None where no policy is meant for the ticket.
        clock: Of the policy's calendar; None where there is no policy.
    """
    paused_at = facts.moves[-1].at if facts.status is TicketStatus.WAITING else None
    if policy is None or clock is None:
        return Promises(_given_first(facts), _given_resolution(facts), paused_at)
    return Promises(
        _first_answer(facts, policy, clock), _resolution(facts, policy, clock), paused_at
    )


def clocks(promised: Promises, policy: SlaPolicy | None, recorded: TicketClocks) -> TicketClocks:
    """The clocks as a ticket's row has them, with what was recorded before."""
    first, last = promised.first_answer, promised.resolution
    ticking = (one.due_at for one in (first, last) if one and one.is_ticking and one.due_at)
    return TicketClocks(
        policy_id=policy.id if policy else None,
        first_due_at=first.due_at if first else None,
        due_at=last.due_at if last else None,
        next_due_at=min(ticking, default=None),
        paused_at=promised.paused_at,
        watch_at=min((at for _, at in _to_come(promised, recorded)), default=None),
        first_warned_at=recorded.first_warned_at,
        warned_at=recorded.warned_at,
        first_breached_at=recorded.first_breached_at,
        breached_at=recorded.breached_at,
    )


def due_now(promised: Promises, recorded: TicketClocks, now: datetime) -> tuple[Due, ...]:
    """What has to be recorded by now: a breach, or the warning before it, of each promise."""
    found: dict[TicketTarget, Due] = {}
    for due, at in _to_come(promised, recorded):
        if at <= now:  # a breach comes after its warning, and takes its place
            found[due.target] = due
    return tuple(found.values())


def _to_come(promised: Promises, recorded: TicketClocks) -> Iterator[tuple[Due, datetime]]:
    """What is not recorded yet, with the moment at which it has to be; warnings first."""
    for target, promise, warned_at, breached_at in (
        (
            TicketTarget.FIRST_ANSWER,
            promised.first_answer,
            recorded.first_warned_at,
            recorded.first_breached_at,
        ),
        (
            TicketTarget.RESOLUTION,
            promised.resolution,
            recorded.warned_at,
            recorded.breached_at,
        ),
    ):
        if promise is None or promise.due_at is None or breached_at is not None:
            continue
        warn_at = promise.warn_at if promise.is_ticking else None
        if warn_at is not None and (warned_at is None or warned_at < warn_at):
            yield Due(TicketEntryKind.WARNING, target, promise.due_at), warn_at
        if promise.can_breach:
            yield Due(TicketEntryKind.BREACH, target, promise.due_at), promise.due_at


def _first_answer(facts: ClockFacts, policy: SlaPolicy, clock: BusinessClock) -> Promise | None:
    if policy.first_answer_minutes is None:
        return None
    length = timedelta(minutes=policy.first_answer_minutes)
    due_at = clock.add(facts.opened_at, length)
    if due_at is None:
        return Promise(None)
    warn_at = clock.add(facts.opened_at, _part(length, policy)) if policy.warn_percent else None
    return _until_answered(facts, due_at, warn_at)


def _until_answered(facts: ClockFacts, due_at: datetime, warn_at: datetime | None) -> Promise:
    answered_at = facts.answered_at
    return Promise(
        due_at,
        warn_at,
        is_ticking=answered_at is None,
        is_lost=answered_at is not None and answered_at > due_at,
    )


def _resolution(facts: ClockFacts, policy: SlaPolicy, clock: BusinessClock) -> Promise | None:
    if policy.resolution_minutes is None:
        return None
    length = timedelta(minutes=policy.resolution_minutes)
    stretches = tuple(_running(facts))
    found = _walk(stretches, length, clock)
    if found.is_ticking and policy.warn_percent:
        return replace(found, warn_at=_walk(stretches, _part(length, policy), clock).due_at)
    if found.is_lost and facts.status is TicketStatus.OPEN:
        return replace(found, is_ticking=True)  # opened again, and overdue since
    if found.left is not None and facts.status is TicketStatus.SOLVED:
        return replace(found, due_at=_would_be_due(stretches[-1], found.left, clock))
    return found


def _running(facts: ClockFacts) -> Iterator[Stretch]:
    """When the ticket was open, in order."""
    since: datetime | None = facts.opened_at
    for move in facts.moves:
        is_open = move.status is TicketStatus.OPEN
        if since is not None and not is_open:
            yield since, max(since, move.at)
            since = None
        elif since is None and is_open:
            since = move.at
    if since is not None:
        yield since, None


def _would_be_due(last: Stretch, left: timedelta, clock: BusinessClock) -> datetime | None:
    """By when it had to be solved, had it not been."""
    start, end = last
    spent = clock.between(start, end) if end is not None else _NOTHING
    return clock.add(start, left + spent)


def _walk(stretches: Sequence[Stretch], length: timedelta, clock: BusinessClock) -> Promise:
    """Where so much working time of some stretches is over."""
    left = length
    for start, end in stretches:
        due_at = clock.add(start, left)
        if due_at is None:
            return Promise(None)
        if end is None:
            return Promise(due_at, is_ticking=True)
        if due_at < end:
            return Promise(due_at, is_lost=True)
        left -= min(left, clock.between(start, end))
    return Promise(None, left=left)


def _part(length: timedelta, policy: SlaPolicy) -> timedelta:
    return length * policy.warn_percent / _PER_CENT


def _given_first(facts: ClockFacts) -> Promise | None:
    due_at = facts.given_first_due_at
    if due_at is None:
        return None
    return _until_answered(facts, due_at, _fixed_warning(facts.opened_at, due_at))


def _given_resolution(facts: ClockFacts) -> Promise | None:
    due_at = facts.given_due_at
    if due_at is None:
        return None
    is_solved = facts.status is TicketStatus.SOLVED
    return Promise(
        due_at,
        _fixed_warning(facts.opened_at, due_at),
        is_ticking=not is_solved,
        is_lost=is_solved and facts.moves[-1].at > due_at,
    )


def _fixed_warning(opened_at: datetime, due_at: datetime) -> datetime:
    return opened_at + max(due_at - opened_at, _NOTHING) * WARN_PERCENT / _PER_CENT
