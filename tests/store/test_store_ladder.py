"""The match ladder on a real store finds what it finds in a list in memory."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date

import pytest

from crmdesk.domain.customers import Customer, PhoneNumber
from crmdesk.domain.matches import ClaimKind, Match, MatchRule, MatchState, Occasion, Owner
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.matching.rungs import MOST_ANSWERS
from crmdesk.store.owners.statements import OWNER_LIMIT
from tests.fakes.owner_book import OwnerBook, claim, company, owner, works_at

BERLIN = LineRules("DE", area_code="30")
TODAY = date(2026, 6, 15)

FIRM = company("Hansen GmbH", "+4930231250")
SHARED = "+498999998777"
CHOSEN = "+498999998888"
OWNERS = (
    FIRM,
    works_at(FIRM, "Jane", "+493023125105"),
    works_at(FIRM, "Left", "+493023125106", until=date(2023, 12, 31)),
    owner("Nora", "+4917139200001"),
    owner("Ole", SHARED),
    owner("Pia", SHARED),
    owner("Quinn", SHARED, until=date(2020, 5, 3)),
    owner("Rosa", CHOSEN),
    owner("Sven", CHOSEN),
    owner("Tom", "+442079460123", extension="12"),
    owner("Uli", "+442079460123", extension="13"),
    owner("Swiss", "+41443125999"),
)
RAWS = (
    "030 23125-105", "030 23125-199", "030 23125-106", "0171 3920 0001", "+49 171 39200001",
    SHARED, CHOSEN, "+442079460123 x12", "+442079460123 x99", "+442079460123", "+442079460199",
    "+4930 33125999", "0044 20 7946 0123", "+12025550123", "anonymous", "nobody", "",
)  # fmt: skip
EXPECTED = {
    "030 23125-199": (MatchState.BLOCK, MatchRule.BLOCK),
    "030 23125-106": (MatchState.BLOCK, MatchRule.BLOCK),
    SHARED: (MatchState.SEVERAL, MatchRule.E164),
    CHOSEN: (MatchState.EXACT, MatchRule.REMEMBERED),
    "+442079460123 x12": (MatchState.EXACT, MatchRule.E164_EXTENSION),
    "+4930 33125999": (MatchState.SUGGESTED, MatchRule.SUFFIX),
    "nobody": (MatchState.NONE, MatchRule.NOTHING),
}


@pytest.fixture
def reader_finds(write, read):
    """Stores the owners, and looks numbers up in the store."""
    rows: dict[uuid.UUID, list[Owner]] = defaultdict(list)
    for each in OWNERS:
        rows[each.customer_id].append(each)
    for numbers in rows.values():
        write(lambda w, numbers=numbers: w.save_customer(_customer(numbers)))
    rosa = next(each for each in OWNERS if each.name == "Rosa")
    write(lambda w: w.choose_owner(CHOSEN, rosa.customer_id, None, "Alice", remember=True))
    return lambda raw: read(lambda r: find(normalise(raw, BERLIN), r, Occasion(TODAY)))


def _customer(numbers: list[Owner]) -> Customer:
    first = numbers[0]
    return Customer(
        id=first.customer_id,
        kind=first.kind,
        name=first.name,
        company_id=first.company_id,
        numbers=tuple(
            PhoneNumber(
                each.e164, each.e164, each.label, each.extension, None, each.since, each.until
            )
            for each in numbers
        ),
    )


def _told(match: Match) -> object:
    return (
        match.state,
        match.rule,
        match.customer_id,
        match.digits,
        match.owner_count,
        match.label,
        [(each.owner.name, each.score, each.barred) for each in match.candidates],
    )


def test_store_and_list_agree(reader_finds) -> None:
    rosa = next(each for each in OWNERS if each.name == "Rosa")
    said = (claim(ClaimKind.CHOSEN, rosa),)
    book = OwnerBook(*OWNERS, claims=said)
    for raw in RAWS:
        in_memory = find(normalise(raw, BERLIN), book, Occasion(TODAY))
        assert _told(reader_finds(raw)) == _told(in_memory), raw


@pytest.mark.parametrize("raw", EXPECTED)
def test_every_rung_works_on_the_store(raw: str, reader_finds) -> None:
    match = reader_finds(raw)
    assert (match.state, match.rule) == EXPECTED[raw]


def test_ladder_knows_when_an_answer_is_full() -> None:
    assert MOST_ANSWERS == OWNER_LIMIT
