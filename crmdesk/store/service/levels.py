"""Service levels as they stand: calendars, holidays and policies."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select

from crmdesk.domain.business_time import Holiday, WorkCalendar, WorkHours
from crmdesk.domain.sla import ServiceLevels, SlaPolicy
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import sla_policy, work_calendar, work_holiday, work_hours

POLICY_FIELDS = tuple(one.name for one in fields(SlaPolicy))
_policies = Prepared(
    select(*(sla_policy.c[name] for name in POLICY_FIELDS))
    .where(sla_policy.c.deleted_at.is_(None))
    .order_by(sla_policy.c.position, sla_policy.c.id)
)
_calendars = Prepared(
    select(
        work_calendar.c.id,
        work_calendar.c.name,
        work_calendar.c.zone,
        work_calendar.c.is_always_open,
    )
    .where(work_calendar.c.deleted_at.is_(None))
    .order_by(work_calendar.c.name, work_calendar.c.id)
)
_hours = Prepared(
    select(
        work_hours.c.calendar_id,
        work_hours.c.weekday,
        work_hours.c.from_minute,
        work_hours.c.until_minute,
    )
    .where(work_hours.c.deleted_at.is_(None))
    .order_by(work_hours.c.weekday, work_hours.c.from_minute)
)
_holidays = Prepared(
    select(work_holiday.c.calendar_id, work_holiday.c.day, work_holiday.c.title)
    .where(work_holiday.c.deleted_at.is_(None))
    .order_by(work_holiday.c.day)
)


class LevelQueries(Queries):
    """Reads service levels."""

    def service_levels(self) -> ServiceLevels:
        """All policies in order, and all calendars whole."""
        policies = tuple(_policy(row) for row in _policies.rows(self._connection, {}))
        hours: dict[uuid.UUID, list[WorkHours]] = defaultdict(list)
        for key, *values in _hours.rows(self._connection, {}):
            hours[key].append(WorkHours(*values))
        holidays: dict[uuid.UUID, list[Holiday]] = defaultdict(list)
        for key, day, title in _holidays.rows(self._connection, {}):
            holidays[key].append(Holiday(day, title))
        calendars = tuple(
            WorkCalendar(key, name, zone, bool(always), tuple(hours[key]), tuple(holidays[key]))
            for key, name, zone, always in _calendars.rows(self._connection, {})
        )
        return ServiceLevels(policies, calendars)


def _policy(row: Sequence[Any]) -> SlaPolicy:
    values = dict(zip(POLICY_FIELDS, row, strict=True))
    return SlaPolicy(**{**values, "is_active": bool(values["is_active"])})
