"""Changes of service levels, as steps that can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select

from crmdesk.domain.business_time import Holiday, WorkCalendar, WorkHours, is_zone
from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.sla import SlaPolicy
from crmdesk.store.changes import ChangeRecorder, ChangeUndoing
from crmdesk.store.service.levels import POLICY_FIELDS, LevelQueries
from crmdesk.store.tables import sla_policy, work_calendar, work_holiday, work_hours

_rows_of = {
    table: select(table.c.id, table.c.calendar_id, *(table.c[name] for name in names)).where(
        table.c.deleted_at.is_(None)
    )
    for table, names in (
        (work_hours, ("weekday", "from_minute", "until_minute")),
        (work_holiday, ("day", "title")),
    )
}


class LevelWriting(ChangeUndoing, LevelQueries):
    """Writes service levels, as steps that can be taken back.

    Tickets that are open get their due times anew in the background: see `clocks`.
    """

    def save_calendar(self, calendar: WorkCalendar, who: str) -> ChangeSet:
        """Makes a calendar what it says, with its hours and holidays.

        Args:
            calendar: Known or new, by its key.
            who: Name or extension of the agent.

        Raises:
            UserFacingError: It has no name, or its zone is not known here.
        """
        name = _named(calendar.name)
        if not is_zone(calendar.zone):
            raise _unknown_zone(calendar.zone)
        values = {
            "name": name,
            "zone": calendar.zone,
            "is_always_open": calendar.is_always_open,
        }
        is_known = any(one.id == calendar.id for one in self.service_levels().calendars)
        with self.change(ChangeKind.PLAN, f"Calendar {name}", who) as change:
            _put(change, work_calendar, calendar.id, values, is_known=is_known)
            self._make_rows(change, work_hours, calendar.id, map(_hours_row, calendar.hours))
            self._make_rows(change, work_holiday, calendar.id, map(_holiday_row, calendar.holidays))
        return change.change

    def remove_calendar(self, calendar_id: uuid.UUID, who: str) -> ChangeSet:
        """Removes a calendar.

        Raises:
            UserFacingError: A policy counts by it.
        """
        levels = self.service_levels()
        used = [one.name for one in levels.policies if one.calendar_id == calendar_id]
        if used:
            raise _in_use(used)
        name = next((one.name for one in levels.calendars if one.id == calendar_id), "")
        with self.change(ChangeKind.PLAN, f"Calendar {name} removed", who) as change:
            change.remove(work_calendar, calendar_id)
            self._make_rows(change, work_hours, calendar_id, ())
            self._make_rows(change, work_holiday, calendar_id, ())
        return change.change

    def save_policies(self, policies: Sequence[SlaPolicy], who: str) -> ChangeSet:
        """Makes the policies those that are given, in this order; others are removed.

        Raises:
            UserFacingError: One has no name, or promises what nobody promises.
        """
        known = {one.id for one in self.service_levels().policies}
        rows = {
            one.id: {**_policy_row(one), "position": place} for place, one in enumerate(policies)
        }
        with self.change(ChangeKind.PLAN, "Service levels", who) as change:
            for key, row in rows.items():
                _put(change, sla_policy, key, row, is_known=key in known)
            for key in known - set(rows):
                change.remove(sla_policy, key)
        return change.change

    def _make_rows(
        self,
        change: ChangeRecorder,
        table: Table,
        calendar_id: uuid.UUID,
        wanted: Iterable[tuple[Any, ...]],
    ) -> None:
        """Makes the rows of a calendar those that are wanted; what is the same stays."""
        missing = set(wanted)
        rows = self._connection.execute(_rows_of[table].where(table.c.calendar_id == calendar_id))
        names = [column.name for column in _rows_of[table].selected_columns][2:]
        for key, _, *values in rows:
            if tuple(values) in missing:
                missing.discard(tuple(values))
            else:
                change.remove(table, key)
        for new in sorted(missing):
            row = dict(zip(names, new, strict=True))
            change.insert(table, {"calendar_id": calendar_id, **row})


def _put(
    change: ChangeRecorder,
    table: Table,
    key: uuid.UUID,
    values: Mapping[str, Any],
    *,
    is_known: bool,
) -> None:
    if is_known:
        change.update(table, key, values)
    else:
        change.insert(table, values, key)


def _policy_row(policy: SlaPolicy) -> dict[str, Any]:
    if not policy.is_possible:
        raise UserFacingError(
            f"“{kept_line(policy.name)}” promises a time that cannot be kept.",
            "Nothing was saved.",
            "An answer or a solution takes from a minute to a year.",
        )
    row = {name: getattr(policy, name) for name in POLICY_FIELDS if name != "id"}
    row["escalate_to"] = kept_line(policy.escalate_to)
    return {**row, "name": _named(policy.name)}


def _hours_row(hours: WorkHours) -> tuple[int, int, int]:
    return hours.weekday, hours.from_minute, hours.until_minute


def _holiday_row(holiday: Holiday) -> tuple[Any, ...]:
    return holiday.day, kept_line(holiday.title)


def _named(name: str) -> str:
    found = kept_line(name)
    if not found:
        raise UserFacingError(
            "It needs a name.", "Nothing was saved.", "Give it a name people know it by."
        )
    return found


def _unknown_zone(zone: str) -> UserFacingError:
    return UserFacingError(
        f"The time zone “{kept_line(zone, 60)}” is not known on this computer.",
        "Nothing was saved.",
        "Choose one from the list, e.g. Europe/Berlin.",
    )


def _in_use(policies: Sequence[str]) -> UserFacingError:
    return UserFacingError(
        f"The calendar is used by {', '.join(policies)}.",
        "Nothing was removed.",
        "Give these policies another calendar first.",
    )
