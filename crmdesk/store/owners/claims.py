"""What agents said of a number: "take this one from now on", "not this person"."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.matches import Claim, ClaimKind
from crmdesk.store.prepared import Prepared
from crmdesk.store.queries import Queries
from crmdesk.store.tables import number_claim

_CLAIM_LIMIT = 256

_claim = number_claim.c
_all = select(
    _claim.e164,
    _claim.customer_id,
    _claim.kind,
    _claim.who,
    _claim.reason,
    _claim.updated_at,
    _claim.id,
).where(_claim.deleted_at.is_(None))
_newest_first = _all.order_by(_claim.created_at.desc())
_of_number = Prepared(_newest_first.where(_claim.e164 == bindparam("e164")).limit(_CLAIM_LIMIT))


class ClaimQueries(Queries):
    """Reads claims."""

    def claims(self, e164: str) -> tuple[Claim, ...]:
        """What agents said of this number, newest first; the latest few hundred."""
        return _in_order(_of_number.rows(self._connection, {"e164": e164}))

    def all_claims(self) -> dict[str, tuple[Claim, ...]]:
        """The same of every number of which something was said."""
        rows: dict[str, list[Sequence[Any]]] = {}
        for row in self._connection.execute(_newest_first):
            of_number = rows.setdefault(row[0], [])
            if len(of_number) < _CLAIM_LIMIT:
                of_number.append(row)
        return {e164: _in_order(of_number) for e164, of_number in rows.items()}


def _in_order(rows: Sequence[Sequence[Any]]) -> tuple[Claim, ...]:
    return tuple(map(_of_row, sorted(rows, key=_place, reverse=True)))


def _place(row: Sequence[Any]) -> tuple[datetime, uuid.UUID]:
    *_, changed_at, key = row
    return changed_at, key


def _of_row(row: Sequence[Any]) -> Claim:
    e164, customer_id, kind, who, reason, changed_at, _ = row
    return Claim(e164, customer_id, ClaimKind(kind), who, changed_at.astimezone().date(), reason)
