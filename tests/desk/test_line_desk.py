"""One phone line at the desk, on a real store and a real loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmdesk.desk import line_desk
from crmdesk.desk.call_log import CallLog
from crmdesk.desk.ledger.log import LedgerLog
from crmdesk.desk.line_desk import DeskParts, LineDesk
from crmdesk.desk.listeners import Listeners
from crmdesk.desk.replay import settled
from crmdesk.domain.call_events import (
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import CallOutcome, Direction
from crmdesk.domain.ledger import LedgerLine
from crmdesk.domain.matches import MatchState
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.store import Store, keys, open_store
from tests.conftest import ExpectedLogs
from tests.end2end.people import JANE, JANE_NUMBER, people

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = LineSettings(id="office", name="Main office", region="DE", internal=("1001-1199",))


class Told:
    """A listener that notes everything."""

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

    def store_health_changed(self, health: object) -> None:
        raise AssertionError(health)


class Scene:
    """A desk on the running loop."""

    def __init__(self, store: Store, watched: str) -> None:
        self.told, listeners = Told(), Listeners()
        listeners.add(self.told)  # type: ignore[arg-type]
        post = asyncio.get_running_loop().call_soon_threadsafe
        later = asyncio.get_running_loop().call_later
        self.log = CallLog(store, listeners, post)
        self.ledger = LedgerLog(store, listeners, post, later)
        parts = DeskParts(store, self.log, self.ledger, listeners, lambda: NOW, post)
        self.settings = Settings(agent=AgentSettings(extension=watched))
        self.desk = LineDesk(LINE, self.settings, parts)

    async def take(self, *events: CallEvent) -> None:
        self.desk.take(events)
        await settled(self.desk, self.log)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as opened:
        people(opened)
        yield opened


@pytest.fixture
def play(store: Store) -> Callable[..., None]:
    """Runs a scene on a loop."""

    def run(scene: Callable[[Scene], Coroutine[Any, Any, None]], watched: str = "") -> None:
        async def on_loop() -> None:
            await scene(Scene(store, watched))

        asyncio.run(on_loop())

    return run


def started(call: str = "1", number: str = JANE_NUMBER) -> CallStarted:
    return CallStarted(call, NOW, Direction.INBOUND, caller_raw=number)


def rings(extension: str, call: str = "1") -> tuple[CallEvent, CallEvent]:
    device = f"{call}-{extension}"
    return PhoneOffered(call, NOW, extension, device), PhoneRang(call, NOW, extension, device)


def test_ring_shows_the_customer_and_saves_the_call(play: Callable[..., None]) -> None:
    async def scene(at: Scene) -> None:
        await at.take(started(), *rings("1001"))
        (card,) = at.told.cards
        assert (card.title, card.state) == (JANE.name, PopState.RINGING)
        assert at.told.rows[-1].customer_id == JANE.id
        assert [call.caller_raw for call in at.desk.calls] == [JANE_NUMBER]

    play(scene)


def test_only_the_agents_phone_pops_here_and_every_call_is_saved(
    play: Callable[..., None],
) -> None:
    async def scene(at: Scene) -> None:
        await at.take(started(), *rings("1001"), *rings("1002"))
        assert [card.extension for card in at.told.cards] == ["1002"]
        assert len(at.told.rows[-1].call.offers) == 2

    play(scene, "1002")


def test_same_news_twice_is_one_card(play: Callable[..., None]) -> None:
    async def scene(at: Scene) -> None:
        await at.take(started(), *rings("1001"))
        await at.take(*rings("1001"))
        assert len(at.told.cards) == 1

    play(scene)


def test_answer_and_end_change_the_card(play: Callable[..., None]) -> None:
    async def scene(at: Scene) -> None:
        await at.take(started(), *rings("1001"))
        await at.take(Connected("1", NOW + timedelta(seconds=3), "1001"))
        await at.take(CallEnded("1", NOW + timedelta(seconds=9)))
        states = [card.state for card in at.told.cards]
        assert states == [PopState.RINGING, PopState.ANSWERED_HERE, PopState.ENDED]
        assert at.told.rows[-1].call.outcome is CallOutcome.ANSWERED
        assert at.desk.calls == ()

    play(scene)


def test_line_that_is_lost_ends_its_calls_as_unknown(play: Callable[..., None]) -> None:
    async def scene(at: Scene) -> None:
        await at.take(started(), *rings("1001"))
        at.desk.lost(NOW + timedelta(seconds=5))
        await settled(at.desk, at.log)
        assert at.told.rows[-1].call.outcome is CallOutcome.UNKNOWN
        assert at.desk.calls == ()

    play(scene)


def test_call_that_ends_before_the_store_answered_is_matched_all_the_same(
    play: Callable[..., None],
) -> None:
    async def scene(at: Scene) -> None:
        at.desk.take([started(), *rings("1001")])
        at.desk.take([CallEnded("1", NOW + timedelta(seconds=1))])
        await settled(at.desk, at.log)
        assert at.told.rows[-1].customer_id == JANE.id
        assert at.desk._open == {}

    play(scene)


def test_store_that_cannot_be_read_still_pops(
    play: Callable[..., None], expect_log: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_log("could not say who is calling")

    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError("the disk is on fire")

    async def scene(at: Scene) -> None:
        await at.take(started(), *rings("1001"))
        (card,) = at.told.cards
        assert card.match.state is MatchState.NONE
        assert card.number_text
        assert "could not be read" in card.match.explanation

    monkeypatch.setattr(line_desk, "read_caller", broken)
    play(scene)
