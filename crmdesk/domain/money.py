"""Amounts of money as people and programs write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "zł": "PLN", "kč": "CZK", "₺": "TRY"}
_WITHOUT_CENTS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
"""ISO 4217, exponent 0. They too are kept in hundredths: the exponent is a matter of showing."""

_CODE = re.compile(r"\b[A-Z]{3}\b")
_MARKS = "|".join(map(re.escape, (*_SYMBOLS, *sorted({*_SYMBOLS.values(), "CHF"}))))
_DASHES = "-\u2012\u2013\u2212"
"""Hyphen, figure dash, en dash and minus: what keyboards and text programs make of a minus."""

_DASH = f"[{_DASHES}]"

_MINUS = re.compile(
    rf"(?:(?:\A{_DASH} ?|(?<=[ (]){_DASH})(?:(?:{_MARKS}) ?)?|(?:{_MARKS}){_DASH})(?=[\d.,])",
    re.IGNORECASE,
)
"""Directly before the figures or their currency; a dash between words is none."""

_MINUS_BEHIND = re.compile(rf"(?<![.,]){_DASH}\Z")
"""At the very end, as bookkeeping writes it: "100-". In "12,-" it stands for no cents."""

_REFERENCE = re.compile(rf"[^\W\d_]{_DASH}(?=\d)")
"""A hyphen between a word and figures: "Rechnung-12", "INV-12"."""

_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<group>[.,'\u2019 ])\d{3}(?:(?P=group)\d{3})*)"
    r"(?:(?!(?P=group))[.,](?P<part>\d*))?"
)
_LAKHS = re.compile(r"(?P<whole>[1-9]\d?(?:,\d{2})+,\d{3})(?:\.(?P<part>\d*))?")
"""As India writes it: "12,34,567.00"."""

_UNGROUPED = re.compile(r"(?P<whole>\d*)(?:[.,](?P<part>\d*))?")
_FIGURES = re.compile(r"(?:(?<!\w)[.,])?\d[\d.,'\u2019 ]*")
_MOST = Decimal(10**13)
_LONGEST = 40


def read_money(text: str) -> tuple[int, str] | None:
    """Cents and the currency beside them, "" where none is named.

    The last separator is the decimal one unless three figures follow it and no other kind of
    separator is there: "1.234" is a thousand and more, "1.234,5", "12,50" and "0.125" are not.
    Separators of thousands are all of one kind, with three figures behind each and at most three
    before the first: "1234.567" is less than two thousand.
    A minus stands directly before the figures or their currency, or at the very end.

    Returns:
        None where it is no amount, or could be several: "1,5,5", "12.34.56".
    """
    plain = " ".join(text.split())[:_LONGEST]
    figures = _FIGURES.findall(plain)
    if len(figures) != 1:
        return None
    amount = _decimal(figures[0].rstrip(" .,'"))
    if amount is None or amount > _MOST:
        return None
    has_minus = _MINUS.search(plain) is not None
    if not has_minus and _REFERENCE.search(plain):
        return None
    is_behind = _MINUS_BEHIND.search(plain) is not None
    is_negative = has_minus or is_behind or (plain[0] == "(" and plain[-1] == ")")
    cents = int((amount * 100).quantize(Decimal(1), ROUND_HALF_EVEN))
    return (-cents if is_negative else cents), _currency(plain)


def money_words(cents: int, currency: str) -> str:
    """An amount, e.g. "1,240.50 EUR" or "20,584 JPY"; hundredths that are there are shown."""
    return f"{figure_words(cents, currency)} {currency}"


def figure_words(cents: int, currency: str) -> str:
    """The same without the currency, where that stands elsewhere."""
    places = 0 if currency in _WITHOUT_CENTS and cents % 100 == 0 else 2
    return f"{Decimal(cents) / 100:,.{places}f}"


def read_figure(text: str) -> Decimal | None:
    """A bare number with the separators of `read_money`, not rounded; None where it is none."""
    plain = text.strip()[:_LONGEST]
    sign, figures = plain[:1], plain.lstrip(f"+{_DASHES}")
    if not figures or not _FIGURES.fullmatch(figures) or len(plain) - len(figures) > 1:
        return None
    amount = _decimal(figures)
    return amount.copy_negate() if amount is not None and sign in _DASHES else amount


def _currency(text: str) -> str:
    code = _CODE.search(text)
    if code:
        return code[0]
    return next((name for symbol, name in _SYMBOLS.items() if symbol in text.lower()), "")


def _decimal(figures: str) -> Decimal | None:
    forms = (form.fullmatch(figures) for form in (_GROUPED, _LAKHS, _UNGROUPED))
    found = next(filter(None, forms), None)
    if found is None:
        return None
    whole = re.sub(r"\D", "", found["whole"])
    part = found["part"]
    return Decimal(f"{whole or '0'}.{part}" if part else whole or "0")


def read_currency(text: str) -> str:
    """The ISO 4217 code that a code or a symbol means, "" where it is neither."""
    plain = text.strip()
    if len(plain) == 3 and plain.isascii() and plain.isalpha():
        return plain.upper()
    return _SYMBOLS.get(plain.lower(), "")
