"""The time zone of this computer, as the operating system tells it at each moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final


class OwnZone(tzinfo):
    """Local time with its summer time; somebody who travels need not start the program anew.

    `datetime.astimezone()` alone gives a fixed offset: right for that moment, wrong for a day
    behind the next clock change.
    """

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset of a local time; `fold` says which one of the hour that comes twice."""
        return moment.replace(tzinfo=None).astimezone().utcoffset() if moment else None

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Not told apart from the offset."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """The short name, e.g. "CET"."""
        return moment.replace(tzinfo=None).astimezone().tzname() if moment else None

    def fromutc(self, moment: datetime) -> datetime:
        """Local time of a moment in UTC; `fold` tells the second of an hour that comes twice."""
        local = moment.replace(tzinfo=UTC).astimezone()
        own = local.replace(tzinfo=self, fold=0)
        return own if own.utcoffset() == local.utcoffset() else own.replace(fold=1)

    def __repr__(self) -> str:
        return "OWN_ZONE"


OWN_ZONE: Final = OwnZone()
