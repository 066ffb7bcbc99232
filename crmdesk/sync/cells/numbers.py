"""Phone numbers out of cells: several in one, with words beside them, or hurt by a spreadsheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers

from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.matches import NormalisedNumber
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.numbers import LineRules, normalise, unread_digits
from crmdesk.store.fold import fold
from crmdesk.sync.cells.words import meanings

CELL_CHARS = 1_024
"""Longest cell looked at for numbers."""

IN_A_CELL = 20
"""Most numbers that are taken out of one cell."""

_PLAIN = re.compile(r"\+?[0-9]+(?: [0-9]+){0,6}")
"""Of no more than `_PLAIN_CHARS`: no gap between two numbers, no word, nothing to be made safe."""

_PLAIN_CHARS = 40
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_SCIENTIFIC = re.compile(r"\+?\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
_FLOAT = re.compile(r"(\+?\d{6,15})[.,]0+")
_SURE_GAP = re.compile(
    r"\s*(?::::|;|\||\n|\r|\t|<br\s*/?>|&|、|，|；"
    r"|\s(?:oder|od\.|o\.|or|ou|o|und|u\.|and|y|e|et|en|of|lub|i|eller|och|og|и|или|ve|veya)\s)\s*",
    re.IGNORECASE,
)
_LIKELY_GAP = re.compile(
    r"\s*,\s*|\s+/+\s+|/(?=[+(0])|\s+[-–]+\s+(?=[+(0])|\s{2,}(?=[+(0])"
    r"|\s+(?=[^\W\d_]{1,14}\.?:?\s*\+)|\s(?=\+)"
    r"|\s+(?=[^\W\d_]{1,14}\.?\s?:\s*[+(\d])|\s+(?=[^\W\d_]{2,14}\.?\s+[+(]?0\d)"
)
_ALTERNATIVE = re.compile(
    r"(.*\d\s?-\s?|.*\d\s)(\d{1,5})\s*(?:/|,|\bu\.|\bund\b|\boder\b)\s*-?(\d{1,5})"
)
"""Two direct lines of one number: "030 23125-101/102"."""

_BETWEEN = re.compile(r"[\s,/]")
_BETWEEN_PAIR = ("/", ",", "u", "o")

_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){2,}")
_LONGEST_PAIR = 40
_LOST_ZERO = frozenset("123456789")
_FEWEST = 6
"""Digits both sides of a likely gap need: "030 / 23125 101" is one number."""

_WORD_BEFORE = re.compile(r"([^\W\d_][^\d+(]*?)\s*[:.]*\s*(?=[+(\d])")
_WORD_BEHIND = re.compile(
    r"\s*(?:[(\[]\s*([^\W\d_][^\d()\[\]]*?)\s*[)\]]|(?:[-–,]\s+|\s)([^\W\d_][^\d]*))$"
)
_EXTENSION_WORDS = frozenset({"ext", "extension", "x", "dw", "durchwahl", "app", "nst"})


@dataclass(slots=True)
class ReadNumbers:
    """What a cell held.

    Attributes:
        numbers: Each with a label, "" where neither column nor cell says one.
        readings: National number and region of each, as `NormalisedNumber` has them.
        problems: One sentence for each that could not be read.
    """

    numbers: list[PhoneNumber] = field(default_factory=list)
    readings: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_cell(cell: str, label: str, rules: LineRules, found: ReadNumbers) -> None:
    """Adds the numbers of a cell to `found`.

    Args:
        cell: As the source has it.
        label: What the column says of them, "" where nothing.
        rules: Country and area of numbers without.
        found: Where they go.
    """
    text = cell.strip()[:CELL_CHARS]
    if len(text) <= _PLAIN_CHARS and _PLAIN.fullmatch(text):
        _read_plain(text, label, rules, found)
        return
    wrapped = _FORMULA_TEXT.fullmatch(text)  # how exports keep a leading zero from spreadsheets
    for part in _parts(wrapped[1] if wrapped else text.lstrip("'=")):
        if part:
            _read_one(part, label, rules, found)


def _read_plain(text: str, label: str, rules: LineRules, found: ReadNumbers) -> None:
    """A cell that is one number as most are written: there is nothing to take apart."""
    number = _normalised(text, rules)
    if number.withheld:  # "0", "000000": whoever typed it had none
        found.problems.append(f"{text}: no phone number")
    else:
        _keep(text, label, number, found)


def _read_one(text: str, label: str, rules: LineRules, found: ReadNumbers) -> None:
    if _SCIENTIFIC.fullmatch(text):
        found.problems.append(f"{text}: a spreadsheet cut the digits of this number")
        return
    whole = _FLOAT.fullmatch(text)
    plain, said = (whole[1], "") if whole else _without_words(text)
    number = _normalised(plain, rules)
    if number.withheld or not any(map(str.isdecimal, plain)):
        found.problems.append(f"{kept_line(text, 40)}: no phone number")
        return
    _keep(sanitise_external(plain, 64), label or said, number, found)


def _keep(raw: str, label: str, number: NormalisedNumber, found: ReadNumbers) -> None:
    if number.e164 is None:
        found.problems.append(f"{raw}: kept as it is, no number of its country reads so")
        found.numbers.append(PhoneNumber(raw, None, label))
        found.readings.append((unread_digits(raw), ""))
        return
    known = label or _by_plan(number.region, number.national)
    found.numbers.append(PhoneNumber(raw, number.e164, known, number.extension))
    found.readings.append((number.national, number.region))


def _normalised(text: str, rules: LineRules) -> NormalisedNumber:
    """A number, also where a spreadsheet took its leading zero, or a hand put two "+"."""
    number = normalise(text[1:] if text.startswith("++") else text, rules)
    if number.e164 is None and not number.withheld and text[:1] in _LOST_ZERO:
        restored = normalise(f"0{text}", rules)
        return restored if restored.e164 else number
    return number


def _parts(text: str) -> list[str]:
    """The numbers of a cell; a gap that a single number may have counts between whole ones."""
    if "," in text and _THOUSANDS.fullmatch(text):
        return [text.replace(",", "")]
    sure = _SURE_GAP.split(text) if len(text) > _FEWEST else [text]
    parts: list[str] = []
    for piece in sure:
        parts.extend(_split_likely(piece.strip()))
    return parts[:IN_A_CELL]


def _split_likely(text: str) -> list[str]:
    if not _BETWEEN.search(text):
        return [text]
    is_pair = len(text) < _LONGEST_PAIR and any(mark in text for mark in _BETWEEN_PAIR)
    direct = _ALTERNATIVE.fullmatch(text) if is_pair else None
    if direct and len(direct[2]) == len(direct[3]) and _digits(direct[1]) >= _FEWEST:
        return [direct[1] + direct[2], direct[1] + direct[3]]
    pieces: list[str] = []
    start = 0
    for gap in _LIKELY_GAP.finditer(text):
        if _digits(text[start : gap.start()]) >= _FEWEST and _digits(text[gap.end() :]) >= _FEWEST:
            pieces.append(text[start : gap.start()])
            start = gap.end()
    return [*pieces, text[start:]]


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _without_words(text: str) -> tuple[str, str]:
    """The number alone, and the label that a word beside it tells ("Handy: ...", "(Büro)")."""
    if not any(map(str.isalpha, text)):
        return text, ""
    label = ""
    before = _WORD_BEFORE.match(text)
    if before:
        text, label = text[before.end() :], label_of(before[1])
    behind = _WORD_BEHIND.search(text)
    if behind and _digits(text[: behind.start()]) >= 3:
        word = behind[1] or behind[2]
        if fold(word).strip(".") not in _EXTENSION_WORDS:
            text, label = text[: behind.start()], label or label_of(word)
    return text, label


@lru_cache(maxsize=4096)
def label_of(word: str) -> str:
    """The label a word means ("Handy" is mobile), "" where none."""
    plain = fold(word).strip(" .:*()[]")
    known = meanings("label")
    if plain in known:
        return known[plain]
    parts = (known.get(part) for part in re.split(r"[\W_]+", plain) if len(part) > 2)
    return next(filter(None, parts), "")


def _by_plan(region: str, national: str) -> str:
    """Says "mobile" where the plan of its country says so, else nothing."""
    mobile, fixed = _patterns(region)
    if mobile is None or not mobile.fullmatch(national):
        return ""
    return "" if fixed is not None and fixed.fullmatch(national) else "mobile"


@lru_cache(maxsize=300)
def _patterns(region: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if plan is None:
        return None, None
    kinds = (plan.mobile, plan.fixed_line)
    texts = [kind.national_number_pattern if kind else None for kind in kinds]
    mobile, fixed = (re.compile(text) if text else None for text in texts)
    return mobile, fixed
