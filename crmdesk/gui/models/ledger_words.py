"""Lines of the ledger in words. Pure: now and the names are arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.ledger import LedgerLine, LedgerOutcome, LedgerRule
from crmdesk.domain.matches import MatchRule
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.row_table import Column
from crmdesk.gui.models.support_text import shortened
from crmdesk.gui.models.why import rule_words
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined
from crmdesk.matching.numbers import LineRules, normalise


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome in a word, with its icon and tone."""

    word: str
    icon: str
    tone: str


OUTCOMES = {
    LedgerOutcome.POPPED: Outcome("Card shown", "check-circle", "good"),
    LedgerOutcome.AMBIGUOUS: Outcome("Several", "users", "warn"),
    LedgerOutcome.NO_MATCH: Outcome("No match", "user-unknown", "muted"),
    LedgerOutcome.WITHHELD: Outcome("Withheld", "hidden", "muted"),
    LedgerOutcome.SUPPRESSED: Outcome("No card", "bell-off", "warn"),
    LedgerOutcome.MERGED: Outcome("Merged", "link", "faint"),
    LedgerOutcome.FAILED: Outcome("Failed", "error", "bad"),
    LedgerOutcome.NOTED: Outcome("Note", "info", "accent"),
}

COLUMNS = (
    Column("Time", 100),
    Column("Outcome", 124),
    Column("What happened", 0),
    Column("ms", 52, right=True),
)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a card was shown or not, and what changes that.

    Attributes:
        remedy: "" where nothing is to be done.
    """

    reason: str
    remedy: str = ""


_WHY = {
    LedgerRule.PART_OF_CALL: Why(
        "Only a phone that rings, dials or answers brings a card; everything else is noted"
        " with its call."
    ),
    LedgerRule.CARD_IS_THERE: Why(
        "This phone has the card of this call already. There is one card for each phone and"
        " call, and it changes as the call goes on."
    ),
    LedgerRule.INTERNAL_CALL: Why(
        "A call between two of our own phones, and this line shows no cards for those.",
        "To have them: Settings, Phone lines, “Also for internal calls”.",
    ),
    LedgerRule.WAITS_FOR_ANSWER: Why(
        "This line shows the card once somebody answers, not while the phone rings.",
        "To have it earlier: Settings, Phone lines, “Show the card”.",
    ),
    LedgerRule.OTHER_EXTENSION: Why(
        "This desk shows the cards of another phone.",
        "If this is your phone: Settings, Me, enter its extension.",
    ),
    LedgerRule.ON_REQUEST: Why(
        "The card was made and kept back: this line shows cards only when they are asked for.",
        "To have it by itself: Settings, Phone lines, “Show the card”.",
    ),
    LedgerRule.IGNORE_LIST: Why(
        "The number is on the list of ignored callers: the call is logged and brings no card.",
        "To have the card again: Settings, Ignored callers.",
    ),
    LedgerRule.CALL_OVER: Why(
        "Before the card was ready the caller had hung up, or somebody else had answered."
    ),
    LedgerRule.NOT_UNDERSTOOD: Why(
        "The phone system told something that fits no call we know of.",
        "Copy this line for support, with the log file of this time (Settings, About).",
    ),
    LedgerRule.STORE_UNREADABLE: Why(
        "The card came without a name because the customers could not be read.",
        "Look at the state of the store at the bottom of the window.",
    ),
    LedgerRule.PROGRAM_ENDED: Why("CRMDesk was closed before the card was ready."),
    LedgerRule.LINE_LOST: Why(
        "While a phone line is not connected, its calls bring no cards.",
        "A click on the line's state at the top says what is wrong with it.",
    ),
    LedgerRule.LINE_CONNECTED: Why("From here on the calls of this line bring cards."),
    LedgerRule.LEFT_OUT: Why(
        "The store was slower than the phone lines for a while. Lines that only note what"
        " belongs to a call are left out first.",
    ),
}

_LONG_NUMBER = re.compile(r"\+?\d{5,}")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the log, ready to be painted."""

    line: LedgerLine
    cells: tuple[Cell, ...]
    spoken: str

    @property
    def key(self) -> int:
        """The line."""
        return self.line.sequence

    @property
    def age_order(self) -> float:
        """As they were written."""
        return self.line.sequence


