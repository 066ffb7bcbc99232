"""Who is calling, on a real store."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmdesk.desk.caller import Caller, LookUp, read_caller
from crmdesk.domain.calls import Call, Direction, Presentation
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.ids import call_id
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Store, keys, open_store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = LineSettings(id="line", name="Line", region="DE", internal=("1001-1199",))
LOOK_UP = LookUp.of(LINE, Settings())
NUMBER = "+493023125710"
ANNA = Customer(
    uuid.UUID(int=1),
    CustomerKind.PERSON,
    "Anna Hansen",
    account_id="4711",
    numbers=(PhoneNumber(NUMBER, NUMBER, "work"),),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place: Path = tmp_path_factory.mktemp("caller") / "test.db"
    with open_store(place, keys.DEMO_KEY) as opened:
        opened.write(lambda writer: writer.save_customer(ANNA)).result()
        yield opened


def ask(store: Store, raw: str, **facts: object) -> Caller:
    call = Call(call_id("pbx", "1"), "line", Direction.INBOUND, NOW, caller_raw=raw)
    for name, value in facts.items():
        object.__setattr__(call, name, value)
    return store.read(lambda reader: read_caller(reader, call, LOOK_UP, NOW)).result()


@pytest.mark.parametrize("raw", [NUMBER, "030 23125710", "0049 30 23125710", "49-30-23125710"])
def test_known_caller_comes_with_the_story(store: Store, raw: str) -> None:
    caller = ask(store, raw)
    assert caller.match.state is MatchState.EXACT
    assert caller.story is not None
    assert caller.story.customer.name == "Anna Hansen"


def test_unknown_caller_is_nobody(store: Store) -> None:
    caller = ask(store, "+442079460123")
    assert (caller.match.state, caller.story) == (MatchState.NONE, None)


def test_withheld_number_is_not_looked_up_though_it_is_on_the_wire(store: Store) -> None:
    caller = ask(store, NUMBER, presentation=Presentation.WITHHELD)
    assert caller.match.state is MatchState.WITHHELD
    assert NUMBER not in repr(caller)


def test_account_number_names_a_withheld_caller(store: Store) -> None:
    caller = ask(store, "anonymous", presentation=Presentation.WITHHELD, account_id="4711")
    assert caller.match.rule is MatchRule.ACCOUNT_ID
    assert caller.story is not None


@pytest.mark.parametrize("raw", ["", "A" * 5000, "'); DROP TABLE customer;--", "sip:x@y", "٣٣٣"])
def test_what_is_no_number_is_nobody(store: Store, raw: str) -> None:
    assert ask(store, raw).story is None


def test_store_that_cannot_be_read_is_said(store: Store) -> None:
    caller = Caller.unread(ask(store, NUMBER).number)
    assert "could not be read" in caller.match.explanation
    assert caller.story is None
