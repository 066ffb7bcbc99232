"""What may be written into fields of the company's own."""

from __future__ import annotations

from collections.abc import Mapping

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.segment_values import read_day, read_number


def fitting_value(key: str, value: str, fields: Mapping[str, CustomField]) -> str:
    """A value as its field keeps it.

    Args:
        key: Of the field.
        value: "" empties the field, also one that is gone.
        fields: All there are, retired ones too.

    Raises:
        UserFacingError: The field is gone, or cannot hold this: in lists and segments such a
            value would count as something nobody wrote.
    """
    if not value:
        return ""
    field = fields.get(key)
    if field is None:
        raise UserFacingError(
            f"The field \u201c{key}\u201d is gone.",
            "Somebody removed it meanwhile; nothing was saved.",
            "Open the customer again, and put the value into another field.",
        )
    if field.kind is CustomFieldKind.NUMBER:
        return _number(field, value)
    if field.kind is CustomFieldKind.DATE and read_day(value) is None:
        raise _unfit(field, value, "a day like 2026-05-31")
    return value


def _number(field: CustomField, value: str) -> str:
    """Plain digits stay as they are: "1.234" of a form or program is no thousand."""
    plain = value.removeprefix("-")
    if plain.isascii() and plain.replace(".", "", 1).isdecimal():
        return value
    found = read_number(value)
    if found is None:
        raise _unfit(field, value, "a number")
    return f"{found:f}"


def _unfit(field: CustomField, value: str, wanted: str) -> UserFacingError:
    return UserFacingError(
        f"{field.title} needs {wanted}, not \u201c{value}\u201d.",
        "Nothing was saved.",
        "Correct it, then save again.",
    )
