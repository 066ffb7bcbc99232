"""Card numbers in free text, masked before anything is saved.

PCI DSS 3.4.1: of a card number at most the last four digits are kept; 3.3.1.2: a card code never.
A number counts as a card's if its beginning belongs to a card scheme, its length and its groups
are those of that scheme, its check digit is right (Luhn, ISO/IEC 7812-1), and nothing around it
says that it is a phone number, an IBAN or an order. Of random digits one in ten has the right check
digit: it alone would mask every tenth order number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212._·\u00ad\u200b\u2060>|]{1,6}")
"""Between groups: blanks, hyphens, dots, a line end with what a mail puts before the next line."""

_GROUP = re.compile(r"\d+")
_FEWEST, _MOST = 13, 19
_FIRST = "234569"
"""What numbers of the schemes below begin with."""

_FEWEST_CHARS = 13

_CARD_WORDS = re.compile(
    r"kart|card|visa|master|maestro|amex|american express|diners|discover|jcb|unionpay|"
    r"carte|carta|tarjeta|cart[ãa]o|\bcc\b|\bpan\b",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(
    r"(?:tel|fon|phone|mobil|handy|fax|ruf|iban|konto|account|order|bestell|auftrag|rechnung|"
    r"invoice|ticket|sendung|tracking|paket|parcel|kunden|customer|vorgang|referen[zc]|\bref\b|"
    r"\bean\b|\bgtin\b|isbn|imei|iccid|\bsn\b|serial|seriennr|transa[ck]|\bid\b|\buid\b|"
    r"commande|pedido|ordine|#|\b[a-z]{1,5}[-/])[\w .:°#/-]{0,16}$",
    re.IGNORECASE,
)
_GROUPED_OTHER_WORDS = re.compile(
    r"(?:iban|konto|tel|fon|phone|fax)[\w .:°/-]{0,16}$", re.IGNORECASE
)
"""What outweighs even the groups that a card prints."""

_LOOK_BACK = 40

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])([A-Z]{2})[\s\-]?\d{2}(?:[\s\-]?[A-Z0-9]){11,30}(?![A-Za-z0-9])"
)
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20,
    "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "KW": 30,
    "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
    "UA": 29, "XK": 20,
}  # fmt: skip

_CODE = re.compile(
    r"\b(cvv2?|cvc2?|csc|card (?:security|verification) code|security code|sicherheitscode|"
    r"pr[üu]fziffer|kartenpr[üu]fnummer|kartenpr[üu]fziffer|pr[üu]fnummer|code de s[ée]curit[ée])"
    r"(\W{0,4}(?:is|ist|lautet|code|nr|no|number|nummer)?\W{0,4})(\d{3,4})(?!\w)",
    re.IGNORECASE,
)
_CARD_ID = re.compile(r"\b(cid)(\W{0,4})(\d{3,4})(?!\w)", re.IGNORECASE)
"""American Express's word for the code; also a customer's id, so only beside a card number."""


@dataclass(frozen=True, slots=True)
class _Scheme:
    """Numbers of one card scheme.

    Attributes:
        beginnings: First and last beginning, of equal length.
        groups: How its cards print them; ungrouped they count only where `solid` says so.
        solid: Lengths that count without groups.
    """

    beginnings: tuple[tuple[str, str], ...]
    groups: frozenset[tuple[int, ...]]
    solid: frozenset[int]

    def begins(self, digits: str) -> bool:
        return any(low <= digits[: len(low)] <= high for low, high in self.beginnings)


_BY_FOUR = (4, 4, 4, 4)
_SCHEMES = (
    # Visa of 13 digits is a phone number of Germany or a bar code unless it is grouped.
    _Scheme((("4", "4"),), frozenset({_BY_FOUR, (4, 3, 3, 3), (4, 4, 4, 4, 3)}), frozenset({16})),
    _Scheme((("51", "55"), ("2221", "2720")), frozenset({_BY_FOUR}), frozenset({16})),
    _Scheme((("34", "34"), ("37", "37")), frozenset({(4, 6, 5)}), frozenset({15})),
    _Scheme(
        (("300", "305"), ("3095", "3095"), ("36", "36"), ("38", "39")),
        frozenset({(4, 6, 4), _BY_FOUR}),
        frozenset({14}),
    ),
    _Scheme(
        (("6011", "6011"), ("644", "649"), ("65", "65")),
        frozenset({_BY_FOUR, (4, 4, 4, 4, 3)}),
        frozenset({16}),
    ),
    _Scheme((("3528", "3589"),), frozenset({_BY_FOUR}), frozenset({16})),
    _Scheme((("62", "62"),), frozenset({_BY_FOUR, (6, 13), (4, 4, 4, 4, 3)}), frozenset({16})),
    _Scheme(
        (("5018", "5018"), ("5020", "5020"), ("5038", "5038"), ("5893", "5893"),
         ("6304", "6304"), ("6759", "6759"), ("6761", "6763"), ("2200", "2204"), ("9792", "9792")),
        frozenset({_BY_FOUR, (4, 4, 4, 4, 3), (4, 4, 5), (8, 5)}),
        frozenset({16}),
    ),
)  # fmt: skip


def mask_card_numbers(text: str) -> tuple[str, int]:
    """Replaces card numbers by "•••• 1111" and card codes by "•••".

    Digits may be of any script, grouped by blanks, hyphens or dots, and split over two lines.

    Returns:
        The text, and how many were replaced.
    """
    if len(text) < 7 or not _has_digits(text):
        return text, 0
    masked, cards = _mask_numbers(text) if len(text) >= _FEWEST_CHARS else (text, 0)
    masked, codes = _CODE.subn(r"\1\2•••", masked)
    if cards:
        masked, more = _CARD_ID.subn(r"\1\2•••", masked)
        codes += more
    return masked, cards + codes


_DIGITS = re.compile(r"\d{3}|\d\D{1,3}\d\D{1,3}\d")


def _has_digits(text: str) -> bool:
    return _DIGITS.search(text) is not None


def _mask_numbers(text: str) -> tuple[str, int]:
    kept = [match.span() for match in _IBAN.finditer(text) if _is_iban(match)]
    parts: list[str] = []
    at = count = 0
    for groups in _runs(text, kept):
        for start, end, digits in _cards_in(text, groups):
            parts += [text[at:start], f"•••• {digits[-4:]}"]
            at, count = end, count + 1
    return "".join([*parts, text[at:]]), count


def _is_iban(match: re.Match[str]) -> bool:
    length = _IBAN_LENGTHS.get(match[1])
    return length is not None and length <= sum(char.isalnum() for char in match[0]) <= length + 4


def _runs(text: str, kept: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Groups of digits with nothing but separators between them.

    Args:
        text: Free text.
        kept: Stretches that are IBANs.
    """
    run: list[tuple[int, int]] = []
    for match in _GROUP.finditer(text):
        start, end = match.span()
        if run and not _SEPARATORS.fullmatch(text, run[-1][1], start):
            yield run
            run = []
        is_apart = not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]))
        if is_apart and not any(first < end and start < last for first, last in kept):
            run.append((start, end))
    yield run


