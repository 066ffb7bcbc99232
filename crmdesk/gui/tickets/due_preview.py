"""By when a ticket opened now would be due, in a sentence. Pure."""

from __future__ import annotations

from datetime import datetime

from crmdesk.domain.business_time import BusinessClock, WorkCalendar, why_never_open
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.domain.ticket_clocks import ClockFacts, promises
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import isolate, joined

_WEEK_DAYS = 6


def preview(
    levels: ServiceLevels, kind: str, priority: str, segment: str, now: datetime
) -> tuple[str, str]:
    """What a policy would promise for a ticket opened now, with a tone."""
    policy = levels.policy_for(kind, priority, segment)
    if policy is None:
        return "No service level is meant for this ticket: nothing would be due.", "muted"
    calendar = levels.calendar(policy.calendar_id) if policy.calendar_id else None
    if calendar is not None and (trouble := why_never_open(calendar)):
        return trouble, "warn"
    return _promised(policy, calendar, now), "muted"


def _promised(policy: SlaPolicy, calendar: WorkCalendar | None, now: datetime) -> str:
    clock = BusinessClock(calendar or WorkCalendar(policy.id, "", is_always_open=True))
    found = promises(ClockFacts(now), policy, clock)
    first, last = found.first_answer, found.resolution
    parts = [
        f"answer due {moment(first.due_at, now)}" if first and first.due_at else "",
        f"solution due {moment(last.due_at, now)}" if last and last.due_at else "",
    ]
    told = joined(parts, ", ") or "nothing would be due within ten years"
    return f"A ticket opened now: {told} ({isolate(policy.name)})."


def moment(at: datetime, now: datetime) -> str:
    """A moment ahead as people say it: "14:30", "Mon 10:30", "12 Mar 10:30"."""
    then, today = times.local(at), times.local(now)
    days = (then.date() - today.date()).days
    if days == 0:
        return f"today {then:%H:%M}"
    if 0 < days <= _WEEK_DAYS:
        return f"{then:%a %H:%M}"
    return f"{times.short(at, now)} {then:%H:%M}" if days > 0 else times.short(at, now)
