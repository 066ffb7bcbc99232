"""Text as it may be kept: safe, without card numbers, no longer than its field. Pure.

The order matters. Made safe first, because what is dropped or put together may be what hid a card
number; then masked; cut last, because fifteen of sixteen digits are no card number for a mask and
nearly one for a thief. A number that the end of a field cuts through is left out whole.
"""

from __future__ import annotations

import re

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.text import EXTERNAL_TEXT_LIMIT, LOOK_AHEAD, multi_line, sanitise_external

LONGEST_TEXT = 20_000
"""Code points of a note, a comment, a description; longer texts belong into a file."""

SLACK = 64
"""More than is kept, so that a number at the end is seen whole."""

_CUT_NUMBER = re.compile(r"(?:[0-9][^\w\n]{0,3}){5,}\Z")
_LONGEST_NUMBER = 80
_GOES_ON = re.compile(r"[^\w\n]{0,3}[0-9]")


def kept_line(text: str, limit: int = EXTERNAL_TEXT_LIMIT) -> str:
    """One line: a name, a subject, a number.

    Args:
        text: As typed or read.
        limit: Code points that are kept.
    """
    return _kept(sanitise_external(text, limit + SLACK), text, limit)[0]


def kept_text(text: str, limit: int = LONGEST_TEXT) -> str:
    """Several lines.

    Args:
        text: As typed or read.
        limit: Code points that are kept.
    """
    return counted_text(text, limit)[0]


def counted_text(text: str, limit: int = LONGEST_TEXT) -> tuple[str, int]:
    """The same, and how many card numbers were in it."""
    return _kept(multi_line(text, limit + SLACK), text, limit)


def _kept(safe: str, text: str, limit: int) -> tuple[str, int]:
    was_cut = len(safe) >= limit + SLACK or len(text) > LOOK_AHEAD * (limit + SLACK)
    return masked_and_cut(safe, limit, was_cut=was_cut)


def masked_and_cut(safe: str, limit: int, *, was_cut: bool = False) -> tuple[str, int]:
    """What is kept of a text that is safe already, and how many card numbers were in it.

    Args:
        safe: By `sanitise_external`, with `SLACK` more than is kept.
        limit: Code points that are kept.
        was_cut: It went on.
    """
    masked, count = mask_card_numbers(safe)
    if not was_cut and len(masked) <= limit:
        return masked, count
    return cut(masked, limit, was_cut=was_cut).strip(), count


def cut(text: str, limit: int, *, was_cut: bool = False) -> str:
    """The beginning of a text, without a number that the cut goes through.

    Args:
        text: Masked.
        limit: Code points that are kept.
        was_cut: It went on, so that a number at its very end may be a part of one.
    """
    kept = text[:limit]
    is_through = was_cut if len(text) <= limit else bool(_GOES_ON.match(text, limit))
    number = _CUT_NUMBER.search(kept, max(0, len(kept) - _LONGEST_NUMBER)) if is_through else None
    return kept[: number.start()] if number else kept
