"""Each rung by itself: what it finds, that it can be switched off, and the order."""

from __future__ import annotations

from itertools import permutations

import pytest

from crmdesk.domain.calls import Verification
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber, Occasion
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.settings.model import MatchingSettings, Rung
from tests.fakes.owner_book import TODAY, OwnerBook, company, owner

BERLIN, NOWHERE = LineRules("DE", area_code="30"), LineRules()
CALL = Occasion(TODAY)
ALL: tuple[Rung, ...] = MatchingSettings().ladder

NORA = owner("Nora Hansen", "+493023125001")
FIRM = company("Hansen GmbH", "+4930231250")
SWISS = owner("Urs", "+41443125001")


def _climb(
    raw: str,
    book: OwnerBook,
    *ladder: Rung,
    account: str = "",
    line: LineRules = BERLIN,
    **rules: int,
) -> Match:
    settings = MatchingSettings(ladder=ladder or ALL, **rules)
    return find(normalise(raw, line), book, CALL, account, rules=settings)


def _without(rung: Rung) -> tuple[Rung, ...]:
    return tuple(each for each in ALL if each != rung)


# Each of these is found by one rung alone: without it, by nobody.
ALONE = {
    "account": ("anonymous", OwnerBook(accounts={"4711": (NORA,)}), MatchState.EXACT),
    "national": ("+493023125001", OwnerBook(unread={"030 231-25001": NORA}), MatchState.NATIONAL),
    "block": ("+493023125001", OwnerBook(FIRM), MatchState.BLOCK),
    "suffix": ("+493023125001", OwnerBook(SWISS), MatchState.SUGGESTED),
}


@pytest.mark.parametrize("rung", ALONE)
def test_without_its_rung_nobody_is_found(rung: Rung) -> None:
    raw, book, state = ALONE[rung]
    assert _climb(raw, book, account="4711").state is state
    assert _climb(raw, book, rung, account="4711").state is state
    # The last digits of a number that another rung finds are the same too.
    off = tuple(each for each in _without(rung) if each != "suffix")
    without = _climb(raw, book, *off, account="4711")
    assert without.state in {MatchState.NONE, MatchState.WITHHELD}
    assert without.candidates == ()


def test_without_the_exact_rung_the_whole_number_is_compared_nowhere_but_nationally() -> None:
    book = OwnerBook(NORA)
    assert _climb(NORA.e164, book, "e164").rule is MatchRule.E164
    assert _climb(NORA.e164, book, *_without("e164")).rule is MatchRule.NATIONAL
    assert _climb(NORA.e164, book, "account", "block").state is MatchState.NONE


def test_empty_ladder_finds_nobody() -> None:
    settings = MatchingSettings(ladder=())
    match = find(normalise(NORA.e164, BERLIN), OwnerBook(NORA), CALL, rules=settings)
    assert (match.state, match.candidates) == (MatchState.NONE, ())


@pytest.mark.parametrize("ladder", list(permutations(("e164", "national", "suffix"))))
def test_first_rung_that_finds_somebody_decides(ladder: tuple[Rung, ...]) -> None:
    rule = {"e164": MatchRule.E164, "national": MatchRule.NATIONAL, "suffix": MatchRule.SUFFIX}
    assert _climb(NORA.e164, OwnerBook(NORA), *ladder).rule is rule[ladder[0]]


def test_account_comes_where_the_order_says() -> None:
    book = OwnerBook(NORA, accounts={"4711": (owner("Ole", ""),)})
    first = _climb(NORA.e164, book, "account", "e164", account="4711")
    assert (first.rule, first.candidates[0].owner.name) == (MatchRule.ACCOUNT_ID, "Ole")
    last = _climb(NORA.e164, book, "e164", "account", account="4711")
    assert (last.rule, last.candidates[0].owner.name) == (MatchRule.E164, "Nora Hansen")
    unknown = _climb("+442079460123", book, "e164", "account", account="4711")
    assert unknown.rule is MatchRule.ACCOUNT_ID


def test_later_rungs_are_not_asked() -> None:
    book = OwnerBook(NORA)
    _climb(NORA.e164, book)
    assert book.asked == ["e164"]


def test_withheld_with_an_account_compares_nothing_else() -> None:
    book = OwnerBook(NORA, accounts={"4711": (NORA,)})
    assert _climb("anonymous", book, account="4711").customer_id == NORA.customer_id
    unknown = _climb("anonymous", book, account="4712")
    assert unknown.state is MatchState.WITHHELD
    assert book.asked == ["account", "account"]


def test_shared_account_id_is_several() -> None:
    book = OwnerBook(accounts={"4711": (NORA, owner("Ole", ""))})
    match = _climb("anonymous", book, account="4711")
    assert (match.state, match.customer_id) == (MatchState.SEVERAL, None)
    assert match.explanation == (
        "The account id 4711 that the caller entered belongs to 2 customers. No customer is "
        "linked by itself below 700 points; choose who it is."
    )


# --- the last digits ------------------------------------------------------------------------------


def test_last_digits_suggest_and_never_link() -> None:
    match = _climb("+493023125001", OwnerBook(SWISS))
    assert (match.state, match.rule) == (MatchState.SUGGESTED, MatchRule.SUFFIX)
    assert (match.customer_id, match.digits, match.label) == (None, "3125001", "")
    assert match.explanation == (
        "No customer has the number +49 30 23125001. Its last 7 digits are those of Urs. That is "
        "a suggestion and links nobody."
    )


