"""A rule as one condition of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, false, func, not_, or_

from crmdesk.domain.segment_values import number_digits, read_day, read_number, read_sum
from crmdesk.domain.segments import (
    CUSTOM,
    NUMBER,
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
        if name.startswith(CUSTOM):
            value = fields.custom_text(name.removeprefix(CUSTOM))
            return value.is_not(None) & _compared(value, operator, values)
        if name == "company":
            value = fields.company_name()
            return value.is_not(None) & _compared(value, operator, values, is_folded=True)
        source = fields.TEXTS[name]
        if name == NUMBER:
            values = tuple(map(number_digits, values))
        is_folded = name in fields.FOLDED
        if isinstance(source, tuple):
            table, column = source
            return fields.any_row(table, _compared(column, operator, values))
        return _compared(source, operator, values, is_folded=is_folded)

    # --- figures ----------------------------------------------------------------------------

    def _number(self, one: Condition, kind: FieldKind) -> ColumnElement[bool]:
        if kind is FieldKind.MONEY:
            cents, currency = read_sum(one.values[0]) or (0, "")
            figure, limit = fields.MONEY[one.field](currency), float(cents)
        else:
            figure, limit = self._figure(one.field), float(read_number(one.values[0]) or 0)
        if one.operator is Operator.AT_LEAST:
            return figure >= limit
        return figure <= limit if one.operator is Operator.AT_MOST else figure == limit

    def _figure(self, name: str) -> ColumnElement[Any]:
        if name.startswith(CUSTOM):
            return fields.custom_number(name.removeprefix(CUSTOM))
        return self._numbers[name]

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
            return fields.custom_day(name.removeprefix(CUSTOM))
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
    column: ColumnElement[Any],
    operator: Operator,
    values: tuple[str, ...],
    *,
    is_folded: bool = False,
) -> ColumnElement[bool]:
    """One text against others, without case and accents; choices are compared as they are."""
    if operator is Operator.FILLED:
        return column != ""
    if operator is Operator.ANY_OF:
        return column.in_(values)
    wanted = fold(values[0])
    if not wanted:
        return false()  # marks and nothing they stand on: everything would contain it
    text = column if is_folded else func.fold(column, type_=Text)
    if operator is Operator.IS:
        return text == wanted
    if operator is Operator.BEGINS:
        return text.startswith(wanted, autoescape=True)
    return text.contains(wanted, autoescape=True)
