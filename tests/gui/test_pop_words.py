"""What a card says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crmdesk.domain.customers import StoryLine
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.domain.planning import BlockPlace, CompanyPlan, Picklists, PlacedBlock
from crmdesk.domain.pops import PopState
from crmdesk.gui.pop import words
from tests.gui.cards import ANNA, KNOWN, NOBODY, NOW, STORY, WITHHELD, card, several

SOON = NOW + timedelta(seconds=65)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, ("Ringing", "accent")),
        ({"transferred_from": "Ben"}, ("Ringing, from Ben", "accent")),
        ({"state": PopState.DIALLING}, ("Calling", "accent")),
        ({"state": PopState.ANSWERED_HERE}, ("Talking", "good")),
        ({"state": PopState.ANSWERED_HERE, "on_hold": True}, ("On hold", "warn")),
        ({"state": PopState.ANSWERED_ELSEWHERE, "answered_by": "Ben"}, ("Ben answered", "good")),
        ({"state": PopState.ANSWERED_ELSEWHERE}, ("Answered", "good")),
        ({"state": PopState.MISSED}, ("Missed", "bad")),
        ({"state": PopState.ENDED}, ("Call ended", "muted")),
    ],
)
def test_states_look_different(facts: dict[str, Any], said: tuple[str, str]) -> None:
    assert words.state_words(card(**facts)) == said


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, "1:05"),
        ({"state": PopState.ANSWERED_HERE, "answered_at": NOW}, "1:05"),
        ({"rang_at": None}, "1:05"),
        ({"state": PopState.MISSED}, ""),
        ({"state": PopState.ENDED}, ""),
    ],
)
def test_timer_runs_while_something_goes_on(facts: dict[str, Any], shown: str) -> None:
    assert words.timer(card(**facts), SOON).lstrip("0") == shown


def test_chip_of_a_switchboard_leaves_the_company_to_the_title() -> None:
    """A long company's name in both pushed the number off the card."""
    facts = {"state": MatchState.BLOCK, "label": "switchboard of Nordwind GmbH"}
    known = card(match=replace(KNOWN, rule=MatchRule.BLOCK, **facts))
    assert words.match_chip(known) == ("switchboard", "good")
    assert words.title(known).startswith("Switchboard of ")


def test_person_company_and_history() -> None:
    known = card(queue="support")
    assert words.subtitle(known) == "Nordwind GmbH, purchasing"
    assert words.called(known) == "support · Support"
    assert words.segment(known, Picklists()) == ("Gold", "accent")
    assert words.customer_since(known) == "since 2019"
    assert words.match_chip(known) == ("exact · work", "good")
    assert "Ben" in words.last_spoke(STORY, NOW)
    assert "invoice 88" in words.last_spoke(STORY, NOW)
    assert words.tickets(STORY, NOW).startswith("1 open ticket, oldest ")


def test_promise_comes_last_and_once() -> None:
    promise = StoryLine("warn", "Call back by noon", NOW)
    story = replace(STORY, next_follow_up=promise)
    assert [line.text for line in words.story_lines(story, NOW)][:2] == [
        "Complaint 2041 opened",
        "Call back by noon",
    ]
    twice = replace(story, since=(promise,), open_tickets=())
    assert len(words.story_lines(twice, NOW)) == 1


def test_company_orders_and_hides_what_the_card_tells() -> None:
    story = replace(STORY, next_follow_up=StoryLine("warn", "Call back by noon", NOW))
    placed = (PlacedBlock("tickets"), PlacedBlock("gone"), PlacedBlock("since", is_shown=False))
    lines = words.story_lines(story, NOW, placed)
    assert [line.icon for line in lines] == ["ticket", "warning"]
    plan = CompanyPlan(blocks={BlockPlace.POP: placed})
    said = words.sentence(card(story=story), NOW, plan)
    assert said.index("open ticket") < said.index("Call back by noon")
    assert "2041" not in said


def test_first_contact() -> None:
    assert words.last_spoke(replace(STORY, last_contact=None), NOW) == "First contact"


def test_five_states_of_a_match_are_five_texts() -> None:
    matches = (KNOWN, NOBODY, WITHHELD, several(3))
    said = {words.match_chip(card(match=match, story=None))[0] for match in matches}
    assert said == {"exact · work", "no match", "withheld", "several match"}


def test_stranger_shows_what_the_call_claims() -> None:
    stranger = card(match=NOBODY, story=None, caller_name="Lotto")
    assert words.subtitle(stranger) == "Calls itself Lotto"
    number = replace(NOBODY.number, region="DE")
    same = replace(stranger, title=stranger.number_text, match=replace(NOBODY, number=number))
    assert words.number(same) == "Germany"
    nowhere = replace(same, match=replace(NOBODY, number=replace(number, region="XX")))
    assert words.number(nowhere) == ""


def test_another_name_than_the_customers_is_told() -> None:
    assert "shows “LOTTO”" in words.number(card(caller_name="LOTTO"))
    assert words.number(card(caller_name=ANNA.name.upper())) == "030 23125710"


def test_sentence_says_all_of_it() -> None:
    said = words.sentence(card(queue="support"), NOW)
    for part in ("Ringing", "Anna Hansen", "Nordwind GmbH", "030 23125710", "Gold", "support"):
        assert part in said
    assert "Complaint 2041 opened" in said
    assert said.endswith(".")


def test_withheld_says_no_number() -> None:
    hidden = card(match=WITHHELD, story=None, title="Number withheld", number_text="")
    assert words.sentence(hidden, NOW) == "Ringing, Number withheld, on Support."


def test_foreign_direction_stays_within_its_name() -> None:
    said, _tone = words.state_words(
        card(state=PopState.ANSWERED_ELSEWHERE, answered_by="דוד"),
    )
    assert said == "\u2068דוד\u2069 answered"


def test_missed_call_says_where_it_went() -> None:
    assert words.slim(card(state=PopState.MISSED)) == "Anna Hansen · on the call-back list"
    assert words.slim(card()) == "Anna Hansen · Nordwind GmbH, purchasing"


def test_endless_title_is_cut() -> None:
    assert len(words.title(card(title="A" * 5000))) == 120
