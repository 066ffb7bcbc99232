"""Whose number it was: history stays with the right person, and every step is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.matches import ClaimKind, MatchRule, MatchState
from crmdesk.store.numbers.holders import day_ends
from tests.store.owned_number import (
    ALL_ANNA,
    BERLIN,
    DAY,
    TODAY,
    YEAR_END,
    calls,
    do,
    look,
    people,
    whose,
)

__all__ = ["calls", "do", "look", "people", "whose"]

# --- until ----------------------------------------------------------------------------------------


def test_former_owner_keeps_the_calls_of_the_time(do, read, people, whose):
    anna, _ = people
    change = do(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    assert change.kind is ChangeKind.OWNERSHIP
    assert change.title == "+49 30 23125012 belonged to Anna Groß until 2025-12-31"
    assert whose() == ALL_ANNA | {"new": ""}
    (owner,) = read(lambda r: r.by_e164(BERLIN))
    assert (owner.customer_id, owner.until) == (anna.id, YEAR_END)
    titles = [entry.at for entry in read(lambda r: r.timeline(anna.id)).entries]
    assert len(titles) == 4


def test_later_calls_go_to_the_new_owner(do, write, people, whose):
    anna, ben = people
    since = date(2026, 1, 1)
    do(lambda w: w.assign_number(BERLIN, BERLIN, ben.id, None, "home", "1001", since=since))
    assert whose() == ALL_ANNA
    do(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    assert whose() == ALL_ANNA | {"new": "Ben Winter"}


def test_of_several_later_owners_none_is_taken(do, write, read, people, whose, make_person, calls):
    anna, ben = people
    third = make_person("Mia Groß", BERLIN)
    write(lambda w: w.save_customer(third))
    do(lambda w: w.assign_number(BERLIN, BERLIN, ben.id, None, "home", "1001"))
    do(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    assert whose() == ALL_ANNA | {"new": ""}
    assert read(lambda r: r.call_row(calls["new"])).match_state is MatchState.SEVERAL
    write(lambda w: w.delete_customer(third.id))


def test_number_can_end_earlier_than_it_was_said(do, people, whose):
    anna, _ = people
    do(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    do(lambda w: w.end_ownership(BERLIN, anna.id, date(2025, 6, 1), "1001"))
    assert whose() == ALL_ANNA | {"new": "", "old": ""}


def test_calls_of_the_last_day_stay(write, read, people, make_call, match_of, now):
    anna, _ = people
    last, next_day = make_call("last"), make_call("next")
    midnight = day_ends(YEAR_END)
    moments = {last: midnight - timedelta(seconds=1), next_day: midnight}

    def save(w):
        for call, at in moments.items():
            w.save_call(replace(call, started_at=at), BERLIN)
            w.link_call(call.id, match_of(anna, MatchRule.E164, BERLIN))

    write(save)
    write(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    rows = [read(lambda r, c=call: r.call_row(c.id)) for call in moments]
    assert [row.customer_id for row in rows] == [anna.id, None]


def test_remembered_choice_ends_with_the_number(do, read, people):
    anna, _ = people
    do(lambda w: w.choose_owner(BERLIN, anna.id, None, "1001", remember=True))
    assert [claim.kind for claim in read(lambda r: r.claims(BERLIN))] == [ClaimKind.CHOSEN]
    do(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    assert read(lambda r: r.claims(BERLIN)) == ()


def test_new_calls_of_a_former_owner_are_not_linked_later(write, read, people, make_call):
    """`link_number` looks at the days as well."""
    anna, _ = people
    write(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    old, new = make_call("then", minutes_ago=300 * DAY), make_call("now")
    write(lambda w: (w.save_call(old, BERLIN), w.save_call(new, BERLIN)))
    assert write(lambda w: w.link_number(BERLIN, anna.id)) == 1
    assert read(lambda r: r.call_row(old.id)).customer_id == anna.id
    assert read(lambda r: r.call_row(new.id)).customer_id is None


@pytest.mark.parametrize(
    ("until", "words"),
    [(TODAY + timedelta(days=1), "in the future"), (date(2019, 12, 31), "since 2020-01-01")],
)
def test_days_that_cannot_be_are_refused(write, look, people, until, words):
    anna, _ = people
    number = PhoneNumber(BERLIN, BERLIN, "work", since=date(2020, 1, 1))
    write(lambda w: w.save_customer(replace(anna, numbers=(number,))))
    before = look()
    with pytest.raises(UserFacingError, match=words):
        write(lambda w: w.end_ownership(BERLIN, anna.id, until, "1001"))
    assert look() == before


def test_today_is_no_future(do, people, whose):
    anna, _ = people
    do(lambda w: w.end_ownership(BERLIN, anna.id, TODAY, "1001"))
    assert whose() == ALL_ANNA


# --- since ----------------------------------------------------------------------------------------


def test_assigned_number_brings_its_calls(do, write, read, people, make_call, calls):
    _, ben = people
    unknown = "+12025550123"
    mine, before = make_call("mine"), make_call("before", minutes_ago=DAY)
    write(lambda w: (w.save_call(mine, unknown), w.save_call(before, unknown)))
    change = do(
        lambda w: w.assign_number(unknown, "(202) 555-0123", ben.id, mine.id, "mobile", "1001")
    )
    assert change.kind is ChangeKind.ASSIGNMENT
    rows = [read(lambda r, c=c: r.call_row(c.id)) for c in (mine, before)]
    assert [row.customer_name for row in rows] == ["Ben Winter"] * 2
    assert [row.match_rule for row in rows] == [MatchRule.CHOSEN, MatchRule.E164]
    number = read(lambda r: r.customer(ben.id)).numbers[-1]
    assert (number.raw, number.e164, number.label) == ("(202) 555-0123", unknown, "mobile")
    assert [hit.name for hit in read(lambda r: r.search("555 0123"))] == ["Ben Winter"]


def test_number_since_a_day_leaves_earlier_calls(do, write, read, people, make_call):
    _, ben = people
    unknown = "+12025550123"
    new, old = make_call("mine"), make_call("before", minutes_ago=300 * DAY)
    write(lambda w: (w.save_call(new, unknown), w.save_call(old, unknown)))
    since = date(2026, 1, 1)
    do(lambda w: w.assign_number(unknown, unknown, ben.id, None, "home", "1001", since=since))
    rows = [read(lambda r, c=c: r.call_row(c.id)) for c in (new, old)]
    assert [row.customer_name for row in rows] == ["Ben Winter", ""]
    assert read(lambda r: r.by_e164(unknown))[0].since == since


def test_number_that_came_back_is_a_time_of_its_own(do, read, people):
    anna, _ = people
    do(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    since = date(2026, 5, 1)
    do(lambda w: w.assign_number(BERLIN, BERLIN, anna.id, None, "work", "1001", since=since))
    spans = {(n.since, n.until) for n in read(lambda r: r.customer(anna.id)).numbers}
    assert spans == {(None, YEAR_END), (since, None)}


def test_number_nobody_can_read_is_kept(do, read, people):
    _, ben = people
    do(lambda w: w.assign_number(None, "extension 12 of the mill", ben.id, None, "other", "1001"))
    assert read(lambda r: r.customer(ben.id)).numbers[-1].e164 is None


def test_assigning_what_is_theirs_links_the_call_only(do, write, read, people, calls):
    anna, _ = people
    with pytest.raises(UserFacingError, match="already"):
        write(lambda w: w.assign_number(BERLIN, BERLIN, anna.id, None, "work", "1001"))
    change = do(lambda w: w.assign_number(BERLIN, BERLIN, anna.id, calls["new"], "work", "1001"))
    assert change.rows == 1
    assert len(read(lambda r: r.customer(anna.id)).numbers) == 1
    assert read(lambda r: r.call_row(calls["new"])).match_rule is MatchRule.CHOSEN


def test_assigning_overrules_not_this_person(write, read, people, make_call):
    """Taken back one after the other, the call under them is nobody's, and then hers again."""
    anna, _ = people
    denied = write(lambda w: w.deny_number(BERLIN, anna.id, "1001"))
    late = make_call("late")
    write(lambda w: w.save_call(late, BERLIN))
    given = write(lambda w: w.assign_number(BERLIN, BERLIN, anna.id, late.id, "work", "1001"))
    assert read(lambda r: r.claims(BERLIN)) == ()
    assert read(lambda r: r.call_row(late.id)).customer_id == anna.id
    write(lambda w: w.undo_change(given.id, "1001"))
    assert [claim.kind for claim in read(lambda r: r.claims(BERLIN))] == [ClaimKind.DENIED]
    assert read(lambda r: r.call_row(late.id)).customer_id is None
    write(lambda w: w.undo_change(denied.id, "1001"))
    assert read(lambda r: r.call_row(late.id)).match_rule is MatchRule.E164
