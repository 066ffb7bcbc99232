"""Segments: saved rules that say which customers belong to a group."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.segment_values import (
    FIRST_YEAR,
    LAST_YEAR,
    is_findable,
    read_day,
    read_number,
    read_sum,
)

MOST_CONDITIONS = 50
DEEPEST = 4
MOST_DAYS = 36_500
LONGEST_VALUE = 200
MOST_VALUES = 200
MOST_SEGMENTS = 200


class FieldKind(StrEnum):
    """What a field holds, and so what can be asked of it.

    MONEY is asked in one currency: "600 EUR"; without one it is the largest sum of any.
    """

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    FLAG = "flag"


class Operator(StrEnum):
    """What is asked. WITHIN_DAYS: in the last N days; LONGER_AGO: not in them, or never."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    BEGINS = "begins"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    EMPTY = "empty"
    FILLED = "filled"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN_DAYS = "within_days"
    LONGER_AGO = "longer_ago"
    SINCE = "since"
    BEFORE = "before"
    YES = "yes"
    NO = "no"


OPERATORS: Mapping[FieldKind, tuple[Operator, ...]] = {
    FieldKind.TEXT: (
        Operator.CONTAINS,
        Operator.IS,
        Operator.IS_NOT,
        Operator.BEGINS,
        Operator.EMPTY,
        Operator.FILLED,
    ),
    FieldKind.CHOICE: (Operator.ANY_OF, Operator.NONE_OF, Operator.EMPTY, Operator.FILLED),
    FieldKind.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, Operator.IS),
    FieldKind.MONEY: (Operator.AT_LEAST, Operator.AT_MOST),
    FieldKind.DAY: (
        Operator.WITHIN_DAYS,
        Operator.LONGER_AGO,
        Operator.SINCE,
        Operator.BEFORE,
        Operator.EMPTY,
        Operator.FILLED,
    ),
    FieldKind.FLAG: (Operator.YES, Operator.NO),
}
_WITHOUT_VALUE = {Operator.EMPTY, Operator.FILLED, Operator.YES, Operator.NO}
_OF_DAYS = {Operator.WITHIN_DAYS, Operator.LONGER_AGO}
_CONTAINS = Operator.CONTAINS
_OF_MANY = {Operator.ANY_OF, Operator.NONE_OF}


@dataclass(frozen=True, slots=True)
class SegmentField:
    """Something a rule may ask of a customer.

    Attributes:
        name: In rules, for ever.
        title: As people read it.
        picklist: Where the choices of a CHOICE come from.
        choices: The choices of a custom field.
    """

    name: str
    title: str
    kind: FieldKind
    picklist: PicklistKey | None = None
    choices: tuple[str, ...] = ()


_T, _C, _N, _M, _D, _F = (
    FieldKind.TEXT,
    FieldKind.CHOICE,
    FieldKind.NUMBER,
    FieldKind.MONEY,
    FieldKind.DAY,
    FieldKind.FLAG,
)
FIELDS: tuple[SegmentField, ...] = (
    SegmentField("segment", "Segment", _C, PicklistKey.SEGMENT),
    SegmentField("status", "Status", _C, PicklistKey.CUSTOMER_STATUS),
    SegmentField("source", "How they found us", _C, PicklistKey.SOURCE),
    SegmentField("language", "Language", _C, PicklistKey.LANGUAGE),
    SegmentField("is_company", "Is a company", _F),
    SegmentField("name", "Name", _T),
    SegmentField("company", "Company", _T),
    SegmentField("role", "Role", _T),
    SegmentField("account_id", "Account number", _T),
    SegmentField("owner", "Owner", _T),
    SegmentField("customer_since", "Customer since", _D),
    SegmentField("do_not_call", "Do not call", _F),
    SegmentField("number", "Phone number begins with", _T),
    SegmentField("email", "E-mail address", _T),
    SegmentField("city", "Town", _T),
    SegmentField("postcode", "Postcode", _T),
    SegmentField("country", "Country", _T),
    SegmentField("last_call", "Last call", _D),
    SegmentField("last_talk", "Last talk", _D),
    SegmentField("missed_call", "Last missed call", _D),
    SegmentField("last_note", "Last note, e-mail or visit", _D),
    SegmentField("open_tickets", "Open tickets", _N),
    SegmentField("overdue_tickets", "Overdue tickets", _N),
    SegmentField("last_complaint", "Last complaint", _D),
    SegmentField("orders", "Orders", _N),
    SegmentField("order_total", "Sum of orders", _M),
    SegmentField("last_order", "Last order", _D),
    SegmentField("open_invoices", "Open invoices", _N),
    SegmentField("overdue_invoices", "Overdue invoices", _N),
    SegmentField("open_amount", "Amount to be paid", _M),
    SegmentField("satisfaction", "Last satisfaction (1 to 5)", _N),
    SegmentField("nps", "Last recommendation (0 to 10)", _N),
    SegmentField("open_follow_ups", "Open follow-ups", _N),
    SegmentField("overdue_promises", "Overdue promises", _N),
    SegmentField("open_leads", "Open leads", _N),
    SegmentField("lead_value", "Value of open leads", _M),
    SegmentField("may_email", "May be sent updates by e-mail", _F),
)
"""What every customer can be asked; custom fields come behind them."""

CUSTOM = "custom:"
NUMBER = "number"
_CUSTOM_KINDS = {
    CustomFieldKind.TEXT: _T,
    CustomFieldKind.NUMBER: _N,
    CustomFieldKind.DATE: _D,
    CustomFieldKind.CHOICE: _C,
    CustomFieldKind.FLAG: _F,
}


