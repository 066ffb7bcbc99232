"""Who is calling: one customer, several, or nobody, and why."""

from __future__ import annotations

import uuid

import phonenumbers
import pytest

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import MatchRule, MatchState, Owner
from crmdesk.matching import ladder
from crmdesk.matching.numbers import InternalRanges, LineRules, normalise

BERLIN = LineRules("DE", area_code="30", internal=InternalRanges.parse(("1001-1199",)))
NOWHERE = LineRules()


def _owner(name: str, e164: str, **more: object) -> Owner:
    known: dict[str, object] = {
        "customer_id": uuid.uuid5(uuid.NAMESPACE_DNS, name),
        "name": name,
        "kind": CustomerKind.PERSON,
        "company_id": None,
        "company_name": "",
        "label": "mobile",
        "e164": e164,
    }
    return Owner(**{**known, **more})  # type: ignore[arg-type]


class Directory:
    """Stored numbers, each with the national digits the store keeps beside it."""

    def __init__(self, *owners: Owner, accounts: dict[str, Owner] | None = None) -> None:
        self._owners = owners
        self._accounts = accounts or {}

    def by_account(self, account_id: str) -> tuple[Owner, ...]:
        return tuple(owner for key, owner in self._accounts.items() if key == account_id)

    def by_e164(self, e164: str) -> tuple[Owner, ...]:
        return tuple(owner for owner in self._owners if owner.e164 == e164)

    def by_national(self, national: str, region: str) -> tuple[Owner, ...]:
        assert region == ""
        return tuple(owner for owner in self._owners if _national(owner) == national)


def _national(owner: Owner) -> str:
    if not owner.e164:
        return normalise(owner.label, NOWHERE).national
    return phonenumbers.national_significant_number(phonenumbers.parse(owner.e164))


NORA = _owner("Nora Hansen", "+493023125001")
OLE = _owner("Ole Jansen", "+493023125002")


def test_one_owner_is_linked_with_the_reason() -> None:
    match = ladder.find(normalise("030 23125001", BERLIN), Directory(NORA, OLE))
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.E164)
    assert match.customer_id == NORA.customer_id
    assert match.digits == "+493023125001"
    assert match.label == "mobile"
    assert match.explanation == "+49 30 23125001 is stored for Nora Hansen (mobile)."
    assert [candidate.owner for candidate in match.candidates] == [NORA]


def test_number_stored_twice_for_one_customer_is_one_customer() -> None:
    twice = _owner("Nora Hansen", NORA.e164, label="home")
    match = ladder.find(normalise(NORA.e164, BERLIN), Directory(NORA, twice))
    assert match.state is MatchState.EXACT
    assert len(match.candidates) == 1


def test_nobody() -> None:
    match = ladder.find(normalise("+442079460123", BERLIN), Directory(NORA))
    assert (match.state, match.rule) == (MatchState.NONE, MatchRule.NOTHING)
    assert match.customer_id is None
    assert match.digits == "+442079460123"
    assert match.explanation == "No customer has the number +44 20 7946 0123."


def test_what_is_no_number_is_told() -> None:
    match = ladder.find(normalise("jane.doe", BERLIN), Directory(NORA))
    assert match.state is MatchState.NONE
    assert "“jane.doe” cannot be read" in match.explanation


def test_names_are_never_compared() -> None:
    match = ladder.find(normalise("Nora Hansen", BERLIN), Directory(NORA))
    assert match.state is MatchState.NONE
    assert match.candidates == ()


def test_withheld_asks_nobody() -> None:
    class Untouchable(Directory):
        def by_e164(self, e164: str) -> tuple[Owner, ...]:
            raise AssertionError("a withheld number was looked up")

    for raw in ("anonymous", "+266696687", "0000"):
        match = ladder.find(normalise(raw, BERLIN), Untouchable())
        assert (match.state, match.rule) == (MatchState.WITHHELD, MatchRule.WITHHELD)
        assert match.digits == ""


# --- account id -----------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [OLE.e164, "anonymous"])
def test_account_id_beats_the_number(raw: str) -> None:
    directory = Directory(NORA, OLE, accounts={"471100": NORA})
    match = ladder.find(normalise(raw, BERLIN), directory, "471100")
    assert (match.state, match.rule) == (MatchState.EXACT, MatchRule.ACCOUNT_ID)
    assert match.customer_id == NORA.customer_id
    assert match.digits == "471100"


def test_unknown_account_id_leaves_the_number() -> None:
    match = ladder.find(normalise(OLE.e164, BERLIN), Directory(OLE), "999999")
    assert match.customer_id == OLE.customer_id


# --- internal -------------------------------------------------------------------------------------


def test_internal_only_when_told() -> None:
    number = normalise("1001", BERLIN)
    inside = ladder.find(number, Directory(NORA), internal=True)
    assert (inside.state, inside.rule) == (MatchState.INTERNAL, MatchRule.INTERNAL)
    outside = ladder.find(number, Directory(NORA))
    assert outside.state is MatchState.NONE
    assert "from outside but shows the internal number 1001" in outside.explanation


# --- several --------------------------------------------------------------------------------------

