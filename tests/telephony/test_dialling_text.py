"""Numbers to dial, as people, web pages and attackers write them."""

from __future__ import annotations

import pytest

from crmdesk.telephony.dialling_text import dialable
from crmdesk.telephony.trouble import DialError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+49-30-23125-000", "+493023125000"),
        ("(030)23125000", "03023125000"),
        ("030 / 23125.000", "03023125000"),
        ("+49 (0)30 23125 000", "+493023125000"),
        ("+49\u00a030\u202f23125\u2013000", "+493023125000"),
        ("(0)3023125000", "03023125000"),
        ("*43#", "*43#"),
        ("10", "10"),
    ],
)
def test_separators_go(text: str, number: str) -> None:
    assert dialable(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-", "1", "1" * 21, "1-800-FLOWERS", "10\n", "10\r\nAction: x", "1&DAHDI", "++49", "4+9",
     "10@x", "10,20", "\u0661\u0662\u0663", "x" * 9999],
)  # fmt: skip
def test_anything_else_is_told_in_words(text: str) -> None:
    with pytest.raises(DialError, match="no number") as caught:
        dialable(text)
    assert caught.value.remedy
    assert len(caught.value.what) < 100
    assert "\n" not in caught.value.what
