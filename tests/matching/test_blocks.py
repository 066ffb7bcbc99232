"""Direct dial-ins and the switchboards they may stand behind, only where plans have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from crmdesk.domain.matches import (
    ClaimKind,
    Match,
    MatchRule,
    MatchState,
    Occasion,
    OwnerFacts,
)
from crmdesk.matching.blocks import CLOSED_PLANS, OPEN_PLANS, switchboards_of
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.settings.model import MatchingSettings
from tests.fakes.owner_book import TODAY, OwnerBook, claim, company, owner, works_at

CALLER = "+493023125101"
FIRM = company("Hansen GmbH", "+4930231250")
LADDER = ("account", "e164", "national", "block")  # last digits are another test's


def _call(*owners, caller: str = CALLER, claims=(), **rules) -> Match:
    number = normalise(caller, LineRules("DE", area_code="30"))
    book = OwnerBook(*owners, claims=claims)
    settings = MatchingSettings(**{"ladder": LADDER, **rules})
    return find(number, book, Occasion(TODAY), rules=settings)


def _state(match: Match) -> tuple[MatchState, bool]:
    return match.state, match.customer_id is not None


LINKED = (MatchState.BLOCK, True)
SUGGESTED = (MatchState.SUGGESTED, False)
NOBODY = (MatchState.NONE, False)


# --- the table ------------------------------------------------------------------------------------


def _lengths(code: int) -> set[int]:
    region = phonenumbers.region_code_for_country_code(code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    fixed = metadata.fixed_line.possible_length or metadata.general_desc.possible_length
    return set(fixed)


def test_open_plans_have_numbers_of_many_lengths_and_closed_ones_have_not() -> None:
    for code in OPEN_PLANS:
        assert max(_lengths(code)) - min(_lengths(code)) >= 6, code
    for code in CLOSED_PLANS:
        assert max(_lengths(code)) - min(_lengths(code)) <= 3, code
    assert not OPEN_PLANS & set(CLOSED_PLANS)


def test_every_code_of_the_table_is_one() -> None:
    for code in (*OPEN_PLANS, *CLOSED_PLANS):
        assert phonenumbers.region_code_for_country_code(code) not in {"ZZ", "001"}


@pytest.mark.parametrize("code", [*OPEN_PLANS, *CLOSED_PLANS])
def test_every_plan_of_the_table_has_switchboards(code: int) -> None:
    region = phonenumbers.region_code_for_country_code(code)
    fixed = phonenumbers.example_number_for_type(region, PhoneNumberType.FIXED_LINE)
    e164 = phonenumbers.format_number(fixed, phonenumbers.PhoneNumberFormat.E164)
    assert switchboards_of(e164[:-2] + "17", 4)


# --- candidates -----------------------------------------------------------------------------------


def test_candidates_in_an_open_plan() -> None:
    found = switchboards_of(CALLER, 3)
    assert [(each.e164, each.stem, each.is_sure, each.is_labelled) for each in found] == [
        ("+49302312510", "+49302312510", True, False),
        ("+493023125100", "+49302312510", True, True),
        ("+4930231251", "+4930231251", True, False),
        ("+493023125", "+493023125", True, False),
        ("+4930231250", "+493023125", True, False),
        ("+49302312500", "+493023125", False, False),
        ("+493023125000", "+493023125", False, False),
    ]


def test_candidates_in_a_closed_plan_have_the_same_length() -> None:
    assert [(each.e164, each.is_sure) for each in switchboards_of("+41443125017", 4)] == [
        ("+41443125010", False),
        ("+41443125000", False),
    ]
    assert [each.e164 for each in switchboards_of("+420224117215", 4)] == [
        "+420224117210",
        "+420224117211",
        "+420224117200",
    ]


@pytest.mark.parametrize(
    "e164",
    [
        "+4917139200123",  # mobile
        "+498001234567",  # free
        "+499001234567",  # premium
        "+12025550123",  # fixed and mobile alike
        "+4532123456",  # the same in Denmark
        "+4949707257914",  # no number of the plan, though it looks like a fixed one
        "+33612345678",  # mobile
        "+49",
        "+4930",
        "+000",
        "",
        "030 23125101",
        "+49302312510123456789",
    ],
)
def test_no_candidates(e164: str) -> None:
    assert switchboards_of(e164, 5) == ()


@given(st.from_regex(r"\+(49|43|352|41|32|420|1|44)[0-9]{4,12}", fullmatch=True), st.integers(1, 5))
@settings(max_examples=150)
def test_candidates_are_few_shorter_or_equal_and_of_land_lines(e164: str, digits: int) -> None:
    found = switchboards_of(e164, digits)
    assert len({each.e164 for each in found}) == len(found) <= 64
    for each in found:
        assert each.e164 != e164
        assert len(each.e164) <= len(e164)
        assert e164.startswith(each.stem)
        assert each.e164.startswith(each.stem)
        assert len(e164) - len(each.stem) <= digits
    if found:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
        assert kind in {PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN}


def test_area_code_alone_is_no_switchboard() -> None:
    assert min(len(each.stem) for each in switchboards_of("+4930123", 5)) == len("+493012")


# --- what is linked -------------------------------------------------------------------------------


def test_direct_dial_in_of_a_company() -> None:
    jane = works_at(FIRM, "Jane", "+493023125105")
    match = _call(FIRM, jane)
    assert (match.state, match.rule) == (MatchState.BLOCK, MatchRule.BLOCK)
    assert (match.customer_id, match.digits) == (FIRM.customer_id, "+493023125")
    assert match.label == "switchboard of Hansen GmbH"
    assert [each.owner.name for each in match.candidates] == ["Hansen GmbH", "Jane"]
    assert match.candidates[1].evidence[-1].words == "works there, has +49 30 23125105"
    assert match.owner_count == 1
    assert match.explanation == (
        "+49 30 23125101 is a direct dial-in behind +49 30 231250, the switchboard of Hansen GmbH."
    )


@pytest.mark.parametrize(
    ("switchboard", "label", "expected"),
    [
        ("+4930231250", "switchboard", LINKED),
        ("+4930231250", "work", LINKED),
        ("+493023125", "work", LINKED),  # the call's number goes on where the company's ends
        ("+49302312510", "work", LINKED),
        ("+493023125100", "switchboard", LINKED),
        ("+493023125100", "work", SUGGESTED),  # as long: could be the neighbour's
        ("+49302312500", "switchboard", SUGGESTED),
        ("+493023125000", "switchboard", SUGGESTED),
        ("+493023126", "switchboard", NOBODY),
        ("+493023125102", "switchboard", NOBODY),
    ],
)
def test_sure_and_less_sure_switchboards(switchboard, label, expected) -> None:
    assert _state(_call(company("Hansen GmbH", switchboard, label))) == expected


@pytest.mark.parametrize(
    ("caller", "switchboard", "expected"),
    [
        ("+43150123456", "+4315012", LINKED),
        ("+43150123456", "+43150120", LINKED),
        ("+352261234", "+35226123", LINKED),
        ("+41443125017", "+41443125000", SUGGESTED),
        ("+3222345678", "+3222345600", SUGGESTED),
        ("+442079460123", "+442079460100", SUGGESTED),
        ("+420224117215", "+420224117211", SUGGESTED),
        ("+12025550123", "+12025550100", NOBODY),
        ("+4917139200123", "+4917139200", NOBODY),
    ],
)
def test_other_plans(caller, switchboard, expected) -> None:
    assert _state(_call(company("Hansen GmbH", switchboard), caller=caller)) == expected


def test_tickets_and_calls_do_not_make_a_guess_a_sure_one() -> None:
    swiss = company("Hansen AG", "+41443125000")
    jane = works_at(swiss, "Jane", "+41443125018")
    everything = OwnerFacts(True, True, 0, 0, True, True)
    number = normalise("+41443125017", LineRules("DE"))
    book = OwnerBook(swiss, jane, facts={"Hansen AG": everything})
    match = find(number, book, Occasion(TODAY))
    assert match.candidates[0].score == 870
    assert _state(match) == SUGGESTED
    assert match.explanation == (
        "+41 44 312 50 17 may be a direct dial-in of Hansen AG. Where the block begins and ends "
        "is not sure, so choose who it is."
    )


def test_less_sure_is_told_as_a_question() -> None:
    match = _call(company("Hansen GmbH", "+41443125000"), caller="+41443125017")
    assert match.explanation == (
        "+41 44 312 50 17 may be a direct dial-in of Hansen GmbH. No customer is linked by itself "
        "below 700 points; choose who it is."
    )
    assert match.candidates[0].score == 600


def test_digits_of_the_dial_in_are_limited() -> None:
    assert _state(_call(FIRM, block_digits=3)) == LINKED
    assert _state(_call(FIRM, block_digits=2)) == NOBODY


def test_number_with_an_owner_is_no_matter_of_blocks() -> None:
    nora = owner("Nora", CALLER)
    assert _call(FIRM, nora, ladder=("block",)).state is MatchState.NONE
    assert _call(FIRM, nora, ladder=("block", "e164")).customer_id == nora.customer_id


def test_number_that_was_somebodys_once_is() -> None:
    gone = owner("Nora", CALLER, until=date(2023, 12, 31))
    match = _call(FIRM, gone)
    assert (match.state, match.customer_id) == (MatchState.BLOCK, FIRM.customer_id)
    assert match.candidates[-1].barred == "belonged to Nora until 2023"
    denied = _call(
        FIRM, owner("Nora", CALLER), claims=(claim(ClaimKind.DENIED, owner("Nora", CALLER)),)
    )
    assert denied.customer_id == FIRM.customer_id


def test_call_that_names_an_extension_is_no_dial_in() -> None:
    assert _state(_call(FIRM, caller=f"{CALLER} x12")) == NOBODY


def test_switchboard_stored_with_an_extension_is_none() -> None:
    assert _state(_call(replace(FIRM, extension="7"))) == NOBODY


def test_person_with_the_stem_is_no_company() -> None:
    assert _state(_call(owner("Nora", "+4930231250", label="home"))) == NOBODY


def test_person_whose_number_is_called_switchboard_is_suggested() -> None:
    nora = owner("Nora", "+4930231250", label="switchboard")
    assert _state(_call(nora)) == SUGGESTED
    assert [each.owner.name for each in _call(nora, FIRM).candidates] == ["Hansen GmbH"]


def test_two_companies_are_a_question() -> None:
    other = company("Nordwind", "+49302312510")
    match = _call(FIRM, other)
    assert _state(match) == SUGGESTED
    assert match.explanation == (
        "+49 30 23125101 may be a direct dial-in of Hansen GmbH or Nordwind. More than one "
        "company may be meant, so choose who it is."
    )
    assert _state(_call(FIRM, other, link_from=0, lead=0)) == SUGGESTED


def test_company_that_left_is_not_counted() -> None:
    left = company("Nordwind", "+4930231250", until=date(2020, 12, 31))
    match = _call(FIRM, left)
    assert _state(match) == LINKED
    assert _state(_call(left)) == NOBODY
    assert _call(left).candidates[0].barred == "belonged to Nordwind until 2020"


@pytest.mark.parametrize("number", [CALLER, FIRM.e164])
def test_company_that_was_denied_is_barred(number: str) -> None:
    match = _call(FIRM, claims=(claim(ClaimKind.DENIED, FIRM, number),))
    assert _state(match) == NOBODY
    assert match.candidates[0].barred == "not Hansen GmbH: Alice said so on 21 November 2026"


def test_choice_that_was_remembered_makes_it_sure() -> None:
    swiss = company("Hansen AG", "+41443125000")
    claims = (claim(ClaimKind.CHOSEN, swiss, "+41443125017"),)
    match = _call(swiss, caller="+41443125017", claims=claims)
    assert (match.rule, match.customer_id) == (MatchRule.REMEMBERED, swiss.customer_id)


def test_choice_for_the_switchboard_is_none_for_its_block() -> None:
    swiss = company("Hansen AG", "+41443125000")
    claims = (claim(ClaimKind.CHOSEN, swiss),)
    assert _state(_call(swiss, caller="+41443125017", claims=claims)) == SUGGESTED


def test_block_with_strangers_is_not_the_companys_alone() -> None:
    stranger = owner("Stranger", "+493023125177")
    match = _call(FIRM, stranger)
    assert _state(match) == SUGGESTED
    assert "but not the whole block" in match.candidates[0].evidence[-1].words
    gone = replace(stranger, until=date(2020, 1, 1))
    assert _state(_call(FIRM, gone)) == LINKED
    at_reception = owner("Reception", FIRM.e164)
    assert _state(_call(FIRM, at_reception)) == LINKED


def test_people_who_left_are_not_listed() -> None:
    left = works_at(FIRM, "Left", "+493023125107", until=date(2020, 1, 1))
    assert [each.owner.name for each in _call(FIRM, left).candidates] == ["Hansen GmbH"]


def test_people_who_were_denied_are_not_listed() -> None:
    jane = works_at(FIRM, "Jane", "+493023125105")
    match = _call(FIRM, jane, claims=(claim(ClaimKind.DENIED, jane, CALLER),))
    assert [each.owner.name for each in match.candidates] == ["Hansen GmbH"]


@pytest.mark.parametrize(
    "numbers", [("+4930231250", "+49302312500"), ("+49302312500", "+4930231250")]
)
def test_surest_of_two_switchboards_of_a_company_counts(numbers) -> None:
    match = _call(*(company("Hansen GmbH", number) for number in numbers))
    assert (_state(match), len(match.candidates)) == (LINKED, 1)


def test_few_people_are_listed() -> None:
    people = [works_at(FIRM, f"P{place}", f"+49302312515{place}") for place in range(10)]
    assert len(_call(FIRM, *people).candidates) == 9


def test_nearest_switchboard_is_the_one_that_is_told() -> None:
    match = _call(FIRM, company("Hansen GmbH", "+49302312510"))
    assert (match.state, match.digits) == (MatchState.BLOCK, "+49302312510")
    assert "behind +49 30 2312510, the switchboard" in match.explanation
