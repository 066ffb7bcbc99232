"""Whether the customer of a call, a ticket or the like belongs to a segment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, exists, select

from crmdesk.domain.segments import Members, catalogue
from crmdesk.store.importing.custom_fields import CustomFieldQueries
from crmdesk.store.segments.conditions import RuleConditions
from crmdesk.store.tables import customer


class MemberConditions(CustomFieldQueries):
    """Makes conditions on rows that have a customer."""

    def belongs(self, owner: Column[Any], members: Members) -> ColumnElement[bool]:
        """The condition that a row's customer belongs to a segment now.

        Args:
            owner: The column with the customer's key.
            members: Of which segment; nobody belongs to one whose rule has problems.
        """
        known = catalogue(self.custom_fields())
        rule = RuleConditions(known, self._clock(), members.zone).of(members.rule)
        own = select(customer.c.id).where(
            customer.c.id == owner, customer.c.deleted_at.is_(None), rule
        )
        found: ColumnElement[bool] = exists(own.correlate(owner.table))
        return found
