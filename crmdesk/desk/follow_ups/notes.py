"""What a note makes besides itself. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, tzinfo

from crmdesk.desk.follow_ups.promises import written_in
from crmdesk.desk.follow_ups.reminding import usual_reminder
from crmdesk.domain.follow_ups import FollowUp


def follow_ups_of(
    note: str,
    customer_id: uuid.UUID,
    who: str,
    now: datetime,
    zone: tzinfo,
    new_key: Callable[[], uuid.UUID] = uuid.uuid4,
) -> tuple[FollowUp, ...]:
    """What the lines of a note promise; lines that were not understood stay words of the note.

    Args:
        note: Free text.
        customer_id: Whom it is about.
        who: Who wrote it, and is to do it.
        now: What "tomorrow" is measured against, aware.
        zone: Whose days and clock are meant.
        new_key: Makes the keys.
    """
    return tuple(
        FollowUp(
            id=new_key(),
            customer_id=customer_id,
            kind=one.kind,
            title=one.title,
            at=now,
            due_at=one.when.at,
            who=who,
            remind_at=usual_reminder(one.kind, one.when.at, now, zone),
        )
        for one in written_in(note, now, zone)
        if one.when is not None and not one.trouble(now)
    )
