"""Calls and timelines in words; no window needed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    Offer,
    OfferOutcome,
    Presentation,
    Transfer,
    TransferKind,
)
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.gui.models import call_words
from crmdesk.gui.models.call_steps import call_steps
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.why import match_chip, match_reason
from crmdesk.gui.widgets.breaking import breakable
from tests.gui.desk_windows import SETTINGS

START = datetime(2026, 3, 12, 14, 2, 7, tzinfo=UTC)
NAMES = Names(SETTINGS)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


CALL = Call(
    uuid.uuid4(), "support", Direction.INBOUND, START, "+493023125777", dialled="+493023125200"
)


def test_a_transferred_call_reads_as_it_happened() -> None:
    offers = (
        Offer("1001", at(1), at(1), at(300), 1, OfferOutcome.ANSWERED),
        Offer("1002", at(1), at(1), at(6), 2, OfferOutcome.ELSEWHERE),
        Offer("1003", at(1), None, at(1), 1, OfferOutcome.BUSY),
    )
    call = replace(
        CALL, queue="Support", account_id="4711", offers=offers, first_rang_at=at(1),
        answered_at=at(6), answered_by="1001", ring_seconds=5.0, talk_seconds=200.0,
        transfers=(Transfer(TransferKind.ATTENDED, "1001", "1002", at(100)),),
        ended_at=at(300), ended_by=EndedBy.CALLER, outcome=CallOutcome.ANSWERED,
    )  # fmt: skip
    assert [(step.text, step.detail) for step in call_steps(call, NAMES)] == [
        ("Call to 030 23125200, queue Support", "Keyed in account 4711"),
        ("Alice Adler (1001) answered", "rang 0:05"),
        ("Ben Brandt (1002) stopped, a colleague answered", "rang 0:05, tried 2 times"),
        ("1003 was busy", "did not ring"),
        ("Alice Adler (1001) and the caller talk", "after 0:05"),
        ("Alice Adler transferred the call to Ben Brandt (1002)", "after asking"),
        ("The caller hung up", "talked 3:20"),
    ]


def test_a_call_that_goes_on_has_no_end() -> None:
    ringing = replace(CALL, offers=(Offer("1001", at(1), at(1)),))
    assert [step.text for step in call_steps(ringing, NAMES)][-1] == "Alice Adler (1001) rings"
    assert call_words.outcome(ringing).text == "Ringing"
    assert call_words.outcome(replace(ringing, connected_at=at(3))).text == "Talking"
    assert call_words.outcome(replace(ringing, on_hold=True)).text == "On hold"


@pytest.mark.parametrize("outcome", list(CallOutcome))
@pytest.mark.parametrize("direction", list(Direction))
def test_every_outcome_has_a_word_an_icon_and_an_end(
    outcome: CallOutcome, direction: Direction
) -> None:
    call = replace(CALL, direction=direction, outcome=outcome, ended_at=at(9), agent="1001")
    word = call_words.outcome(call)
    assert word.text
    assert word.icon
    assert call_steps(call, NAMES)[-1].at == at(9)
    assert call_words.title(call)[0].isupper()


def test_the_other_party_is_named_as_well_as_it_is_known() -> None:
    row = CallRow(CALL, "+493023125777")
    assert call_words.who(row, NAMES) == ("030 23125777", "")
    named = CallRow(replace(CALL, caller_name="HANSEN"), "+493023125777")
    assert call_words.who(named, NAMES) == ("030 23125777", "“HANSEN”")
    several = replace(named, match_state=MatchState.SEVERAL)
    assert call_words.who(several, NAMES) == ("030 23125777", "several match")
    known = replace(row, customer_name="Jane Doe", company_name="Hansen")
    assert call_words.who(known, NAMES) == ("Jane Doe", "Hansen")
    hidden = CallRow(replace(CALL, presentation=Presentation.WITHHELD))
    assert call_words.who(hidden, NAMES) == ("Number withheld", "")
    inside = CallRow(replace(CALL, direction=Direction.INTERNAL, caller_raw="1002"))
    assert call_words.who(inside, NAMES) == ("Ben Brandt (1002)", "")


def test_why_says_rule_and_digits_and_never_those_of_a_withheld_number() -> None:
    row = CallRow(
        CALL, match_state=MatchState.EXACT, match_rule=MatchRule.E164, match_digits="493023125777"
    )
    assert match_reason(row) == "The whole number is the same. Compared: 493023125777"
    assert match_chip(row) == ("Exact", "good")
    hidden = replace(row, call=replace(CALL, presentation=Presentation.WITHHELD))
    assert "493023125777" not in match_reason(hidden)
    assert match_reason(CallRow(CALL)) == "Nobody has looked this caller up yet."


def test_long_words_may_break_and_read_the_same() -> None:
    text = "Call to " + "A" * 60
    assert breakable(text).replace("\u200b", "") == text
    assert max(map(len, breakable(text).replace("\u200b", " ").split())) <= 12
    assert breakable("Complaint 1042") == "Complaint 1042"
