"""Which alphabets a name is written in. Pure.

Letters of different alphabets look alike: "Раypal" with a Cyrillic "Р" and "а" reads as a name
one knows (threat model, row 3). Who sends such a name may have no bad intent, so it is marked
and not hidden.
"""

from __future__ import annotations

import unicodedata

_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"}
_NO_ALPHABET = {"MODIFIER", "COMBINING", "SUPERSCRIPT", "SUBSCRIPT", "IDEOGRAPHIC"}


def alphabets(text: str) -> tuple[str, ...]:
    """Alphabets of the letters of a text in order of appearance, e.g. ("Latin", "Greek")."""
    found = dict.fromkeys(_alphabet(letter) for letter in unicodedata.normalize("NFKC", text))
    return tuple(name.title() for name in found if name)


def mixed_alphabets(text: str) -> tuple[str, ...]:
    """The alphabets of a text that mixes them in an unusual way; () where it does not.

    East Asian names beside Latin ones are usual: the "highly restrictive" level of
    Unicode Technical Standard 39, section 5.2.
    """
    found = alphabets(text)
    unusual = [name for name in found if name not in {"Latin", "East Asian"}]
    return found if len(found) > 1 and unusual else ()


def mixed_words(text: str) -> str:
    """What to tell of a name that mixes alphabets, "" where it does not."""
    found = mixed_alphabets(text)
    if not found:
        return ""
    return f"The name mixes {' and '.join((', '.join(found[:-1]), found[-1]))} letters."


def _alphabet(letter: str) -> str:
    """First word of the letter's Unicode name; "" for what belongs to no alphabet."""
    if not letter.isalpha():
        return ""
    first = unicodedata.name(letter, "").split(" ")[0]
    if first in _NO_ALPHABET:
        return ""
    return "EAST ASIAN" if first in _EAST_ASIAN else first
