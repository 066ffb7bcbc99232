"""Keeps a spreadsheet from running what stands in a cell, and takes the guard off again.

A name that a caller chose goes into a table that a supervisor opens: "=cmd|'/c calc'!A1" would
run there (OWASP, CSV injection). An apostrophe before it makes it a text in every spreadsheet,
and keeps "+49 30 23125 101" from being read as a sum. Workbooks need no guard: there each cell
says that it is a text.
"""

from __future__ import annotations

import unicodedata

GUARD = "'"

_BREAKS = frozenset("\t\r\n")
_FORMULA = frozenset("=+-@\u2212")
"""With the minus of Unicode, which spreadsheets calculate with too."""


def guard(text: str) -> str:
    """The text as it may stand in a table; `unguard` gives it back as it was."""
    return GUARD + text if _needs_guard(text) else text


def unguard(text: str) -> str:
    """A cell without the guard; other texts stay as they are, quoted ones too."""
    return text[1:] if text.startswith(GUARD) and _needs_guard(text[1:]) else text


def as_it_is(text: str) -> str:
    """A text for where no guard is needed and cells are read by `unguard` all the same."""
    return GUARD + text if unguard(text) != text else text


def _needs_guard(text: str) -> bool:
    """Whether a spreadsheet may calculate with it, or it looks as if it were guarded.

    Texts that begin with apostrophes and go on as a formula get one more: else `unguard` would
    take off one that belongs to the text.
    """
    if not text or text[0].isalnum():
        return False
    rest = text.lstrip(GUARD)
    return rest[:1] in _BREAKS or _first_seen(rest) in _FORMULA


def _first_seen(text: str) -> str:
    """The first character that is no blank and not unseen: spreadsheets pass those by.

    The full-width and small forms of the signs are the same to a spreadsheet in East Asia.
    """
    first = next((char for char in text if char.isprintable() and not char.isspace()), "")
    return unicodedata.normalize("NFKC", first)[:1]