_TOOK = re.compile(r", (?:[0-9,]+|under 1) ms$")
"""What the words repeat of the column beside them (`desk.ledger_words.millis_words`)."""


def ledger_row(line: LedgerLine, names: Names, now: datetime) -> LedgerRow:
    """The row of a line."""
    shown, when = OUTCOMES[line.outcome], moment(line.at, now)
    is_quiet = line.outcome is LedgerOutcome.MERGED
    tone = "muted" if is_quiet else "text"
    words = _TOOK.sub("", line.words) if line.millis is not None else line.words
    cells = (
        Cell(when, tone="muted", tip=times.full(line.at)),
        Cell(shown.word, tone=tone, icon=shown.icon, icon_tone=shown.tone, tip=shown.word),
        Cell(words, tone=tone, tip=joined((line.words, _phone(line, names)), "\n")),
        Cell(millis(line), tone="muted", right=True, tip="From the event to the card"),
    )
    return LedgerRow(line, cells, joined((shown.word, line.words, when), ", "))


def _phone(line: LedgerLine, names: Names) -> str:
    return names.person_and_extension(line.line_id, line.extension) if line.extension else ""


def moment(at: datetime, now: datetime) -> str:
    """To the second, because order matters here: "14:02:07", "Fri 14:02:07"."""
    short, seconds = times.short(at, now), f":{times.local(at):%S}"
    is_clock = short.endswith(times.clock(at))
    return short + seconds if is_clock else f"{short} {times.clock(at)}{seconds}"


def millis(line: LedgerLine) -> str:
    """How long the card took, "" where there is none."""
    if line.millis is None:
        return ""
    return f"{line.millis:,.0f}" if line.millis >= 1 else "<1"


def why_title(line: LedgerLine) -> str:
    """The question that `why` answers."""
    if line.outcome in {LedgerOutcome.NOTED, LedgerOutcome.MERGED}:
        return "What this means"
    return "Why this card" if line.millis is not None else "Why no card"


def why(line: LedgerLine) -> Why:
    """Why this became of the event; rules of a newer program have no words here."""
    if line.rule in set(LedgerRule):
        return _WHY[LedgerRule(line.rule)]
    if line.outcome is LedgerOutcome.AMBIGUOUS and line.candidates > 1:
        return Why("Several customers have this number.", "On the card, keys 1 to 9 choose one.")
    return Why(rule_words(MatchRule(line.rule)) if line.rule in set(MatchRule) else "")


def facts(line: LedgerLine, names: Names) -> tuple[tuple[str, str], ...]:
    """What is known of a line, as pairs of name and value."""
    own = names.line(line.line_id)
    looked = line.rule in set(MatchRule) or bool(line.digits)
    pairs = (
        ("Phone line", own.name if own else line.line_id),
        ("Phone", _phone(line, names)),
        ("Event", line.event),
        ("Rule", line.rule),
        ("Digits compared", names.number(line.digits, line.line_id)),
        ("Candidates", f"{line.candidates:,}" if looked else ""),
        ("Time to the card", f"{line.millis:,.1f} ms" if line.millis is not None else ""),
    )
    return tuple((name, value) for name, value in pairs if value)


def support_line(line: LedgerLine, version: str = "") -> str:
    """The line for somebody who may see neither customers nor numbers."""
    digits = shortened(normalise(line.digits, LineRules())) if line.digits else "none"
    took = "no card" if line.millis is None else f"{line.millis:.1f} ms"
    return (
        f"CRMDesk {version}".strip()
        + f" · line {line.sequence} of the log · {line.at.isoformat(timespec='milliseconds')}\n"
        f"event: {line.event}, outcome: {line.outcome.value}, rule: {line.rule}\n"
        f"phone: {line.extension or 'none'}, digits: {digits},"
        f" candidates: {line.candidates}, {took}\n"
        f"call: {line.call_id or 'none'}\n"
        f"{_without_numbers(line.words)}\n"
    )


def _without_numbers(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: f"…{found.group()[-2:]}", text)