def catalogue(custom: Iterable[CustomField] = ()) -> dict[str, SegmentField]:
    """All fields by name, the company's own behind the program's."""
    own = (
        SegmentField(CUSTOM + one.key, one.title, _CUSTOM_KINDS[one.kind], choices=one.choices)
        for one in custom
    )
    return {one.name: one for one in (*FIELDS, *own)}


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to a customer.

    Attributes:
        field: Name of a `SegmentField`.
        values: As typed: one, or several of ANY_OF and NONE_OF; days are ISO or a number.
    """

    field: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, have to hold."""

    items: tuple[Condition | Group, ...] = ()
    is_any: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved rule.

    Attributes:
        tone: Of its chip on page and pop: "", "good", "warn" or "bad".
        is_on_pop: Whether the pop shows the chip.
        counted: How many customers it had at `counted_at`.
    """

    id: uuid.UUID
    name: str
    rule: Group = field(default_factory=Group)
    tone: str = ""
    is_on_pop: bool = False
    counted: int | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Who fulfils a rule.

    Attributes:
        zone: Where a day begins.
    """

    rule: Group
    zone: tzinfo


def conditions_of(group: Group) -> Iterator[Condition]:
    """All conditions, however deep."""
    for item in group.items:
        if isinstance(item, Condition):
            yield item
        else:
            yield from conditions_of(item)


def problems(rule: Group, fields: Mapping[str, SegmentField]) -> tuple[str, ...]:
    """Why a rule cannot be asked, in words; nobody belongs to such a segment."""
    if is_too_deep(rule):
        return (f"Groups are nested more than {DEEPEST} deep.",)
    found = tuple(conditions_of(rule))
    if not found:
        return ("Add a condition: without one everybody would belong to it.",)
    if len(found) > MOST_CONDITIONS:
        return (f"More than {MOST_CONDITIONS} conditions.",)
    return tuple(filter(None, (problem(one, fields) for one in found)))


def is_too_deep(rule: Group) -> bool:
    """Whether groups are nested deeper than a rule may be, however deep that is."""
    level: list[Group] = [rule]
    for _ in range(DEEPEST):
        level = [item for group in level for item in group.items if isinstance(item, Group)]
    return bool(level)


def problem(one: Condition, fields: Mapping[str, SegmentField]) -> str:
    """Why one condition cannot be asked, "" where it can."""
    known = fields.get(one.field)
    if known is None:
        return f"The field {one.field.removeprefix(CUSTOM)} is gone."
    if one.operator not in OPERATORS[known.kind]:
        return f"{known.title} cannot be asked this way."
    if one.operator in _WITHOUT_VALUE:
        return ""
    if not one.values or not all(one.values):
        return f"{known.title} needs a value."
    if len(one.values) > 1 and one.operator not in _OF_MANY:
        return f"{known.title} takes one value."
    return _value_problem(one, known)


def _value_problem(one: Condition, known: SegmentField) -> str:
    value = one.values[0]
    if len(one.values) > MOST_VALUES:
        return f"{known.title} takes at most {MOST_VALUES} values."
    if any(len(text) > LONGEST_VALUE for text in one.values):
        return f"The value of {known.title} is too long."
    if not all(map(_is_text, one.values)):
        return f"The value of {known.title} cannot be read."
    if one.operator in _OF_DAYS:
        is_days = value.isascii() and value.isdecimal() and len(value) < 6
        if not is_days or not 0 < int(value) <= MOST_DAYS:
            return f"{known.title}: a number of days from 1 to {MOST_DAYS} is needed."
    elif known.kind is FieldKind.DAY and read_day(value) is None:
        years = f"{FIRST_YEAR} and {LAST_YEAR}"
        return f"{known.title}: a day like 2026-05-31 is needed, between {years}."
    elif known.kind is FieldKind.NUMBER and read_number(value) is None:
        return f"{known.title}: a number is needed."
    elif known.kind is FieldKind.MONEY and read_sum(value) is None:
        return f"{known.title}: an amount like 600 EUR is needed, a number with a currency."
    elif known.name == NUMBER and not is_findable(value, anywhere=one.operator is _CONTAINS):
        return f"{known.title}: begin with + and the code of the country, like +49 30."
    return ""


def _is_text(value: str) -> bool:
    """Half a character, as broken programs write it, is none, nor is what ends a text in C."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value)


def encode(rule: Group) -> dict[str, Any]:
    """A rule as values of JSON."""
    return {
        "any" if rule.is_any else "all": [
            {"field": one.field, "is": one.operator.value, "values": list(one.values)}
            if isinstance(one, Condition)
            else encode(one)
            for one in rule.items
        ]
    }


def decode(plain: object) -> Group:
    """The rule of `encode`; what is not understood becomes a field that is gone."""
    return _group(plain, 0)


def _group(plain: object, depth: int) -> Group:
    if not isinstance(plain, dict) or depth > DEEPEST:
        return Group((_unknown(),))
    is_any = "any" in plain
    items = plain.get("any" if is_any else "all")
    if not isinstance(items, list):
        return Group((_unknown(),))
    return Group(tuple(_item(item, depth) for item in items), is_any)


def _item(plain: object, depth: int) -> Condition | Group:
    if isinstance(plain, dict) and ("all" in plain or "any" in plain):
        return _group(plain, depth + 1)
    try:
        found: Any = plain
        values = tuple(map(str, found["values"]))
        return Condition(str(found["field"]), Operator(found["is"]), values)
    except (KeyError, TypeError, ValueError):
        return _unknown()


def _unknown() -> Condition:
    return Condition("?", Operator.FILLED)
