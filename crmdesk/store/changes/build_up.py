"""Steps that build on each other: the later one has to be taken back first.

A row that a merge moved and a later merge moved on can only go back the way it came; taken back
in another order, half of the first merge would stay. So with two leads of a customer that were
won: the first of them made the customer, and the second still stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import CustomerStatus
from crmdesk.domain.leads import LeadState
from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import change_row, change_set, customer, opportunity

_ENOUGH = 200
"""Rows that two merges share: one of them tells which came first, and most do."""

_own, _other = change_row.alias("own"), change_row.alias("other")
_change_id = bindparam("change_id", type_=Key)
_holds = change_set.c.undone_at.is_(None) & change_set.c.deleted_at.is_(None)
_merged_on = (
    select(_own.c.table_name, _own.c.after, _other.c.before, _other.c.after, change_set.c.title)
    .select_from(_own)
    .join(_other, (_other.c.row_id == _own.c.row_id) & (_other.c.change_id != _own.c.change_id))
    .join(change_set, change_set.c.id == _other.c.change_id)
    .where(
        _own.c.change_id == _change_id,
        _other.c.table_name == _own.c.table_name,
        _other.c.before.is_not(None),
        change_set.c.kind == ChangeKind.MERGE.value,
        _holds,
    )
    .order_by(_own.c.position.desc())
    .limit(_ENOUGH)
)
_customers = select(change_row.c.row_id, change_row.c.before).where(
    change_row.c.change_id == _change_id,
    change_row.c.table_name == customer.name,
    change_row.c.before.is_not(None),
)
_won_too = (
    select(change_row.c.after, change_set.c.title)
    .select_from(change_row)
    .join(change_set, change_set.c.id == change_row.c.change_id)
    .join(opportunity, opportunity.c.id == change_row.c.row_id)
    .where(
        change_row.c.customer_id == bindparam("customer_id", type_=Key),
        change_row.c.change_id != _change_id,
        change_set.c.kind == ChangeKind.LEAD.value,
        opportunity.c.state == LeadState.WON.value,
        opportunity.c.deleted_at.is_(None),
        _holds,
    )
)


class BuildUpQueries(Queries):
    """Reads which steps build on others."""

    def built_on(self, change_id: uuid.UUID, kind: ChangeKind) -> str:
        """The title of a step that has to be taken back before another, "" where none has.

        Args:
            change_id: Of the step that is to be taken back.
            kind: What it did.
        """
        if kind is ChangeKind.MERGE:
            return next(self._merged_on(change_id), "")
        return next(self._won_too(change_id), "") if kind is ChangeKind.LEAD else ""

    def _merged_on(self, change_id: uuid.UUID) -> Iterator[str]:
        rows = self._connection.execute(_merged_on, {"change_id": change_id})
        for table, own_after, before, after, title in rows:
            decode = journaled(table).decode
            if _goes_on(decode(own_after), decode(before), decode(after)):
                yield title

    def _won_too(self, change_id: uuid.UUID) -> Iterator[str]:
        asked = {"change_id": change_id}
        for key, before in self._connection.execute(_customers, asked).all():
            if journaled(customer).decode(before).get("status") != CustomerStatus.LEAD:
                continue
            won = self._connection.execute(_won_too, {**asked, "customer_id": key})
            for after, title in won:
                if journaled(opportunity).decode(after).get("state") == LeadState.WON:
                    yield title


def _goes_on(
    earlier: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Whether a step found (`before`) in a row what an `earlier` one had left there.

    No clock has to tell which came first.
    """
    shared = earlier.keys() & before.keys()
    removes = after.get(DELETED) is not None and DELETED not in earlier
    return all(earlier[name] == before[name] for name in shared) and (bool(shared) or removes)
