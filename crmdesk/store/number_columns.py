"""What is stored of a number beside its E.164 form, so that nothing is parsed when it rings."""

from __future__ import annotations

from crmdesk.matching.numbers import LineRules, normalise

_ANY_LINE = LineRules()


def number_columns(e164: str | None, raw: str) -> dict[str, str | None]:
    """E.164, national number, region and reversed digits of a number.

    What could not be read keeps the digits of its raw form, without trunk zeros, as its
    national number: the ladder may still find it there.
    """
    digits = "".join(filter(str.isdecimal, e164 or raw))
    if e164 is None:
        return _columns(None, digits.lstrip("0"), "", digits)
    number = normalise(e164, _ANY_LINE)
    return _columns(e164, number.national, number.region, digits)


def _columns(e164: str | None, national: str, region: str, digits: str) -> dict[str, str | None]:
    return {"e164": e164, "national": national, "region": region, "rev_digits": digits[::-1]}
