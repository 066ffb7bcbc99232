"""Dates as they stand in a sentence, the same on every computer."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def on_day(day: date) -> str:
    """E.g. "3 May 2023"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def until_day(day: date) -> str:
    """E.g. "3 May 2023", or "2023" for the last day of the year."""
    return str(day.year) if (day.month, day.day) == (12, 31) else on_day(day)


def since_day(day: date) -> str:
    """E.g. "3 May 2023", or "2023" for the first day of the year."""
    return str(day.year) if (day.month, day.day) == (1, 1) else on_day(day)


def days_ago(days: int) -> str:
    """E.g. "today", "yesterday", "3 days ago"."""
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"
