"""A rule as one condition of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_

from crmdesk.domain.segment_values import read_day, read_number
from crmdesk.domain.segments import (
    CUSTOM,
    Condition,
    FieldKind,
    Group,
    Operator,
    SegmentField,
    problems,
)
from crmdesk.store.fold import fold
from crmdesk.store.segments import fields
from crmdesk.store.tables import customer


class RuleConditions:
    """Makes conditions out of rules, as of one moment.

    Args:
        known: What may be asked; a rule that asks anything else is fulfilled by nobody.
        now: What "90 days ago" is measured against, aware.
        zone: Where a day begins.
    """

    def __init__(self, known: Mapping[str, SegmentField], now: datetime, zone: tzinfo) -> None:
        self._known = known
        self._now = now
        self._zone = zone
        self._numbers = fields.numbers(now, now.astimezone(zone).date())

    def of(self, rule: Group) -> ColumnElement[bool]:
        """The condition on rows of `customer`."""
        if problems(rule, self._known):
            return false()
        return self._group(rule)

    def _group(self, group: Group) -> ColumnElement[bool]:
        parts = [
            self._condition(item) if isinstance(item, Condition) else self._group(item)
            for item in group.items
        ]
        return or_(false(), *parts) if group.is_any else and_(*parts) if parts else false()

    def _condition(self, one: Condition) -> ColumnElement[bool]:
        kind = self._known[one.field].kind
        if kind is FieldKind.FLAG:
            holds = self._flag(one.field)
            return holds if one.operator is Operator.YES else not_(holds)
        if kind is FieldKind.DAY:
            return self._day(one)
        if kind in {FieldKind.NUMBER, FieldKind.MONEY}:
            return self._number(one, kind)
        return self._text(one)

    def _flag(self, name: str) -> ColumnElement[bool]:
        if name.startswith(CUSTOM):
            return fields.custom_text(name.removeprefix(CUSTOM)).is_not(None)
        return fields.FLAGS[name]

    # --- texts and choices ------------------------------------------------------------------

    def _text(self, one: Condition) -> ColumnElement[bool]:
        negated = {
            Operator.IS_NOT: Operator.IS,
            Operator.NONE_OF: Operator.ANY_OF,
            Operator.EMPTY: Operator.FILLED,
        }
        if one.operator in negated:
            return not_(self._holds_text(one.field, negated[one.operator], one.values))
        return self._holds_text(one.field, one.operator, one.values)

    def _holds_text(
        self, name: str, operator: Operator, values: tuple[str, ...]
    ) -> ColumnElement[bool]:
        """Whether there is a text that fulfils it; NULL is none."""
        wanted = tuple(map(fold, values)) if name in fields.FOLDED else values
        if name.startswith(CUSTOM):
            value = fields.custom_text(name.removeprefix(CUSTOM))
            return value.is_not(None) & _compared(value, operator, wanted)
        if name == "company":
            value = fields.company_name()
            return value.is_not(None) & _compared(value, operator, wanted)
        source = fields.TEXTS[name]
        if isinstance(source, tuple):
            table, column = source
            return fields.any_row(table, _compared(column, operator, wanted))
        return _compared(source, operator, wanted)

    # --- figures ----------------------------------------------------------------------------

    def _number(self, one: Condition, kind: FieldKind) -> ColumnElement[bool]:
        wanted = read_number(one.values[0])
        if wanted is None:
            return false()
        if one.field.startswith(CUSTOM):
            figure, limit = fields.custom_number(one.field.removeprefix(CUSTOM)), float(wanted)
        elif kind is FieldKind.MONEY:
            figure, limit = fields.MONEY[one.field], float(wanted * 100)
        else:
            figure, limit = self._numbers[one.field], float(wanted)
        if one.operator is Operator.AT_LEAST:
            return figure >= limit
        return figure <= limit if one.operator is Operator.AT_MOST else figure == limit

    # --- days -------------------------------------------------------------------------------

    def _day(self, one: Condition) -> ColumnElement[bool]:
        moment = self._moment(one.field)
        if one.operator is Operator.EMPTY:
            return moment.is_(None)
        if one.operator is Operator.FILLED:
            return moment.is_not(None)
        limit = self._limit(one)
        if limit is None:
            return false()
        value = self._bound(one.field, limit)
        if one.operator in {Operator.WITHIN_DAYS, Operator.SINCE}:
            return moment.is_not(None) & (moment >= value)
        if one.operator is Operator.BEFORE:
            return moment < value
        return moment.is_(None) | (moment < value)

    def _moment(self, name: str) -> ColumnElement[Any]:
        if name.startswith(CUSTOM):
            return fields.custom_text(name.removeprefix(CUSTOM))
        return customer.c.customer_since if name == "customer_since" else fields.DAYS[name]

    def _limit(self, one: Condition) -> datetime | None:
        if one.operator in {Operator.WITHIN_DAYS, Operator.LONGER_AGO}:
            return self._now - timedelta(days=int(one.values[0]))
        day = read_day(one.values[0])
        return day.replace(tzinfo=self._zone) if day else None

    def _bound(self, name: str, limit: datetime) -> object:
        """The limit as the field holds it: ISO text, a date, or a moment."""
        day = limit.astimezone(self._zone).date()
        if name.startswith(CUSTOM):
            return day.isoformat()
        return day if name == "customer_since" else limit.astimezone(UTC)


def _compared(
    column: ColumnElement[Any], operator: Operator, values: tuple[str, ...]
) -> ColumnElement[bool]:
    if operator is Operator.FILLED:
        return column != ""
    if operator is Operator.ANY_OF:
        return column.in_(values)
    if operator is Operator.IS:
        return column.collate("NOCASE") == values[0]
    if operator is Operator.BEGINS:
        return column.istartswith(values[0], autoescape=True)
    return column.icontains(values[0], autoescape=True)
