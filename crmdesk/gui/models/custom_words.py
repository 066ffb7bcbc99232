"""What the company's own fields hold, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.gui.widgets.times import date_text


def filled(fields: Iterable[CustomField], values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Title and value of the fields that hold something, in the company's order.

    A retired field is shown as long as it holds something; one that was deleted is not.
    """
    pairs = ((one.title, field_words(one.kind, values.get(one.key, ""))) for one in fields)
    return [(title, text) for title, text in pairs if text]


def field_words(kind: CustomFieldKind, value: str) -> str:
    """A value as people read it; what its kind cannot hold is shown as it is."""
    if kind is CustomFieldKind.FLAG:
        return "Yes" if value else ""
    if kind is CustomFieldKind.DATE:
        return _day(value)
    return _number(value) if kind is CustomFieldKind.NUMBER else value


def _day(value: str) -> str:
    try:
        return date_text(date.fromisoformat(value))
    except ValueError:
        return value


def _number(value: str) -> str:
    try:
        return f"{Decimal(value):,}" if value else ""
    except InvalidOperation:
        return value
