"""What kind of phone a number usually is."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberType


def usual_label(e164_or_raw: str) -> str:
    """The label to suggest for a number: "mobile" where its plan says so, else "work".

    Args:
        e164_or_raw: A number with "+"; of any other text nothing is known.
    """
    try:
        number = phonenumbers.parse(e164_or_raw, None)
    except phonenumbers.NumberParseException:
        return "work"
    is_mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    return "mobile" if is_mobile else "work"
