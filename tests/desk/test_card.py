"""From a call to the card of one extension."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crmdesk.desk.caller import Caller, number_of, unmatched
from crmdesk.desk.card import build_card, holder, pop_state
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    Offer,
    OfferOutcome,
    Pop,
    PopReason,
    Presentation,
    Transfer,
    TransferKind,
)
from crmdesk.domain.ids import call_id
from crmdesk.domain.matches import Match, MatchRule, MatchState
from crmdesk.domain.pops import PopState
from crmdesk.matching.numbers import line_rules
from crmdesk.settings.model import LineSettings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = LineSettings(
    id="office",
    name="Main office",
    region="DE",
    internal=("1001-1199",),
    names={"1001": "Alice Adler", "1002": "Ben Brandt"},
    called_names={"+493023125101": "Alice's number"},
)
HERE, THERE = (Pop(extension, PopReason.RING, NOW) for extension in ("1001", "1002"))
OFFERS = (Offer("1001", NOW, NOW), Offer("1002", NOW, NOW))


def call(**facts: Any) -> Call:
    made = Call(
        call_id("pbx", "1"),
        "office",
        Direction.INBOUND,
        NOW,
        caller_raw="+493023125710",
        dialled="+493023125101",
        offers=OFFERS,
        pops=(HERE, THERE),
        first_rang_at=NOW,
    )
    return replace(made, **facts)


def offers(first: OfferOutcome | None, second: OfferOutcome | None) -> tuple[Offer, ...]:
    return replace(OFFERS[0], outcome=first), replace(OFFERS[1], outcome=second)


TALKING = call(
    answered_at=NOW,
    connected_at=NOW,
    answered_by="1002",
    offers=offers(OfferOutcome.ELSEWHERE, OfferOutcome.ANSWERED),
)
OVER = replace(
    TALKING, connected_at=None, ended_at=NOW + timedelta(minutes=1), outcome=CallOutcome.ANSWERED
)


@pytest.mark.parametrize(
    ("given", "here", "there"),
    [
        (call(), PopState.RINGING, PopState.RINGING),
        (TALKING, PopState.ANSWERED_ELSEWHERE, PopState.ANSWERED_HERE),
        (OVER, PopState.ANSWERED_ELSEWHERE, PopState.ENDED),
        (
            call(offers=offers(OfferOutcome.NO_ANSWER, None)),
            PopState.MISSED,
            PopState.RINGING,
        ),
        (
            call(
                ended_at=NOW,
                outcome=CallOutcome.MISSED,
                offers=offers(OfferOutcome.CALLER_GONE, OfferOutcome.BUSY),
            ),
            PopState.MISSED,
            PopState.MISSED,
        ),
    ],
)
def test_each_phone_has_its_own_state(given: Call, here: PopState, there: PopState) -> None:
    assert pop_state(given, HERE) is here
    assert pop_state(given, THERE) is there


def test_outbound_call_is_dialling_until_somebody_answers() -> None:
    dialled = call(direction=Direction.OUTBOUND, agent="1001", offers=(), pops=(HERE,))
    assert holder(dialled) == "1001"
    assert pop_state(dialled, HERE) is PopState.DIALLING
    assert pop_state(replace(dialled, answered_at=NOW), HERE) is PopState.ANSWERED_HERE
    assert pop_state(replace(dialled, ended_at=NOW), HERE) is PopState.ENDED


def test_transferred_call_belongs_to_who_has_it() -> None:
    moved = Transfer(TransferKind.BLIND, "1002", "1001", NOW)
    ringing = replace(
        TALKING, connected_at=None, transfers=(moved,), offers=offers(None, OfferOutcome.ANSWERED)
    )
    assert holder(ringing) is None
    assert pop_state(ringing, HERE) is PopState.RINGING
    assert pop_state(ringing, THERE) is PopState.ENDED
    arrived = replace(ringing, connected_at=NOW)
    assert pop_state(arrived, HERE) is PopState.ANSWERED_HERE
    shown = build_card(arrived, replace(HERE, reason=PopReason.TRANSFER), stranger(arrived), LINE)
    assert shown.transferred_from == "Ben Brandt"
    assert shown.answered_by == "Alice Adler"


def stranger(given: Call) -> Caller:
    number = number_of(given, line_rules(LINE))
    match = unmatched(given, number) or Match(MatchState.NONE, MatchRule.NOTHING, number)
    return Caller(number, match)


def test_stranger_is_known_by_the_number() -> None:
    card = build_card(call(caller_name="LOTTO"), HERE, stranger(call()), LINE)
    assert card.title == card.number_text != ""
    assert card.line_text == "Alice's number"
    assert card.caller_name == "LOTTO"
    assert card.rang_at == NOW


def test_withheld_call_shows_neither_number_nor_name() -> None:
    """Also where the phone system tells both (threat model, row 4)."""
    hidden = call(presentation=Presentation.WITHHELD, caller_name="Jane Doe")
    card = build_card(hidden, HERE, stranger(hidden), LINE)
    assert card.match.state is MatchState.WITHHELD
    assert (card.title, card.number_text, card.caller_name) == ("Number withheld", "", "")
    assert "23125710" not in repr(card)
    assert "Jane" not in repr(card)


def test_internal_call_shows_the_colleague() -> None:
    inside = call(direction=Direction.INTERNAL, caller_raw="1002", dialled="1001")
    card = build_card(inside, HERE, stranger(inside), LINE)
    assert (card.title, card.match.state) == ("Ben Brandt", MatchState.INTERNAL)
    assert card.line_text == "Main office"


def test_colleague_without_a_name_is_the_extension() -> None:
    answered = replace(TALKING, answered_by="1003")
    assert build_card(answered, HERE, stranger(answered), LINE).answered_by == "1003"
