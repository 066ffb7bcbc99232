"""The rungs of the ladder that compare whole numbers, account ids and last digits.

Each asks the lookup and says who may be calling; nobody is weighed or linked here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

from crmdesk.domain.matches import MatchRule, NormalisedNumber, Occasion, Owner
from crmdesk.matching import points
from crmdesk.matching.claims import Claims
from crmdesk.matching.findings import Contender, Finding
from crmdesk.matching.lookup import OwnerLookup, Owners
from crmdesk.matching.plans import plan_of, split_code
from crmdesk.settings.model import MatchingSettings

MOST_ANSWERS = 64
"""An answer of a lookup this long may have left somebody out."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a rung is asked.

    Attributes:
        account_id: What the caller keyed in, "" where nothing.
        words: Whether sentences are wanted.
    """

    number: NormalisedNumber
    lookup: OwnerLookup
    account_id: str
    occasion: Occasion
    rules: MatchingSettings
    words: bool = True


Rung = Callable[[Question], Finding | None]


def by_account(asked: Question) -> Finding | None:
    """Who has the account id that the caller keyed in."""
    owners = asked.lookup.by_account(asked.account_id) if asked.account_id else ()
    found = tuple(Contender(owner, points.ACCOUNT, "account id") for owner in owners)
    return _finding(MatchRule.ACCOUNT_ID, asked.account_id, found, len(owners))


def by_e164(asked: Question) -> Finding | None:
    """Who has the whole number: with the extension that the call names, else without one."""
    number = asked.number
    if number.e164 is None:
        return None
    owners = asked.lookup.by_e164(number.e164)
    if owners and number.extension:
        return _by_extension(number, _with_extension(asked, owners))
    same = tuple(
        _if_extension_fits(Contender(owner, points.E164, "same number"), number) for owner in owners
    )
    others = tuple(
        _if_extension_fits(
            Contender(owner, points.OTHER_READING, "the same digits can be this number"), number
        )
        for e164 in number.other_readings
        for owner in asked.lookup.by_e164(e164)
    )
    if others and not has_owner(number.e164, owners, asked):
        same, others = (), same + others
    if not same:
        return _finding(MatchRule.NATIONAL, number.national, others, len(others))
    return _finding(MatchRule.E164, number.e164, same + others, len(owners))


def has_owner(e164: str, owners: Owners, asked: Question) -> bool:
    """Whether a number is somebody's that day, of all who have or had it."""
    if not owners:
        return False
    claims, day = Claims.of(asked.lookup.claims(e164)), asked.occasion.day
    return any(not claims.bar(owner, day) for owner in owners)


def by_national(asked: Question) -> Finding | None:
    """Who has the same number without its country."""
    number = asked.number
    if not number.national:
        return None
    owners = asked.lookup.by_national(number.national, "")
    found = tuple(
        _if_extension_fits(Contender(owner, points.NATIONAL, "same national number"), number)
        for owner in owners
        if _may_be_same(owner, number)
    )
    return _finding(MatchRule.NATIONAL, number.national, found, len(owners))


def by_suffix(asked: Question) -> Finding | None:
    """Who has a number with the same last digits; never more than a suggestion."""
    number, count = asked.number, asked.rules.suffix_digits
    digits = (number.e164 or number.national).lstrip("+")
    if len(digits) < count:
        return None
    owners = asked.lookup.by_suffix(digits[-count:])
    found = tuple(_if_extension_fits(_similar(owner, digits, count), number) for owner in owners)
    return _finding(MatchRule.SUFFIX, digits[-count:], found, len(owners))


def _finding(
    rule: MatchRule, digits: str, contenders: tuple[Contender, ...], answers: int
) -> Finding | None:
    if not contenders:
        return None
    return Finding(rule, digits, contenders, is_crowded=answers >= MOST_ANSWERS)


def _with_extension(asked: Question, owners: Owners) -> Owners:
    """Adds who has the extension where the answer was too long to hold everybody."""
    number = asked.number
    if len(owners) < MOST_ANSWERS or number.e164 is None:
        return owners
    return (*asked.lookup.by_extension(number.e164, number.extension), *owners)


def _by_extension(number: NormalisedNumber, owners: Owners) -> Finding | None:
    """The call names an extension: its owner, else the switchboard, else nobody for sure."""
    e164 = number.e164 or ""
    same = tuple(owner for owner in owners if owner.extension == number.extension)
    if same:
        words = f"same number and extension {number.extension}"
        return _finding(
            MatchRule.E164_EXTENSION,
            f"{e164} x{number.extension}",
            tuple(Contender(owner, points.E164_EXTENSION, words) for owner in same),
            len(same),
        )
    found = tuple(
        _if_extension_fits(Contender(owner, points.E164, "same number"), number) for owner in owners
    )
    return _finding(MatchRule.E164, e164, found, len(owners))


def _if_extension_fits(contender: Contender, number: NormalisedNumber) -> Contender:
    """Makes less of somebody who has the number with an extension the call does not show.

    Another extension is another desk. A call that shows none comes from the switchboard of
    all extensions: whoever is stored with one may be calling, and so may their colleagues.
    """
    owner = contender.owner
    if owner.extension in {"", number.extension}:
        return contender
    if not number.extension:
        words = f"{contender.words}, but with extension {owner.extension}"
        return Contender(owner, min(contender.points, points.BEHIND_SWITCHBOARD), words)
    barred = f"{owner.name} has extension {owner.extension}, the call shows {number.extension}"
    return Contender(owner, 0, contender.words, barred)


def _may_be_same(owner: Owner, number: NormalisedNumber) -> bool:
    """Whether two numbers with the same national digits can be one.

    They can where one of them could not be read, or was stored with a country that makes it
    an impossible number. Two good numbers of two countries are two numbers, and what has no
    meaning in a line's country is nobody's number in another one.
    """
    if owner.e164 in {"", number.e164}:
        return True
    if number.e164 is None:
        plan = plan_of(number.unread_in)
        return plan is None or owner.e164.startswith(f"+{plan.code}")
    return _is_valid(number.e164) and not _is_valid(owner.e164)


def _is_valid(e164: str) -> bool:
    found = split_code(e164.removeprefix("+"))
    return found is not None and found[0].place(found[1])[1]


def _similar(owner: Owner, digits: str, count: int) -> Contender:
    same = max(count, _common_end(owner.e164.lstrip("+"), digits))
    worth = points.SUFFIX + (same - count) * points.MORE_DIGITS
    return Contender(owner, worth, f"the last {same} digits are the same")


def _common_end(one: str, other: str) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
