"""What is stored of a number beside its E.164 form, so that nothing is parsed when it rings."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

_CACHE = 4096


@lru_cache(_CACHE)
def number_columns(e164: str | None, raw: str) -> dict[str, str | None]:
    """E.164, national number, region and reversed digits of a number.

    What is no phone number keeps the digits of its raw form.
    """
    national, region = _national(e164) if e164 else ("", "")
    digits = "".join(filter(str.isdigit, e164 or raw))
    return {"e164": e164, "national": national, "region": region, "rev_digits": digits[::-1]}


def _national(e164: str) -> tuple[str, str]:
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return "", ""
    region = phonenumbers.region_code_for_number(number)
    return phonenumbers.national_significant_number(number), region or ""
