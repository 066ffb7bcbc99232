"""The only way in for text that somebody outside wrote."""

from __future__ import annotations

import re
import unicodedata

EXTERNAL_TEXT_LIMIT = 256
"""Code points; Asterisk cuts names at 79 bytes, other sources do not cut at all."""

LOOK_AHEAD = 4
"""Times as much as is kept is looked at: what is hidden or collapsed takes place."""

_ZERO_WIDTH_KEPT = {"\u200c", "\u200d"}  # joiners: Persian, Indic scripts and emoji need them
_WHITE_SPACE = re.compile(r"\s+")

MOST_MARKS = 30
"""In a row, as the Stream-Safe Text Format has it (UAX #15, D4): ordering them is quadratic."""

# No mark is a letter, but for the half-width sound marks, which decompose into marks.
_MAY_BE_MARKS = re.compile(rf"(?:[^\w\x00-\x7f]|[\uff9e\uff9f]){{{MOST_MARKS + 1},}}")


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
    head = text[: limit * LOOK_AHEAD]
    if head.isprintable():  # nothing hidden in it, and no white space but blanks
        plain = _WHITE_SPACE.sub(" ", head) if "  " in head else head
        if plain.isascii():
            return plain.strip()[:limit]
        return _composed(plain)[:limit].strip()
    spaced = _WHITE_SPACE.sub(" ", head)
    visible = "".join(char for char in spaced if not _is_hidden(char))
    collapsed = _WHITE_SPACE.sub(" ", visible)  # spaces that something hidden kept apart
    return _composed(collapsed)[:limit].strip()


def multi_line(text: str, limit: int) -> str:
    """Text made safe line by line, so that a note keeps its lines, however many."""
    if not text:
        return ""
    lines = (sanitise_external(line, limit) for line in text[: limit * LOOK_AHEAD].splitlines())
    return "\n".join(lines).strip()[:limit]


def with_few_marks(text: str) -> str:
    """The text with no more marks in a row than any script needs."""
    return text if text.isascii() else _MAY_BE_MARKS.sub(_first_marks, text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", with_few_marks(text))


def _first_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        is_mark = unicodedata.category(char)[0] == "M" or char in "\uff9e\uff9f"
        marks = marks + 1 if is_mark else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
