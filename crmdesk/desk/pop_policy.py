"""On which extension a card is shown, and why. One card per extension and call."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from crmdesk.desk.call_tracker import CallTracker

ON_ANSWER = "answer"


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

    def decide(self, tracker: CallTracker, event: CallEvent) -> Call:
        """Applies an event to the tracker, and adds the card it leads to.

        Returns:
            The call as it is now.
        """
        call = tracker.apply(event)
        self._note_transfer(event)
        pop = self._pop(call, event)
        if call.is_over:
            self._transferred.pop(event.call, None)
        return call if pop is None else tracker.add_pop(event.call, pop)

    def _note_transfer(self, event: CallEvent) -> None:
        """Remembers to which extensions the call comes by a transfer."""
        if isinstance(event, PhoneOffered) and event.transferred:
            self._transferred.setdefault(event.call, set()).add(event.extension)
        elif isinstance(event, CallTransferred) and event.kind is TransferKind.ATTENDED:
            self._transferred.setdefault(event.call, set()).add(event.to_extension)

    def _pop(self, call: Call, event: CallEvent) -> Pop | None:
        if call.is_over or (call.direction is Direction.INTERNAL and not self._internal):
            return None
        extension = self._extension(event)
        if not extension or any(pop.extension == extension for pop in call.pops):
            return None
        return Pop(extension, self._reason(call, event.call, extension), event.at)

    def _extension(self, event: CallEvent) -> str:
        """The extension that an event brings a card to, "" if none."""
        if isinstance(event, Connected):
            return event.extension
        if self._on_answer:
            return ""
        return event.extension if isinstance(event, PhoneRang | OutsideDialled) else ""

    def _reason(self, call: Call, key: str, extension: str) -> PopReason:
        if extension in self._transferred.get(key, ()):
            return PopReason.TRANSFER
        if call.direction is Direction.OUTBOUND and extension == call.agent:
            return PopReason.DIAL
        return PopReason.RING
