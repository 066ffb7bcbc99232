"""The errors that people read.

Every message has three parts, as LOOK.md asks: what happened, what it means, what to do.
"""

from __future__ import annotations


class CrmdeskError(Exception):
    """Base of all errors of this program that are not bugs."""


class UserFacingError(CrmdeskError):
    """An error with words for the person in front of the screen.

    Args:
        what: What happened, one sentence.
        meaning: What it means for the user, one sentence.
        remedy: What to do now, one sentence.
    """

    def __init__(self, what: str, meaning: str = "", remedy: str = "") -> None:
        super().__init__(" ".join(part for part in (what, meaning, remedy) if part))
        self.what = what
        self.meaning = meaning
        self.remedy = remedy
