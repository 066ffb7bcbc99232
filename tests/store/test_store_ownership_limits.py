"""Whose number it was, at the edges: what is refused, any order of taking back, days, crowds."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from itertools import permutations

import pytest

from crmdesk.domain.errors import UserFacingError
from crmdesk.store.numbers.holders import day_begins, day_ends, local_day
from crmdesk.store.tables import number_claim
from tests.store.owned_number import ALL_ANNA, BERLIN, TODAY, YEAR_END, calls, look, people, whose

__all__ = ["calls", "look", "people", "whose"]

# --- what is refused ------------------------------------------------------------------------------

NOBODY = uuid.UUID(int=7)
REFUSED = {
    "end: unknown customer": (
        lambda w, _a, _b: w.end_ownership(BERLIN, NOBODY, TODAY, "x"),
        "no longer in the store",
    ),
    "end: not theirs": (
        lambda w, _a, b: w.end_ownership(BERLIN, b.id, TODAY, "x"),
        "is not a number of Ben Winter",
    ),
    "deny: unknown customer": (
        lambda w, _a, _b: w.deny_number(BERLIN, NOBODY, "x"),
        "no longer in the store",
    ),
    "deny: not theirs": (lambda w, _a, b: w.deny_number(BERLIN, b.id, "x"), "is not a number of"),
    "deny: unknown call": (
        lambda w, a, _b: w.deny_number(BERLIN, a.id, "x", call_id=NOBODY),
        "call is not in the store",
    ),
    "deny: future": (
        lambda w, a, _b: w.deny_number(BERLIN, a.id, "x", since=date(2030, 1, 1)),
        "in the future",
    ),
    "choose: unknown customer": (
        lambda w, _a, _b: w.choose_owner(BERLIN, NOBODY, None, "x", remember=True),
        "no longer in the store",
    ),
    "choose: unknown call": (
        lambda w, a, _b: w.choose_owner(BERLIN, a.id, NOBODY, "x"),
        "call is not in the store",
    ),
    "forget: nothing": (lambda w, _a, _b: w.forget_choice(BERLIN, "x"), "No choice is remembered"),
    "assign: unknown customer": (
        lambda w, _a, _b: w.assign_number(BERLIN, BERLIN, NOBODY, None, "work", "x"),
        "no longer in the store",
    ),
    "assign: future": (
        lambda w, _a, b: w.assign_number(
            BERLIN, BERLIN, b.id, None, "work", "x", since=date(2030, 1, 1)
        ),
        "in the future",
    ),
    "assign: no number": (
        lambda w, _a, b: w.assign_number(None, "anonymous", b.id, None, "work", "x"),
        "number with digits",
    ),
    "assign: unknown call": (
        lambda w, _a, b: w.assign_number(BERLIN, BERLIN, b.id, NOBODY, "work", "x"),
        "call is not in the store",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_words(write, read, look, people, case):
    step, words = REFUSED[case]
    before = look()
    with pytest.raises(UserFacingError, match=words) as told:
        write(lambda w: step(w, *people))
    assert told.value.meaning
    assert told.value.remedy
    assert look() == before
    assert read(lambda r: r.changes()).changes == ()


def test_deleted_customer_is_unknown(write, people):
    anna, _ = people
    write(lambda w: w.delete_customer(anna.id))
    with pytest.raises(UserFacingError, match="no longer in the store"):
        write(lambda w: w.end_ownership(BERLIN, anna.id, TODAY, "x"))


# --- taken back in another order ------------------------------------------------------------------


def test_calls_come_back_in_whatever_order_steps_are_taken_back(write, people, whose):
    anna, ben = people
    ended = write(lambda w: w.end_ownership(BERLIN, anna.id, date(2025, 6, 1), "1001"))
    given = write(lambda w: w.assign_number(BERLIN, BERLIN, ben.id, None, "work", "1001"))
    assert "Ben Winter" in whose().values()
    write(lambda w: w.undo_change(ended.id, "1001"))
    write(lambda w: w.undo_change(given.id, "1001"))
    assert whose() == ALL_ANNA


_STEPS = {
    "end Anna": lambda w, a, _: w.end_ownership(BERLIN, a.id, date(2025, 6, 1), "1"),
    "Ben has it": lambda w, _, b: w.assign_number(BERLIN, BERLIN, b.id, None, "work", "1"),
    "not Anna": lambda w, a, _: w.deny_number(BERLIN, a.id, "1", since=date(2024, 1, 1)),
}


@pytest.mark.parametrize("made", list(permutations(_STEPS)), ids=", ".join)
@pytest.mark.parametrize("undone", list(permutations(range(3))), ids=str)
def test_calls_are_always_of_who_has_the_number_now(write, read, people, whose, made, undone):
    """Steps in any order, taken back in any order: links follow the owners, and all come back."""
    before = whose()
    changes = [write(lambda w, n=name: _STEPS[n](w, *people)) for name in made]
    names = {one.id: one.name for one in people}
    for place in undone:
        write(lambda w, p=place: w.undo_change(changes[p].id, "1"))
        holders = write(lambda w: w.holders_of(BERLIN))
        for call, days in (("new", 100), ("old", 300), ("older", 400)):
            holding = {names[one] for one in holders.on(TODAY - timedelta(days=days))}
            owner = whose()[call]
            assert owner in holding or (not owner and len(holding) != 1)
    assert whose() == before


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date.min, date(1969, 1, 1), TODAY, date(9999, 12, 31)])
def test_every_day_has_a_beginning_and_an_end(day):
    assert day_begins(day) < day_ends(day)


def test_day_of_a_moment_is_between_its_midnights(now):
    day = local_day(now)
    assert day_begins(day) <= now < day_ends(day)


def test_many_owners_are_bounded(write, people, make_person, make_call):
    """A number of very many is nobody's in particular; the one that is asked about is seen."""
    anna, _ = people
    write(lambda w: [w.save_customer(make_person(f"P{n}", BERLIN)) for n in range(100)])
    late = make_call("late")
    write(lambda w: w.save_call(late, BERLIN))
    holders = write(lambda w: w.holders_of(BERLIN, anna.id))
    assert 64 <= len(holders.holders) <= 65
    assert holders.is_crowd
    assert holders.holders[0].customer_id == anna.id
    assert holders.only_one_on(TODAY) is None
    assert write(lambda w: w.link_number(BERLIN, anna.id)) == 0
    write(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))


def test_claims_are_marked_not_dropped(write, people):
    """Replicas hear of what no longer holds."""
    anna, _ = people
    write(lambda w: w.choose_owner(BERLIN, anna.id, None, "1001", remember=True))
    write(lambda w: w.forget_choice(BERLIN, "1001"))
    marks = write(
        lambda w: w._connection.execute(
            number_claim.select().with_only_columns(number_claim.c.deleted_at)
        ).all()
    )
    assert [bool(row[0]) for row in marks] == [True]
