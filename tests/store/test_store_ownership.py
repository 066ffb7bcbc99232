"""Whose number it was: history stays with the right person, and every step is taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from crmdesk.domain.calls import CallOutcome, Verification
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.matches import ClaimKind, MatchRule, MatchState
from crmdesk.store.number_holders import day_begins, day_ends, local_day
from crmdesk.store.tables import number_claim

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


# --- not this person ------------------------------------------------------------------------------


def test_not_this_person_unlinks_this_call(do, read, people, calls, whose):
    anna, _ = people
    change = do(
        lambda w: w.deny_number(BERLIN, anna.id, "1001", "her sister", call_id=calls["new"])
    )
    assert change.kind is ChangeKind.NOT_THIS_PERSON
    assert whose() == ALL_ANNA | {"new": ""}
    (claim,) = read(lambda r: r.claims(BERLIN))
    assert (claim.kind, claim.customer_id) == (ClaimKind.DENIED, anna.id)
    assert (claim.who, claim.reason) == ("1001", "her sister")


def test_not_this_person_even_where_an_agent_had_chosen(do, people, calls, whose):
    anna, _ = people
    do(lambda w: w.deny_number(BERLIN, anna.id, "1001", call_id=calls["chosen"]))
    assert whose() == ALL_ANNA | {"chosen": ""}


def test_not_this_person_since_a_day(do, people, calls, whose):
    """Older calls, and those that rest on more than the number, stay."""
    anna, _ = people
    since = date(2025, 7, 1)
    do(lambda w: w.deny_number(BERLIN, anna.id, "1001", call_id=calls["new"], since=since))
    assert whose() == ALL_ANNA | {"new": "", "old": ""}


def test_denied_number_links_nothing_any_more(write, read, people, make_call, match_of, calls):
    anna, _ = people
    write(lambda w: w.deny_number(BERLIN, anna.id, "1001", call_id=calls["new"]))
    late = make_call("late")
    write(lambda w: w.save_call(late, BERLIN))
    assert write(lambda w: w.link_number(BERLIN, anna.id)) == 0
    # A desk that looked before the agent spoke goes on writing what it found.
    for key in (late.id, calls["new"]):
        write(lambda w, k=key: w.link_call(k, match_of(anna, MatchRule.E164, BERLIN)))
        assert read(lambda r, k=key: r.call_row(k)).customer_id is None
    write(lambda w: w.link_call(late.id, match_of(anna, MatchRule.ACCOUNT_ID, "4711")))
    assert read(lambda r: r.call_row(late.id)).customer_id == anna.id


def test_of_two_the_other_one_is_left(write, read, people, make_person, make_call):
    anna, _ = people
    write(lambda w: w.save_customer(make_person("Jan Groß", BERLIN)))
    jan = next(o for o in read(lambda r: r.by_e164(BERLIN)) if o.customer_id != anna.id)
    late = make_call("late")
    write(lambda w: w.save_call(late, BERLIN))
    assert write(lambda w: w.link_number(BERLIN, jan.customer_id)) == 0
    write(lambda w: w.deny_number(BERLIN, anna.id, "1001"))
    assert write(lambda w: w.link_number(BERLIN, jan.customer_id)) == 1


def test_denied_twice_is_said_once(do, read, people):
    anna, _ = people
    for reason in ("first", "second"):
        do(lambda w, why=reason: w.deny_number(BERLIN, anna.id, "1001", why))
    assert [claim.reason for claim in read(lambda r: r.claims(BERLIN))] == ["second"]


def test_call_without_number_is_unlinked_alone(write, read, people, make_call, match_of):
    anna, _ = people
    call = make_call("withheld")
    write(lambda w: w.save_call(call, None))
    write(lambda w: w.link_call(call.id, match_of(anna, MatchRule.ACCOUNT_ID, "4711")))
    change = write(lambda w: w.deny_number(None, anna.id, "1001", call_id=call.id))
    assert read(lambda r: r.call_row(call.id)).customer_id is None
    write(lambda w: w.undo_change(change.id, "1001"))
    assert read(lambda r: r.call_row(call.id)).match_rule is MatchRule.ACCOUNT_ID


def test_a_number_with_an_extension_takes_no_call_of_its_switchboard(
    do, read, people, calls, whose
):
    anna, ben = people
    mine = dict.fromkeys(("old", "older", "new"), "") | {"chosen": anna.name, "account": anna.name}
    do(lambda w: w.deny_number(BERLIN, anna.id, "1001", since=date(2020, 1, 1)))
    assert whose() == mine
    assign = {"label": "work", "who": "1001", "extension": "14"}
    do(lambda w: w.assign_number(BERLIN, BERLIN, ben.id, None, **assign))
    assert whose() == mine


def test_calls_go_to_no_colleague_with_another_extension(write, read, people, calls, whose):
    anna, ben = people
    number = PhoneNumber(BERLIN, BERLIN, "work", extension="14")
    write(lambda w: w.save_customer(replace(ben, numbers=(number,))))
    write(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    assert whose() == ALL_ANNA | {"new": ""}
    assert read(lambda r: r.call_row(calls["new"])).match_state is MatchState.SUGGESTED


def test_no_number_links_a_call_that_an_agent_said_is_from_somebody_else(
    write, read, people, calls, whose
):
    anna, _ = people
    write(lambda w: w.deny_number(None, anna.id, "1001", call_id=calls["new"]))
    assert write(lambda w: w.link_number(BERLIN, anna.id)) == 0
    assert whose() == ALL_ANNA | {"new": ""}


def test_no_number_links_a_call_whose_signature_is_wrong(write, read, people, make_call):
    anna, ben = people
    false = make_call("false", verification=Verification.FAILED)
    write(lambda w: w.save_call(false, BERLIN))
    assert write(lambda w: w.link_number(BERLIN, anna.id)) == 0
    change = write(lambda w: w.assign_number(BERLIN, BERLIN, ben.id, None, "work", "1001"))
    later = make_call("later", minutes_ago=-5, verification=Verification.FAILED)
    write(lambda w: w.save_call(later, BERLIN))
    write(lambda w: w.undo_change(change.id, "1001"))
    for call in (false, later):
        assert read(lambda r, k=call.id: r.call_row(k)).customer_id is None


# --- choices --------------------------------------------------------------------------------------


def test_chosen_customer_is_the_calls(do, read, people, calls, whose):
    _, ben = people
    change = do(lambda w: w.choose_owner(BERLIN, ben.id, calls["new"], "1001"))
    assert (change.kind, change.rows) == (ChangeKind.CHOICE, 1)
    assert whose() == ALL_ANNA | {"new": "Ben Winter"}
    assert read(lambda r: r.claims(BERLIN)) == ()


def test_remembered_choice_replaces_the_one_before(do, read, people, calls):
    anna, ben = people
    for one in (anna, ben):
        do(lambda w, c=one: w.choose_owner(BERLIN, c.id, calls["new"], "1001", remember=True))
    (claim,) = read(lambda r: r.claims(BERLIN))
    assert (claim.kind, claim.customer_id) == (ClaimKind.CHOSEN, ben.id)
    do(lambda w: w.forget_choice(BERLIN, "1001"))
    assert read(lambda r: r.claims(BERLIN)) == ()


def test_choice_overrules_not_this_person(do, read, people, calls):
    anna, _ = people
    do(lambda w: w.deny_number(BERLIN, anna.id, "1001"))
    do(lambda w: w.choose_owner(BERLIN, anna.id, calls["new"], "1001", remember=True))
    assert [claim.kind for claim in read(lambda r: r.claims(BERLIN))] == [ClaimKind.CHOSEN]


def test_undone_choice_takes_back_the_calls_it_was_remembered_for(
    write, read, people, make_person, make_call, match_of
):
    anna, _ = people
    write(lambda w: w.save_customer(make_person("Jan Groß", BERLIN)))
    choice = write(lambda w: w.choose_owner(BERLIN, anna.id, None, "1001", remember=True))
    late = make_call("late")
    write(lambda w: w.save_call(late, BERLIN))
    write(lambda w: w.link_call(late.id, match_of(anna, MatchRule.REMEMBERED, BERLIN)))
    write(lambda w: w.undo_change(choice.id, "1001"))
    row = read(lambda r: r.call_row(late.id))
    assert (row.customer_id, row.match_state) == (None, MatchState.SEVERAL)


def test_call_chosen_since_stays_when_the_step_before_is_undone(write, read, people, calls):
    anna, ben = people
    change = write(lambda w: w.end_ownership(BERLIN, anna.id, YEAR_END, "1001"))
    write(lambda w: w.choose_owner(BERLIN, ben.id, calls["new"], "1002"))
    result = write(lambda w: w.undo_change(change.id, "1001"))
    assert (result.restored, result.kept) == (1, 1)
    assert read(lambda r: r.call_row(calls["new"])).customer_id == ben.id
    assert read(lambda r: r.by_e164(BERLIN))[0].until is None


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
