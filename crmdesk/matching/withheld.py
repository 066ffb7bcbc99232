"""The words with which phone systems say that a caller withheld the number.

They are looked for before a number is normalised: Twilio sends ANONYMOUS as keypad digits
("+266696687"), and "+266" is Lesotho, so every withheld caller would be one customer.
Source of the list: research/telephony.md, section 0 (vendor pages and sources there).
"""

from __future__ import annotations

import re

from crmdesk.matching.addresses import Address, parse_address

_WORDS = frozenset(
    {
        "a", "anonym", "anonymous", "anonymouscaller", "blocked", "callerunknown", "nocallerid",
        "nonumber", "none", "notavailable", "null", "numberunavailable", "numberwithheld", "o",
        "outofarea", "p", "privacy", "private", "privatecaller", "privatenumber", "restricted",
        "unavailable", "unbekannt", "unknown", "unknowncaller", "unknownnumber", "unterdrückt",
        "withheld", "withheldnumber",
    }
)  # fmt: skip

KEYPAD_SPELLINGS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on a keypad, as Twilio sends them."""

_HOST = "anonymous.invalid"  # RFC 3323, 4.1.1.3
_BETWEEN = re.compile(r"[\s\-_.<>()\[\]\"'/]+")
_MAX_CHARS = 512


def is_withheld_word(raw: str) -> bool:
    """Whether a text stands for "the caller withheld the number".

    Words in any case and spacing, no text at all, numbers of zeros only, keypad spellings,
    and SIP addresses whose user is such a word or whose host is `anonymous.invalid`.
    """
    if len(raw) > _MAX_CHARS:
        return False
    return is_withheld_text(raw) or is_withheld_address(parse_address(raw))


def is_withheld_plain(number: str) -> bool:
    """The same for text that is only digits with or without "+": zeros, keypad spellings."""
    return not number.strip("+0") or number in KEYPAD_SPELLINGS


def is_withheld_address(address: Address | None) -> bool:
    """The same for an address that is already taken apart."""
    if address is None:
        return False
    host = address.host.lower()
    return host == _HOST or host.endswith("." + _HOST) or is_withheld_text(address.user)


def is_withheld_text(text: str) -> bool:
    """The same without looking at the text as an address."""
    bare = _BETWEEN.sub("", text).casefold()
    return bare in _WORDS or is_withheld_plain(bare)
