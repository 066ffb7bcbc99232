"""One phone line at the desk: call events in; saved calls, cards and ledger lines out.

Lives on the NET thread. The store is asked once per caller, on its reader thread; the pop
does not wait for the call to be written, nor the writing for the pop.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.caller import Caller, LookUp, number_of, read_caller, unmatched
from crmdesk.desk.card import build_card
from crmdesk.desk.ledger.book import LedgerBook
from crmdesk.desk.pop_policy import PopPolicy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from datetime import datetime

    from crmdesk.desk.call_log import CallLog
    from crmdesk.desk.ledger.log import LedgerLog
    from crmdesk.desk.listeners import Listeners
    from crmdesk.domain.call_events import CallEvent
    from crmdesk.domain.calls import Call, Presentation
    from crmdesk.domain.pops import PopCard
    from crmdesk.settings.model import LineSettings, Settings
    from crmdesk.store import Store

log = logging.getLogger(__name__)

CallerKey = tuple["str", "Presentation", "str | None"]

_MOST_ENDED = 20
"""Calls that are over whose cards may still be on a screen."""


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desks of all lines share.

    Attributes:
        now: The time for stories ("due in 3 h"), aware UTC.
        post: Runs a function on the NET thread, from any thread.
        former: Calls whose end was not seen; taken up when the phone system tells of them.
    """

    store: Store
    call_log: CallLog
    ledger: LedgerLog
    listeners: Listeners
    now: Callable[[], datetime]
    post: Callable[..., object]
    former: dict[uuid.UUID, Call] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Open:
    """What is known about a call that goes on, or was going on until just now.

    Attributes:
        key: The caller facts that were matched last; a change asks the store again.
        caller: None until the store answered.
        cards: Last card told per extension.
        asked: How often the store was asked; only its last answer counts.
        has_cards: Cards of it were shown, here or on other desks.
    """

    call: Call
    key: CallerKey
    caller: Caller | None
    cards: dict[str, PopCard] = field(default_factory=dict)
    asked: int = 0
    has_cards: bool = False

    @property
    def shown_call(self) -> Call:
        """The call; before its caller is known, or where nobody wants a card, without cards."""
        return self.call if self.has_cards or not self.call.pops else replace(self.call, pops=())


