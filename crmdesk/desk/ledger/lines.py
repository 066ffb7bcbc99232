"""Lines of the ledger: what became of each event of the phone lines. Pure.

The words of a line hold no names and no numbers of callers, only our own extensions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from crmdesk.desk.ledger.words import event_words, kept_back_words, match_words, millis_words
from crmdesk.domain.call_events import CallEvent
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome, LedgerRule
from crmdesk.domain.lines import LineState
from crmdesk.domain.matches import MatchState
from crmdesk.domain.pops import PopState

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.desk.caller import Caller
    from crmdesk.domain.calls import Call
    from crmdesk.domain.lines import LineHealth
    from crmdesk.domain.matches import Match
    from crmdesk.domain.pops import PopCard

_SEEN = {PopState.RINGING, PopState.DIALLING, PopState.ANSWERED_HERE}
"""States in which a new card is still worth showing."""

_OUTCOMES = {
    MatchState.SEVERAL: LedgerOutcome.AMBIGUOUS,
    MatchState.SUGGESTED: LedgerOutcome.AMBIGUOUS,
    MatchState.NONE: LedgerOutcome.NO_MATCH,
    MatchState.WITHHELD: LedgerOutcome.WITHHELD,
}
_MERGED = {LedgerRule.PART_OF_CALL, LedgerRule.CARD_IS_THERE}
_CONNECTED = {LineState.READY, LineState.DEGRADED}
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_NAMES = {kind: _WORD_START.sub("_", kind.__name__).lower() for kind in get_args(CallEvent)}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line is about: an event on a line and its call.

    Attributes:
        call: None where the event could not be handled.
        extension: The phone it concerns, "" where none.
    """

    event: CallEvent
    line_id: str
    call: Call | None = None

    @property
    def extension(self) -> str:
        """The phone the event concerns, "" where none."""
        return str(getattr(self.event, "extension", ""))

    @property
    def words(self) -> str:
        """What happened."""
        return event_words(self.event)

    def line(
        self, outcome: LedgerOutcome, rule: str, words: str, match: Match | None = None,
        millis: float | None = None,
    ) -> LedgerLine:  # fmt: skip
        """The line, with what a match adds to it."""
        return LedgerLine(
            at=self.event.at,
            line_id=self.line_id,
            event=_NAMES[type(self.event)],
            outcome=outcome,
            call_id=self.call.id if self.call else None,
            extension=self.extension,
            rule=rule,
            digits=match.digits if match else "",
            candidates=candidate_count(match) if match else 0,
            millis=millis,
            words=f"{self.words}: {words}",
        )


def not_understood(subject: Subject) -> LedgerLine:
    """The event could not be handled at all."""
    rule = LedgerRule.NOT_UNDERSTOOD
    return subject.line(LedgerOutcome.FAILED, rule, kept_back_words(rule))


def without_card(subject: Subject, rule: LedgerRule) -> LedgerLine:
    """The event brings no card, by what the policy said."""
    outcome = LedgerOutcome.MERGED if rule in _MERGED else LedgerOutcome.SUPPRESSED
    return subject.line(outcome, rule, kept_back_words(rule))


def after_card(subject: Subject, caller: Caller) -> LedgerLine:
    """The event came when its card was decided on already: it is there, or kept back."""
    if caller.ignored is None:
        return without_card(subject, LedgerRule.CARD_IS_THERE)
    rule = LedgerRule.IGNORE_LIST
    return subject.line(LedgerOutcome.SUPPRESSED, rule, kept_back_words(rule), caller.match)


def never_finished(subject: Subject) -> LedgerLine:
    """The program ended while the store was still being asked."""
    rule = LedgerRule.PROGRAM_ENDED
    return subject.line(LedgerOutcome.FAILED, rule, kept_back_words(rule))


def with_caller(
    subject: Subject, caller: Caller, card: PopCard | None, millis: float
) -> LedgerLine:
    """The event asked for a card and the caller is known.

    Args:
        subject: The event.
        caller: Who calls.
        card: The card that was told, None where none was.
        millis: From the arrival of the event to the card.
    """
    match = caller.match
    rule = _keeps_back(caller, card)
    if rule is not None:
        return subject.line(LedgerOutcome.SUPPRESSED, rule, kept_back_words(rule), match)
    if caller.is_unread:
        failed = LedgerRule.STORE_UNREADABLE
        return subject.line(
            LedgerOutcome.FAILED, failed, kept_back_words(failed), match, millis
        )  # fmt: skip
    outcome = _OUTCOMES.get(match.state, LedgerOutcome.POPPED)
    words = f"card shown, {match_words(match, candidate_count(match))}, {millis_words(millis)}"
    return subject.line(outcome, match.rule, words, match, millis)


def _keeps_back(caller: Caller, card: PopCard | None) -> LedgerRule | None:
    if caller.ignored is not None:
        return LedgerRule.IGNORE_LIST
    if card is None:  # the call ended before anybody knew who called
        return LedgerRule.CALL_OVER
    if card.on_request:
        return LedgerRule.ON_REQUEST
    return None if card.state in _SEEN else LedgerRule.CALL_OVER


def candidate_count(match: Match) -> int:
    """How many customers were possible; former owners and denied ones are not."""
    barred = sum(bool(candidate.barred) for candidate in match.candidates)
    return max(len(match.candidates), match.owner_count) - barred


def line_change(before: LineHealth | None, now: LineHealth, at: datetime) -> LedgerLine | None:
    """The line that explains missing cards: a phone line was lost, or is connected."""
    was, is_now = before is not None and before.state in _CONNECTED, now.state in _CONNECTED
    if was == is_now:
        return None
    rule = LedgerRule.LINE_CONNECTED if is_now else LedgerRule.LINE_LOST
    return LedgerLine(
        at, now.line_id, rule, LedgerOutcome.NOTED, rule=rule, words=kept_back_words(rule)
    )


def left_out(count: int, last: LedgerLine) -> LedgerLine:
    """The line that stands for lines there was no room for.

    Args:
        count: How many.
        last: The newest of them.
    """
    rule = LedgerRule.LEFT_OUT
    lines = "1 line was" if count == 1 else f"{count:,} lines were"
    words = f"{lines} {kept_back_words(rule)}"
    return LedgerLine(
        last.at, last.line_id, rule, LedgerOutcome.NOTED, rule=rule, words=words
    )  # fmt: skip
