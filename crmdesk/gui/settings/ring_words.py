"""What a phone line hears, in one sentence each: "1001 rings: +49 30 23125 710". Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    PhoneRang,
)
from crmdesk.domain.calls import Direction, Presentation
from crmdesk.domain.requests import DeskRequest
from crmdesk.matching.display import format_number
from crmdesk.matching.numbers import line_rules, normalise
from crmdesk.settings.model import LineSettings


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that happened on a phone.

    Attributes:
        is_mine: It is the agent's own extension (any, where none is set).
        rings: It rings, or rang; otherwise it was answered.
        details: What else is known, e.g. "Name: Anna Adler · Called: +49 30 23125 101".
        call: Which call, "" where unknown.
        is_over: The call has ended, and the text is in the past.
    """

    text: str
    is_mine: bool
    rings: bool
    details: str = ""
    call: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    direction: Direction
    raw: str = ""
    name: str = ""
    dialled: str = ""
    queue: str = ""
    withheld: bool = False
    rang: str = ""
    """The extension that rang; the agent's own where that is one of several."""


class RingTeller:
    """Follows the calls of one line and says what the pop would be made of.

    Args:
        extension: The agent's own; "" for all.
    """

    def __init__(self, line: LineSettings, extension: str) -> None:
        self._rules = line_rules(line)
        self._extension = extension
        self._calls: dict[str, _Known] = {}

    def hear(self, events: Iterable[CallEvent]) -> list[Heard]:
        """What to say about a batch of events, in order."""
        told = (self._hear_one(event) for event in events)
        return [heard for heard in told if heard is not None]

    def _hear_one(self, event: CallEvent) -> Heard | None:
        match event:
            case CallStarted():
                self._calls[event.call] = _Known(
                    event.direction,
                    event.caller_raw,
                    event.caller_name,
                    event.dialled or "",
                    withheld=event.presentation is Presentation.WITHHELD,
                )
            case CallDetails():
                self._learn(event)
            case PhoneRang():
                return self._rings(event.call, event.extension)
            case Connected() if event.extension:
                return Heard(f"{event.extension} answered.", self._is_mine(event.extension), False)
            case CallEnded():
                return self._ended(event.call)
            case _:
                pass
        return None

    def _learn(self, event: CallDetails) -> None:
        known = self._calls.get(event.call)
        if known is None:
            return
        withheld = known.withheld or event.presentation is Presentation.WITHHELD
        self._calls[event.call] = replace(
            known,
            direction=event.direction or known.direction,
            raw="" if withheld else _newer(event.caller_raw, known.raw),
            name="" if withheld else _newer(event.caller_name, known.name),
            dialled=_newer(event.dialled, known.dialled),
            queue=_newer(event.queue, known.queue),
            withheld=withheld,
        )

    def _rings(self, call: str, extension: str) -> Heard | None:
        known = self._calls.get(call)
        if known is None:
            return None
        if not known.rang or self._is_mine(extension):
            self._calls[call] = replace(known, rang=extension)
        return self._heard(call, known, extension, "rings")

    def _ended(self, call: str) -> Heard | None:
        known = self._calls.pop(call, None)
        if known is None or not known.rang:
            return None
        return replace(self._heard(call, known, known.rang, "rang"), is_over=True)

    def _heard(self, call: str, known: _Known, extension: str, verb: str) -> Heard:
        return Heard(
            f"{extension} {verb}: {self._who(known)}",
            self._is_mine(extension),
            rings=True,
            details=self._details(known),
            call=call,
        )

    def _who(self, known: _Known) -> str:
        if known.withheld:
            return "number withheld"
        if known.direction is Direction.INTERNAL:
            return f"{known.raw or 'somebody'}, an internal call"
        return self._number(known.raw) or "a caller without a number"

    def _details(self, known: _Known) -> str:
        parts = {"Name": known.name, "Called": self._number(known.dialled), "Queue": known.queue}
        return " · ".join(f"{what}: {text}" for what, text in parts.items() if text)

    def _number(self, raw: str) -> str:
        number = normalise(raw, self._rules) if raw else None
        return format_number(number.e164 or number.raw) if number else ""

    def _is_mine(self, extension: str) -> bool:
        return self._extension in {"", extension}


def request_words(request: DeskRequest, line: LineSettings) -> Heard:
    """What a softphone told through `crmdesk pop`."""
    number = normalise(request.number, line_rules(line))
    who = format_number(number.e164 or number.raw)
    withheld = number.withheld or not request.number
    parts = {"Name": "" if withheld else request.name, "Called": request.called}
    details = " · ".join(f"{what}: {text}" for what, text in parts.items() if text)
    shown = "number withheld" if withheld else who
    return Heard(f"Your softphone rings: {shown}", is_mine=True, rings=True, details=details)


def _newer(now: str | None, before: str) -> str:
    return before if now is None else now
