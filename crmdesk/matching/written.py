"""From written digits to plain ones: separators, scripts, "+", extension.

Letters are not read as the digits of a keypad ("1-800-FLOWERS"): no network delivers them,
a name or an address that happens to hold digits would become somebody's number, and a
record that holds them is shown by the number clinic, where a person reads them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MAX_CHARS = 64
"""Longest text looked at as a number (research/reliability.md, row 5)."""

_EXTENSION = re.compile(
    r"[\s(\[]*(?:(?:extension|extn?|durchwahl|dw|nebenstelle|nst|apparat|app|klappe|kl|poste"
    r"|interno|int|anexo|ramal|toestel|tst|wewn|доб|x)[\s.:#=]*|#|,{1,3})"
    r"\s*(\d{1,7})[\s)\]#]*$",
    re.IGNORECASE,
)
"""Extensions as phone systems and people write them, in the languages of the larger plans."""

_BEFORE_NUMBER = re.compile(r"\s*(?:L\d{1,3}#|[*#]3[01]#|\*(?:67|82)(?=\+?\d{7}))", re.IGNORECASE)
"""A phone system's outside line ("L0#"), a code that shows or hides the number when dialling."""

_SEPARATORS = re.compile(r"[\s\-./()~]+")
_SHAPE = re.compile(r"(\d*)(\+?)(\d+)")
_PLAIN = re.compile(r"\+?[0-9]+\Z")


class WrittenNumber(NamedTuple):
    """Plain digits and what stood around them.

    Attributes:
        digits: ASCII digits, at least one.
        plus: A "+" stood before them.
        before_plus: Digits before the "+": only a line prefix can stand there.
        extension: "" where none.
        optional_zero: Position in `digits` of a zero written as "(0)", else None.
    """

    digits: str
    plus: bool = False
    before_plus: str = ""
    extension: str = ""
    optional_zero: int | None = None
    steps: tuple[str, ...] = ()


def read_written(text: str) -> WrittenNumber | None:
    """Reads a number as people and phone systems write it.

    Decimal digits of any script count as digits; letters, symbols, a second "+" and more
    than 64 characters make it something else than a number.
    """
    if len(text) > MAX_CHARS:
        return None
    if _PLAIN.match(text):
        return WrittenNumber(text.lstrip("+"), plus=text[0] == "+")
    folded = _folded(text)
    if folded is None:
        return None
    return _read_folded(folded, () if folded == text else ("digits of another script read",))


def _read_folded(text: str, steps: tuple[str, ...]) -> WrittenNumber | None:
    if code := _BEFORE_NUMBER.match(text):
        text = text[code.end() :]
        steps += (f"{code[0].strip()} before the number removed",)
    found = _EXTENSION.search(text)
    body = text[: found.start()] if found else text
    shape = _SHAPE.fullmatch(_SEPARATORS.sub("", body).removesuffix("#"))
    if shape is None:
        return None
    before, plus, digits = shape.groups()
    if not plus:
        before, digits = "", before + digits
    if found:
        steps += (f"extension {found[1]} split off",)
    if body != before + plus + digits:
        steps += ("separators removed",)
    return WrittenNumber(
        digits, bool(plus), before, found[1] if found else "", _optional_zero(body, before), steps
    )


def _optional_zero(body: str, before: str) -> int | None:
    at = body.find("(0)")
    if at <= 0:
        return None
    return sum(char.isdigit() for char in body[:at]) - len(before)


def _folded(text: str) -> str | None:
    """Digits and punctuation of other scripts in ASCII; None where symbols are left."""
    if text.isascii():
        return text
    folded = [char for char in map(_fold, text) if char is not None]
    return "".join(folded) if len(folded) == len(text) else None


def _fold(char: str) -> str | None:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", char)
    if category.startswith("L") and len(compatible) == 1:
        return compatible  # of a word for "extension"; anywhere else it makes no number
    return compatible if compatible in {"+", "(", ")", "/", ".", "#", "~"} else None
