"""Text as it is compared: no case, no accents, so that "muller" finds Müller."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crmdesk.domain.text import with_few_marks

# How German and Scandinavian names are typed without their keys: "mueller" finds Müller too.
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_WITHOUT_DECOMPOSITION = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})

# All that combine of their block (U+034F does not): what most names are made plain by.
_LATIN_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")

LAST_CHARACTER = "\U0010ffff"
"""Sorts behind every other: `key >= prefix AND key < prefix + LAST_CHARACTER` is a prefix."""


def fold(text: str) -> str:
    """Small letters without accents, single spaces: "  Zoë GROẞ" becomes "zoe gross"."""
    if text.isascii():
        return " ".join(text.lower().split())
    return _fold_again(text) if len(text) <= _CACHED_CHARS else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", with_few_marks(text).casefold())
    plain = _LATIN_MARKS.sub("", decomposed)
    if plain.isascii():
        return " ".join(plain.split())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(plain.translate(_WITHOUT_DECOMPOSITION).split())


_fold_again = lru_cache(maxsize=512)(_fold)  # a name is asked for many times in a row
_CACHED_CHARS = 256


def spellings(text: str) -> tuple[str, ...]:
    """The folded text, and the one with umlauts spelled out where that differs."""
    plain = fold(text)
    if text.isascii():
        return (plain,)
    spelled = fold(
        unicodedata.normalize("NFC", with_few_marks(text)).casefold().translate(_SPELLED_OUT)
    )
    return (plain,) if spelled == plain else (plain, spelled)


def sort_key(name: str, *, is_person: bool) -> str:
    """What a list is sorted by: family name first for people."""
    words = fold(name).split(" ")
    return " ".join(words[-1:] + words[:-1] if is_person else words)