def _is_word(char: str) -> bool:
    """Whether a character beside digits makes them something else: "x4111", "+49"."""
    return char == "+" or char.isalpha()


def _cards_in(text: str, groups: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Start, end and digits of each card number in a run of digit groups.

    What follows a number (a date, a code) or goes before it may belong to the same run, so every
    stretch of whole groups is tried; the longest first.
    """
    digits = [_ascii(text[start:end]) for start, end in groups]
    found: list[tuple[int, int, str]] = []
    first = 0
    while first < len(groups):
        last = _last_group(text, groups, digits, first) if digits[first][0] in _FIRST else None
        if last is None:
            first += 1
            continue
        number = "".join(digits[first : last + 1])
        found.append((groups[first][0], groups[last][1], number))
        first = last + 1
    return found


def _ascii(group: str) -> str:
    """Digits of any script: full-width and Arabic ones count too."""
    return group if group.isascii() else "".join(str(int(char)) for char in group)


def _last_group(
    text: str, groups: list[tuple[int, int]], digits: list[str], first: int
) -> int | None:
    """The last group of a card number that begins with this one."""
    for last in range(min(len(groups), first + _MOST) - 1, first - 1, -1):
        chosen = digits[first : last + 1]
        number = "".join(chosen)
        if not _FEWEST <= len(number) <= _MOST:
            continue
        shape = tuple(map(len, chosen))
        if not _is_card(number, shape, is_all=len(chosen) == len(groups)):
            continue
        if not _is_said_other(text, groups[first][0], len(shape)):
            return last
    return None


def _is_card(digits: str, shape: tuple[int, ...], *, is_all: bool) -> bool:
    """Whether groups of digits are a card number; `is_all` where nothing else is in the run."""
    return _luhn(digits) and any(
        scheme.begins(digits) and _fits(scheme, digits, shape, is_all=is_all) for scheme in _SCHEMES
    )


def _fits(scheme: _Scheme, digits: str, shape: tuple[int, ...], *, is_all: bool) -> bool:
    """In one piece, in the groups of the card, or, with nothing else beside it, in odd ones."""
    if shape in scheme.groups:
        return True
    if len(digits) not in scheme.solid:
        return False
    return len(shape) == 1 or (is_all and (len(digits) == 16 or set(shape) == {1}))


def _luhn(digits: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_said_other(text: str, start: int, groups: int) -> bool:
    """Whether the words before say phone, IBAN, order; a word for cards outweighs them."""
    before = text[max(0, start - _LOOK_BACK) : start]
    line = before.rpartition("\n")[2] if before.strip() else ""
    if _CARD_WORDS.search(line):
        return False
    words = _OTHER_WORDS if groups == 1 else _GROUPED_OTHER_WORDS
    return words.search(line) is not None