@pytest.mark.parametrize("link_from", [0, 100])
def test_no_threshold_makes_the_last_digits_link(link_from: int) -> None:
    match = _climb("+493023125001", OwnerBook(SWISS), link_from=link_from, lead=0)
    assert (match.state, match.customer_id) == (MatchState.SUGGESTED, None)


@pytest.mark.parametrize(("digits", "found"), [(5, True), (7, True), (8, False), (12, False)])
def test_as_many_last_digits_as_the_settings_say(digits: int, found: bool) -> None:
    match = _climb("+493023125001", OwnerBook(SWISS), suffix_digits=digits)
    assert (match.state is MatchState.SUGGESTED) is found


def test_longer_agreement_stands_first() -> None:
    book = OwnerBook(SWISS, owner("Next door", "+33123125001"), owner("Bern", "+41313125001"))
    match = _climb("+4423123125001", book, suffix_digits=7)
    assert [each.owner.name for each in match.candidates] == ["Next door", "Bern", "Urs"]
    assert match.candidates[0].evidence[-1].words == "the last 10 digits are the same"
    assert [each.score for each in match.candidates] == [115, 100, 100]


def test_number_that_cannot_be_read_is_suggested_by_its_last_digits() -> None:
    match = _climb("9999999903023125001", OwnerBook(NORA), line=NOWHERE)
    assert match.customer_id is None
    short = _climb("25001", OwnerBook(NORA), line=NOWHERE)
    assert (short.state, short.candidates) == (MatchState.NONE, ())


def test_former_owner_of_similar_digits_is_no_suggestion() -> None:
    book = OwnerBook(owner("Gone", "+41443125001", until=TODAY.replace(year=2023)))
    match = _climb("+493023125001", book)
    assert match.state is MatchState.NONE
    assert match.candidates[0].barred == "belonged to Gone until 22 November 2023"


# --- other readings -------------------------------------------------------------------------------


def test_other_reading_counts_when_the_likelier_one_is_nobodys_any_more() -> None:
    potsdam = owner("Potsdam", "+4933199001234", until=TODAY.replace(year=2020))
    paris = owner("Paris", "+33199001234")
    match = _climb("33199001234", OwnerBook(potsdam, paris))
    assert (match.state, match.rule) == (MatchState.NATIONAL, MatchRule.NATIONAL)
    assert match.customer_id == paris.customer_id
    assert [each.barred for each in match.candidates] == [
        "",
        "belonged to Potsdam until 22 November 2020",
    ]


# --- signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verification", "linked"),
    [(each, each is not Verification.FAILED) for each in Verification],
)
def test_wrong_signature_links_nobody(verification: Verification, linked: bool) -> None:
    call = Occasion(TODAY, verification=verification)
    match = find(normalise(NORA.e164, BERLIN), OwnerBook(NORA), call)
    assert (match.customer_id == NORA.customer_id) is linked
    assert match.state is (MatchState.EXACT if linked else MatchState.SUGGESTED)


def test_why_a_wrong_signature_links_nobody() -> None:
    call = Occasion(TODAY, verification=Verification.FAILED)
    match = find(normalise(NORA.e164, BERLIN), OwnerBook(NORA), call)
    assert [(each.words, each.points) for each in match.candidates[0].evidence] == [
        ("same number", 800),
        ("the number's signature is wrong", -300),
    ]
    assert match.explanation == (
        "+49 30 23125001 is stored for Nora Hansen, who has only 500 points (the number's "
        "signature is wrong). The call does not prove its number, so nobody is linked; choose "
        "who it is."
    )


def test_account_id_is_no_matter_of_the_number() -> None:
    call = Occasion(TODAY, verification=Verification.FAILED)
    book = OwnerBook(accounts={"4711": (NORA,)})
    assert find(normalise(NORA.e164, BERLIN), book, call, "4711").customer_id == NORA.customer_id


@pytest.mark.parametrize(("from_outside", "linked"), [(True, False), (False, True)])
def test_one_of_our_own_numbers_is_nobodys(from_outside: bool, linked: bool) -> None:
    ours = frozenset({NORA.e164})
    call = Occasion(TODAY, from_outside=from_outside, own_numbers=ours)
    match = find(normalise(NORA.e164, BERLIN), OwnerBook(NORA), call)
    assert (match.customer_id is not None) is linked


def test_sentences_are_left_out_where_nobody_reads_them() -> None:
    number = normalise(NORA.e164, BERLIN)
    silent = find(number, OwnerBook(NORA), CALL, words=False)
    spoken = find(number, OwnerBook(NORA), CALL)
    assert (silent.explanation, silent.trust.reasons) == ("", ())
    assert spoken.explanation
    assert spoken.trust.reasons
    assert (silent.customer_id, silent.candidates) == (spoken.customer_id, spoken.candidates)


def test_an_extension_is_found_among_more_than_a_lookup_answers() -> None:
    people = [owner(f"Person {n}", "+493023125100", extension=str(n)) for n in range(100, 180)]
    book = OwnerBook(*people)
    match = _climb("+49 30 23125100 ext. 179", book)
    assert (match.rule, match.customer_id) == (
        MatchRule.E164_EXTENSION,
        people[-1].customer_id,
    )
    assert book.asked.count("extension") == 1
    few = OwnerBook(*people[:60])
    assert _climb("+49 30 23125100 ext. 159", few).customer_id == people[59].customer_id
    assert "extension" not in few.asked


def test_number_that_must_not_be_shown_is_compared_with_nothing() -> None:
    hidden = NormalisedNumber("", e164=NORA.e164, national="3023125001", withheld=True)
    book = OwnerBook(NORA)
    assert find(hidden, book, CALL).state is MatchState.WITHHELD
    assert book.asked == []
