"""Up to where a run has read: the highest value of a column that tells when a row was changed.

Rows of that very moment are read again, and those of some time before: a transaction that took long
comes to light with an older time, and when summer time ends a clock goes back. A time that is still
to come moves nothing: after a row of the year 2099 nothing would ever be new again.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from crmdesk.domain.errors import CrmdeskError
from crmdesk.store.foreign.database import Value

OVERLAP = timedelta(minutes=10)
"""How much later than its own time a row may come to light."""

OVERLAP_LOCAL = timedelta(minutes=70)
"""The same for times without a zone: clocks go back an hour."""

OVERLAP_COUNT = 600
"""The same for numbers: counters, and seconds since 1970; of milliseconds a thousand times."""

_TO_COME = timedelta(days=1)
"""A time that much later than now is wrong; zones differ by less."""

_MILLISECONDS = 10**11
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_UNSORTED = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_ZERO = "0000-00-00"
"""MySQL's way to say that there is no time."""


class UnfitError(CrmdeskError):
    """A column does not tell what is newer."""


def later(mark: Value, updated: Value) -> Value:
    """The later of two.

    Args:
        mark: The highest so far, None for none.
        updated: Of a row.

    Raises:
        UnfitError: They cannot be compared.
    """
    if updated is None or (isinstance(updated, str) and _is_none(updated)):
        return mark
    try:
        is_later = mark is None or updated > mark
    except TypeError:
        raise UnfitError("holds different kinds of values") from None
    return updated if is_later and not _is_to_come(updated) else mark


def _is_none(updated: str) -> bool:
    if _UNSORTED.match(updated):
        raise UnfitError("holds dates as texts, which do not sort")
    return updated.startswith(_ZERO)


def _is_to_come(moment: Value) -> bool:
    """Whether a time is later than it can be; of numbers nobody knows."""
    now = datetime.now(UTC)
    match moment:
        case datetime():
            return moment > (now if moment.tzinfo else now.replace(tzinfo=None)) + _TO_COME
        case date():
            return moment > now.date() + _TO_COME
        case str():
            last = (now + _TO_COME).date().isoformat()
            return bool(_ISO.match(moment)) and moment[: len(last)] > last
        case _:
            return False


def earlier(since: Value) -> Value:
    """From where on rows are read again."""
    match since:
        case datetime():
            return since - (OVERLAP if since.tzinfo else OVERLAP_LOCAL)
        case date():
            return since - timedelta(days=1)
        case int() | Decimal() | float():
            return since - OVERLAP_COUNT * (1000 if since > _MILLISECONDS else 1)
        case bytes():  # SQL Server's rowversion
            count = max(0, int.from_bytes(since) - OVERLAP_COUNT)
            return count.to_bytes(len(since))
        case str() if _ISO.match(since):
            return since[:10]
        case _:
            return since


def to_state(mark: Value) -> dict[str, str]:
    """As it is kept."""
    match mark:
        case datetime() | date():
            return {"kind": type(mark).__name__, "value": mark.isoformat()}
        case int() | Decimal() | float():
            return {"kind": "number", "value": str(mark)}
        case bytes():
            return {"kind": "bytes", "value": mark.hex()}
        case _:
            return {"kind": "text", "value": str(mark)}


def from_state(mark: Value) -> Value:
    """None for what is no mark: then everything is read."""
    if not isinstance(mark, dict) or not isinstance(mark.get("value"), str):
        return None
    value = mark["value"]
    try:
        match mark.get("kind"):
            case "datetime":
                return datetime.fromisoformat(value)
            case "date":
                return date.fromisoformat(value)
            case "number":
                return int(value) if value.lstrip("-").isdecimal() else Decimal(value)
            case "bytes":
                return bytes.fromhex(value)
            case "text":
                return value
            case _:
                return None
    except (ValueError, InvalidOperation):
        return None
