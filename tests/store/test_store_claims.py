"""Not this person, and choices: what agents said of a number holds until it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crmdesk.domain.calls import Verification
from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.matches import ClaimKind, MatchRule, MatchState
from tests.store.owned_number import ALL_ANNA, BERLIN, YEAR_END, calls, do, look, people, whose

__all__ = ["calls", "do", "look", "people", "whose"]

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
