"""Numbers that several have, had, or were said not to have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crmdesk.domain.calls import Verification
from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.matches import ClaimKind, Match, MatchRule, MatchState, Occasion, OwnerFacts
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.settings.model import MatchingSettings
from tests.fakes.owner_book import LIMIT, TODAY, OwnerBook, claim, company, owner, works_at

BERLIN = LineRules("DE", area_code="30")
NUMBER = "+493023125100"
FIRM = company("Hansen GmbH", NUMBER)
ANNA, BEN, CARL = (works_at(FIRM, name, NUMBER) for name in ("Anna", "Ben", "Carl"))
EVERYTHING = OwnerFacts(
    has_open_ticket=True,
    promise_due=True,
    last_call_days=0,
    last_from_here_days=0,
    called_here=True,
    is_own=True,
)


def _call(book: OwnerBook, occasion: Occasion | None = None, **rules: int) -> Match:
    number = normalise(NUMBER, BERLIN)
    return find(number, book, occasion or Occasion(TODAY), rules=MatchingSettings(**rules))


def _names(match: Match) -> list[str]:
    return [each.owner.name for each in match.candidates]


# --- several --------------------------------------------------------------------------------------


def test_company_first_then_by_evidence_then_by_name() -> None:
    facts = {
        "Ben": OwnerFacts(has_open_ticket=True),
        "Carl": OwnerFacts(promise_due=True, last_from_here_days=1),
    }
    zoe = works_at(FIRM, "Zoe", NUMBER)
    match = _call(OwnerBook(zoe, ANNA, BEN, CARL, FIRM, facts=facts))
    assert (match.state, match.rule, match.customer_id) == (
        MatchState.SEVERAL,
        MatchRule.E164,
        None,
    )
    assert _names(match) == ["Hansen GmbH", "Carl", "Ben", "Anna", "Zoe"]
    assert [each.score for each in match.candidates] == [400, 539, 460, 400, 400]
    assert [[(e.words, e.points) for e in each.evidence] for each in match.candidates[:3]] == [
        [("the company itself", 0), ("same number", 400)],
        [("a promise is due", 80), ("called from here yesterday", 59), ("same number", 400)],
        [("open ticket", 60), ("same number", 400)],
    ]
    assert (match.owner_count, match.link_from, match.label) == (5, 700, "")
    assert match.explanation == (
        "+49 30 23125100 belongs to 5 customers. No customer is linked by itself below 700 "
        "points; choose who it is."
    )


def test_all_evidence_together_links_none_of_several() -> None:
    match = _call(OwnerBook(ANNA, BEN, facts={"Anna": EVERYTHING}))
    assert match.candidates[0].score == 670
    assert (match.state, match.customer_id) == (MatchState.SEVERAL, None)


def test_threshold_and_lead_can_be_lowered() -> None:
    book = OwnerBook(ANNA, BEN, facts={"Anna": EVERYTHING})
    match = _call(book, link_from=670)
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.E164)
    assert match.customer_id == ANNA.customer_id
    assert match.explanation == (
        "+49 30 23125100 belongs to 2 customers; Anna has 670 points: a promise is due."
    )
    assert _call(book, link_from=671).customer_id is None
    assert _call(book, link_from=670, lead=270).customer_id == ANNA.customer_id
    behind = _call(book, link_from=670, lead=271)
    assert behind.customer_id is None
    assert "None is 271 points ahead of the others" in behind.explanation


def test_equals_are_never_told_apart_by_their_names() -> None:
    match = _call(OwnerBook(ANNA, BEN), link_from=0, lead=0)
    assert (match.state, match.customer_id) == (MatchState.SEVERAL, None)


def test_a_person_may_be_linked_though_the_company_stands_first() -> None:
    book = OwnerBook(FIRM, ANNA, facts={"Anna": EVERYTHING})
    match = _call(book, link_from=600)
    assert match.customer_id == ANNA.customer_id
    assert _names(match) == ["Anna", "Hansen GmbH"]


def test_history_is_asked_only_of_several() -> None:
    alone, several = OwnerBook(ANNA), OwnerBook(ANNA, BEN)
    _call(alone)
    _call(several)
    assert ("facts" in alone.asked, "facts" in several.asked) == (False, True)


def test_number_stored_twice_for_one_customer_is_not_shared() -> None:
    match = _call(OwnerBook(ANNA, replace(ANNA, label="home")))
    assert (match.state, match.customer_id) == (MatchState.EXACT, ANNA.customer_id)
    assert match.owner_count == 1


def test_crowd_is_counted_beyond_what_is_listed() -> None:
    crowd = [owner(f"Person {place}", NUMBER) for place in range(LIMIT * 3)]
    match = _call(OwnerBook(*crowd))
    assert (match.state, match.customer_id) == (MatchState.SEVERAL, None)
    assert (len(match.candidates), match.owner_count) == (LIMIT, LIMIT * 3)


def test_last_of_a_crowd_is_not_taken_for_the_only_one() -> None:
    """A full answer may have left owners out: one living among 63 former is still shared."""
    gone = [owner(f"Gone {place}", NUMBER, until=date(2020, 1, 1)) for place in range(LIMIT - 1)]
    match = _call(OwnerBook(*gone, ANNA, *(owner(f"More {n}", NUMBER) for n in range(9))))
    assert match.customer_id is None
    assert match.candidates[0].score == 400


def test_former_customer_has_less() -> None:
    former = replace(ANNA, status=CustomerStatus.FORMER)
    match = _call(OwnerBook(former, BEN))
    assert _names(match) == ["Ben", "Anna"]
    assert ("former customer", -50) in [
        (each.words, each.points) for each in match.candidates[1].evidence
    ]
    alone = _call(OwnerBook(former))
    assert (alone.customer_id, alone.candidates[0].score) == (ANNA.customer_id, 750)


# --- remembered choice ----------------------------------------------------------------------------


def test_remembered_choice_is_linked() -> None:
    book = OwnerBook(FIRM, ANNA, BEN, claims=(claim(ClaimKind.CHOSEN, BEN),))
    match = _call(book)
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.REMEMBERED)
    assert (match.customer_id, match.label) == (BEN.customer_id, "work")
    assert _names(match) == ["Ben", "Hansen GmbH", "Anna"]
    assert match.candidates[0].score == 900
    assert match.explanation == (
        "+49 30 23125100 belongs to 3 customers; Ben has 900 points: chosen for this number by "
        "Alice on 21 November 2026."
    )


def test_newest_choice_holds() -> None:
    newest_first = (
        claim(ClaimKind.CHOSEN, ANNA),
        claim(ClaimKind.CHOSEN, BEN, on=date(2020, 1, 1)),
    )
    assert _call(OwnerBook(ANNA, BEN, claims=newest_first)).customer_id == ANNA.customer_id


def test_choice_that_was_taken_back_by_a_denial_does_not_hold() -> None:
    newest_first = (
        claim(ClaimKind.DENIED, BEN),
        claim(ClaimKind.CHOSEN, BEN, on=date(2020, 1, 1)),
    )
    match = _call(OwnerBook(ANNA, BEN, CARL, claims=newest_first))
    assert (match.state, match.customer_id) == (MatchState.SEVERAL, None)
    assert match.candidates[-1].barred == "not Ben: Alice said so on 21 November 2026"
    assert match.owner_count == 2


def test_choice_of_somebody_without_the_number_changes_nothing() -> None:
    match = _call(OwnerBook(ANNA, BEN, claims=(claim(ClaimKind.CHOSEN, CARL),)))
    assert (match.state, _names(match)) == (MatchState.SEVERAL, ["Anna", "Ben"])


def test_choice_does_not_outweigh_a_wrong_signature() -> None:
    claims = (claim(ClaimKind.CHOSEN, BEN),)
    book = OwnerBook(ANNA, BEN, claims=claims, facts={"Ben": EVERYTHING})
    match = _call(book, Occasion(TODAY, verification=Verification.FAILED))
    assert match.candidates[0].score == 870  # more than is needed, but it proves nothing
    assert (match.state, match.customer_id) == (MatchState.SEVERAL, None)
    assert "The call does not prove its number" in match.explanation


def test_choice_of_the_only_owner_is_not_the_reason() -> None:
    match = _call(OwnerBook(BEN, claims=(claim(ClaimKind.CHOSEN, BEN),)))
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.E164)


# --- not this person ------------------------------------------------------------------------------


def test_denied_owner_is_listed_and_never_linked() -> None:
    denial = claim(ClaimKind.DENIED, ANNA, reason="moved to Kiel")
    match = _call(OwnerBook(ANNA, claims=(denial,)))
    assert (match.state, match.rule, match.customer_id) == (
        MatchState.NONE,
        MatchRule.NOTHING,
        None,
    )
    (anna,) = match.candidates
    assert anna.barred == "not Anna: Alice said so on 21 November 2026 (moved to Kiel)"
    assert match.explanation == f"Nobody has +49 30 23125100 now: {anna.barred}."


def test_denied_one_of_two_leaves_the_other_for_sure() -> None:
    match = _call(OwnerBook(ANNA, BEN, claims=(claim(ClaimKind.DENIED, ANNA),)))
    assert (match.state, match.customer_id) == (MatchState.EXACT, BEN.customer_id)
    assert (_names(match), match.owner_count) == (["Ben", "Anna"], 1)


def test_denied_number_says_nothing_of_the_account_id() -> None:
    claims = (claim(ClaimKind.DENIED, ANNA),)
    book = OwnerBook(ANNA, accounts={"4711": (ANNA,)}, claims=claims)
    match = find(normalise(NUMBER, BERLIN), book, Occasion(TODAY), "4711")
    assert (match.rule, match.customer_id) == (MatchRule.ACCOUNT_ID, ANNA.customer_id)


def test_denial_without_a_name() -> None:
    match = _call(OwnerBook(ANNA, claims=(claim(ClaimKind.DENIED, ANNA, who=""),)))
    assert match.candidates[0].barred == "not Anna: an agent said so on 21 November 2026"


# --- dates ----------------------------------------------------------------------------------------

FORMER = replace(ANNA, until=date(2023, 12, 31))
NEW = replace(BEN, since=date(2024, 2, 1))


@pytest.mark.parametrize(
    ("day", "linked", "barred"),
    [
        (date(2023, 12, 31), ANNA, "belongs to Ben only from 1 February 2024 on"),
        (date(2024, 1, 1), None, "belonged to Anna until 2023"),
        (date(2024, 2, 1), BEN, "belonged to Anna until 2023"),
        (TODAY, BEN, "belonged to Anna until 2023"),
    ],
)
def test_number_belongs_to_whom_it_belonged_that_day(day, linked, barred) -> None:
    match = _call(OwnerBook(FORMER, NEW), Occasion(day))
    assert match.customer_id == (linked.customer_id if linked else None)
    assert barred in [each.barred for each in match.candidates]


def test_former_owners_alone_are_told() -> None:
    match = _call(OwnerBook(FORMER))
    assert (match.state, match.customer_id, match.owner_count) == (MatchState.NONE, None, 0)
    assert match.explanation == "Nobody has +49 30 23125100 now: belonged to Anna until 2023."


def test_former_owner_does_not_make_a_number_shared() -> None:
    match = _call(OwnerBook(FORMER, BEN))
    assert (match.state, match.customer_id) == (MatchState.EXACT, BEN.customer_id)
    assert match.candidates[0].score == 800


def test_owner_who_got_it_back_has_it() -> None:
    again = replace(ANNA, since=TODAY - timedelta(days=3))
    match = _call(OwnerBook(FORMER, again))
    assert (match.customer_id, len(match.candidates)) == (ANNA.customer_id, 1)


def test_many_former_owners_are_named_shortly() -> None:
    gone = [owner(f"P{place}", NUMBER, until=date(2020, 5, 3)) for place in range(5)]
    match = _call(OwnerBook(*gone))
    assert match.explanation.endswith("belonged to P2 until 3 May 2020; and 2 more.")
    assert len(match.candidates) == 5
