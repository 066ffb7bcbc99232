"""Who is calling: one customer, several, or nobody, and why."""

from __future__ import annotations

import pytest

from crmdesk.domain.matches import ClaimKind, Match, MatchRule, MatchState, Occasion
from crmdesk.matching import ladder, points
from crmdesk.matching.numbers import InternalRanges, LineRules, normalise
from crmdesk.settings.model import MatchingSettings
from tests.fakes.owner_book import TODAY, OwnerBook, claim, company, owner

BERLIN = LineRules("DE", area_code="30", internal=InternalRanges.parse(("1001-1199",)))
NOWHERE = LineRules()
CALL = Occasion(TODAY)


def _find(raw: str, book: OwnerBook, account_id: str = "", rules: LineRules = BERLIN) -> Match:
    return ladder.find(normalise(raw, rules), book, CALL, account_id)


NORA = owner("Nora Hansen", "+493023125001")
OLE = owner("Ole Jansen", "+493023125002")


def test_one_owner_is_linked_with_the_reason() -> None:
    match = _find("030 23125001", OwnerBook(NORA, OLE))
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.E164)
    assert match.customer_id == NORA.customer_id
    assert match.digits == "+493023125001"
    assert match.label == "mobile"
    assert match.explanation == "+49 30 23125001 is stored for Nora Hansen."
    assert [candidate.owner for candidate in match.candidates] == [NORA]


def test_number_stored_twice_for_one_customer_is_one_customer() -> None:
    twice = owner("Nora Hansen", NORA.e164, label="home")
    match = _find(NORA.e164, OwnerBook(NORA, twice))
    assert match.state is MatchState.EXACT
    assert len(match.candidates) == 1


def test_nobody() -> None:
    match = _find("+442079460123", OwnerBook(NORA))
    assert (match.state, match.rule) == (MatchState.NONE, MatchRule.NOTHING)
    assert match.customer_id is None
    assert match.digits == "+442079460123"
    assert match.explanation == "No customer has the number +44 20 7946 0123."


def test_what_is_no_number_is_told() -> None:
    match = _find("jane.doe", OwnerBook(NORA))
    assert match.state is MatchState.NONE
    assert "“jane.doe” cannot be read" in match.explanation


def test_names_are_never_compared() -> None:
    match = _find("Nora Hansen", OwnerBook(NORA))
    assert match.state is MatchState.NONE
    assert match.candidates == ()


def test_withheld_asks_nobody() -> None:
    for raw in ("anonymous", "+266696687", "0000"):
        book = OwnerBook(NORA, owner("Lesotho", "+266696687"))
        match = _find(raw, book)
        assert (match.state, match.rule) == (MatchState.WITHHELD, MatchRule.WITHHELD)
        assert (match.digits, match.candidates, book.asked) == ("", (), [])


# --- account id -----------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [OLE.e164, "anonymous"])
def test_account_id_beats_the_number(raw: str) -> None:
    directory = OwnerBook(NORA, OLE, accounts={"471100": (NORA,)})
    match = _find(raw, directory, "471100")
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.ACCOUNT_ID)
    assert match.customer_id == NORA.customer_id
    assert match.digits == "471100"


def test_unknown_account_id_leaves_the_number() -> None:
    match = _find(OLE.e164, OwnerBook(OLE), "999999")
    assert match.customer_id == OLE.customer_id


# --- internal -------------------------------------------------------------------------------------


def test_internal_only_when_told() -> None:
    number = normalise("1001", BERLIN)
    inside = ladder.find(number, OwnerBook(NORA), CALL, internal=True)
    assert (inside.state, inside.rule) == (MatchState.INTERNAL, MatchRule.INTERNAL)
    outside = ladder.find(number, OwnerBook(NORA), CALL)
    assert outside.state is MatchState.NONE
    assert "from outside but shows the internal number 1001" in outside.explanation


# --- several --------------------------------------------------------------------------------------

SWITCHBOARD = "+493023125100"
COMPANY = company("Hansen GmbH", SWITCHBOARD)


def test_extension_chooses_among_them() -> None:
    directory = OwnerBook(
        COMPANY,
        owner("Twelve", SWITCHBOARD, extension="12"),
        owner("Thirteen", SWITCHBOARD, extension="13"),
    )
    twelve = _find(f"{SWITCHBOARD} x12", directory)
    assert (twelve.state, twelve.rule) == (MatchState.EXACT, MatchRule.E164_EXTENSION)
    assert [candidate.owner.name for candidate in twelve.candidates] == ["Twelve"]
    assert twelve.digits == f"{SWITCHBOARD} x12"
    unknown = _find(f"{SWITCHBOARD} x99", directory)
    assert (unknown.state, unknown.rule) == (MatchState.EXACT, MatchRule.E164)
    assert unknown.customer_id == COMPANY.customer_id
    assert [candidate.barred for candidate in unknown.candidates] == [
        "",
        "Twelve has extension 12, the call shows 99",
        "Thirteen has extension 13, the call shows 99",
    ]
    none_shown = _find(SWITCHBOARD, directory)
    assert none_shown.state is MatchState.SEVERAL


