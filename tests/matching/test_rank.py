"""What evidence is worth, and that the sums keep their promises."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from crmdesk.domain.calls import Verification
from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.matches import (
    ClaimKind,
    MatchRule,
    NormalisedNumber,
    Occasion,
    OwnerFacts,
)
from crmdesk.matching import points
from crmdesk.matching.claims import Claims
from crmdesk.matching.dates import days_ago, on_day, since_day, until_day
from crmdesk.matching.findings import Contender, Finding
from crmdesk.matching.rank import is_by_choice, weigh, winner
from crmdesk.settings.model import MatchingSettings
from tests.fakes.owner_book import TODAY, OwnerBook, claim, company, owner

NUMBER = NormalisedNumber("+493023125100", "+493023125100")
ANNA, BEN = owner("Anna", "+493023125100"), owner("Ben", "+493023125100")
USUAL = MatchingSettings()


def _weigh(*owners, occasion=None, worth=points.E164, rule=MatchRule.E164, **book):
    contenders = tuple(Contender(each, worth, "same number") for each in owners)
    finding = Finding(rule, "+493023125100", contenders)
    weighed = weigh(finding, NUMBER, OwnerBook(*owners, **book), occasion or Occasion(TODAY))
    return finding, weighed


def _evidence(facts: OwnerFacts) -> list[tuple[str, int]]:
    _, weighed = _weigh(ANNA, BEN, facts={"Anna": facts})
    anna = next(each for each in weighed.living if each.owner is ANNA)
    assert anna.score == sum(each.points for each in anna.evidence)
    return [(each.words, each.points) for each in anna.evidence][:-1]


@pytest.mark.parametrize(
    ("facts", "evidence"),
    [
        (OwnerFacts(), []),
        (OwnerFacts(has_open_ticket=True), [("open ticket", 60)]),
        (OwnerFacts(promise_due=True), [("a promise is due", 80)]),
        (OwnerFacts(called_here=True), [("has called this line before", 30)]),
        (OwnerFacts(is_own=True), [("your own customer", 40)]),
        (OwnerFacts(last_from_here_days=0), [("called from here today", 60)]),
        (OwnerFacts(last_from_here_days=1), [("called from here yesterday", 59)]),
        (OwnerFacts(last_from_here_days=60), [("called from here 60 days ago", 0)]),
        (OwnerFacts(last_from_here_days=4000), [("called from here 4000 days ago", 0)]),
        (OwnerFacts(last_from_here_days=-1), [("called from here today", 60)]),
        (OwnerFacts(last_call_days=3), [("last call 3 days ago", 0)]),
        (
            OwnerFacts(last_call_days=0, last_from_here_days=2),
            [("called from here 2 days ago", 58)],
        ),
    ],
)
def test_each_fact_is_told_with_its_points(facts: OwnerFacts, evidence: list) -> None:
    assert _evidence(facts) == evidence


def test_every_fact_of_the_store_is_told() -> None:
    """A fact that is added to the domain is worth words here."""
    known = {"has_open_ticket": True, "promise_due": True, "called_here": True, "is_own": True}
    known |= {"last_call_days": 1, "last_from_here_days": 1}
    assert {field.name for field in fields(OwnerFacts)} == set(known)
    for name, value in known.items():
        assert _evidence(OwnerFacts(**{name: value})), name


def test_the_sums_keep_their_promises() -> None:
    most = (
        points.PROMISE_DUE
        + points.OPEN_TICKET
        + points.CALLED_FROM_HERE_TODAY
        + points.CALLED_THIS_LINE
        + points.OWN_CUSTOMER
    )
    needed, lead = USUAL.link_from, USUAL.lead
    assert points.SHARED + most < needed  # evidence never links one of several
    assert needed <= points.SHARED + points.REMEMBERED  # a remembered choice does
    assert points.REMEMBERED - most >= lead  # whatever speaks for the others
    assert needed > points.E164_EXTENSION + points.NOT_ITS_NUMBER  # a wrong signature stops it
    assert needed <= points.ACCOUNT + points.NOT_ITS_NUMBER  # but not an account id
    assert needed <= points.NATIONAL + points.FORMER_CUSTOMER
    assert points.LESS_SURE_BLOCK < needed <= points.BLOCK
    assert points.SUFFIX + 10 * points.MORE_DIGITS + most < needed


def test_rungs_are_worth_less_from_the_surest_on() -> None:
    worth = [points.ACCOUNT, points.E164_EXTENSION, points.E164, points.NATIONAL, points.BLOCK]
    worth += [points.LESS_SURE_BLOCK, points.SHARED, points.SUFFIX]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == len(worth)


def test_company_stands_first_and_equals_by_name() -> None:
    firm = company("Zeta AG", "+493023125100")
    _, weighed = _weigh(BEN, owner("anna", "+493023125100"), firm)
    assert [each.owner.name for each in weighed.living] == ["Zeta AG", "anna", "Ben"]


def test_former_customer_and_wrong_signature() -> None:
    former = replace(ANNA, status=CustomerStatus.FORMER)
    call = Occasion(TODAY, verification=Verification.FAILED)
    finding, weighed = _weigh(former, occasion=call)
    assert weighed.living[0].score == 800 - 50 - 300
    assert weighed.is_disproved
    assert winner(weighed, finding, USUAL) is None
    assert winner(weighed, finding, MatchingSettings(link_from=450)) is weighed.living[0]


@pytest.mark.parametrize(("lead", "linked"), [(0, True), (60, True), (61, False)])
def test_lead_is_counted_to_the_next(lead: int, linked: bool) -> None:
    finding, weighed = _weigh(ANNA, BEN, facts={"Anna": OwnerFacts(has_open_ticket=True)})
    found = winner(weighed, finding, MatchingSettings(link_from=400, lead=lead))
    assert (found is not None) is linked


def test_suggestions_have_no_winner_whatever_they_are_worth() -> None:
    finding, weighed = _weigh(ANNA, worth=2000, rule=MatchRule.SUFFIX)
    assert winner(weighed, finding, MatchingSettings(link_from=0)) is None
    finding, weighed = _weigh(ANNA, worth=2000)
    assert winner(weighed, finding, MatchingSettings(link_from=0)) is weighed.living[0]
    perhaps = replace(finding, only_suggests=True)
    assert winner(weighed, perhaps, MatchingSettings(link_from=0)) is None


def test_choice_is_the_reason_only_where_it_was_needed() -> None:
    claims = (claim(ClaimKind.CHOSEN, ANNA),)
    _, several = _weigh(ANNA, BEN, claims=claims)
    assert is_by_choice(several.living[0], several, USUAL)
    assert not is_by_choice(several.living[1], several, USUAL)
    low = MatchingSettings(link_from=400, lead=0)
    assert is_by_choice(several.living[0], several, low)  # equal without it
    ticket = {"Anna": OwnerFacts(has_open_ticket=True)}
    _, ahead = _weigh(ANNA, BEN, claims=claims, facts=ticket)
    assert not is_by_choice(ahead.living[0], ahead, low)
    _, alone = _weigh(ANNA, claims=claims)
    assert not is_by_choice(alone.living[0], alone, USUAL)


def test_newest_claim_about_each_customer_holds() -> None:
    said = (
        claim(ClaimKind.DENIED, ANNA),
        claim(ClaimKind.CHOSEN, ANNA),
        claim(ClaimKind.CHOSEN, BEN),
        claim(ClaimKind.DENIED, BEN),
    )
    claims = Claims.of(said)
    assert claims.chosen is said[2]
    assert dict(claims.denied) == {ANNA.customer_id: said[0]}
    assert Claims.of(()) == Claims()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (on_day(date(2023, 5, 3)), "3 May 2023"),
        (until_day(date(2023, 12, 31)), "2023"),
        (until_day(date(2023, 12, 30)), "30 December 2023"),
        (since_day(date(2024, 1, 1)), "2024"),
        (since_day(date(2024, 2, 1)), "1 February 2024"),
        (days_ago(0), "today"),
        (days_ago(1), "yesterday"),
        (days_ago(2), "2 days ago"),
    ],
)
def test_dates_in_sentences(words: str, expected: str) -> None:
    assert words == expected
