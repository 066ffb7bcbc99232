"""What a text looks like to somebody who searches it for digits. Pure."""

from __future__ import annotations

import re
import unicodedata

NO_WIDTH = "\u200b"
"""Stands for everything that is not seen: it neither parts digits nor is one."""

_MARKUP = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|shy|zwn?j|ndash|mdash|middot|bull|#\d{1,5}|#x[0-9a-f]{1,4});"
    r"|</?[a-z][^<>\d]{0,40}>",
    re.IGNORECASE,
)
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn"})
_DASHES = frozenset({"Pd"})


class _Seen(dict[int, str]):
    """What each character is seen as, one for one; learned as texts come."""

    def __missing__(self, point: int) -> str:
        seen = self[point] = _seen_as(chr(point))
        return seen


_SEEN = _Seen()


def image_of(text: str) -> str:
    """A text of the same length, to be searched: places in it are places in the text."""
    seen = text if text.isascii() and text.isprintable() else text.translate(_SEEN)
    if "<" in seen or "&" in seen:
        seen = _MARKUP.sub(_blanks, seen)
    return seen


def _seen_as(char: str) -> str:
    digit = unicodedata.digit(char, None)  # superscripts and circled digits have one too
    if digit is not None:
        return str(digit)
    if char.isspace():
        return "\n" if char.splitlines() == [""] else " "
    category = unicodedata.category(char)
    if category in _UNSEEN:
        return NO_WIDTH
    if category in _DASHES or char == "\u2212":
        return "-"
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def _blanks(markup: re.Match[str]) -> str:
    return " " * len(markup[0])