def test_other_extension_alone_is_nobody() -> None:
    directory = OwnerBook(owner("Twelve", SWITCHBOARD, extension="12"))
    match = _find(f"{SWITCHBOARD} x99", directory)
    assert match.state is MatchState.NONE
    assert match.customer_id is None
    assert [candidate.owner.name for candidate in match.candidates] == ["Twelve"]
    assert match.explanation == (
        "Nobody has +49 30 23125100 with extension 99 now: Twelve has extension 12, the call "
        "shows 99."
    )


def test_a_switchboard_that_shows_no_extension_suggests_who_has_one() -> None:
    twelve = owner("Twelve", SWITCHBOARD, extension="12")
    match = _find(SWITCHBOARD, OwnerBook(twelve))
    assert (match.state, match.customer_id) == (MatchState.SUGGESTED, None)
    assert match.explanation == (
        "+49 30 23125100 is stored for Twelve, who has only 600 points (with extension 12, and "
        "the call shows none). No customer is linked by itself below 700 points; choose who it is."
    )
    remembered = OwnerBook(twelve, claims=(claim(ClaimKind.CHOSEN, twelve),))
    assert _find(SWITCHBOARD, remembered).rule is MatchRule.REMEMBERED
    unread = OwnerBook(unread={"30 23125100": twelve})
    assert _find(SWITCHBOARD, unread).state is MatchState.SUGGESTED
    assert _find(f"{SWITCHBOARD} x12", unread).state is MatchState.NATIONAL


def test_a_lead_of_one_point_is_said_in_the_singular() -> None:
    book = OwnerBook(owner("Nora", SWITCHBOARD), owner("Ole", SWITCHBOARD))
    rules = MatchingSettings(link_from=0, lead=0)
    match = ladder.find(normalise(SWITCHBOARD, BERLIN), book, CALL, rules=rules)
    assert "None is 1 point ahead of the others" in match.explanation


def test_digits_with_two_meanings_link_only_where_one_is_known() -> None:
    potsdam, paris = owner("Potsdam", "+4933199001234"), owner("Paris", "+33199001234")
    number = normalise("33199001234", BERLIN)
    assert ladder.find(number, OwnerBook(potsdam), CALL).state is MatchState.EXACT
    only_paris = ladder.find(number, OwnerBook(paris), CALL)
    assert (only_paris.state, only_paris.rule) == (MatchState.NATIONAL, MatchRule.NATIONAL)
    assert only_paris.customer_id == paris.customer_id
    stricter = MatchingSettings(link_from=points.OTHER_READING + 5)
    suggested = ladder.find(number, OwnerBook(paris), CALL, rules=stricter)
    assert (suggested.state, suggested.customer_id) == (MatchState.SUGGESTED, None)
    both = ladder.find(number, OwnerBook(paris, potsdam), CALL)
    assert both.state is MatchState.SEVERAL
    assert both.customer_id is None


# --- national -------------------------------------------------------------------------------------


def test_line_without_region_still_finds_the_customer() -> None:
    match = _find("03023125001", OwnerBook(NORA, OLE), rules=NOWHERE)
    assert (match.state, match.rule) == (MatchState.NATIONAL, MatchRule.NATIONAL)
    assert match.customer_id == NORA.customer_id
    assert match.digits == "3023125001"
    assert "another or no country code" in match.explanation


def test_number_stored_with_a_wrong_country() -> None:
    misread = owner("Misread", "+903023125001")  # no such area in Turkey
    match = _find("+493023125001", OwnerBook(misread))
    assert match.state is MatchState.NATIONAL
    assert match.customer_id == misread.customer_id


def test_number_stored_without_a_country() -> None:
    book = OwnerBook(unread={"030 23125 001": NORA})
    match = _find("+493023125001", book)
    assert match.state is MatchState.NATIONAL
    assert match.customer_id == NORA.customer_id


def test_same_digits_in_another_country_are_another_number() -> None:
    washington = owner("Washington", "+12025550123")
    match = _find("+492025550123", OwnerBook(washington))
    assert (match.state, match.rule) == (MatchState.SUGGESTED, MatchRule.SUFFIX)
    assert match.customer_id is None


def test_two_customers_with_the_same_national_digits_are_several() -> None:
    directory = OwnerBook(owner("A", "+493023125001"), unread={"03023125001": owner("B", "")})
    match = _find("03023125001", directory, rules=NOWHERE)
    assert match.state is MatchState.SEVERAL
    assert match.customer_id is None
