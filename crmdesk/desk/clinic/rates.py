"""What becomes of last month's calls: now, and when the numbers are fixed.

Each caller is looked up by the ladder itself, on the store as it is and on the store as it
would be. Where there are very many callers a sample of them is looked up, and says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING, Final
from zlib import crc32

from crmdesk.desk.clinic.report import LineRate, Rate
from crmdesk.domain.call_log import CallerSort
from crmdesk.domain.matches import (
    Claim,
    Match,
    MatchState,
    NormalisedNumber,
    Occasion,
    Owner,
    OwnerFacts,
)
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, line_rules, normalise

if TYPE_CHECKING:
    from crmdesk.matching.lookup import OwnerLookup, Owners
    from crmdesk.settings.model import Settings
    from crmdesk.store import Reader, Store

MOST_CALLERS: Final = 20_000
"""More are sampled: half a percent is exact enough to decide whether fixing pays."""

_AT_ONCE: Final = 100
_UNSURE: Final = frozenset({MatchState.SEVERAL, MatchState.SUGGESTED})
_NO_CALLER: Final = frozenset({MatchState.WITHHELD, MatchState.INTERNAL})


class FixedNumbers:
    """What fixes would change in the answers of a store."""

    def __init__(self) -> None:
        self._added: dict[str, list[Owner]] = {}
        self._gone: dict[str, set[uuid.UUID]] = {}

    def add(self, e164: str, owner: Owner) -> None:
        """A number gets an owner more."""
        self._added.setdefault(e164, []).append(owner)

    def take_away(self, e164: str, customer_id: uuid.UUID) -> None:
        """It was another number, wrongly read."""
        self._gone.setdefault(e164, set()).add(customer_id)

    def touches(self, number: NormalisedNumber) -> bool:
        """Whether a caller could be found otherwise."""
        readings = (number.e164, *number.other_readings)
        return any(e164 in self._added or e164 in self._gone for e164 in readings if e164)

    def owners(self, e164: str, before: Owners) -> Owners:
        """The owners of a number after the fixes."""
        gone = self._gone.get(e164, set())
        kept = tuple(owner for owner in before if owner.customer_id not in gone)
        there = {owner.customer_id for owner in kept}
        new = (owner for owner in self._added.get(e164, ()) if owner.customer_id not in there)
        return kept + tuple(new)


class FixedLookup:
    """A lookup that answers as the store would after the fixes."""

    def __init__(self, lookup: OwnerLookup, fixed: FixedNumbers) -> None:
        self._lookup, self._fixed = lookup, fixed

    def by_account(self, account_id: str) -> Owners:  # noqa: D102
        return self._lookup.by_account(account_id)

    def by_e164(self, e164: str) -> Owners:  # noqa: D102
        return self._fixed.owners(e164, self._lookup.by_e164(e164))

    def by_extension(self, e164: str, extension: str) -> Owners:  # noqa: D102
        found = self._fixed.owners(e164, self._lookup.by_extension(e164, extension))
        return tuple(owner for owner in found if owner.extension == extension)

    def by_national(self, national: str, region: str) -> Owners:  # noqa: D102
        return self._lookup.by_national(national, region)

    def by_any_e164(self, numbers: tuple[str, ...]) -> Owners:  # noqa: D102
        return self._lookup.by_any_e164(numbers)

    def by_prefix(self, e164_start: str) -> Owners:  # noqa: D102
        return self._lookup.by_prefix(e164_start)

    def by_suffix(self, digits: str) -> Owners:  # noqa: D102
        return self._lookup.by_suffix(digits)

    def claims(self, e164: str) -> tuple[Claim, ...]:  # noqa: D102
        return self._lookup.claims(e164)

    def facts(  # noqa: D102
        self, e164: str, customers: tuple[uuid.UUID, ...], occasion: Occasion
    ) -> Mapping[uuid.UUID, OwnerFacts]:
        return self._lookup.facts(e164, customers, occasion)

    def owner_count(self, e164: str) -> int:  # noqa: D102
        return len(self.by_e164(e164)) or self._lookup.owner_count(e164)


@dataclass(slots=True)
class _LineCounts:
    """Calls of one line by what becomes of them."""

    callers: int = 0
    calls: int = 0
    now: Rate = field(default_factory=Rate)
    after: Rate = field(default_factory=Rate)


class CallerSample:
    """The callers of last month, or as many of them as can be looked up.

    Args:
        settings: Lines and rules.
        line_id: Only this line, "" for all.

    Attributes:
        callers: How many different callers there were.
        sampled: How many are looked up where that is fewer, else 0.
        numbers: E.164 they may have called from.
    """

    def __init__(self, settings: Settings, line_id: str) -> None:
        self._settings = settings
        self._only = line_id
        self._rules = {line.id: line_rules(line) for line in settings.lines}
        self._usual = next(iter(self._rules.values()), LineRules())
        self._calls: dict[tuple[str, str], int] = {}
        self.callers = self.sampled = 0
        self.numbers: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self._calls)

    def read(self, store: Store, since: datetime, step: Callable[[], None]) -> None:
        """Reads who called; `step` is told now and then and may raise."""
        self._calls = store.read(lambda reader: self._read(reader, since, step)).result()
        self.callers = len(self._calls)
        if self.callers > MOST_CALLERS:
            chosen = nsmallest(MOST_CALLERS, self._calls, key=_chance)
            self._calls = {caller: self._calls[caller] for caller in chosen}
            self.sampled = MOST_CALLERS
        self.numbers = frozenset(
            e164 for caller in self._calls for e164 in _readings(self._number(caller))
        )

    def _read(
        self, reader: Reader, since: datetime, step: Callable[[], None]
    ) -> dict[tuple[str, str], int]:
        calls: dict[tuple[str, str], int] = {}
        for rows in reader.callers(since):
            step()
            for line, raw, _account, sort in rows:
                if sort == CallerSort.OUTSIDE and raw and self._only in {"", line}:
                    calls[line, raw] = calls.get((line, raw), 0) + 1
        return calls

    def _number(self, caller: tuple[str, str]) -> NormalisedNumber:
        line_id, raw = caller
        return normalise(raw, self._rules.get(line_id, self._usual))

    def rates(
        self, store: Store, fixed: FixedNumbers, day: date, step: Callable[[int], None]
    ) -> tuple[LineRate, ...]:
        """Looks all of them up, now and after the fixes."""
        counts: dict[str, _LineCounts] = {}
        callers, done = iter(self._calls), 0
        while some := list(islice(callers, _AT_ONCE)):
            found = store.read(partial(self._look_up_some, some, fixed, day)).result()
            for caller, (now, after) in zip(some, found, strict=True):
                self._count(counts, caller, now, after)
            done += len(some)
            step(done)
        names = {line.id: line.name for line in self._settings.lines}
        return tuple(
            LineRate(line=line, name=names.get(line, line), calls=c.calls, callers=c.callers,
                     now=c.now, after=c.after)
            for line, c in sorted(counts.items())
        )  # fmt: skip

    def _look_up_some(
        self, some: list[tuple[str, str]], fixed: FixedNumbers, day: date, reader: Reader
    ) -> list[tuple[Match, Match]]:
        return [self._look_up(caller, reader, fixed, day) for caller in some]

    def _look_up(
        self, caller: tuple[str, str], reader: Reader, fixed: FixedNumbers, day: date
    ) -> tuple[Match, Match]:
        number = self._number(caller)
        occasion = Occasion(day=day, line_id=caller[0])
        rules = self._settings.matching
        now = find(number, reader, occasion, rules=rules)
        if not fixed.touches(number):
            return now, now
        return now, find(number, FixedLookup(reader, fixed), occasion, rules=rules)

    def _count(
        self, counts: dict[str, _LineCounts], caller: tuple[str, str], now: Match, after: Match
    ) -> None:
        if now.state in _NO_CALLER:
            return
        calls = self._calls[caller]
        line = counts.setdefault(caller[0], _LineCounts())
        line.callers += 1
        line.calls += calls
        line.now = _with(line.now, now, calls)
        line.after = _with(line.after, after, calls)


def _with(rate: Rate, match: Match, calls: int) -> Rate:
    if match.customer_id is not None:
        return Rate(matched=rate.matched + calls, several=rate.several, nobody=rate.nobody)
    if match.state in _UNSURE:
        return Rate(matched=rate.matched, several=rate.several + calls, nobody=rate.nobody)
    return Rate(matched=rate.matched, several=rate.several, nobody=rate.nobody + calls)


def _readings(number: NormalisedNumber) -> tuple[str, ...]:
    return tuple(filter(None, (number.e164, *number.other_readings)))


def _chance(caller: tuple[str, str]) -> int:
    """The same callers each time, with no regard to who they are."""
    return crc32(f"{caller[0]}\0{caller[1]}".encode("utf-8", "surrogatepass"))
