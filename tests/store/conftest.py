"""A store of its own for each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.customers import Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.ids import call_id
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber
from crmdesk.store import Store, open_store

KEY = bytes(range(32))
NOW = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "crmdesk.db"


@pytest.fixture
def store(store_file: Path) -> Iterator[Store]:
    with open_store(store_file, KEY, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def read(store: Store) -> Callable[[Callable[[Any], Any]], Any]:
    """Runs a job on the reader thread and waits for it."""
    return lambda work: store.read(work).result()


@pytest.fixture
def write(store: Store) -> Callable[[Callable[[Any], Any]], Any]:
    """Runs a job on the writer thread and waits for it."""
    return lambda work: store.write(work).result()


def person(name: str, *numbers: str, **facts: Any) -> Customer:
    return Customer(
        id=facts.pop("id", None) or uuid.uuid4(),
        kind=facts.pop("kind", CustomerKind.PERSON),
        name=name,
        numbers=tuple(PhoneNumber(number, number, "work") for number in numbers),
        emails=tuple(Email(address) for address in facts.pop("emails", ())),
        **facts,
    )


def inbound(linked_id: str, minutes_ago: float = 0.0, **facts: Any) -> Call:
    return Call(
        id=call_id("pbx", linked_id),
        line_id="line",
        direction=facts.pop("direction", Direction.INBOUND),
        started_at=NOW - timedelta(minutes=minutes_ago),
        **facts,
    )


@pytest.fixture
def make_person() -> Callable[..., Customer]:
    return person


@pytest.fixture
def make_call() -> Callable[..., Call]:
    return inbound


@pytest.fixture
def match_of() -> Callable[..., Match]:
    """What the ladder would say of a call of a customer's number."""

    def matched(one: Customer, rule: MatchRule, e164: str) -> Match:
        number = NormalisedNumber(e164, e164)
        return Match(MatchState.EXACT, rule, number, customer_id=one.id, digits=e164)

    return matched
