"""Lists of what is one person's, in order: follow-ups, tickets and leads; what is left out.

Indexes only: no row is changed, so a store of any size is ready in seconds.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UNDONE = "done_at IS NULL AND deleted_at IS NULL"
_UNSOLVED = "status != 'solved' AND deleted_at IS NULL"
_SOLVED = "status = 'solved' AND deleted_at IS NULL"
_OPEN = "state = 'open' AND deleted_at IS NULL"
_HAS_OWNER = " AND owner != ''"
_IS_MAKERS = " AND owner = ''"


def upgrade() -> None:
    _follow_ups()
    _tickets()
    _leads()
    _index("customer_deleted", "customer", ["deleted_at"], "deleted_at IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        f"ix_{name}", table, columns, sqlite_where=condition, postgresql_where=condition
    )


def _wider_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.drop_index(f"ix_{name}", table)
    _index(name, table, columns, where)


def _follow_ups() -> None:
    table, place, whose = "follow_up", ["due_at", "id"], ["owner", "who"]
    _wider_index("follow_up_due", table, [*place, "kind", *whose], _UNDONE)
    _wider_index("follow_up_remind", table, ["remind_at", *place, *whose], _UNDONE)
    _index("follow_up_owner", table, ["owner", *place, "kind"], _UNDONE + _HAS_OWNER)
    _index("follow_up_maker", table, ["who", *place, "kind"], _UNDONE + _IS_MAKERS)


def _tickets() -> None:
    table, place = "ticket", ["next_due_at", "id"]
    breaches = ["first_breached_at", "breached_at"]
    counted = ["escalated_to", *breaches, "status", "deleted_at"]
    escalated = "escalated_to != '' AND deleted_at IS NULL"
    _wider_index("ticket_due", table, [*place, "kind", "priority", *breaches], _UNSOLVED)
    _index("ticket_owner", table, ["owner", *place, *counted], _UNSOLVED)
    _index("ticket_escalated", table, ["escalated_to", *place, "status"], escalated)
    _index("ticket_solved", table, ["owner", "id"], _SOLVED)


def _leads() -> None:
    table, place = "opportunity", ["expected_on", "id"]
    worth = ["percent", "value_cents", "customer_id", "state", "deleted_at"]
    _wider_index("opportunity_open", table, [*place, "stage"], _OPEN)
    _index("opportunity_owner", table, ["owner", *place, "stage"], _OPEN)
    forecast = ["stage", "currency", "owner", "expected_on", *worth]
    _index("opportunity_forecast", table, forecast, _OPEN)
