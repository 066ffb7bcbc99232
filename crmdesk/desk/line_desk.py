"""One phone line at the desk: call events in; saved calls and cards out.

Lives on the NET thread. The store is asked once per caller, on its reader thread; the pop
does not wait for the call to be written, nor the writing for the pop.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from crmdesk.desk.call_tracker import CallTracker
from crmdesk.desk.caller import Caller, number_of, read_caller, unmatched
from crmdesk.desk.card import build_card
from crmdesk.desk.pop_policy import PopPolicy
from crmdesk.matching.numbers import line_rules

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from datetime import datetime

    from crmdesk.desk.call_log import CallLog
    from crmdesk.desk.listeners import Listeners
    from crmdesk.domain.call_events import CallEvent
    from crmdesk.domain.calls import Call, Presentation
    from crmdesk.domain.pops import PopCard
    from crmdesk.settings.model import LineSettings
    from crmdesk.store import Store

log = logging.getLogger(__name__)

CallerKey = tuple["str", "Presentation", "str | None"]


@dataclass(slots=True)
class _Open:
    """What is known about a call that goes on.

    Attributes:
        key: The caller facts that were matched last; a change asks the store again.
        caller: None until the store answered.
        cards: Last card told per extension.
    """

    call: Call
    key: CallerKey
    caller: Caller | None
    cards: dict[str, PopCard]


class LineDesk:
    """Follows the calls of one line.

    Args:
        line: The line's settings.
        watched: The agent's extension; "" watches all extensions.
        now: The time for stories ("due in 3 h"), aware UTC.
        post: Runs a function on the NET thread, from any thread.
        former: Calls whose end was not seen; shared with the desk that follows this one.
    """

    def __init__(
        self,
        line: LineSettings,
        watched: str,
        store: Store,
        call_log: CallLog,
        listeners: Listeners,
        now: Callable[[], datetime],
        post: Callable[..., object],
        former: dict[uuid.UUID, Call] | None = None,
    ) -> None:
        self.line = line
        self._rules = line_rules(line)
        self._watched = watched
        self._store = store
        self._call_log = call_log
        self._listeners = listeners
        self._now = now
        self._post = post
        self._former = {} if former is None else former
        self._tracker = CallTracker(line.id, line.system_name, self._former)
        self._policy = PopPolicy(line.pop_when, line.pop_internal)
        self._open: dict[uuid.UUID, _Open] = {}
        self._reading = 0

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
        touched: dict[uuid.UUID, Call] = {}
        for event in events:
            try:
                call = self._policy.decide(self._tracker, event)
            except Exception:
                # One event that we do not understand must not end the line with all its calls.
                log.exception("an event was left out: %s", type(event).__name__)
            else:
                touched[call.id] = call
        for call in touched.values():
            self._update(call)

    def adopt(self, line: LineSettings, watched: str) -> None:
        """Takes changed settings of the same line; calls that go on keep going."""
        self.line = line
        self._rules = line_rules(line)
        self._watched = watched
        self._policy.change(line.pop_when, line.pop_internal)

    def save_again(self) -> None:
        """Writes what goes on anew."""
        for entry in self._open.values():
            self._save(entry)

    def lost(self, at: datetime) -> None:
        """The phone system will tell no more: what goes on ends as "end unknown"."""
        for call in self._tracker.close_all(at):
            self._former[call.id] = call
            self._update(call)

    def _update(self, call: Call) -> None:
        key = (call.caller_raw, call.presentation, call.account_id)
        entry = self._open.get(call.id)
        if entry is None or entry.key != key:
            cards = entry.cards if entry else {}
            entry = self._open[call.id] = _Open(call, key, self._answer_without_store(call), cards)
            if entry.caller is None:
                self._ask(call, key)
        entry.call = call
        self._publish(entry)

    def _answer_without_store(self, call: Call) -> Caller | None:
        number = number_of(call, self._rules)
        match = unmatched(call, number)
        return Caller(number, match) if match else None

    def _ask(self, call: Call, key: CallerKey) -> None:
        self._reading += 1
        read = partial(read_caller, call=call, rules=self._rules, now=self._now())
        future = self._store.read_for_pop(read)
        future.add_done_callback(lambda done: self._post(self._answered, done, call.id, key))

    def _answered(self, done: Future[Caller], call_id: uuid.UUID, key: CallerKey) -> None:
        self._reading -= 1
        entry = self._open.get(call_id)
        if entry is None or entry.key != key:
            return
        error = done.exception()
        if error is not None:
            log.error("the store could not say who is calling", exc_info=error)
            entry.caller = Caller.unread(number_of(entry.call, self._rules))
        else:
            entry.caller = done.result()
        self._publish(entry)

    def _publish(self, entry: _Open) -> None:
        if entry.caller is not None:
            self._tell(entry, entry.caller)
        self._save(entry)
        if entry.call.is_over and entry.caller is not None:
            self._open.pop(entry.call.id, None)

    def _tell(self, entry: _Open, caller: Caller) -> None:
        for pop in entry.call.pops:
            if self._watched not in ("", pop.extension):
                continue
            card = build_card(entry.call, pop, caller, self.line)
            if entry.cards.get(pop.extension) != card:
                entry.cards[pop.extension] = card
                self._listeners.pop_changed(card)

    def _save(self, entry: _Open) -> None:
        number = entry.caller.number if entry.caller else number_of(entry.call, self._rules)
        e164 = None if entry.call.is_withheld else number.e164
        match = entry.caller.match if entry.caller else None
        self._call_log.save(entry.call, e164, match)
