"""A number of Anna, her calls of two years, and Ben who may have it as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmdesk.domain.calls import CallOutcome
from crmdesk.domain.matches import MatchRule

BERLIN, OTHER = "+493023125012", "+442079460123"
DAY = 24 * 60
TODAY = date(2026, 6, 15)
YEAR_END = date(2025, 12, 31)


@pytest.fixture
def people(write, make_person):
    """Anna has the number, Ben does not."""
    anna, ben = make_person("Anna Groß", BERLIN), make_person("Ben Winter", OTHER)
    write(lambda w: (w.save_customer(anna), w.save_customer(ben)))
    return anna, ben


@pytest.fixture
def calls(write, people, make_call, match_of):
    """Anna's: two of last year, three of this one; the last two rest on more than the number."""
    rules = {
        "old": (300, MatchRule.E164),
        "older": (400, MatchRule.E164),
        "new": (100, MatchRule.E164),
        "chosen": (50, MatchRule.CHOSEN),
        "account": (20, MatchRule.ACCOUNT_ID),
    }
    made = {
        name: replace(make_call(name, minutes_ago=days * DAY), outcome=CallOutcome.MISSED)
        for name, (days, _) in rules.items()
    }

    def save(w):
        for name, call in made.items():
            w.save_call(call, BERLIN)
            w.link_call(call.id, match_of(people[0], rules[name][1], BERLIN))

    write(save)
    return {name: call.id for name, call in made.items()}


@pytest.fixture
def whose(read, calls):
    """Name of the customer of each call."""

    def names():
        rows = {name: read(lambda r, k=key: r.call_row(k)) for name, key in calls.items()}
        return {name: row.customer_name for name, row in rows.items()}

    return names


@pytest.fixture
def look(read, people, calls):
    """Everything an agent can see of the two and of the number."""

    def seen():
        keys = [one.id for one in people]
        return (
            [read(lambda r, k=k: r.customer(k)) for k in keys],
            [read(lambda r, k=k: r.timeline(k)).entries for k in keys],
            sorted(map(str, read(lambda r: r.by_e164(BERLIN)))),
            sorted(hit.name for hit in read(lambda r: r.search("23125012"))),
            [read(lambda r, k=k: r.call_row(k)) for k in calls.values()],
            read(lambda r: r.claims(BERLIN)),
        )

    return seen


@pytest.fixture
def do(write, look):
    """Makes a change, and checks that taking it back makes everything as it was."""
    before = look()
    made = []

    def work(step):
        change = write(step)
        made.append(change)
        assert look() != before
        return change

    yield work
    for change in reversed(made):
        result = write(lambda w, c=change: w.undo_change(c.id, "1002"))
        assert (result.restored, result.kept) == (change.rows, 0)
    assert look() == before


ALL_ANNA = dict.fromkeys(("old", "older", "new", "chosen", "account"), "Anna Groß")
