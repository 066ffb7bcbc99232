"""Callers nobody wants a card for: exact numbers, beginnings and patterns.

Patterns are read here, letter by letter: no regular expression is ever built from what a
user typed, so no text can take longer than its own length times that of a number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.matches import NormalisedNumber
from crmdesk.matching.display import format_number

MOST_CHARS = 32
"""Longest text of an entry; an E.164 number has at most 15 digits."""

FEWEST_DIGITS = 3
"""Digits an entry has to name, so that it does not hide a whole country."""

_E164_DIGITS = range(4, 16)
_SEPARATORS = frozenset(" \t-/().\u00a0")
_ANY_RUN, _ANY_DIGIT = "*", "?"
_NAMES = {
    IgnoreKind.EXACT: "number",
    IgnoreKind.PREFIX: "beginning",
    IgnoreKind.PATTERN: "pattern",
}
_EXAMPLES = {
    IgnoreKind.EXACT: "Write the whole number with + and country code, like +49 30 23125 101.",
    IgnoreKind.PREFIX: "Write + and the first digits, like +49 30 23125.",
    IgnoreKind.PATTERN: (
        "Write + and digits; ? stands for one digit and * for any number of them, like "
        "+49 30 23125 1??."
    ),
}


class IgnoreRuleError(UserFacingError):
    """An entry of the ignore list that cannot be used."""


def ignore_text(kind: IgnoreKind, typed: str) -> str:
    """The text of an entry as it is kept: "+", plain digits and, in patterns, "?" and "*".

    Digits of any script are read, separators are taken off, "00" before a number is its "+".

    Raises:
        IgnoreRuleError: It is no such entry, or would hide too many callers.
    """
    text = _plain(typed, kind)
    body = text.removeprefix("+")
    wild = _ANY_RUN + _ANY_DIGIT
    if not text or not body.strip("0123456789" + (wild if kind is IgnoreKind.PATTERN else "")):
        _check_shape(kind, text, body, typed)
        return text
    if kind is not IgnoreKind.PATTERN and not body.strip("0123456789" + wild):
        raise _error(kind, typed, "? and * can only stand in a pattern.")
    raise _error(kind, typed, "Only digits and one + before them can stand in it.")


def _plain(typed: str, kind: IgnoreKind) -> str:
    if len(typed) > 4 * MOST_CHARS:
        raise _error(kind, typed, f"It is longer than {MOST_CHARS} signs.")
    folded = (_folded(char) for char in typed)
    text = "".join(char for char in folded if char not in _SEPARATORS)
    if len(text) > MOST_CHARS:
        raise _error(kind, typed, f"It is longer than {MOST_CHARS} signs.")
    if text.startswith("00"):
        text = "+" + text[2:]
    while "**" in text:
        text = text.replace("**", "*")
    return text


def _folded(char: str) -> str:
    """A digit of any script, or a sign of full width, in ASCII; marks of direction are nothing."""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in {"Cf", "Zs"}:
        return ""
    return "-" if category == "Pd" else unicodedata.normalize("NFKC", char)


def _check_shape(kind: IgnoreKind, text: str, body: str, typed: str) -> None:
    named = sum(char.isdigit() for char in body)
    if not text.startswith("+") and not (kind is IgnoreKind.PATTERN and text[:1] == _ANY_RUN):
        raise _error(kind, typed, "The + with the country code is missing.")
    if named < FEWEST_DIGITS:
        raise _error(
            kind,
            typed,
            f"It names only {named} digits and would keep back the cards of a whole country.",
        )
    if kind is IgnoreKind.EXACT and named not in _E164_DIGITS:
        raise _error(kind, typed, "That is no whole number.")
    if named > _E164_DIGITS[-1]:
        raise _error(kind, typed, "No number is that long.")


def _error(kind: IgnoreKind, typed: str, meaning: str) -> IgnoreRuleError:
    shown = "".join(char for char in typed[:MOST_CHARS] if char.isprintable())
    more = "…" if len(typed) > MOST_CHARS else ""
    return IgnoreRuleError(
        f"“{shown}{more}” is no {_NAMES[kind]} for the ignore list.", meaning, _EXAMPLES[kind]
    )


def fits(pattern: str, number: str) -> bool:
    """Whether a whole number is of a pattern.

    The parts between "*" are looked for from left to right, each at its first place: where
    that fails no other place helps, so nothing is ever tried again.
    """
    first, *rest = pattern.split(_ANY_RUN)
    if not rest:
        return len(first) == len(number) and _stands_at(first, number, 0)
    *middle, last = rest
    end = len(number) - len(last)
    if end < len(first) or not _stands_at(first, number, 0) or not _stands_at(last, number, end):
        return False
    at = len(first)
    for part in middle:
        places = range(at, end - len(part) + 1)
        place = next((each for each in places if _stands_at(part, number, each)), None)
        if place is None:
            return False
        at = place + len(part)
    return True


def _stands_at(part: str, number: str, at: int) -> bool:
    return len(number) >= at + len(part) and all(
        sign == number[at + place] or (sign == _ANY_DIGIT and number[at + place].isdigit())
        for place, sign in enumerate(part)
    )


@dataclass(frozen=True, slots=True)
class IgnoreList:
    """The entries, made ready: thousands of them are asked in a few steps.

    Numbers and beginnings are found by their text, patterns by what stands before their
    first "?" or "*".
    """

    _exact: dict[str, IgnoreRule] = field(default_factory=dict)
    _beginnings: dict[str, IgnoreRule] = field(default_factory=dict)
    _patterns: dict[str, list[tuple[str, IgnoreRule]]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[IgnoreRule]) -> IgnoreList:
        """Entries that cannot be used, such as another version's, keep nobody back."""
        made = cls()
        for rule in rules:
            try:
                text = ignore_text(rule.kind, rule.text)
            except IgnoreRuleError:
                continue
            made._add(text, rule)
        return made

    def _add(self, text: str, rule: IgnoreRule) -> None:
        if rule.kind is IgnoreKind.EXACT:
            self._exact.setdefault(text, rule)
        elif rule.kind is IgnoreKind.PREFIX:
            self._beginnings.setdefault(text, rule)
        else:
            self._patterns.setdefault(_head(text), []).append((text, rule))

    def find(self, number: NormalisedNumber | str) -> IgnoreRule | None:
        """The entry that keeps this caller's card back, None where there is none.

        The number itself first, then the longest beginning, then the pattern that names the
        most digits at its beginning. Withheld, internal and unread numbers are never ignored.

        Args:
            number: From `numbers.normalise`, or E.164 with "+".
        """
        e164 = number if isinstance(number, str) else number.e164
        if not e164 or len(e164) > MOST_CHARS:
            return None
        starts = [e164[:size] for size in range(len(e164), -1, -1)]
        beginning = (self._beginnings[start] for start in starts if start in self._beginnings)
        return self._exact.get(e164) or next(beginning, None) or self._by_pattern(e164, starts)

    def _by_pattern(self, e164: str, starts: list[str]) -> IgnoreRule | None:
        for start in starts:
            for pattern, rule in self._patterns.get(start, ()):
                if fits(pattern, e164):
                    return rule
        return None


def _head(pattern: str) -> str:
    wild = (pattern.find(sign) for sign in (_ANY_RUN, _ANY_DIGIT))
    return pattern[: min((at for at in wild if at >= 0), default=len(pattern))]


_ready = lru_cache(4)(IgnoreList.of)


def is_ignored(number: NormalisedNumber | str, rules: tuple[IgnoreRule, ...]) -> IgnoreRule | None:
    """The same for entries that are read anew with each call; made ready once."""
    return _ready(rules).find(number)


def ignore_words(rule: IgnoreRule) -> str:
    """What an entry keeps back, e.g. "numbers that begin with +49 30 23125"."""
    if rule.kind is IgnoreKind.EXACT:
        return format_number(rule.text)
    if rule.kind is IgnoreKind.PREFIX:
        return f"numbers that begin with {rule.text}"
    return f"numbers like {rule.text}"
