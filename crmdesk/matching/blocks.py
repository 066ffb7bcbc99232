"""A company's block: which switchboard a direct dial-in may stand behind.

Where companies have such blocks, and of which form:

- *Open plans*: digits are appended to the company's number, or take the place of the 0 of
  its switchboard. No other subscriber can have a number that begins with a subscriber's
  whole number, because the network would never wait for the further digits. Germany:
  Bundesnetzagentur, Verfuegung 25/2006, 2.3 ("laengerstellige Nutzung (Anhaengen von
  Ziffern) durch den Teilnehmer"). Austria: KEM-V 2009, 3 no. 14 and 50 (1) ("Folgeziffern
  hinter der Teilnehmernummer", which include direct dial-ins). Luxembourg: extensions are
  appended to the main number, which is shortened to 3 to 6 digits for that (Wikipedia,
  "Telephone numbers in Luxembourg").
- *Closed plans*: companies rent runs of ten, a hundred or more whole numbers of the usual
  length, and the switchboard is by custom the one that ends in zeros (in Czechia and
  Slovakia also in ones). The service is DDI, direct dialling in, of Euro-ISDN (ETSI ETS 300
  062); how each country's operators cut the runs was not looked up. Where a run begins and
  ends cannot be seen in a number, so such a switchboard is a suggestion only.

Elsewhere no block is looked for; not where fixed and mobile numbers cannot be told apart
either, as in North America and Denmark. Whether a plan is open is checked against the lengths
that libphonenumber knows, in tests/matching/test_blocks.py.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import phonenumbers
from phonenumbers import PhoneNumberType

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import MatchRule, Owner
from crmdesk.matching import points
from crmdesk.matching.display import format_number
from crmdesk.matching.findings import Contender, Finding
from crmdesk.matching.lookup import Owners
from crmdesk.matching.rungs import Question, has_owner

OPEN_PLANS = frozenset({43, 49, 352})
"""Calling codes of Austria, Germany, Luxembourg."""

CLOSED_PLANS = {
    31: "0", 32: "0", 33: "0", 34: "0", 36: "0", 41: "0", 44: "0", 46: "0", 47: "0",
    48: "0", 351: "0", 353: "0", 420: "01", 421: "01", 423: "0",
}  # fmt: skip
"""Calling code to the digits in which switchboards end: the Netherlands, Belgium, France,
Spain, Hungary, Switzerland, the United Kingdom, Sweden, Norway, Poland, Portugal,
Ireland, Czechia, Slovakia, Liechtenstein."""

_CLOSED_RUN = 2
"""Runs of ten and of a hundred numbers are common; wider guesses meet other companies."""
_MOST_PEOPLE = 8
_SWITCHBOARD = "switchboard"
_E164 = re.compile(r"\+[1-9][0-9]{3,14}")
_LAND_LINES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN})


@dataclass(frozen=True, slots=True)
class Switchboard:
    """A number that may be the switchboard of another.

    Attributes:
        stem: What both have in common, with "+".
        is_sure: The plan leaves no other owner of both: see `is_labelled`.
        is_labelled: Sure only if the record calls it a switchboard: a number of the same
            length could be another subscriber's.
    """

    e164: str
    stem: str
    is_sure: bool
    is_labelled: bool = False


@lru_cache(4096)
def switchboards_of(e164: str, most_digits: int) -> tuple[Switchboard, ...]:
    """The numbers that may be the switchboard of a number, the longest stem first.

    Args:
        e164: With "+".
        most_digits: Longest direct dial-in that is looked for.

    Returns:
        Nothing for mobile, premium and free numbers, and where the plan has no blocks.
    """
    code = _code_of(e164)
    if code is None or not _may_be_land_line(code).fullmatch(e164, 1 + len(str(code))):
        return ()
    number = phonenumbers.parse(e164, None)
    if phonenumbers.number_type(number) not in _LAND_LINES:
        return ()
    if code in OPEN_PLANS:
        made = _in_open_plan(e164, _shortest_stem(number), most_digits)
    else:
        made = _in_closed_plan(e164, CLOSED_PLANS[code], min(most_digits, _CLOSED_RUN))
    found: dict[str, Switchboard] = {}
    for each in made:
        if each.e164 != e164:
            found.setdefault(each.e164, each)
    return tuple(found.values())


def _code_of(e164: str) -> int | None:
    """The calling code of a plan that has blocks, else None."""
    if not _E164.fullmatch(e164):
        return None
    codes = (int(e164[1 : 1 + size]) for size in (2, 3))
    return next((code for code in codes if code in OPEN_PLANS or code in CLOSED_PLANS), None)


@lru_cache(64)
def _may_be_land_line(code: int) -> re.Pattern[str]:
    """Sorts out most mobile numbers before the library is asked, which takes its time."""
    region = phonenumbers.region_code_for_country_code(code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    kinds = (metadata.fixed_line, metadata.uan) if metadata else ()
    patterns = (kind.national_number_pattern for kind in kinds if kind)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns if pattern))


def _shortest_stem(number: phonenumbers.PhoneNumber) -> int:
    """Characters a stem needs: "+", country, area, and two digits (three without an area)."""
    area = phonenumbers.length_of_geographical_area_code(number)
    return 1 + len(str(number.country_code)) + (area + 2 if area else 3)


def _in_open_plan(e164: str, shortest: int, most_digits: int) -> Iterator[Switchboard]:
    for digits in range(1, most_digits + 1):
        stem = e164[:-digits]
        if len(stem) < shortest:
            return
        yield Switchboard(stem, stem, is_sure=True)
        for zeros in range(1, digits + 1):
            yield Switchboard(stem + "0" * zeros, stem, is_sure=zeros == 1, is_labelled=digits == 1)


def _in_closed_plan(e164: str, endings: str, most_digits: int) -> Iterator[Switchboard]:
    for digits in range(1, most_digits + 1):
        for ending in endings:
            yield Switchboard(e164[:-digits] + ending * digits, e164[:-digits], is_sure=False)


def by_block(asked: Question) -> Finding | None:
    """The company behind whose switchboard the number is a direct dial-in."""
    number = asked.number
    if number.e164 is None or number.extension:
        return None
    possible = {each.e164: each for each in switchboards_of(number.e164, asked.rules.block_digits)}
    if not possible or has_owner(number.e164, asked.lookup.by_e164(number.e164), asked):
        return None
    meant = _meant(asked.lookup.by_any_e164(tuple(possible)), possible)
    if not meant:
        return None
    nearest = max((possible[owner.e164] for owner in meant), key=lambda each: len(each.stem))
    return _found(nearest, meant, possible, asked)


def _meant(owners: Owners, possible: dict[str, Switchboard]) -> Owners:
    """Companies, and whoever has the number of a switchboard where no company has it."""
    found = tuple(owner for owner in owners if owner.e164 in possible and not owner.extension)
    companies = tuple(owner for owner in found if owner.kind is CustomerKind.COMPANY)
    return companies or tuple(owner for owner in found if owner.label == _SWITCHBOARD)


def _found(
    nearest: Switchboard, meant: Owners, possible: dict[str, Switchboard], asked: Question
) -> Finding:
    day = asked.occasion.day
    companies = {owner.customer_id for owner in meant}
    neighbours = tuple(
        owner for owner in asked.lookup.by_prefix(nearest.stem) if owner.holds_on(day)
    )
    exempt = {asked.number.e164, *(owner.e164 for owner in meant)}
    strangers = any(
        owner.e164 not in exempt and not companies & {owner.customer_id, owner.company_id}
        for owner in neighbours
    )
    return Finding(
        MatchRule.BLOCK,
        nearest.stem,
        tuple(_contender(owner, possible[owner.e164], strangers) for owner in meant),
        beside=_people(neighbours, companies),
        only_suggests=len({owner.customer_id for owner in meant if owner.holds_on(day)}) > 1,
        switchboard=nearest.e164,
    )


def _contender(owner: Owner, switchboard: Switchboard, strangers: bool) -> Contender:
    sure = (
        switchboard.is_sure
        and not strangers
        and owner.kind is CustomerKind.COMPANY
        and (owner.label == _SWITCHBOARD or not switchboard.is_labelled)
    )
    worth = points.BLOCK if sure else points.LESS_SURE_BLOCK
    words = f"has the switchboard {format_number(switchboard.e164)}"
    return Contender(owner, worth, f"{words}, but not the whole block" if strangers else words)


def _people(neighbours: Owners, companies: set[uuid.UUID]) -> tuple[Contender, ...]:
    people = (owner for owner in neighbours if owner.company_id in companies)
    return tuple(
        Contender(owner, points.SUFFIX, f"works there, has {format_number(owner.e164)}")
        for owner in islice(people, _MOST_PEOPLE)
    )
