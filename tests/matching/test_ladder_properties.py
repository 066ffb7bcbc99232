"""What holds for the ladder whatever is stored, said, set and called."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.domain.calls import Verification
from crmdesk.domain.customers import CustomerKind, CustomerStatus
from crmdesk.domain.matches import (
    Claim,
    ClaimKind,
    Match,
    MatchRule,
    MatchState,
    Occasion,
    Owner,
    OwnerFacts,
)
from crmdesk.matching.blocks import switchboards_of
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import InternalRanges, LineRules, normalise
from crmdesk.settings.model import MatchingSettings
from tests.fakes.owner_book import TODAY, OwnerBook, owner

BERLIN = LineRules("DE", area_code="30", internal=InternalRanges.parse(("1001-1199",)))
RUNGS = ("account", "e164", "national", "block", "suffix")

# Numbers that meet: the same one, its block, its last digits abroad, others.
NUMBERS = (
    "+493023125101", "+493023125102", "+4930231250", "+493023125", "+49302312510",
    "+493023125100", "+41443125101", "+4144312510", "+442079460101", "+4917139200101",
)  # fmt: skip
NAMES = ("Anna", "Ben", "Carl", "Hansen GmbH", "Nordwind AG")
_PAST, _FUTURE = date(2023, 12, 31), date(2027, 1, 1)
_days = st.sampled_from((None, _PAST, TODAY, _FUTURE))


@st.composite
def owners(draw: st.DrawFn) -> Owner:
    name = draw(st.sampled_from(NAMES))
    is_firm = " " in name
    firm = uuid.uuid5(uuid.NAMESPACE_DNS, draw(st.sampled_from(NAMES[3:])))
    return replace(
        owner(name, draw(st.sampled_from(NUMBERS))),
        kind=CustomerKind.COMPANY if is_firm else CustomerKind.PERSON,
        company_id=None if is_firm else draw(st.sampled_from((None, firm))),
        label=draw(st.sampled_from(("work", "switchboard"))),
        extension=draw(st.sampled_from(("", "", "12"))),
        status=draw(st.sampled_from((CustomerStatus.ACTIVE, CustomerStatus.FORMER))),
        since=draw(_days),
        until=draw(_days),
    )


claims = st.builds(
    Claim,
    e164=st.sampled_from(NUMBERS),
    customer_id=st.sampled_from(NAMES).map(lambda name: uuid.uuid5(uuid.NAMESPACE_DNS, name)),
    kind=st.sampled_from(ClaimKind),
    who=st.just("Alice"),
    on=st.just(TODAY),
)
facts = st.builds(
    OwnerFacts,
    has_open_ticket=st.booleans(),
    promise_due=st.booleans(),
    last_call_days=st.sampled_from((None, 0, 400)),
    last_from_here_days=st.sampled_from((None, 0, 30)),
    called_here=st.booleans(),
    is_own=st.booleans(),
)


@st.composite
def books(draw: st.DrawFn, *, may_be_chosen: bool = True) -> OwnerBook:
    stored = draw(st.lists(owners(), max_size=6))
    said = draw(st.lists(claims, max_size=3))
    if not may_be_chosen:
        said = [each for each in said if each.kind is ClaimKind.DENIED]
    accounts = draw(st.lists(owners(), max_size=2))
    return OwnerBook(
        *stored,
        accounts={"4711": tuple(accounts)},
        claims=tuple(said),
        facts=draw(st.dictionaries(st.sampled_from(NAMES), facts)),
    )


raws = st.sampled_from(NUMBERS) | st.sampled_from(
    ("+493023125101 x12", "030 23125101", "3023125101", "anonymous", "1001", "25101", "")
)
occasions = st.builds(
    Occasion,
    day=st.sampled_from((_PAST, TODAY, _FUTURE)),
    verification=st.sampled_from(Verification),
    from_outside=st.booleans(),
    own_numbers=st.sampled_from((frozenset[str](), frozenset(NUMBERS[:1]))),
)
any_rules = st.builds(
    MatchingSettings,
    ladder=st.permutations(RUNGS).flatmap(
        lambda order: st.integers(0, len(RUNGS)).map(lambda size: tuple(order[:size]))
    ),
    suffix_digits=st.integers(5, 12),
    block_digits=st.integers(1, 5),
    link_from=st.integers(0, 2000),
    lead=st.integers(0, 500),
)
accounts = st.sampled_from(("", "4711", "4712"))


def _call(raw, book, occasion, account, rules) -> Match:
    return find(normalise(raw, BERLIN), book, occasion, account, rules=rules)


@given(raws, books(), occasions, accounts, any_rules)
@settings(max_examples=120)
def test_linked_customer_has_what_was_compared(raw, book, occasion, account, rules) -> None:
    """The number itself, its block or the account; not barred, and not by last digits."""
    match = _call(raw, book, occasion, account, rules)
    if match.customer_id is None:
        return
    first = match.candidates[0]
    assert first.owner.customer_id == match.customer_id
    assert first.barred == ""
    assert first.owner.holds_on(occasion.day)
    assert match.rule is not MatchRule.SUFFIX
    assert match.state in {MatchState.EXACT, MatchState.NATIONAL, MatchState.BLOCK}
    number, e164 = match.number, first.owner.e164
    if e164 == "":
        assert first.owner in book.by_account(account)
    elif match.state is MatchState.BLOCK:
        assert e164 in {each.e164 for each in switchboards_of(number.e164, rules.block_digits)}
        owners_then = [each for each in book.by_e164(number.e164) if each.holds_on(occasion.day)]
        denied = {each.customer_id for each in book.claims(number.e164)}
        assert {each.customer_id for each in owners_then} <= denied
    else:
        readings = {number.e164, *number.other_readings}
        assert e164 in readings
        assert first.owner.extension in {"", number.extension} or not number.extension


@given(raws, books(), occasions, accounts, any_rules)
@settings(max_examples=80)
def test_states_say_what_they_mean(raw, book, occasion, account, rules) -> None:
    match = _call(raw, book, occasion, account, rules)
    living = [each for each in match.candidates if not each.barred]
    barred = [each for each in match.candidates if each.barred]
    assert match.candidates == (*living, *barred)
    assert len({each.owner.customer_id for each in match.candidates}) == len(match.candidates)
    linked = {MatchState.EXACT, MatchState.NATIONAL, MatchState.BLOCK}
    assert (match.customer_id is not None) == (match.state in linked)
    if match.state in {MatchState.NONE, MatchState.WITHHELD}:
        assert living == []
    if match.state is MatchState.SEVERAL:
        assert len(living) >= 2
        assert match.owner_count >= 2
    if match.state is MatchState.SUGGESTED:
        assert living
    for each in match.candidates:
        assert each.score == sum(one.points for one in each.evidence)
    assert match.explanation.endswith(".")


@given(raws, books(may_be_chosen=False), occasions, accounts)
@settings(max_examples=80)
def test_nobody_of_several_is_linked_without_a_choice(raw, book, occasion, account) -> None:
    match = _call(raw, book, occasion, account, MatchingSettings())
    if match.customer_id is not None and match.state is not MatchState.BLOCK:
        assert match.owner_count == 1
        assert match.rule is not MatchRule.REMEMBERED


@given(raws, books(), occasions, accounts)
@settings(max_examples=80)
def test_nobody_is_linked_below_the_threshold(raw, book, occasion, account) -> None:
    match = _call(raw, book, occasion, account, MatchingSettings())
    if match.customer_id is not None:
        assert match.candidates[0].score >= 700
        others = [each.score for each in match.candidates[1:] if not each.barred]
        assert all(match.candidates[0].score - score >= 100 for score in others)


@given(raws, books(), occasions, any_rules)
@settings(max_examples=60)
def test_first_rung_that_finds_somebody_decides(raw, book, occasion, rules) -> None:
    """The whole ladder says the same as its first rung alone that finds somebody."""
    whole = _call(raw, book, occasion, "4711", rules)
    for rung in rules.ladder:
        alone = _call(raw, book, occasion, "4711", replace_ladder(rules, rung))
        if any(not each.barred for each in alone.candidates):
            assert (whole.state, whole.rule, whole.customer_id, whole.digits) == (
                alone.state,
                alone.rule,
                alone.customer_id,
                alone.digits,
            )
            return
    assert whole.customer_id is None
    assert whole.state in {MatchState.NONE, MatchState.WITHHELD}


def replace_ladder(rules: MatchingSettings, rung) -> MatchingSettings:
    return MatchingSettings(
        ladder=(rung,),
        suffix_digits=rules.suffix_digits,
        block_digits=rules.block_digits,
        link_from=rules.link_from,
        lead=rules.lead,
    )


@given(books(), occasions, any_rules)
@settings(max_examples=50)
def test_last_digits_never_link(book, occasion, rules) -> None:
    match = _call(NUMBERS[0], book, occasion, "", replace_ladder(rules, "suffix"))
    assert match.customer_id is None
    assert match.state in {MatchState.SUGGESTED, MatchState.NONE}


@given(raws, st.lists(owners(), min_size=1, max_size=5), any_rules)
@settings(max_examples=50)
def test_former_and_denied_owners_are_never_linked(raw, stored, rules) -> None:
    gone = [replace(each, since=None, until=_PAST) for each in stored]
    former = _call(raw, OwnerBook(*gone), Occasion(TODAY), "", rules)
    assert former.customer_id is None
    said = tuple(
        Claim(e164, each.customer_id, ClaimKind.DENIED, "", TODAY)
        for e164 in NUMBERS
        for each in stored
    )
    alive = [replace(each, since=None, until=None) for each in stored]
    denied = _call(raw, OwnerBook(*alive, claims=said), Occasion(TODAY), "", rules)
    assert denied.customer_id is None


@given(st.text(max_size=300) | st.text("+0123456789 ()/-x*#;=@", max_size=40), books(), any_rules)
@settings(max_examples=80)
def test_there_is_an_answer_for_any_text(raw, book, rules) -> None:
    match = _call(raw, book, Occasion(TODAY), raw, rules)
    assert match.state in MatchState
    assert match.explanation


@given(books(), occasions)
@settings(max_examples=50)
def test_same_question_same_answer(book, occasion) -> None:
    first = _call(NUMBERS[0], book, occasion, "4711", MatchingSettings())
    assert _call(NUMBERS[0], book, occasion, "4711", MatchingSettings()) == first
