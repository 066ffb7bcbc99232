"""Groups of digits, and what parts them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from crmdesk.domain.cards.image import NO_WIDTH

_DIGITS = re.compile(rf"[0-9](?:{NO_WIDTH}{{0,8}}[0-9])*")
_GAP = re.compile(r"(?:[^\w•]|_|•(?!•))+")
"""Neither letter nor digit; several bullets are what a number was masked with."""

_THEN = re.compile(
    rf"[ \t.,;:\-{NO_WIDTH}]{{0,4}}(?:(?:und|and) )?(?:dann|danach|then)[ \t:,;{NO_WIDTH}]{{1,4}}",
    re.IGNORECASE,
)
"""Said in parts: "first 4111 1111, then 1111 1111"."""

_BETWEEN_HALVES = re.compile(r"[ \t]*[/|+][ \t]*")
"""Two numbers that a comma or a line end parts are two phone numbers."""

_WIDEST_GAP = 32
_NARROW_GAP = re.compile(rf"[ \t.\-·{NO_WIDTH}]{{0,3}}")
_WIDEST_NARROW_GAP = 3


class Joint(Enum):
    """How a group hangs on the one before it."""

    APART = "apart"
    WIDE = "wide"
    NARROW = "narrow"


class Group(NamedTuple):
    """Digits of a text.

    Attributes:
        start: Place of the first one.
        end: Place behind the last one.
        digits: Without anything between them.
        joint: How it hangs on the group before.
        is_kept: The last four of a number that is masked already.
    """

    start: int
    end: int
    digits: str
    joint: Joint
    is_kept: bool = False


def runs_of(image: str, left_out: Sequence[tuple[int, int]]) -> Iterator[list[Group]]:
    """The runs of a text, as the grammar of this package calls them.

    Args:
        image: Of the text.
        left_out: Start and end of what is no card number for certain, in order.
    """
    run: list[Group] = []
    behind = 0  # the end of the group before
    passed = iter([*left_out, (len(image) + 1, len(image) + 1)])
    first, last = next(passed)
    for match in _DIGITS.finditer(image):
        start, end = match.span()
        while last <= start:
            first, last = next(passed)
        joint = _joint(image, behind, start) if run else Joint.APART
        if joint is Joint.APART and run:
            yield run
            run = []
        behind = end
        if end <= first:
            run.append(Group(start, end, match[0].replace(NO_WIDTH, ""), joint))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _joint(image: str, start: int, end: int) -> Joint:
    if end - start > _WIDEST_GAP:
        return Joint.APART
    if end - start <= _WIDEST_NARROW_GAP and _NARROW_GAP.fullmatch(image, start, end):
        return Joint.NARROW
    is_wide = _GAP.fullmatch(image, start, end) or _THEN.fullmatch(image, start, end)
    return Joint.WIDE if is_wide else Joint.APART


def is_between_halves(image: str, start: int, end: int) -> bool:
    """Whether what parts two groups says that they are the halves of one number."""
    gap = (image, start, end)
    return bool(_BETWEEN_HALVES.fullmatch(*gap) or _THEN.fullmatch(*gap))
