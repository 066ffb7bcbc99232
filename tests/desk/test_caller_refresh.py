"""What agents say during a call changes its card, and nothing overwrites what they said."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmdesk.bootstrap.core import Core
from crmdesk.desk.line_desk import LineDesk
from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Direction, Presentation
from crmdesk.domain.customers import Customer, PhoneNumber
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.ledger import LedgerLine
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.domain.number_facts import LineType
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.settings.model import LineSettings, MatchingSettings, Settings
from crmdesk.store import Store, Writer, keys, open_store
from tests.end2end.people import JANE, JANE_NUMBER, JOHN, people

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = LineSettings(
    id="office",
    name="Main office",
    region="DE",
    internal=("1001-1199",),
    called_names={"030 23125200": "Hotline"},
)
SHARED = "+493023125790"
STRANGER = "+493023125777"


class Told:
    """A listener that notes what it needs."""

    def __init__(self) -> None:
        self.cards: list[PopCard] = []
        self.rows: list[CallRow] = []
        self.lines: list[LedgerLine] = []

    def pop_changed(self, card: PopCard) -> None:
        self.cards.append(card)

    def call_changed(self, row: CallRow) -> None:
        self.rows.append(row)

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        self.lines += lines


class Scene:
    """A core with one line whose events a test makes up."""

    def __init__(self, store: Store) -> None:
        self.store, self.told = store, Told()
        self.core = Core(Settings(lines=(LINE,)), store, None, lambda: NOW)
        self.core.add_listener(self.told)  # type: ignore[arg-type]
        self.core.bind()
        self.desk: LineDesk = self.core.desk(LINE)

    async def take(self, *events: CallEvent) -> PopCard:
        self.desk.take(events)
        await self.core.settle()
        return self.told.cards[-1]

    async def write(self, job: Callable[[Writer], object]) -> None:
        await asyncio.wrap_future(self.store.write(job))

    async def refresh(self, card: PopCard) -> PopCard:
        await self.core.refresh_caller(card.call_id)
        await self.core.settle()
        return self.told.cards[-1]

    def row(self, card: PopCard) -> CallRow:
        row = self.store.read(lambda reader: reader.call_row(card.call_id)).result()
        assert row is not None
        return row


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as opened:
        people(opened)
        shared = PhoneNumber(SHARED, SHARED, "work")
        for person in (JANE, JOHN):
            both = replace(person, numbers=(*person.numbers, shared))
            opened.write(partial(_save, both)).result()
        yield opened


def _save(customer: Customer, writer: Writer) -> None:
    writer.save_customer(customer)


Play = Callable[[Callable[[Scene], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def play(store: Store) -> Play:
    def run(scene: Callable[[Scene], Coroutine[Any, Any, None]]) -> None:
        async def on_loop() -> None:
            await scene(Scene(store))

        asyncio.run(on_loop())

    return run


def rings(number: str, **facts: Any) -> tuple[CallEvent, ...]:
    return (
        CallStarted("1", NOW, Direction.INBOUND, number, **facts),
        PhoneOffered("1", NOW, "1001", "d"),
        PhoneRang("1", NOW, "1001", "d"),
    )


def choose(card: PopCard, person: Any = JOHN, number: str | None = SHARED) -> Any:
    return lambda writer: writer.choose_owner(number, person.id, card.call_id, "Alice")


def test_who_is_chosen_of_several_takes_over_the_card(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(SHARED))
        assert (card.match.state, card.story) == (MatchState.SEVERAL, None)
        await at.write(choose(card))
        changed = await at.refresh(card)
        assert (changed.title, changed.match.rule) == (JOHN.name, MatchRule.CHOSEN)
        assert changed.story is not None
        assert changed.match.candidates[0].owner.customer_id == JOHN.id
        assert len(changed.match.candidates) == 2
        assert at.told.rows[-1].customer_name == JOHN.name
        assert at.told.rows[-1].match_rule is MatchRule.CHOSEN

    play(scene)


def test_what_was_chosen_survives_the_rest_of_the_call(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(SHARED))
        await at.write(choose(card))
        # The desk has not been told to ask again, and saves what it knew before.
        await at.take(Connected("1", NOW + timedelta(seconds=3), "1001"))
        assert at.row(card).customer_id == JOHN.id
        await at.refresh(card)
        await at.take(CallDetails("1", NOW, account_id="unheard of"))
        await at.take(CallEnded("1", NOW + timedelta(seconds=9)))
        row = at.row(card)
        assert (row.customer_id, row.match_rule) == (JOHN.id, MatchRule.CHOSEN)
        assert at.told.cards[-1].title == JOHN.name

    play(scene)


def test_a_withheld_caller_can_be_named_by_the_agent(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings("", presentation=Presentation.WITHHELD))
        assert card.match.state is MatchState.WITHHELD
        await at.write(choose(card, JANE, None))
        changed = await at.refresh(card)
        assert (changed.title, changed.number_text) == (JANE.name, "")
        assert changed.match.rule is MatchRule.CHOSEN

    play(scene)


def test_who_is_denied_leaves_the_card(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(JANE_NUMBER))
        assert card.title == JANE.name
        await at.write(
            lambda writer: writer.deny_number(JANE_NUMBER, JANE.id, "Alice", "", card.call_id)
        )
        changed = await at.refresh(card)
        assert (changed.match.customer_id, changed.story) == (None, None)
        assert at.row(card).customer_id is None

    play(scene)


def test_a_customer_made_from_the_card_takes_it_over(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(STRANGER))
        assert card.facts is not None
        assert (card.facts.region, card.facts.line_type) == ("DE", LineType.FIXED)
        new = replace(
            JANE,
            id=uuid.UUID(int=9),
            name="Nora Neu",
            numbers=(PhoneNumber(STRANGER, STRANGER, "work"),),
        )
        await at.write(lambda writer: writer.save_customer(new))
        await at.core.refresh_callers()
        await at.core.settle()
        changed = at.told.cards[-1]
        assert (changed.title, changed.facts) == ("Nora Neu", None)
        assert at.row(card).customer_id == new.id

    play(scene)


def test_a_call_that_ended_just_now_changes_too(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(SHARED), Connected("1", NOW, "1001"))
        await at.take(CallEnded("1", NOW + timedelta(seconds=5)))
        await at.write(choose(card))
        changed = await at.refresh(card)
        assert (changed.title, changed.state) == (JOHN.name, PopState.ENDED)
        assert at.told.rows[-1].customer_name == JOHN.name

    play(scene)


def test_a_call_of_yesterday_changes_in_the_lists_only(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(SHARED), CallEnded("1", NOW + timedelta(seconds=5)))
        await at.write(choose(card))
        later = Scene(at.store)
        await later.core.refresh_caller(card.call_id)
        assert later.told.cards == []
        assert later.told.rows[-1].customer_name == JOHN.name
        await later.core.refresh_caller(uuid.UUID(int=5))  # nobody knows it
        assert len(later.told.rows) == 1

    play(scene)


def test_changed_rules_hold_from_the_next_call_on(play: Play) -> None:
    async def scene(at: Scene) -> None:
        off = msgspec.structs.replace(
            at.core.settings, matching=MatchingSettings(ladder=("account",))
        )
        at.desk.adopt(LINE, off)
        card = await at.take(*rings(JANE_NUMBER))
        assert card.match.state is MatchState.NONE
        at.desk.adopt(LINE, at.core.settings)
        assert (await at.refresh(card)).title == JANE.name

    play(scene)


def test_an_ignored_caller_is_logged_and_brings_no_card(play: Play) -> None:
    async def scene(at: Scene) -> None:
        entry = IgnoreRule(uuid.uuid4(), IgnoreKind.EXACT, JANE_NUMBER, "private")
        await at.write(lambda writer: writer.ignore(entry, "Alice"))
        at.desk.take(rings(JANE_NUMBER))
        await at.core.settle()
        at.desk.take((CallEnded("1", NOW + timedelta(seconds=5)),))
        await at.core.settle()
        assert at.told.cards == []
        row = at.told.rows[-1]
        assert (row.customer_id, row.call.pops) == (JANE.id, ())
        stored = at.store.read(lambda reader: reader.call(row.call.id)).result()
        assert stored is not None
        assert stored.pops == ()
        (line,) = [line for line in at.told.lines if line.event == "phone_rang"]
        assert (line.outcome, line.rule) == ("suppressed", "ignore_list")

    play(scene)


def test_who_was_on_the_screen_before_being_ignored_stays_there(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings(JANE_NUMBER))
        entry = IgnoreRule(uuid.uuid4(), IgnoreKind.EXACT, JANE_NUMBER)
        await at.write(lambda writer: writer.ignore(entry, "Alice"))
        await at.refresh(card)
        ended = await at.take(CallEnded("1", NOW + timedelta(seconds=5)))
        assert ended.state is PopState.MISSED
        assert len(at.row(card).call.pops) == 1

    play(scene)


def test_a_caller_with_our_own_number_is_doubted(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings("+493023125200"))
        assert card.match.trust.level == "doubtful"

    play(scene)


def test_a_caller_who_shows_the_number_that_is_called_is_doubted(play: Play) -> None:
    async def scene(at: Scene) -> None:
        card = await at.take(*rings("+493023125201", dialled="+493023125201"))
        assert card.match.trust.level == "doubtful"

    play(scene)
