"""Whom a profile lets an import change: the customers of a segment."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.segments import Members, Segment
from crmdesk.store.reader import Reader


def outside(reader: Reader, customers: Collection[uuid.UUID], name: str) -> frozenset[uuid.UUID]:
    """Those of some customers who do not belong to a segment now; nobody for "".

    Raises:
        UserFacingError: There is no segment of this name.
    """
    if not name:
        return frozenset()
    zone = datetime.now().astimezone().tzinfo
    if zone is None:
        raise ValueError("local time has no zone")
    members = Members(_named(reader, name).rule, zone)
    return frozenset(customers) - reader.members_among(customers, members)


def _named(reader: Reader, name: str) -> Segment:
    known = reader.segments()
    for one in known:
        if one.name.casefold() == name.casefold():
            return one
    names = ", ".join(one.name for one in known)
    raise UserFacingError(
        f"There is no segment “{name}”.",
        "Nothing was imported: only its customers were to be changed.",
        f"There are: {names}." if names else "Make one in the settings, under Segments.",
    )
