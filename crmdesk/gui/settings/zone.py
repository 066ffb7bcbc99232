"""The time zone of this computer, by its IANA name."""

from __future__ import annotations

from PySide6.QtCore import QTimeZone

from crmdesk.domain.business_time import is_zone


def own_zone() -> str:
    """What a new calendar is proposed with; UTC where the system does not tell."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    return name if is_zone(name) else "UTC"
