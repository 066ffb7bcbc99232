"""New customers, as a step that can be taken back."""

from __future__ import annotations

from typing import Any

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import Customer
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.customers.writing import (
    address_rows,
    customer_columns,
    distinct,
    email_rows,
    number_row,
)
from crmdesk.store.numbers.ownership import OwnershipWriting
from crmdesk.store.tables import address, customer, customer_number, email


class CreationWriting(OwnershipWriting):
    """Makes customers."""

    def create_customer(self, new: Customer, who: str) -> ChangeSet:
        """Adds a customer, and links the calls of its numbers that are nobody's.

        Args:
            new: A customer whose key is not in the store.
            who: Name or extension of the agent.
        """
        with self.change(ChangeKind.CREATION, f"New customer {new.name}", who) as change:
            self.add_customer(change, new)
        return change.change

    def add_customer(self, change: ChangeRecorder, new: Customer) -> None:
        """Adds a customer as a part of a step; see `create_customer`."""
        change.insert(customer, customer_columns(new), new.id)
        _insert_sets(change, new)
        change.flush()
        for e164 in dict.fromkeys(number.e164 for number in new.numbers):
            if e164 is not None:
                self.link_earlier_calls(change, e164, new.id)


def _insert_sets(change: ChangeRecorder, new: Customer) -> None:
    key: dict[str, Any] = {"customer_id": new.id}
    for number in distinct(new.numbers):
        change.insert(customer_number, {**key, **number_row(number, None)})
    for row in email_rows(new.emails).values():
        change.insert(email, {**key, **row})
    for row in address_rows(new.addresses).values():
        change.insert(address, {**key, **row})
