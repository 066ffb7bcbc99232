"""What a rung of the ladder found, before anybody weighed it."""

from __future__ import annotations

from dataclasses import dataclass

from crmdesk.domain.matches import MatchRule, Owner

PERHAPS = frozenset({MatchRule.BLOCK, MatchRule.SUFFIX})
"""Whoever these rungs find does not have the number itself."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who may be calling.

    Attributes:
        points: What the rung itself is worth, see `rank.py`.
        words: What was found equal, e.g. "same number".
        barred: Why it is not this one whatever else speaks for it, "" where nothing does.
    """

    owner: Owner
    points: int
    words: str
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rung.

    Attributes:
        rule: The rung.
        digits: What was compared.
        contenders: Who may be calling; barred ones too.
        beside: Shown with them but never meant: the people of a company whose block it is.
        only_suggests: Nobody is linked, whatever the points are.
        is_crowded: The lookup was full, so there may be more owners than it answered.
        switchboard: Stored number by which a block was found, "" for other rungs.
    """

    rule: MatchRule
    digits: str
    contenders: tuple[Contender, ...]
    beside: tuple[Contender, ...] = ()
    only_suggests: bool = False
    is_crowded: bool = False
    switchboard: str = ""
