"""Days as people type them into a field. Pure: now is an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crmdesk.desk.follow_ups.when import read_when
from crmdesk.gui.widgets import times


def typed_day(text: str, now: datetime) -> date | None:
    """A day such as "Fri", "in 3 days", "24.12.", "31 Dec 2026"; None for what is no day.

    Args:
        text: As typed.
        now: What "tomorrow" is measured against, aware UTC.
    """
    typed = text.strip()
    try:
        # Days that are past or far ahead are meant where they are written in full.
        return date.fromisoformat(typed)
    except ValueError:
        zone = times.local(now).tzinfo or UTC
        found = read_when(typed, now, zone) if typed else None
    # In the zone it was read in: half a year ahead the clocks may be other ones.
    return found.at.astimezone(zone).date() if found else None
