"""What a line of the ledger says of each event."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from crmdesk.desk.caller import Caller
from crmdesk.desk.ledger import lines as ledger
from crmdesk.desk.ledger.book import LedgerBook
from crmdesk.desk.ledger.lines import Subject
from crmdesk.desk.pop_policy import Decision
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
from crmdesk.domain.calls import (
    Call,
    Direction,
    OfferOutcome,
    Pop,
    PopReason,
    Presentation,
    TransferKind,
)
from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.ids import call_id
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.ledger import LedgerLine, LedgerOutcome, LedgerRule
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.matches import (
    Candidate,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Owner,
)
from crmdesk.domain.pops import PopCard, PopState

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NUMBER = "+493023125710"
CALL = Call(call_id("pbx", "1"), "office", Direction.INBOUND, AT, NUMBER)
RANG = PhoneRang("1", AT, "1001", "1001-1")
SUBJECT = Subject(RANG, "office", CALL)
READ = NormalisedNumber(NUMBER, NUMBER)

EVENTS: dict[CallEvent, str] = {
    CallStarted("1", AT, Direction.INBOUND, NUMBER): "A call came in",
    CallStarted("1", AT, Direction.OUTBOUND, NUMBER): "A call went out",
    CallStarted("1", AT, Direction.INTERNAL, "1001"): "An internal call began",
    CallDetails("1", AT, queue="sales", caller_raw=NUMBER, caller_name="Jane Doe"): (
        "More became known of the call (number, name, queue)"
    ),
    CallDetails("1", AT): "The call was told again",
    CallDetails("1", AT, presentation=Presentation.WITHHELD): "The caller withholds the number",
    PhoneOffered("1", AT, "1001", "d"): "Phone 1001 is being tried",
    RANG: "Phone 1001 rang",
    OutsideDialled("1", AT, "1001"): "Phone 1001 dialled",
    OutsideRang("1", AT): "A phone outside rang",
    OfferEnded("1", AT, "1001", "d", OfferOutcome.ELSEWHERE): (
        "Phone 1001 stopped ringing, another phone answered"
    ),
    Connected("1", AT, "1001"): "Phone 1001 answered",
    Connected("1", AT, ""): "A phone outside answered",
    Disconnected("1", AT): "They stopped talking, the call goes on",
    HoldChanged("1", AT, "1001", on_hold=True): "Phone 1001 put the other party on hold",
    HoldChanged("1", AT, "1001", on_hold=False): "Phone 1001 took the other party from hold",
    CallTransferred("1", AT, TransferKind.BLIND, "1001", "1002"): (
        "Phone 1001 transferred the call to 1002 (blind)"
    ),
    VoicemailReached("1", AT): "Voicemail answered",
    QueueLeft("1", AT, by_caller=True): "The caller left the queue",
    QueueLeft("1", AT, by_caller=False): "The queue sent the caller on",
    CallEnded("1", AT): "The call ended",
    CallEnded("1", AT, seen=False): "The call ended, unseen",
}


def owner(name: str, number: int) -> Candidate:
    key = uuid.UUID(int=number)
    return Candidate(Owner(key, name, CustomerKind.PERSON, None, "", "work", NUMBER), 800)


def match(state: MatchState, rule: MatchRule, *candidates: Candidate, count: int = 0) -> Match:
    one = candidates[0].owner.customer_id if state is MatchState.EXACT else None
    return Match(state, rule, READ, one, NUMBER, candidates=candidates, owner_count=count)


JANE, JOHN = owner("Jane Doe", 1), owner("John Doe", 2)
FORMER = replace(owner("Mary Roe", 3), barred="belonged to Mary Roe until 2023")
EXACT = match(MatchState.EXACT, MatchRule.E164, JANE)


def card(state: PopState = PopState.RINGING, *, on_request: bool = False) -> PopCard:
    return PopCard(
        CALL.id, "1001", PopReason.RING, state, Direction.INBOUND, EXACT, "Jane Doe", AT,
        on_request=on_request,
    )  # fmt: skip


def test_every_kind_of_event_has_words() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(CallEvent))
    for event, words in EVENTS.items():
        line = ledger.without_card(Subject(event, "office", CALL), LedgerRule.PART_OF_CALL)
        assert line.words == f"{words}: noted with its call"
        assert (line.at, line.line_id, line.call_id) == (AT, "office", CALL.id)


def test_events_are_named_as_in_the_code_but_with_underscores() -> None:
    names = {ledger.without_card(Subject(e, "o"), LedgerRule.PART_OF_CALL).event for e in EVENTS}
    assert {"call_started", "phone_rang", "outside_dialled", "hold_changed"} <= names
    assert len(names) == len(get_args(CallEvent))


@pytest.mark.parametrize(
    ("found", "outcome", "words"),
    [
        (EXACT, "popped", "exact match by number, 1 candidate"),
        (
            match(MatchState.EXACT, MatchRule.E164_EXTENSION, JANE, JOHN),
            "popped",
            "exact match by number and extension, 2 candidates",
        ),
        (
            match(MatchState.SEVERAL, MatchRule.E164, JANE, JOHN, count=1200),
            "ambiguous",
            "several match by number, 1,000 or more candidates",
        ),
        (
            match(MatchState.SUGGESTED, MatchRule.SUFFIX, JANE),
            "ambiguous",
            "suggestion only by the last digits, 1 candidate",
        ),
        (match(MatchState.NONE, MatchRule.NOTHING), "no_match", "no customer has the number"),
        (match(MatchState.NONE, MatchRule.E164, FORMER), "no_match", "no customer has the number"),
        (match(MatchState.WITHHELD, MatchRule.WITHHELD), "withheld", "the number is withheld"),
        (match(MatchState.INTERNAL, MatchRule.INTERNAL), "popped", "internal call"),
    ],
)
def test_a_card_says_what_it_shows_and_by_which_rule(
    found: Match, outcome: str, words: str
) -> None:
    line = ledger.with_caller(SUBJECT, Caller(READ, found), card(), 31.4)
    assert line.words == f"Phone 1001 rang: card shown, {words}, 31 ms"
    assert (line.outcome, line.rule, line.digits) == (outcome, found.rule, NUMBER)
    assert (line.extension, line.millis, line.event) == ("1001", 31.4, "phone_rang")


def test_every_rule_of_the_ladder_has_words() -> None:
    for rule in MatchRule:
        for state in (MatchState.EXACT, MatchState.SEVERAL, MatchState.SUGGESTED):
            found = Caller(READ, match(state, rule, JANE))
            line = ledger.with_caller(SUBJECT, found, card(), 0.2)
            assert line.words.endswith(", under 1 ms")


def test_who_can_never_be_linked_is_no_candidate() -> None:
    found = match(MatchState.EXACT, MatchRule.E164, JANE, FORMER)
    assert ledger.candidate_count(found) == 1
    assert (
        ledger.candidate_count(match(MatchState.SEVERAL, MatchRule.E164, JANE, FORMER, count=9))
        == 8
    )


@pytest.mark.parametrize(
    ("shown", "rule"),
    [
        (None, "call_over"),
        (card(on_request=True), "on_request"),
        (card(PopState.ANSWERED_ELSEWHERE), "call_over"),
        (card(PopState.MISSED), "call_over"),
    ],
)
def test_a_card_that_is_not_shown_says_why(shown: PopCard | None, rule: str) -> None:
    line = ledger.with_caller(SUBJECT, Caller(READ, EXACT), shown, 5)
    assert (line.outcome, line.rule, line.millis) == ("suppressed", rule, None)
    assert (line.digits, line.candidates) == (NUMBER, 1)


def test_who_is_ignored_gets_no_card() -> None:
    entry = IgnoreRule(uuid.uuid4(), IgnoreKind.EXACT, NUMBER)
    line = ledger.with_caller(SUBJECT, Caller(READ, EXACT, ignored=entry), None, 5)
    assert (line.outcome, line.rule) == ("suppressed", "ignore_list")


def test_a_card_without_a_look_at_the_store_is_a_failure() -> None:
    line = ledger.with_caller(SUBJECT, Caller.unread(READ), card(), 5)
    assert (line.outcome, line.rule, line.millis) == ("failed", "store_unreadable", 5)
    assert line.words == "Phone 1001 rang: card without a name, the customers could not be read"


def health(state: LineState) -> LineHealth:
    return LineHealth("office", "Office", state, AT)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (None, LineState.CONNECTING, None),
        (None, LineState.READY, "line_connected"),
        (LineState.CONNECTING, LineState.DEGRADED, "line_connected"),
        (LineState.READY, LineState.DEGRADED, None),
        (LineState.DEGRADED, LineState.RETRYING, "line_lost"),
        (LineState.RETRYING, LineState.CONNECTING, None),
        (LineState.READY, LineState.REFUSED, "line_lost"),
    ],
)
def test_a_line_that_comes_or_goes_is_noted(
    before: LineState | None, after: LineState, rule: str | None
) -> None:
    line = ledger.line_change(health(before) if before else None, health(after), AT)
    assert (line.rule if line else None) == rule
    assert line is None or (line.outcome, line.event) == (LedgerOutcome.NOTED, rule)


class Book:
    """A book whose clock and lines a test can see."""

    def __init__(self) -> None:
        self.lines: list[LedgerLine] = []
        self.time = 100.0
        self.book = LedgerBook("office", self.lines.append, lambda: self.time)

    def rings(self, extension: str = "1001", watched: str = "") -> None:
        event = PhoneRang("1", AT, extension, extension)
        pop = Pop(extension, PopReason.RING, AT)
        self.book.decided(event, Decision(CALL, pop), watched, self.book.arrival())

    @property
    def results(self) -> list[tuple[str, str]]:
        return [(line.extension, line.rule) for line in self.lines]


def test_what_asks_for_a_card_waits_for_the_store_and_is_measured() -> None:
    book = Book()
    book.rings()
    book.rings("1002")
    assert book.lines == []
    book.time += 0.0315
    book.book.told(CALL.id, Caller(READ, EXACT), {"1001": card(), "1002": card()})
    assert [line.millis for line in book.lines] == [pytest.approx(31.5)] * 2
    book.book.told(CALL.id, Caller(READ, EXACT), {"1001": card(), "1002": card()})
    assert book.results == [("1001", "e164"), ("1002", "e164")]


def test_another_agents_phone_is_entered_at_once() -> None:
    book = Book()
    book.rings("1002", watched="1001")
    assert book.results == [("1002", "other_extension")]


def test_what_still_waits_at_the_end_is_entered_once() -> None:
    book = Book()
    book.rings()
    book.book.close()
    book.book.close()
    assert book.results == [("1001", "program_ended")]
    assert book.lines[0].outcome is LedgerOutcome.FAILED


def test_what_is_not_understood_belongs_to_no_call() -> None:
    book = Book()
    book.book.not_understood(RANG)
    (line,) = book.lines
    assert (line.outcome, line.rule, line.call_id) == ("failed", "not_understood", None)