SWITCHBOARD = "+493023125100"
COMPANY = _owner("Hansen GmbH", SWITCHBOARD, kind=CustomerKind.COMPANY, label="switchboard")


def test_several_are_ranked_by_evidence_company_first() -> None:
    people = [
        _owner("Zoe", SWITCHBOARD),
        _owner("Anna", SWITCHBOARD),
        _owner("Long ago", SWITCHBOARD, last_called_days=400),
        _owner("Yesterday", SWITCHBOARD, last_called_days=1),
        _owner("Ticket", SWITCHBOARD, has_open_ticket=True),
    ]
    match = ladder.find(normalise(SWITCHBOARD, BERLIN), Directory(*people, COMPANY))
    assert (match.state, match.rule) == (MatchState.SEVERAL, MatchRule.E164)
    assert match.customer_id is None
    assert match.label == ""
    names = [candidate.owner.name for candidate in match.candidates]
    assert names == ["Hansen GmbH", "Ticket", "Yesterday", "Anna", "Long ago", "Zoe"]
    evidence = {candidate.owner.name: candidate.evidence for candidate in match.candidates}
    assert evidence["Hansen GmbH"] == ("the company itself", "switchboard number")
    assert evidence["Ticket"] == ("mobile number", "open ticket")
    assert evidence["Yesterday"] == ("mobile number", "called yesterday")
    assert evidence["Long ago"] == ("mobile number", "last called 400 days ago")
    assert match.explanation == "+49 30 23125100 belongs to 6 customers."


def test_extension_chooses_among_them() -> None:
    directory = Directory(
        COMPANY,
        _owner("Twelve", SWITCHBOARD, extension="12"),
        _owner("Thirteen", SWITCHBOARD, extension="13"),
    )
    twelve = ladder.find(normalise(f"{SWITCHBOARD} x12", BERLIN), directory)
    assert (twelve.state, twelve.rule) == (MatchState.EXACT, MatchRule.E164_EXTENSION)
    assert [candidate.owner.name for candidate in twelve.candidates] == ["Twelve"]
    assert twelve.digits == f"{SWITCHBOARD} x12"
    unknown = ladder.find(normalise(f"{SWITCHBOARD} x99", BERLIN), directory)
    assert (unknown.state, unknown.rule) == (MatchState.EXACT, MatchRule.E164)
    assert unknown.customer_id == COMPANY.customer_id
    none_shown = ladder.find(normalise(SWITCHBOARD, BERLIN), directory)
    assert none_shown.state is MatchState.SEVERAL


def test_other_extension_alone_is_nobody() -> None:
    directory = Directory(_owner("Twelve", SWITCHBOARD, extension="12"))
    match = ladder.find(normalise(f"{SWITCHBOARD} x99", BERLIN), directory)
    assert match.state is MatchState.NONE
    assert match.customer_id is None
    assert [candidate.owner.name for candidate in match.candidates] == ["Twelve"]
    assert "other extensions than 99" in match.explanation


def test_digits_with_two_meanings_link_only_where_one_is_known() -> None:
    potsdam, paris = _owner("Potsdam", "+4933199001234"), _owner("Paris", "+33199001234")
    number = normalise("33199001234", BERLIN)
    assert ladder.find(number, Directory(potsdam)).state is MatchState.EXACT
    only_paris = ladder.find(number, Directory(paris))
    assert (only_paris.state, only_paris.rule) == (MatchState.NATIONAL, MatchRule.NATIONAL)
    assert only_paris.customer_id == paris.customer_id
    both = ladder.find(number, Directory(paris, potsdam))
    assert both.state is MatchState.SEVERAL
    assert both.customer_id is None


# --- national -------------------------------------------------------------------------------------


def test_line_without_region_still_finds_the_customer() -> None:
    match = ladder.find(normalise("03023125001", NOWHERE), Directory(NORA, OLE))
    assert (match.state, match.rule) == (MatchState.NATIONAL, MatchRule.NATIONAL)
    assert match.customer_id == NORA.customer_id
    assert match.digits == "3023125001"
    assert "another or no country code" in match.explanation


def test_number_stored_with_a_wrong_country() -> None:
    misread = _owner("Misread", "+333023125001")  # French numbers have nine digits
    match = ladder.find(normalise("+493023125001", BERLIN), Directory(misread))
    assert match.state is MatchState.NATIONAL
    assert match.customer_id == misread.customer_id


def test_number_stored_without_a_country() -> None:
    unread = _owner("Unread", "", label="03023125001")
    match = ladder.find(normalise("+493023125001", BERLIN), Directory(unread))
    assert match.state is MatchState.NATIONAL
    assert match.customer_id == unread.customer_id


def test_same_digits_in_another_country_are_another_number() -> None:
    washington = _owner("Washington", "+12025550123")
    match = ladder.find(normalise("+492025550123", BERLIN), Directory(washington))
    assert match.state is MatchState.NONE
    assert match.candidates == ()


def test_two_customers_with_the_same_national_digits_are_several() -> None:
    directory = Directory(_owner("A", "+493023125001"), _owner("B", "", label="03023125001"))
    match = ladder.find(normalise("03023125001", NOWHERE), directory)
    assert match.state is MatchState.SEVERAL
    assert match.customer_id is None
