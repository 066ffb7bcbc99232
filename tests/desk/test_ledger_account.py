"""Every event of a phone line ends in exactly one line of the ledger."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.desk.call_log import CallLog
from crmdesk.desk.ledger.log import LedgerLog
from crmdesk.desk.line_desk import DeskParts, LineDesk
from crmdesk.desk.listeners import Listeners
from crmdesk.desk.replay import replay, settled
from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    Disconnected,
    HoldChanged,
    OfferEnded,
    OutsideDialled,
    OutsideRang,
    PhoneOffered,
    PhoneRang,
    QueueLeft,
    VoicemailReached,
)
from crmdesk.domain.calls import Call, Direction, OfferOutcome, Presentation, TransferKind
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome, LedgerRule
from crmdesk.domain.pops import PopCard
from crmdesk.settings.model import AgentSettings, LineSettings, PopWhen, Settings
from crmdesk.store import Store, keys, open_store
from crmdesk.telephony.recording import Recording
from crmdesk.telephony.registry import translate_recording
from tests.end2end.people import JANE_NUMBER, people

DATA = Path(__file__).parents[1] / "data" / "asterisk"
RECORDINGS = sorted(DATA.rglob("*.ami"))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = LineSettings(id="office", name="Office", region="DE", internal=("1001-1199",))
CALLS, PHONES = ("1", "2", "3"), ("1001", "1002", "")
IGNORED = "+493023125666"
NUMBERS = (JANE_NUMBER, "+442079460991", IGNORED, "", "anonymous", "1002")
SHOWN = {
    LedgerOutcome.POPPED,
    LedgerOutcome.AMBIGUOUS,
    LedgerOutcome.NO_MATCH,
    LedgerOutcome.WITHHELD,
}


class Account:
    """Listens to a desk: its lines, its cards, its calls."""

    def __init__(self) -> None:
        self.lines: list[LedgerLine] = []
        self.cards: dict[tuple[Any, str], PopCard] = {}
        self.calls: dict[Any, Call] = {}

    def ledger_written(self, lines: tuple[LedgerLine, ...]) -> None:
        self.lines += lines

    def pop_changed(self, card: PopCard) -> None:
        self.cards.setdefault((card.call_id, card.extension), card)

    def call_changed(self, row: Any) -> None:
        self.calls[row.call.id] = row.call

    def shown_on(self) -> Counter[tuple[Any, str]]:
        return Counter(
            (line.call_id, line.extension) for line in self.lines if line.outcome in SHOWN
        )


@dataclass(frozen=True)
class Desk:
    """How a desk is set."""

    watched: str = ""
    pop_when: PopWhen = "ringing"
    pop_internal: bool = False

    def on(self, store: Store, account: Account) -> tuple[LineDesk, DeskParts]:
        line = LineSettings(
            id="office",
            name="Office",
            region="DE",
            internal=("1001-1199",),
            pop_when=self.pop_when,
            pop_internal=self.pop_internal,
        )
        loop, listeners = asyncio.get_running_loop(), Listeners()
        listeners.add(account)  # type: ignore[arg-type]
        post = loop.call_soon_threadsafe
        ledger = LedgerLog(store, listeners, post, loop.call_later)
        log = CallLog(store, listeners, post)
        parts = DeskParts(store, log, ledger, listeners, lambda: NOW, post)
        agent = AgentSettings(extension=self.watched)
        return LineDesk(line, Settings(agent=agent, lines=(line,)), parts), parts


async def _finish(desk: LineDesk, parts: DeskParts) -> None:
    await settled(desk)
    desk.close()
    for _ in range(2):
        parts.ledger.flush()
        await settled(parts.ledger, parts.call_log)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place = tmp_path_factory.mktemp("account") / "test.db"
    with open_store(place, keys.DEMO_KEY) as opened:
        people(opened)
        rule = IgnoreRule(uuid.uuid4(), IgnoreKind.EXACT, IGNORED, "sells roofs")
        opened.write(lambda writer: writer.ignore(rule, "1001")).result()
        yield opened


def _events() -> st.SearchStrategy[CallEvent]:
    """Any event of any call, in any order: a translator keeps no promise here."""
    call, phone = st.sampled_from(CALLS), st.sampled_from(PHONES)
    at, device, yes = st.just(NOW), st.just("device"), st.booleans()
    number, which = st.sampled_from(NUMBERS), st.sampled_from(Direction)
    presentation = st.sampled_from(Presentation)
    started = st.builds(CallStarted, call, at, which, number, presentation=presentation)
    return st.one_of(
        started,
        started,
        st.builds(
            CallDetails, call, at, caller_raw=st.none() | number,
            presentation=st.none() | presentation, account_id=st.none() | st.just("4711"),
        ),
        st.builds(PhoneOffered, call, at, phone, device, yes),
        st.builds(PhoneRang, call, at, phone, device),
        st.builds(PhoneRang, call, at, phone, device),
        st.builds(OutsideDialled, call, at, phone),
        st.builds(OutsideRang, call, at),
        st.builds(OfferEnded, call, at, phone, device, st.sampled_from(OfferOutcome)),
        st.builds(Connected, call, at, phone),
        st.builds(Disconnected, call, at),
        st.builds(HoldChanged, call, at, phone, yes),
        st.builds(CallTransferred, call, at, st.sampled_from(TransferKind), phone, phone),
        st.builds(VoicemailReached, call, at),
        st.builds(QueueLeft, call, at, yes),
        st.builds(CallEnded, call, at),
    )  # fmt: skip


DESKS = st.builds(
    Desk,
    watched=st.sampled_from(("", "1001")),
    pop_when=st.sampled_from(("ringing", "answer", "asked")),
    pop_internal=st.booleans(),
)
BATCHES = st.lists(st.tuples(st.lists(_events(), max_size=6), st.booleans()), max_size=10)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(desk=DESKS, batches=BATCHES, lost=st.booleans())
def test_any_events_in_any_order(
    store: Store,
    desk: Desk,
    batches: list[tuple[list[CallEvent], bool]],
    lost: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)  # events of unknown calls are logged as left out
    account, events = Account(), list[CallEvent]()

    async def play() -> None:
        line_desk, parts = desk.on(store, account)
        ended = set[str]()
        for drawn, waits in batches:
            batch = [event for event in drawn if not _begins_anew(event, ended)]
            told = [_dated(event, len(events) + i) for i, event in enumerate(batch)]
            events.extend(told)
            line_desk.take(told)
            if waits:
                await settled(line_desk)
        if lost:
            line_desk.lost(NOW)
        await _finish(line_desk, parts)

    asyncio.run(play())
    _check(account, events)
    _check_rules(account, desk)


def _begins_anew(event: CallEvent, ended: set[str]) -> bool:
    """Whether a call that is over would begin again: no phone system gives a key twice."""
    if isinstance(event, CallEnded):
        ended.add(event.call)
    return isinstance(event, CallStarted) and event.call in ended


def _dated(event: CallEvent, number: int) -> CallEvent:
    """Each event has a moment of its own, so that lines can be told apart."""
    return replace(event, at=NOW + timedelta(milliseconds=number))


def _check(account: Account, events: Sequence[CallEvent]) -> None:
    """One line for each event, about it; and what the lines say happened."""
    assert sorted(line.at for line in account.lines) == sorted(event.at for event in events)
    told = Counter((line.at, line.event) for line in account.lines)
    assert told == Counter((event.at, _name(event)) for event in events)
    assert all(line.words and line.rule for line in account.lines)
    assert LedgerRule.PROGRAM_ENDED not in {line.rule for line in account.lines}
    assert all((line.millis is not None) == (line.outcome in SHOWN) for line in account.lines)
    shown = account.shown_on()
    assert set(shown) <= set(account.cards)
    assert all(count == 1 for count in shown.values())


def _check_rules(account: Account, desk: Desk) -> None:
    for line in account.lines:
        assert (line.call_id is None) == (line.rule == LedgerRule.NOT_UNDERSTOOD)
        if line.rule == LedgerRule.OTHER_EXTENSION:
            assert desk.watched not in ("", line.extension)
        if line.rule == LedgerRule.INTERNAL_CALL:
            assert not desk.pop_internal
        if line.rule == LedgerRule.IGNORE_LIST:
            assert line.digits == IGNORED
        if line.rule == LedgerRule.CARD_IS_THERE:
            assert (line.call_id, line.extension) in account.cards
        if line.outcome in SHOWN:
            assert desk.pop_when != "asked"
            assert line.extension
            assert desk.watched in ("", line.extension)


def _name(event: CallEvent) -> str:
    name = type(event).__name__
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)[1:]


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_recordings_of_a_real_phone_system(store: Store, path: Path) -> None:
    account = Account()
    batches = list(translate_recording(Recording.load(path), LINE))

    async def play() -> None:
        line_desk, parts = Desk().on(store, account)
        await replay(batches, line_desk)
        await _finish(line_desk, parts)

    asyncio.run(play())
    events = [event for _, batch in batches for event in batch]
    _check(account, events)
    _check_cards(account)


def _check_cards(account: Account) -> None:
    """The lines, the cards and the call log tell of the same cards."""
    pops = Counter((call.id, pop.extension) for call in account.calls.values() for pop in call.pops)
    late = Counter(
        (line.call_id, line.extension)
        for line in account.lines
        if line.rule == LedgerRule.CALL_OVER
    )
    assert account.shown_on() + late == pops
    assert LedgerOutcome.FAILED not in {line.outcome for line in account.lines}
