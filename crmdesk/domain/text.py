"""The only way in for text that somebody outside wrote."""

from __future__ import annotations

import re
import unicodedata

EXTERNAL_TEXT_LIMIT = 256
"""Code points; Asterisk cuts names at 79 bytes, other sources do not cut at all."""

# Look at a bounded prefix only: normalising a megabyte of combining marks is quadratic.
_LOOK_AHEAD = 4

_ZERO_WIDTH_KEPT = {"\u200c", "\u200d"}  # joiners: Persian, Indic scripts and emoji need them
_WHITE_SPACE = re.compile(r"\s+")


def _is_hidden(char: str) -> bool:
    """Whether a character is a control, an invisible format character or half a character."""
    if char in _ZERO_WIDTH_KEPT:
        return False
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def sanitise_external(text: str, limit: int = EXTERNAL_TEXT_LIMIT) -> str:
    """Makes text from a phone network or a file safe to keep and to show.

    Controls (C0, C1), bidirectional overrides, tag characters, lone surrogates and other
    invisible characters are dropped, white space is collapsed, the result is in NFC and at
    most `limit` code points long. Markup stays as it is: whoever shows it shows plain text.
    """
    head = text[: limit * _LOOK_AHEAD]
    if head.isprintable():  # nothing hidden in it, and no white space but blanks
        plain = _WHITE_SPACE.sub(" ", head) if "  " in head else head
        if plain.isascii():
            return plain.strip()[:limit]
        return unicodedata.normalize("NFC", plain)[:limit].strip()
    spaced = _WHITE_SPACE.sub(" ", head)
    visible = "".join(char for char in spaced if not _is_hidden(char))
    collapsed = _WHITE_SPACE.sub(" ", visible)  # spaces that something hidden kept apart
    return unicodedata.normalize("NFC", collapsed)[:limit].strip()


MOST_LINES = 400
"""More lines are no note."""


def multi_line(text: str, limit: int) -> str:
    """Text made safe line by line, so that a note keeps its lines."""
    if not text:
        return ""
    lines = (sanitise_external(line, limit) for line in text[: 2 * limit].splitlines()[:MOST_LINES])
    return "\n".join(lines).strip()[:limit]
