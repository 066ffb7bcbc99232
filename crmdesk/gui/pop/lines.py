"""A line of the card, as a value."""

from __future__ import annotations

from dataclasses import dataclass

_TONE_ICONS = {"bad": "error", "warn": "warning", "good": "check-circle", "": "right"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line with an icon.

    Attributes:
        tone: "bad", "warn", "good" or "" for the icon.
        symbol: Another icon than that of its tone.
    """

    text: str
    tone: str = ""
    symbol: str = ""

    @property
    def icon(self) -> str:
        """The icon that says what it is, or the tone without colour."""
        return self.symbol or _TONE_ICONS.get(self.tone, "right")
