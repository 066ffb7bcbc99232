"""What is new of a record that is known, and what follows from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.sales import OrderLine
from crmdesk.sync.records.kinds import Cell, CellKind, RecordKind
from crmdesk.sync.records.values import LONGEST

_OF_RECEIPTS = ("status", "paid_at", "paid_cents")
_UNPAID = {"status": "open", "paid_at": None, "paid_cents": 0}

Values = dict[str, Any]
Present = Mapping[str, Any] | None
"""The row that is known; None for a new one."""


def followed(
    kind: RecordKind, given: Values, present: Present, now: datetime, *, has_receipts: bool
) -> Values:
    """The values of a record with what follows from them.

    Args:
        kind: What it is.
        given: What the file says.
        present: The row that is known.
        now: Of what happened since the last time, when nobody says.
        has_receipts: Of an invoice: money came in on it here, which says how it stands.
    """
    match kind:
        case RecordKind.TICKETS:
            return _of_ticket(given, present, now)
        case RecordKind.INVOICES:
            return _of_invoice(given, present, has_receipts=has_receipts)
        case RecordKind.FOLLOW_UPS:
            return _of_follow_up(given, present)
        case RecordKind.LEADS:
            return _of_lead(given, present, now)
    return given


def _of_ticket(given: Values, present: Present, now: datetime) -> Values:
    """Solved when: as the file says, else now. Due times of a policy are the policy's."""
    values = dict(given)
    if present and present["policy_id"] is not None:
        values.pop("due_at", None)
    if present and (status := values.get("status", present["status"])) != present["status"]:
        values.setdefault("solved_at", now if status == "solved" else None)
    return values


def _of_invoice(given: Values, present: Present, *, has_receipts: bool) -> Values:
    """An invoice that is paid was paid whole, unless its receipts are known."""
    values = dict(given)
    status = values.get("status")
    if has_receipts:
        keeps = status in {"open", "paid"}
        return {k: v for k, v in values.items() if k not in _OF_RECEIPTS or not keeps}
    was_paid = present is not None and present["status"] == "paid"
    if status == "paid" and not was_paid:
        values.setdefault("paid_cents", values.get("amount_cents", _amount(present)))
        if "at" in values:
            values.setdefault("paid_at", values["at"])
    elif status == "open" and was_paid:
        values = {**_UNPAID, **values}
    return values


def _amount(present: Present) -> int:
    return int(present["amount_cents"]) if present else 0


def _of_follow_up(given: Values, present: Present) -> Values:
    """Reminded when due, unless a column says otherwise; kept where it was done in time."""
    values = dict(given)
    if present is not None and "remind_at" in values and values["remind_at"] is None:
        del values["remind_at"]
    due = values.get("due_at") or (present["due_at"] if present else None)
    is_moved = present is None or (due != present["due_at"] and present["remind_at"] is not None)
    if is_moved and "done_at" not in values:
        values.setdefault("remind_at", due)
    done = values.get("done_at")
    if done is not None and due is not None and (present is None or present["done_at"] is None):
        values.setdefault("outcome", "kept" if done <= due else "late")
    return values


def _of_lead(given: Values, present: Present, now: datetime) -> Values:
    """Closed when: as the file says, else now."""
    values = dict(given)
    if present and (state := values.get("state", present["state"])) != present["state"]:
        values.setdefault("closed_at", None if state == "open" else now)
    return values


def is_same(cell: Cell | None, before: object, value: object, zone: tzinfo) -> bool:
    """Whether a value of a file is what the store has.

    Files hold moments to the second and by the wall's clock, and texts as they may be stored.
    """
    if before == value:
        return True
    if isinstance(before, datetime) and isinstance(value, datetime):
        return _wall(before, zone) == _wall(value, zone)
    if isinstance(before, str) and isinstance(value, str) and cell is not None:
        if cell.key == "currency":
            return before.upper() == value
        is_long = cell.kind is CellKind.LONG
        return (kept_text(before, LONGEST) if is_long else kept_line(before)) == value
    return False


def _wall(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)


def are_same(before: Sequence[tuple[Any, ...]], lines: Sequence[OrderLine]) -> bool:
    """Whether the lines of an order are those that the store has."""
    known = [OrderLine(*one[:-1]) for one in before]
    plain = [replace(one, title=kept_line(one.title), sku=kept_line(one.sku)) for one in known]
    return plain == list(lines)


def shown(value: object, zone: tzinfo, cell: Cell | None = None) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if cell is not None and cell.kind is CellKind.MONEY and isinstance(value, int):
        return f"{value / 100:,.2f}"
    return str(value)
