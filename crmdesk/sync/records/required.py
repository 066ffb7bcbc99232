"""What the company requires and an imported record lacks: told, no reason to refuse it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.sync.records.kinds import RecordKind

_TICKETS = {"solved": (Situation.SOLVED_TICKET, "a solved ticket")}
_LEADS = {
    "won": (Situation.WON_LEAD, "a won lead"),
    "lost": (Situation.LOST_LEAD, "a lost lead"),
}
_USUAL = {
    RecordKind.TICKETS: (Situation.NEW_TICKET, "a ticket"),
    RecordKind.LEADS: (Situation.NEW_LEAD, "a lead"),
}
_COLUMNS = {"value": "value_cents"}
"""Where a field that the plan names otherwise stands; links and comments come in no file."""
_TITLES = {
    "kind": "a kind",
    "owner": "an owner",
    "detail": "a description",
    "source": "a source",
    "value": "a value",
    "expected_on": "a day it is expected",
    "next_step": "a next step",
    "lost_reason": "a reason",
}


def lacking(kind: RecordKind, values: Mapping[str, Any], plan: CompanyPlan) -> Iterator[str]:
    """Notes on what a new record lacks, e.g. "Without an owner, which a solved ticket needs".

    Args:
        kind: What it is.
        values: By column, as they are written.
        plan: The company's.
    """
    if kind not in _USUAL:
        return
    ends = _TICKETS if kind is RecordKind.TICKETS else _LEADS
    state = str(values.get("status" if kind is RecordKind.TICKETS else "state", ""))
    situation, what = ends.get(state, _USUAL[kind])
    for name in sorted(plan.required.get(situation, ())):
        if name in _TITLES and not values.get(_COLUMNS.get(name, name)):
            yield f"Without {_TITLES[name]}, which {what} needs here"
