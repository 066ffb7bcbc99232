"""Finds card numbers and codes, and masks them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crmdesk.domain.cards.codes import EXPIRY, codes_in
from crmdesk.domain.cards.groups import Group, Joint, is_between_halves, runs_of
from crmdesk.domain.cards.image import image_of
from crmdesk.domain.cards.labels import Form, is_named_card, is_other_number
from crmdesk.domain.cards.no_cards import no_cards_in
from crmdesk.domain.cards.schemes import (
    FEWEST,
    FIRST_DIGITS,
    HALVES,
    MOST,
    MOST_PRINTED,
    PRINTED_SHAPES,
    is_of_length,
    is_printed,
)

_SHORTEST = len("cvv123")
_CODE = "•••"
_MOST_BEFORE = 3
"""Groups of a date."""

_MOST_PASSES = 4
"""What is masked parts what stood on both sides of it: a number may begin or end there now."""


class Mask(NamedTuple):
    """What stands in a text instead of a card number or a code.

    Attributes:
        start: Where it begins.
        end: Where the number ended, in the text as it was.
        text: What stands there: "•••• 1111", "•••".
    """

    start: int
    end: int
    text: str


def mask_card_numbers(text: str) -> tuple[str, int]:
    """Replaces card numbers by "•••• 1111" and card codes by "•••".

    Returns:
        The text, and how many were replaced.
    """
    kept, count, _ = mask_around(text, 0)
    return kept, count


def mask_around(text: str, place: int) -> tuple[str, int, int]:
    """The same for somebody who writes at a place of the text.

    Returns:
        The text, how many were replaced, and the place in it: behind the mask it fell into.
    """
    count = 0
    for _ in range(_MOST_PASSES):
        masks = masks_in(text)
        if not masks:
            break
        place = _place_among(masks, place)
        text, count = with_masks(text, masks), count + len(masks)
    return text, count, place


def _place_among(masks: Iterable[Mask], place: int) -> int:
    moved = 0
    for mask in masks:
        if place <= mask.start:
            break
        moved += len(mask.text) - (min(mask.end, place) - mask.start)
    return place + moved


def with_masks(text: str, masks: Iterable[Mask]) -> str:
    """The text with its masks in place."""
    parts: list[str] = []
    at = 0
    for mask in masks:
        parts += [text[at : mask.start], mask.text]
        at = mask.end
    return "".join([*parts, text[at:]])


def masks_in(text: str) -> list[Mask]:
    """What is to be masked in a text, in order."""
    if len(text) < _SHORTEST:
        return []
    image = image_of(text)
    digits = sum(map(image.count, "0123456789"))
    if digits < 3:
        return []
    cards = _cards_in(image) if digits >= FEWEST else []
    codes = {Mask(*span, _CODE) for span in codes_in(image, [card.end for card in cards])}
    return sorted([*cards, *_beside(codes, cards)]) if codes else cards


def _beside(codes: Iterable[Mask], cards: Sequence[Mask]) -> list[Mask]:
    """Codes that are no part of a card number, nor of one another."""
    starts = [card.start for card in cards]
    found: list[Mask] = []
    for code in sorted(codes):
        place = bisect_right(starts, code.start)
        before = max(cards[place - 1].end if place else 0, found[-1].end if found else 0)
        after = starts[place] if place < len(starts) else code.end
        if before <= code.start and code.end <= after:
            found.append(code)
    return found


def _cards_in(image: str) -> list[Mask]:
    found: list[Mask] = []
    for run in runs_of(image, no_cards_in(image)):
        if sum(len(group.digits) for group in run) >= FEWEST:
            found += _cards_in_run(image, run)
    return found


def _cards_in_run(image: str, run: list[Group]) -> list[Mask]:
    """Cards of a run, from its beginning.

    The four digits that stay of a card are a group of their own: together with what follows they
    must not be another one, so the search goes on with them.
    """
    found: list[Mask] = []
    at = 0
    while at < len(run):
        last = _last_of_card(image, run, at)
        if last is None:
            at += 1
            continue
        kept = _digits(run[at : last + 1])[-4:]
        start = found.pop().start if run[at].is_kept else run[at].start
        end = run[last].end
        found.append(Mask(start, end, f"•••• {kept}"))
        run[last] = Group(end, end, kept, Joint.APART, is_kept=True)
        at = last
    return found


def _last_of_card(image: str, run: Sequence[Group], at: int) -> int | None:
    """The last group of a card that begins with a group of a run; None where none does."""
    if run[at].digits[0] not in FIRST_DIGITS:
        return None
    for last in _printed_ends(image, run, at):
        if not _is_other(image, run, at, last, Form.PRINTED):
            return last
    if _is_card(image, run, at, at, Form.SOLID):
        return at
    begin = _cluster_begin(image, run, at)
    if begin is None or _is_date(image, run[at : at + 3]):
        return None
    for last in _cluster_ends(image, run, at):
        is_labelled = begin < at and _is_other(image, run, begin, last, Form.ODD)
        if not is_labelled and _is_card(image, run, at, last, Form.ODD):
            return last
    return None


def _cluster_begin(image: str, run: Sequence[Group], at: int) -> int | None:
    """Where the cluster begins in which a group is the first of a number.

    That is the group itself, or a number of at most two digits, an amount, a time or a date right
    before it; None where anything else is.
    """
    far = max(0, at - _MOST_BEFORE)
    begin = next((n for n in range(at, far - 1, -1) if run[n].joint is not Joint.NARROW), None)
    return begin if begin is not None and _may_precede(image, run[begin:at]) else None


def _may_precede(image: str, groups: Sequence[Group]) -> bool:
    if len(groups) <= 1:
        return all(len(group.digits) <= 2 for group in groups)
    if len(groups) == _MOST_BEFORE:
        return _is_date(image, groups)
    whole, cents = groups
    return image[whole.end : cents.start] == "." and len(cents.digits) == 2


def _printed_ends(image: str, run: Sequence[Group], at: int) -> list[int]:
    """Last groups of what is written as a card shows it, the longest first."""
    shape = tuple(len(group.digits) for group in run[at : at + MOST_PRINTED])
    return [
        at + count - 1
        for count in range(len(shape), 1, -1)
        if shape[:count] in PRINTED_SHAPES
        and (shape[:count] != HALVES or is_between_halves(image, run[at].end, run[at + 1].start))
        and is_printed(_digits(run[at : at + count]), shape[:count])
    ]


def _cluster_ends(image: str, run: Sequence[Group], first: int) -> list[int]:
    """Last groups of what may be a card in odd groups, the longest first."""
    ends: list[int] = []
    count = len(run[first].digits)
    for last in range(first + 1, len(run)):
        count += len(run[last].digits)
        if count > MOST or run[last].joint is not Joint.NARROW:
            break
        is_end = last + 1 == len(run) or run[last + 1].joint is not Joint.NARROW
        if count >= FEWEST and (is_end or EXPIRY.match(image, run[last].end)):
            ends.append(last)
    return ends[::-1]


def _is_card(image: str, run: Sequence[Group], first: int, last: int, form: Form) -> bool:
    digits = _digits(run[first : last + 1])
    if not (FEWEST <= len(digits) <= MOST and is_of_length(digits, "named")):
        return False
    is_plain = is_of_length(digits, form.name.lower())
    is_named = not is_plain and not run[first].is_kept and is_named_card(image, run[first].start)
    return (is_plain or is_named) and not _is_other(image, run, first, last, form)


def _is_other(image: str, run: Sequence[Group], first: int, last: int, form: Form) -> bool:
    start, end = run[first].start, run[last].end
    digits = _digits(run[first : last + 1])
    return not run[first].is_kept and is_other_number(image, start, end, digits, form)


def _digits(groups: Iterable[Group]) -> str:
    return "".join(group.digits for group in groups)


def _is_date(image: str, groups: Sequence[Group]) -> bool:
    """Whether groups are a date: "24.12.2026", "24-12-2026", "24.12.26"."""
    if len(groups) < 3:
        return False
    day, month, year = groups
    marks = image[day.end : day.end + 1], image[month.end : month.end + 1]
    is_year = len(year.digits) == 4 and year.digits[:2] in {"19", "20"}
    if marks not in {(".", "."), ("-", "-")} or not (
        is_year or (len(year.digits) == 2 and marks[0] == ".")
    ):
        return False
    is_short = len(day.digits) <= 2 and len(month.digits) <= 2
    return is_short and int(day.digits) <= 31 and int(month.digits) <= 12
