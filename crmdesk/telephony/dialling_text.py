"""From a number as people and web pages write it to one that can be dialled."""

from __future__ import annotations

import re

from crmdesk.telephony.trouble import DialError

DIALLABLE = re.compile(r"\+?[0-9*#]{2,20}")
"""What may be dialled; "&", "/", "@" and "," would mean something else to Asterisk."""

# RFC 3966 calls "-", ".", "(" and ")" visual separators; the rest is what people type.
_SEPARATORS = re.compile(r"[ \u00a0\u2007\u2009\u202f().\-\u2010-\u2013/]")
_TRUNK_ZERO = re.compile(r"(?<=[0-9 ])\(0\)")
_SHOWN = 40


def dialable(text: str) -> str:
    """The number without its visual separators: "+", digits, "*" and "#".

    The "(0)" of "+49 (0)30 ..." is for callers inside the country, and goes too.

    Raises:
        DialError: What is left is no number; letters are not guessed at.
    """
    plain = _TRUNK_ZERO.sub("", text) if text.startswith("+") else text
    number = _SEPARATORS.sub("", plain)
    if DIALLABLE.fullmatch(number):
        return number
    shown = "".join(char if char.isprintable() else "?" for char in text[:_SHOWN])
    raise DialError(
        f"{shown!r} is no number that can be dialled.",
        "Nothing was dialled.",
        "A number has 2 to 20 digits; it may begin with + and hold * and #.",
    )