class LineDesk:
    """Follows the calls of one line.

    Args:
        line: The line's settings.
        settings: All settings; the agent's extension is watched, "" watches all.
        parts: What it shares with the desks of other lines.
    """

    def __init__(self, line: LineSettings, settings: Settings, parts: DeskParts) -> None:
        self._parts = parts
        self._tracker = CallTracker(line.id, line.system_name, parts.former)
        self._policy = PopPolicy(line.pop_when, line.pop_internal)
        self._book = LedgerBook(line.id, parts.ledger.enter)
        self._open: dict[uuid.UUID, _Open] = {}
        self._ended: deque[_Open] = deque(maxlen=_MOST_ENDED)
        self._reading = 0
        self.adopt(line, settings)

    @property
    def is_idle(self) -> bool:
        """Whether no answer of the store is awaited."""
        return self._reading == 0

    @property
    def calls(self) -> tuple[Call, ...]:
        """Calls that go on."""
        return tuple(entry.call for entry in self._open.values() if not entry.call.is_over)

    def take(self, events: Iterable[CallEvent]) -> None:
        """Takes one batch of events; each touched call is saved and shown once."""
        arrived = self._book.arrival()
        touched: dict[uuid.UUID, Call] = {}
        for event in events:
            try:
                decision = self._policy.decide(self._tracker, event)
            except Exception:
                # One event that we do not understand must not end the line with all its calls.
                log.exception("an event was left out: %s", type(event).__name__)
                self._book.not_understood(event)
            else:
                touched[decision.call.id] = decision.call
                known = self._open.get(decision.call.id)
                caller = known.caller if known else None
                self._book.decided(event, decision, self._watched, arrived, caller)
        for call in touched.values():
            self._update(call)

    def adopt(self, line: LineSettings, settings: Settings) -> None:
        """Takes changed settings of the same line; calls that go on keep going."""
        self.line = line
        self._look_up = LookUp.of(line, settings)
        self._watched = settings.agent.extension
        self._policy.change(line.pop_when, line.pop_internal)

    def refresh(self, call_id: uuid.UUID | None = None) -> bool:
        """Asks the store anew who is calling, and tells cards and calls that change by it.

        Args:
            call_id: Of this call; None for all that go on or ended just now.

        Returns:
            Whether there is such a call here.
        """
        meant = [entry for entry in self._known() if call_id in {None, entry.call.id}]
        for entry in meant:
            self._ask(entry)
        return bool(meant)

    def save_again(self) -> None:
        """Writes what goes on anew."""
        for entry in self._open.values():
            self._save(entry)

    def lost(self, at: datetime) -> None:
        """The phone system will tell no more: what goes on ends as "end unknown"."""
        for call in self._tracker.close_all(at):
            self._parts.former[call.id] = self._update(call).shown_call

    def close(self) -> None:
        """Enters in the ledger what still waits for the store: the program ends."""
        self._book.close()

    def _known(self) -> Iterator[_Open]:
        yield from self._open.values()
        yield from self._ended

    def _update(self, call: Call) -> _Open:
        key = (call.caller_raw, call.presentation, call.account_id)
        entry = self._open.get(call.id)
        if entry is None or entry.key != key:
            entry = self._open[call.id] = self._entry(call, key, entry)
            if entry.caller is None:
                self._ask(entry)
        entry.call = call
        self._publish(entry)
        return entry

    def _entry(self, call: Call, key: CallerKey, before: _Open | None) -> _Open:
        made = _Open(call, key, self._answer_without_store(call))
        if before is not None:
            made.cards, made.has_cards = before.cards, before.has_cards
        for ended in [entry for entry in self._ended if entry.call.id == call.id]:
            self._ended.remove(ended)  # the call goes on after all
        return made

    def _answer_without_store(self, call: Call) -> Caller | None:
        number = number_of(call, self._look_up.numbers)
        match = unmatched(call, number)
        return Caller(number, match) if match else None

    def _ask(self, entry: _Open) -> None:
        self._reading += 1
        entry.asked += 1
        asked, now = entry.asked, self._parts.now()
        read = partial(read_caller, call=entry.call, look_up=self._look_up, now=now)
        future = self._parts.store.read_for_pop(read)
        future.add_done_callback(lambda done: self._parts.post(self._answered, done, entry, asked))

    def _answered(self, done: Future[Caller], entry: _Open, asked: int) -> None:
        self._reading -= 1
        if entry.asked != asked or all(known is not entry for known in self._known()):
            return
        error = done.exception()
        if error is not None:
            log.error("the store could not say who is calling", exc_info=error)
            number = number_of(entry.call, self._look_up.numbers)
            entry.caller = entry.caller or Caller.unread(number)
        else:
            entry.caller = done.result()
        self._publish(entry)

    def _publish(self, entry: _Open) -> None:
        if entry.caller is not None:
            self._tell(entry, entry.caller)
        self._save(entry)
        is_done = entry.call.is_over and entry.caller is not None
        if is_done and self._open.pop(entry.call.id, None) is entry:
            self._ended.append(entry)

    def _tell(self, entry: _Open, caller: Caller) -> None:
        entry.has_cards = entry.has_cards or caller.ignored is None
        for pop in entry.call.pops if entry.has_cards else ():
            is_wanted = caller.ignored is None or pop.extension in entry.cards
            if self._watched not in ("", pop.extension) or not is_wanted:
                continue
            card = build_card(entry.call, pop, caller, self.line)
            if entry.cards.get(pop.extension) != card:
                entry.cards[pop.extension] = card
                self._parts.listeners.pop_changed(card)
        self._book.told(entry.call.id, caller, entry.cards)

    def _save(self, entry: _Open) -> None:
        number = entry.caller.number if entry.caller else None
        number = number or number_of(entry.call, self._look_up.numbers)
        e164 = None if entry.call.is_withheld else number.e164
        match = entry.caller.match if entry.caller else None
        self._parts.call_log.save(entry.shown_call, e164, match)
