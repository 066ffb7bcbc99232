"""Notes and other texts of several lines."""

from __future__ import annotations

from crmdesk.domain.text import sanitise_external

LINES = 400
"""More lines are no note."""


def multi_line(text: str, limit: int) -> str:
    """Text made safe line by line, so that a note keeps its lines."""
    if not text:
        return ""
    lines = (sanitise_external(line, limit) for line in text[: 2 * limit].splitlines()[:LINES])
    return "\n".join(lines).strip()[:limit]
