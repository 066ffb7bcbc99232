"""What agents said of a number: "take this one from now on", "not this person"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.matches import Claim, ClaimKind
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import number_claim

_CLAIM_LIMIT = 256

_claim = number_claim.c
_claims = Prepared(
    select(
        _claim.e164, _claim.customer_id, _claim.kind, _claim.who, _claim.updated_at, _claim.reason
    )
    .where(_claim.e164 == bindparam("e164"), _claim.deleted_at.is_(None))
    .order_by(_claim.created_at.desc())
    .limit(_CLAIM_LIMIT)
)
_UPDATED_AT = 4


class ClaimQueries(Queries):
    """Reads claims."""

    def claims(self, e164: str) -> tuple[Claim, ...]:
        """What agents said of this number, newest first; the latest few hundred."""
        rows = _claims.rows(self._connection, {"e164": e164})
        return tuple(map(_of_row, sorted(rows, key=lambda row: row[_UPDATED_AT], reverse=True)))


def _of_row(row: Sequence[Any]) -> Claim:
    e164, customer_id, kind, who, updated_at, reason = row
    return Claim(e164, customer_id, ClaimKind(kind), who, updated_at.astimezone().date(), reason)
