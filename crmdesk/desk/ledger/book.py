"""Keeps account of the events of one line: each is entered once, at the latest at the end.

What becomes of most events is clear at once. Those that ask for a card wait here until the
store has said who is calling.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.desk.ledger import lines as ledger
from crmdesk.desk.ledger.lines import Subject
from crmdesk.domain.ledger import LedgerRule

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping

    from crmdesk.desk.caller import Caller
    from crmdesk.desk.pop_policy import Decision
    from crmdesk.domain.call_events import CallEvent
    from crmdesk.domain.ledger import LedgerLine
    from crmdesk.domain.pops import PopCard

_MILLIS_PER_S = 1000.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An event whose card is being made, and when it came.

    Attributes:
        brings_card: False where an event before it did.
    """

    subject: Subject
    arrived: float
    brings_card: bool = True


class LedgerBook:
    """The account of one line.

    Args:
        line_id: The line.
        enter: Takes finished lines.
        clock: Seconds, for how long a card took; no time of day.
    """

    def __init__(
        self,
        line_id: str,
        enter: Callable[[LedgerLine], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._line_id = line_id
        self._enter = enter
        self._clock = clock
        self._waiting: dict[uuid.UUID, list[_Waiting]] = {}

    def arrival(self) -> float:
        """The moment to measure from, for events that just arrived."""
        return self._clock()

    def not_understood(self, event: CallEvent) -> None:
        """Enters an event that could not be handled."""
        self._enter(ledger.not_understood(Subject(event, self._line_id)))

    def decided(
        self,
        event: CallEvent,
        decision: Decision,
        watched: str,
        arrived: float,
        caller: Caller | None = None,
    ) -> None:
        """Enters an event that brings no card here, and remembers one that does.

        Args:
            event: As it came.
            decision: What the policy made of it.
            watched: The phone whose cards are shown here, "" for all.
            arrived: When it came, see `arrival`.
            caller: Who calls, None where the store has not said so yet.
        """
        subject = Subject(event, self._line_id, decision.call)
        brings_card = decision.pop is not None
        if not brings_card and decision.rule is not LedgerRule.CARD_IS_THERE:
            self._enter(ledger.without_card(subject, decision.rule))
        elif watched not in ("", subject.extension):
            self._enter(ledger.without_card(subject, LedgerRule.OTHER_EXTENSION))
        elif brings_card or caller is None:
            waiting = self._waiting.setdefault(decision.call.id, [])
            waiting.append(_Waiting(subject, arrived, brings_card))
        else:
            self._enter(ledger.after_card(subject, caller))

    def told(self, call_id: uuid.UUID, caller: Caller, cards: Mapping[str, PopCard]) -> None:
        """Enters what waited for the caller of a call.

        Args:
            call_id: The call.
            caller: Who calls.
            cards: What was told, by extension.
        """
        for one in self._waiting.pop(call_id, ()):
            if not one.brings_card:
                self._enter(ledger.after_card(one.subject, caller))
                continue
            millis = (self._clock() - one.arrived) * _MILLIS_PER_S
            card = cards.get(one.subject.extension)
            self._enter(ledger.with_caller(one.subject, caller, card, millis))

    def close(self) -> None:
        """Enters what still waits: the program ends."""
        for waiting in self._waiting.values():
            for one in waiting:
                self._enter(ledger.never_finished(one.subject))
        self._waiting.clear()
