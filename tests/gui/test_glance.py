"""The head of a customer at one glance, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from crmdesk.domain.customers import (
    Customer,
    CustomerKind,
    CustomerStory,
    Mood,
    OpenTicket,
    StoryLine,
)
from crmdesk.domain.planning import Picklists
from crmdesk.gui.models.glance import glances, mood_words
from crmdesk.gui.widgets.text import FSI, PDI

NOW = datetime(2026, 6, 15, 10, tzinfo=UTC)
JANE = Customer(uuid4(), CustomerKind.PERSON, "Jane Doe")


def test_of_a_new_customer_there_is_nothing_to_say():
    assert glances(CustomerStory(JANE), NOW, Picklists()) == ()


def test_what_presses_comes_before_worth_and_mood():
    ticket = OpenTicket(
        uuid4(), "1042", "complaint", "Wrong invoice", "high", "open", NOW - timedelta(days=2),
        NOW - timedelta(hours=2),
    )  # fmt: skip
    story = CustomerStory(
        JANE,
        open_tickets=(ticket,),
        next_promise=StoryLine("bad", "Promised, overdue by 1 day: 10 %", NOW - timedelta(days=3)),
        order_count=2,
        order_total_cents=90_000,
        other_totals=((1_000, "USD"),),
        mood=(Mood(2, "csat", NOW - timedelta(days=1), "slow"), Mood(5, "csat", NOW)),
    )
    told = [
        (one.about, one.text.replace(FSI, "").replace(PDI, ""), one.tone)
        for one in glances(story, NOW, Picklists())
    ]
    assert told == [
        ("tickets", "1 open ticket · open 2 d · overdue 2 h", "bad"),
        ("promise", "Promised, overdue by 1 day: 10 %", "bad"),
        ("worth", "2 orders · 900.00 EUR · 10.00 USD", "muted"),
        ("mood", "Unhappy, 2 of 5 · before that 5", "bad"),
    ]


def test_worth_below_nothing_is_told_as_it_is_and_praises_nobody():
    story = CustomerStory(
        JANE, order_count=3, order_total_cents=-2_091_600, other_totals=((2_058_400, "JPY"),)
    )
    (worth,) = glances(story, NOW, Picklists())
    assert (worth.text.replace(FSI, "").replace(PDI, ""), worth.tone) == (
        "3 orders · -20,916.00 EUR · 20,584 JPY",
        "muted",
    )


@pytest.mark.parametrize(
    ("score", "scale", "told"),
    [
        (1, "csat", ("Very unhappy, 1 of 5", "bad")),
        (3, "csat", ("So-so, 3 of 5", "muted")),
        (5, "csat", ("Very happy, 5 of 5", "good")),
        (9, "nps", ("Recommends us, 9 of 10", "good")),
        (8, "nps", ("Undecided, 8 of 10", "muted")),
        (0, "nps", ("Would not recommend us, 0 of 10", "bad")),
        (0, "none", ("Answered a survey", "muted")),
    ],
)
def test_mood_is_a_word_with_its_figure(score, scale, told):
    assert mood_words(Mood(score, scale, NOW)) == told
