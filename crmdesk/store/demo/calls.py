"""Years of invented calls, in the order in which they came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from crmdesk.store.columns import to_micros
from crmdesk.store.demo.history import AGENTS
from crmdesk.store.demo.numbers import UNKNOWN_CALLERS
from crmdesk.store.demo.rows import DAY, SECOND, Row, Stamps
from crmdesk.store.demo.words import pick, words

NEWEST_WITH_OFFERS = 100_000
"""Older calls keep only who answered; the phones that rang besides are long forgotten."""

_SKEW = 1.3
"""Above 1: some customers call often, most seldom."""

_YEARS = 5
_EXTENSIONS = list(AGENTS)
_LINE = "demo"
_DIALLED = "+493023125900"

# (chance up to, direction, outcome)
_COURSES = (
    (0.60, "inbound", "answered"),
    (0.70, "inbound", "missed"),
    (0.76, "inbound", "abandoned"),
    (0.78, "inbound", "voicemail"),
    (0.79, "inbound", "busy"),
    (0.93, "outbound", "answered"),
    (1.00, "outbound", "no_answer"),
)


class Callers:
    """Customers that have a number, 24 bytes each: a million take 24 MB.

    The number is kept as the integer of its digits.
    """

    def __init__(self) -> None:
        self._keys = bytearray()
        self._numbers = bytearray()
        self._moved: dict[str, tuple[bytes, int]] = {}

    def __len__(self) -> int:
        return len(self._numbers) // 8

    def add(self, customer: bytes, e164: str) -> None:
        """Adds a customer with the number they call from."""
        self._keys += customer
        self._numbers += int(e164[1:]).to_bytes(8, "little")

    def moves(self, e164: str, former: bytes, until: int) -> None:
        """A number was another customer's up to a moment."""
        self._moved[e164] = former, until

    def customer_of(self, place: int, at: int) -> tuple[bytes, str]:
        """Who called from the number of a place at a moment, and the number."""
        customer, e164 = self[place]
        former, until = self._moved.get(e164, (customer, 0))
        return (former if at < until else customer), e164

    def __getitem__(self, place: int) -> tuple[bytes, str]:
        number = int.from_bytes(self._numbers[place * 8 : place * 8 + 8], "little")
        return bytes(self._keys[place * 16 : place * 16 + 16]), f"+{number}"


class CallMaker:
    """Makes rows of `call` and `call_offer`.

    Args:
        rng: Where chance comes from.
        stamps: For keys.
        callers: Who may call.
        total: How many calls there will be.
        now: The last call was shortly before.
    """

    def __init__(
        self, rng: Random, stamps: Stamps, callers: Callers, total: int, now: datetime
    ) -> None:
        self._rng = rng
        self._stamps = stamps
        self._callers = callers
        self._total = total
        self._now = to_micros(now)
        self._queues = words()["history"]["queues"]

    def batches(self, size: int) -> Iterator[tuple[list[Row], list[Row]]]:
        """Rows of calls and of their offers, oldest first."""
        for start in range(0, self._total, size):
            calls: list[Row] = []
            offers: list[Row] = []
            for place in range(start, min(start + size, self._total)):
                self._add(place, calls, offers)
            yield calls, offers

    def _add(self, place: int, calls: list[Row], offers: list[Row]) -> None:
        rng = self._rng
        span = _YEARS * 365 * DAY
        at = self._now - span + int(span * (place + rng.random()) / self._total) - 60 * SECOND
        direction, outcome = self._course()
        extension = pick(rng, _EXTENSIONS)
        ring = 2 + rng.random() * 18
        talk = 20 + rng.random() ** 2 * 900 if outcome == "answered" else 0.0
        answered = at + int(ring * SECOND) if talk else None
        ended = min(at + int((ring + talk) * SECOND), self._now)
        stamp = self._stamps.new()
        is_inbound = direction == "inbound"
        who = self._caller(is_inbound, at)
        calls.append(
            (
                *stamp,
                _LINE,
                direction,
                at,
                who[0] or "",
                who[0],
                "",
                "withheld" if who[2] == "withheld" else "allowed",
                _DIALLED if is_inbound else who[0],
                pick(rng, self._queues) if is_inbound else None,
                None,
                "unknown",
                at + SECOND,
                answered,
                extension if talk else None,
                None if is_inbound else extension,
                None,
                ring,
                talk,
                False,
                ended,
                "caller" if rng.random() < 0.6 else "agent",
                outcome,
                *who[1:],
            )
        )
        if is_inbound and place >= self._total - NEWEST_WITH_OFFERS:
            self._add_offers(stamp[0], at, ended, extension if talk else None, offers)

    def _course(self) -> tuple[str, str]:
        chance = self._rng.random()
        return next((way, end) for limit, way, end in _COURSES if chance <= limit)

    def _caller(self, is_inbound: bool, at: int) -> tuple[str | None, bytes | None, str, str, str]:
        """Number, customer, match state, rule and digits: some are unknown or withheld."""
        chance = self._rng.random() if is_inbound else 1.0
        if chance < 0.04:
            return None, None, "withheld", "withheld", ""
        if chance < 0.14 or not len(self._callers):
            return pick(self._rng, list(UNKNOWN_CALLERS)), None, "none", "nothing", ""
        place = int(self._rng.random() ** _SKEW * len(self._callers))
        customer, number = self._callers.customer_of(place, at)
        return number, customer, "exact", "e164", number[1:]

    def _add_offers(
        self, call: bytes, at: int, ended: int, answered_by: str | None, offers: list[Row]
    ) -> None:
        rang = {pick(self._rng, _EXTENSIONS), answered_by or pick(self._rng, _EXTENSIONS)}
        for extension in sorted(rang):
            outcome = "no_answer" if answered_by is None else "elsewhere"
            if extension == answered_by:
                outcome = "answered"
            row = (call, extension, at, at + SECOND, ended, 1, outcome)
            offers.append((*self._stamps.new(), *row))
