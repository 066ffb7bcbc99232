"""Reads notes, e-mails, visits and web forms whole."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import Interaction
from crmdesk.store.columns import Key
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import interaction

_MOST_OF_A_CALL = 50

_all = select(
    interaction.c.id,
    interaction.c.customer_id,
    interaction.c.kind,
    interaction.c.at,
    interaction.c.who,
    interaction.c.title,
    interaction.c.detail,
    interaction.c.call_id,
).where(interaction.c.deleted_at.is_(None))
_one = Prepared(_all.where(interaction.c.id == bindparam("id", type_=Key)))
_of_call = Prepared(
    _all.where(interaction.c.call_id == bindparam("call_id", type_=Key))
    .order_by(interaction.c.at)
    .limit(_MOST_OF_A_CALL)
)


class InteractionQueries(Queries):
    """Reads what was written down of contacts."""

    def interaction(self, key: uuid.UUID) -> Interaction | None:
        """One note, e-mail, visit or web form; None where deleted or unknown."""
        row = _one.row(self._connection, {"id": key})
        return _interaction(row) if row else None

    def interactions_of_call(self, call_id: uuid.UUID) -> tuple[Interaction, ...]:
        """What was written down of a call, in the order it was written."""
        return tuple(map(_interaction, _of_call.rows(self._connection, {"call_id": call_id})))


def _interaction(row: Sequence[Any]) -> Interaction:
    key, customer_id, kind, *rest = row
    return Interaction(key, customer_id, TimelineKind(kind), *rest)
