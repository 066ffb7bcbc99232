"""On which extension a card is shown, and why. One card per extension and call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.domain.call_events import (
    CallEvent,
    CallTransferred,
    Connected,
    OutsideDialled,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import Call, Direction, Pop, PopReason, TransferKind
from crmdesk.domain.ledger import LedgerRule

if TYPE_CHECKING:
    from crmdesk.desk.call_tracker import CallTracker

ON_ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an event comes to.

    Attributes:
        call: The call as it is now.
        pop: The card it brings, None where it brings none.
        rule: Why it brings none.
    """

    call: Call
    pop: Pop | None = None
    rule: LedgerRule = LedgerRule.PART_OF_CALL


class PopPolicy:
    """Decides on the cards of one line.

    Args:
        when: "ringing", "answer" (only once the extension talks) or "asked" (as ringing;
            whoever shows the card keeps it back until the agent asks).
        internal: Calls between extensions get cards too.
    """

    def __init__(self, when: str = "ringing", internal: bool = False) -> None:
        self._transferred: dict[str, set[str]] = {}
        self.change(when, internal)

    def change(self, when: str, internal: bool) -> None:
        """Decides by other settings from now on."""
        self._on_answer = when == ON_ANSWER
        self._internal = internal

    def decide(self, tracker: CallTracker, event: CallEvent) -> Decision:
        """Applies an event to the tracker, and adds the card it leads to."""
        call = tracker.apply(event)
        self._note_transfer(event)
        extension = _extension(event)
        rule = self._kept_back(call, event, extension)
        if call.is_over:
            self._transferred.pop(event.call, None)
        if rule is not None:
            return Decision(call, rule=rule)
        pop = Pop(extension, self._reason(call, event.call, extension), event.at)
        return Decision(tracker.add_pop(event.call, pop), pop)

    def _note_transfer(self, event: CallEvent) -> None:
        """Remembers to which extensions the call comes by a transfer."""
        if isinstance(event, PhoneOffered) and event.transferred:
            self._transferred.setdefault(event.call, set()).add(event.extension)
        elif isinstance(event, CallTransferred) and event.kind is TransferKind.ATTENDED:
            self._transferred.setdefault(event.call, set()).add(event.to_extension)

    def _kept_back(self, call: Call, event: CallEvent, extension: str) -> LedgerRule | None:
        """Why the event brings no card, None where it brings one."""
        if not extension or call.is_over:
            return LedgerRule.PART_OF_CALL
        if call.direction is Direction.INTERNAL and not self._internal:
            return LedgerRule.INTERNAL_CALL
        if any(pop.extension == extension for pop in call.pops):
            return LedgerRule.CARD_IS_THERE
        if self._on_answer and not isinstance(event, Connected):
            return LedgerRule.WAITS_FOR_ANSWER
        return None

    def _reason(self, call: Call, key: str, extension: str) -> PopReason:
        if extension in self._transferred.get(key, ()):
            return PopReason.TRANSFER
        if call.direction is Direction.OUTBOUND and extension == call.agent:
            return PopReason.DIAL
        return PopReason.RING


def _extension(event: CallEvent) -> str:
    """The extension an event may bring a card to, "" where such events bring none."""
    return event.extension if isinstance(event, PhoneRang | OutsideDialled | Connected) else ""
