"""Calls in words. Pure: now and the names are arguments."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.matches import MatchState
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.row_table import Column
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined

WITHHELD = "Number withheld"
UNKNOWN = "Unknown caller"
SEVERAL = "several match"

_DIRECTION_WORDS = {
    Direction.INBOUND: "Incoming",
    Direction.OUTBOUND: "Outgoing",
    Direction.INTERNAL: "Internal",
}
_DIRECTION_ICONS = {
    Direction.INBOUND: "phone-in",
    Direction.OUTBOUND: "phone-out",
    Direction.INTERNAL: "phone-internal",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its icon and tone."""

    text: str
    icon: str
    tone: str


_OUTCOMES = {
    CallOutcome.ANSWERED: ("Answered", "", "good"),
    CallOutcome.MISSED: ("Missed", "phone-missed", "bad"),
    CallOutcome.ABANDONED: ("Abandoned", "phone-missed", "bad"),
    CallOutcome.BUSY: ("Busy", "phone-missed", "warn"),
    CallOutcome.DECLINED: ("Declined", "phone-missed", "warn"),
    CallOutcome.NO_ANSWER: ("No answer", "", "muted"),
    CallOutcome.VOICEMAIL: ("Voicemail", "voicemail", "warn"),
    CallOutcome.FAILED: ("Failed", "phone-missed", "warn"),
    CallOutcome.UNKNOWN: ("Unclear", "", "muted"),
}


def outcome(call: Call) -> Word:
    """How a call ended, or what is going on."""
    own_icon = _DIRECTION_ICONS[call.direction]
    if call.outcome is not None:
        text, icon, tone = _OUTCOMES[call.outcome]
        return Word(text, icon or own_icon, tone)
    if call.on_hold:
        return Word("On hold", "phone-hold", "accent")
    if call.connected_at is not None:
        return Word("Talking", "phone", "accent")
    if call.direction is Direction.OUTBOUND:
        return Word("Dialling", own_icon, "accent")
    return Word("Ringing", own_icon, "accent")


def direction(call: Call) -> str:
    """Whether it came in, went out or stayed inside, in a word."""
    return _DIRECTION_WORDS[call.direction]


def title(call: Call) -> str:
    """The head of a call, e.g. "Missed call" or "Answered call, outgoing"."""
    what = outcome(call).text
    head = what if call.outcome is None else f"{what} call"
    if call.outcome in {CallOutcome.NO_ANSWER, CallOutcome.UNKNOWN, CallOutcome.VOICEMAIL}:
        head = what
    return head if call.direction is Direction.INBOUND else f"{head}, {direction(call).lower()}"


def who(row: CallRow, names: Names) -> tuple[str, str]:
    """The other party, and what is known beside the name."""
    call = row.call
    if row.customer_name:
        company = row.company_name if row.company_name != row.customer_name else ""
        return row.customer_name, company or number(row, names)
    if call.is_withheld:
        return WITHHELD, ""
    if call.direction is Direction.INTERNAL:
        return names.person_and_extension(call.line_id, call.caller_raw), ""
    several = SEVERAL if row.match_state is MatchState.SEVERAL else ""
    said = f"“{call.caller_name}”" if call.caller_name else ""
    return number(row, names) or UNKNOWN, several or said


def number(row: CallRow, names: Names) -> str:
    """The outside number as shown, "" where withheld or internal."""
    if row.call.is_withheld or row.call.direction is Direction.INTERNAL:
        return ""
    return names.number(row.caller_e164 or row.call.caller_raw, row.call.line_id)


def agent(call: Call, names: Names) -> str:
    """Who of us had the call, "" where nobody."""
    extension = call.answered_by if call.direction is Direction.INBOUND else call.agent
    return names.person(call.line_id, extension or call.answered_by or "")


@dataclass(frozen=True, slots=True)
class CallLine:
    """One row of the call log, ready to be painted.

    Attributes:
        cells: In the order of `COLUMNS`.
        spoken: The row as one sentence.
    """

    row: CallRow
    cells: tuple[Cell, ...]
    spoken: str

    @property
    def key(self) -> uuid.UUID:
        """The call."""
        return self.row.call.id

    @property
    def age_order(self) -> float:
        """By the start of the call."""
        return self.row.call.started_at.timestamp()


COLUMNS = (
    Column("Call", 112),
    Column("Time", 98),
    Column("Who", 0),
    Column("Line or queue", 104),
    Column("Agent", 96),
    Column("Ring", 50, right=True),
    Column("Talk", 54, right=True),
)
"""The columns of the call log."""


def call_line(row: CallRow, names: Names, now: datetime) -> CallLine:
    """The row of a call in the log."""
    call = row.call
    word, (name, beside) = outcome(call), who(row, names)
    known = bool(row.customer_name)
    when = times.short(call.started_at, now)
    quiet = "text" if word.tone in {"good", "muted"} else word.tone
    cells = (
        Cell(word.text, tone=quiet, icon=word.icon, icon_tone=word.tone, tip=title(call)),
        Cell(when, tone="muted", tip=times.full(call.started_at)),
        Cell(name, beside, strong=known, tone="text" if name != WITHHELD else "muted",
             tip=joined((name, beside, number(row, names) if known else ""))),
        Cell(names.called(call), tone="muted", tip=names.called(call)),
        Cell(agent(call, names), tip=agent(call, names)),
        Cell(_seconds(call.ring_seconds), tone="muted", right=True, tip="Rang, min:s"),
        Cell(_seconds(call.talk_seconds), right=True, tip="Talked, min:s"),
    )  # fmt: skip
    spoken = joined((title(call), name, beside, when, names.called(call)), ", ")
    return CallLine(row, cells, spoken)


def _seconds(seconds: float) -> str:
    return times.duration(seconds) if seconds > 0 else "–"
