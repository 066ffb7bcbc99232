"""What is stored of a number beside its E.164 form, so that nothing is parsed when it rings."""

from __future__ import annotations

from crmdesk.matching.numbers import LineRules, normalise, unread_digits

_ANY_LINE = LineRules()


def number_columns(e164: str | None, raw: str) -> dict[str, str | None]:
    """E.164, national number, region and reversed digits of a number.

    `national` is what the ladder asks for where E.164 numbers differ or one is missing. It is
    made by the function that makes it of a caller's number: without leading zeros, and ""
    where too few digits are left to say whose number it is.
    """
    if e164 is None:
        national = unread_digits(raw)
        return _columns(None, national, "", _digits(national or raw))
    number = normalise(e164, _ANY_LINE)
    return _columns(e164, number.national, number.region, _digits(e164))


def _digits(text: str) -> str:
    """The digits of any script, as ASCII."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _columns(e164: str | None, national: str, region: str, digits: str) -> dict[str, str | None]:
    return {"e164": e164, "national": national, "region": region, "rev_digits": digits[::-1]}
