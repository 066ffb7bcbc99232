"""Time spans and money as words. Pure."""

from __future__ import annotations

from datetime import timedelta

from crmdesk.domain.money import money_words

_STEPS = (
    (timedelta(days=365), "year"),
    (timedelta(days=30), "month"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)
_ROUND_UP_BELOW = 2
"""One month and 20 days are 50 days: the next smaller unit says more than "1 month"."""


def span(length: timedelta) -> str:
    """A length as one number and a unit, e.g. "3 hours"; below a minute "a moment"."""
    for unit, name in _STEPS:
        count = int(length / unit)
        if count >= _ROUND_UP_BELOW or (count == 1 and unit <= timedelta(days=1)):
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "a moment"


def money(cents: int, currency: str) -> str:
    """An amount, e.g. "1,234.50 EUR"; no decimals where the currency has none."""
    return money_words(cents, currency)
