"""How easily a passphrase is guessed, as a hint while one types. Pure.

A rough count of what an attacker must try, on the careful side: repeated and neighbouring
characters count once, and a single word is a word however long it is. Argon2id makes each
try cost a tenth of a second, which is why 40 bits already last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

MIN_LENGTH: Final = 8
"""The store refuses shorter ones (`crmdesk.store.keys.MIN_PASSPHRASE`)."""

_WORD_BITS = 11.0
_WEAK, _FAIR, _GOOD = 30.0, 42.0, 60.0
_CLASSES = ((str.islower, 26), (str.isupper, 26), (str.isdigit, 10))
_OTHERS = 32


@dataclass(frozen=True, slots=True)
class Strength:
    """What to say about a passphrase.

    Attributes:
        share: 0 to 1, for a bar.
        is_enough: It will be taken.
    """

    word: str
    tone: str
    share: float
    is_enough: bool


def strength(passphrase: str) -> Strength:
    """Judges a passphrase."""
    if not passphrase:
        return Strength("", "muted", 0.0, is_enough=False)
    if len(passphrase) < MIN_LENGTH:
        missing = MIN_LENGTH - len(passphrase)
        return Strength(f"Too short: {missing} more", "bad", 0.1, is_enough=False)
    bits = guess_bits(passphrase)
    share = min(1.0, bits / _GOOD)
    if bits < _WEAK:
        return Strength("Easy to guess. Four words are better", "bad", share, is_enough=True)
    if bits < _FAIR:
        return Strength("Fair. One more word makes it strong", "warn", share, is_enough=True)
    return Strength("Strong", "good", share, is_enough=True)


def guess_bits(passphrase: str) -> float:
    """Bits an attacker has to guess, roughly and rather too few."""
    return min(_letter_bits(passphrase), _word_bits(passphrase))


def _letter_bits(text: str) -> float:
    alphabet = sum(size for belongs, size in _CLASSES if any(map(belongs, text)))
    if any(not char.isalnum() for char in text):
        alphabet += _OTHERS
    surprising = 1 + sum(abs(ord(now) - ord(before)) > 1 for before, now in pairwise(text))
    distinct = min(surprising, 2 * len(set(text)))
    return distinct * math.log2(max(alphabet, 2))


def _word_bits(text: str) -> float:
    """A plain word is in a list; what is no letter counts by itself."""
    words = "".join(char if char.isalpha() else " " for char in text).split()
    others = sum(not char.isalpha() and not char.isspace() for char in text)
    word_bits = sum(min(_WORD_BITS, 4.7 * len(word)) for word in set(map(str.lower, words)))
    capitals = sum(any(c.isupper() for c in word[1:]) for word in words)
    return word_bits + 3.3 * others + 2.0 * capitals
