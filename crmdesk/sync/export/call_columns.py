"""Calls as rows of a table and as objects. A withheld number is in neither."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crmdesk.domain.call_log import CallRow
from crmdesk.sync.export.columns import Cell, local

TITLES = (
    "Started", "Direction", "Number", "Name of caller", "Customer", "Company", "Outcome",
    "Ring seconds", "Talk seconds", "Answered", "Answered by", "Placed by", "Ended", "Ended by",
    "Dialled", "Queue", "Line", "Account id", "Number shown", "Number checked", "Match",
    "Match rule", "Customer id", "Id",
)  # fmt: skip


def call_cells(row: CallRow) -> list[Cell]:
    """The cells of one call, one for each of `TITLES`; times are local."""
    call = row.call
    number, name = caller_of(row)
    return [
        local(call.started_at), call.direction.value, number, name, row.customer_name,
        row.company_name, call.outcome or "", round(call.ring_seconds, 1),
        round(call.talk_seconds, 1), _time(call.answered_at), call.answered_by or "",
        call.agent or "", _time(call.ended_at), call.ended_by or "", call.dialled or "",
        call.queue or "", call.line_id, call.account_id or "", call.presentation.value,
        call.verification.value, row.match_state or "", row.match_rule or "",
        str(row.customer_id or ""), str(call.id),
    ]  # fmt: skip


def call_object(row: CallRow) -> dict[str, Any]:
    """One call as a JSON object; times are UTC."""
    call = row.call
    number, name = caller_of(row)
    return {
        "id": str(call.id),
        "started_at": call.started_at.isoformat(),
        "direction": call.direction,
        "number": number or None,
        "caller_name": name or None,
        "presentation": call.presentation,
        "verification": call.verification,
        "customer_id": str(row.customer_id) if row.customer_id else None,
        "customer": row.customer_name or None,
        "company": row.company_name or None,
        "match": row.match_state,
        "match_rule": row.match_rule,
        "account_id": call.account_id,
        "dialled": call.dialled,
        "queue": call.queue,
        "line": call.line_id,
        "outcome": call.outcome,
        "answered_at": _iso(call.answered_at),
        "answered_by": call.answered_by,
        "placed_by": call.agent,
        "ended_at": _iso(call.ended_at),
        "ended_by": call.ended_by,
        "ring_seconds": round(call.ring_seconds, 1),
        "talk_seconds": round(call.talk_seconds, 1),
    }


def caller_of(row: CallRow) -> tuple[str, str]:
    """Number and name of the outside party, as far as they may be shown."""
    if row.call.is_withheld:
        return "", ""
    return row.caller_e164 or row.call.caller_raw, row.call.caller_name


def _time(at: datetime | None) -> Cell:
    return local(at) if at else ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
