"""Why this record, in words: digits, points, what differs from then, and nothing private."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Call, Direction
from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import (
    Candidate,
    Evidence,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Owner,
    Trust,
    TrustLevel,
)
from crmdesk.domain.planning import Picklists
from crmdesk.gui.models import why
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.scripts import alphabets, mixed_words
from crmdesk.gui.models.support_text import shortened, support_text
from crmdesk.gui.pop import people_words
from crmdesk.settings.model import Settings
from tests.gui.cards import ANNA, KNOWN, NOBODY, NOW, NUMBER, WITHHELD, owner, several

STORED = "+493023125710"


def match_of(
    rule: MatchRule, called: NormalisedNumber = NUMBER, stored: str = STORED, digits: str = ""
) -> Match:
    person = replace(owner(1), e164=stored)
    return Match(
        MatchState.SUGGESTED, rule, called, digits=digits, candidates=(Candidate(person, 100),)
    )


@pytest.mark.parametrize(
    ("match", "called", "stored"),
    [
        (match_of(MatchRule.E164), ("", STORED, ""), ("", STORED, "")),
        (
            match_of(MatchRule.SUFFIX, NormalisedNumber("3125 710")),
            ("", "3125710", ""),
            ("+49302", "3125710", ""),
        ),
        (
            match_of(MatchRule.NATIONAL, NormalisedNumber("x", "+13023125710")),
            ("+1", "3023125710", ""),
            ("+49", "3023125710", ""),
        ),
        (
            match_of(MatchRule.BLOCK, stored="+4930231250"),
            ("", "+49302312571"[:-2], "710"),
            ("", "+4930231250"[:-1], "0"),
        ),
    ],
    ids=["whole", "last digits", "country code differs", "first digits"],
)
def test_digits_that_are_the_same_stand_apart(
    match: Match, called: tuple[str, str, str], stored: tuple[str, str, str]
) -> None:
    lines = why.compared(match)
    assert [(one.before, one.same, one.after) for one in lines] == [called, stored]


def test_nothing_is_compared_of_a_withheld_number_or_a_stranger() -> None:
    assert why.compared(WITHHELD) == ()
    assert why.compared(NOBODY) == ()


def test_an_account_number_is_compared_as_it_was_keyed_in() -> None:
    lines = why.compared(replace(KNOWN, rule=MatchRule.ACCOUNT_ID, digits="100482"))
    assert [(one.what, one.same) for one in lines] == [("Keyed in", "100482"), ("Stored", "100482")]


def test_points_are_written_beside_what_they_are_for() -> None:
    evidence = (Evidence("same number", 400), Evidence("former customer", -50), Evidence("work"))
    row = why.why_row(Candidate(owner(1), 350, evidence), Picklists())
    assert row.evidence == "same number +400, former customer -50, work"
    assert row.points == "350"
    barred = why.why_row(Candidate(owner(1), 0, (), "belonged to Anna until 2023"), Picklists())
    assert (barred.points, barred.barred) == ("", "belonged to Anna until 2023")


def test_those_who_are_not_listed_are_counted() -> None:
    crowd = replace(several(5), owner_count=1000)
    assert why.left_out(crowd, 3) == 997
    assert why.left_out(several(3), 3) == 0


def row(**facts: object) -> CallRow:
    call = Call(uuid.uuid4(), "support", Direction.INBOUND, NOW, STORED)
    linked = CallRow(call, STORED, ANNA.id, ANNA.name, "", MatchState.EXACT, MatchRule.E164)
    return replace(linked, **facts)


def test_what_differs_from_then_is_told() -> None:
    assert why.since_then(row(), KNOWN) == ""
    told = why.since_then(row(customer_id=uuid.uuid4(), customer_name="Nia New"), KNOWN)
    assert told == "Then: Nia New. With the numbers and rules of today: Anna Hansen."
    unknown = row(customer_id=None, customer_name="", match_state=MatchState.NONE)
    nobody = why.since_then(unknown, several(3))
    assert nobody == "Then: no match. With the numbers and rules of today: several match."
    chosen = row(customer_id=uuid.uuid4(), match_rule=MatchRule.CHOSEN)
    assert why.since_then(chosen, KNOWN) == ""


def test_a_choice_of_nobody_is_no_choice_of_somebody() -> None:
    said = row(customer_id=None, match_state=MatchState.NONE, match_rule=MatchRule.CHOSEN)
    assert why.match_chip(said) == ("No match", "neutral")
    assert "from somebody else" in why.match_reason(said)


def test_trust_has_a_word_where_there_is_a_number() -> None:
    assert why.trust_words(KNOWN) == ("claimed number", "faint")
    verified = replace(KNOWN, trust=Trust(TrustLevel.VERIFIED))
    assert why.trust_words(verified) == ("verified number", "good")
    assert why.trust_words(WITHHELD)[0] == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Jane Doe", ""),
        ("Иванова", ""),
        ("山田 Taro ひろ", ""),
        ("Zoë Ångström", ""),
        ("1+1 GmbH", ""),
        ("Раypal", "The name mixes Cyrillic and Latin letters."),
        ("Αlpha Bаnk", "The name mixes Greek, Latin and Cyrillic letters."),
        ("ｐaypal", ""),
    ],
)
def test_names_that_mix_alphabets_are_marked(name: str, said: str) -> None:
    assert mixed_words(name) == said


def test_marks_and_digits_belong_to_no_alphabet() -> None:
    assert alphabets("12 \u0301 ☎ -") == ()


def test_support_text_has_neither_name_nor_number() -> None:
    steps = ("extension 4711 split off", "area code 30 of the line added")
    person = replace(owner(1), kind=CustomerKind.PERSON)
    said = (Evidence("chosen for this number by Anna Adler", 500),)
    match = replace(
        KNOWN,
        number=replace(NUMBER, steps=steps, extension="4711"),
        candidates=(
            Candidate(person, 500, said),
            Candidate(owner(2, "Ben Brandt"), 0, (), "not Ben Brandt: Carla said so"),
        ),
    )
    text = support_text(match, "0.1.0")
    for private in ("Anna", "Hansen", "Ben", "Carla", "Nordwind", "23125", "4711"):
        assert private not in text
    for wanted in ("rule: e164", "+49…10", "person, 500 points (+500)", "person, barred"):
        assert wanted in text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (NUMBER, "+49…10"),
        (NormalisedNumber("3125710"), "…10"),
        (NormalisedNumber("12"), "…"),
        (NormalisedNumber("", withheld=True), "withheld"),
    ],
)
def test_numbers_are_shortened(number: NormalisedNumber, shown: str) -> None:
    assert shortened(number) == shown


def shared(*people: Owner, count: int = 0) -> Match:
    candidates = tuple(Candidate(one, 400, (Evidence("same number", 400),)) for one in people)
    return replace(several(0), candidates=candidates, owner_count=count or len(people))


def test_sharers_are_people_behind_one_company() -> None:
    company = replace(owner(9, "Nordwind GmbH", ""), kind=CustomerKind.COMPANY)
    assert people_words.sharers(shared(company, owner(1))) == "2 customers share this number"
    told = people_words.sharers(shared(company, owner(1), owner(2), count=999))
    assert told == "998 people share this number"


def test_who_counts_up_to_a_thousand_says_or_more() -> None:
    """200,000 may share a number; nobody counts them."""
    crowd = shared(owner(1), owner(2), count=1_000)
    assert people_words.sharers(crowd) == "1,000 or more customers share this number"
    assert people_words.more(crowd, 2) == "at least 998 more"
    assert people_words.more(shared(owner(1), owner(2), count=999), 2) == "997 more"


def test_who_was_chosen_for_good_is_not_said_to_be_for_one_call() -> None:
    once = shared(owner(1), owner(2))
    key = once.candidates[0].owner.customer_id
    once = replace(once, state=MatchState.EXACT, rule=MatchRule.CHOSEN, customer_id=key)
    assert why.decision(once) == "An agent chose it for this call."
    said = Evidence("chosen for this number by Anna", 500)
    first = replace(once.candidates[0], evidence=(said,))
    for_good = replace(once, candidates=(first, *once.candidates[1:]))
    assert why.decision(for_good) == "An agent chose it, and for this number from now on."


def test_the_built_in_softphone_has_its_name() -> None:
    softphone = Names(Settings()).line("softphone")
    assert softphone is not None
    assert softphone.name == "Softphone"
    assert people_words.sharers(shared(owner(1), owner(2))) == "2 customers share this number"


def test_what_all_have_in_common_tells_nothing() -> None:
    one, other = owner(1), owner(2, "Ben Brandt")
    match = shared(one, other)
    first = replace(
        match.candidates[0], evidence=(*match.candidates[0].evidence, Evidence("open ticket", 60))
    )
    match = replace(match, candidates=(first, match.candidates[1]))
    words = people_words.candidate_words(first, match, Picklists())
    assert words == ("Anna Hansen", "work · open ticket")
    assert people_words.candidate_words(match.candidates[1], match, Picklists()) == (
        "Ben Brandt",
        "work",
    )


def test_barred_people_are_never_offered() -> None:
    gone = Candidate(owner(3), 0, (), "belonged to Anna Hansen until 2023")
    match = replace(shared(owner(1), owner(2)), candidates=(Candidate(owner(1), 400), gone))
    assert [one.owner.customer_id for one in people_words.choices(match)] == [ANNA.id]
    nobody = replace(NOBODY, candidates=(gone,))
    assert people_words.choices(nobody) == ()
    (line,) = people_words.former(nobody)
    assert line.text == "Belonged to Anna Hansen until 2023"
