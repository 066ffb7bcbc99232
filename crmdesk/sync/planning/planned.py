"""What planning came to, and the last customers of it that later records may still add to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crmdesk.domain.customers import Customer
from crmdesk.domain.importing import NewCustomer, RowPlan
from crmdesk.sync.planning.merging import Merged, Present

HELD_CUSTOMERS = 5_000
"""Customers that wait to be written, some 10 MB: records of one customer stand near each other.

A record that comes later than so many other customers adds only how to reach somebody.
"""

HELD_COMPANIES = 10_000
"""Companies of which only the name is known wait for their own record, to be written once."""


@dataclass(frozen=True, slots=True)
class CustomerUpdate:
    """What records change in a customer that is there.

    Attributes:
        merged: As it shall be.
        before: As it is, None where it was not read: then there is something to add only.
        company_id: Their company, where that changes.
        is_new: Made by an earlier record of the source.
    """

    customer_id: uuid.UUID
    merged: Merged
    before: Customer | None = None
    company_id: uuid.UUID | None = None
    is_new: bool = False


@dataclass(slots=True)
class Planned:
    """What becomes of some records.

    Attributes:
        rows: One per record, in their order.
        new: Customers to make.
        updates: Customers to change.
        companies: New ones that people name.
    """

    rows: list[RowPlan] = field(default_factory=list)
    new: dict[uuid.UUID, NewCustomer] = field(default_factory=dict)
    updates: list[CustomerUpdate] = field(default_factory=list)
    companies: int = 0


@dataclass(frozen=True, slots=True)
class _Changed:
    """A customer of the store as it is and as it shall be.

    Attributes:
        seen: Their number among the customers of the source.
    """

    before: Present
    after: Present
    seen: int

    def update(self) -> CustomerUpdate | None:
        """What is to be written; None where later records took back what earlier ones said."""
        before, after = self.before, self.after
        company_id = after.customer.company_id
        moved = company_id if company_id != before.customer.company_id else None
        merged = Merged(
            after.customer,
            tuple(ref for ref in after.refs if ref not in before.refs),
            {k: v for k, v in after.custom.items() if before.custom.get(k, "") != v},
            tuple(note for note in after.notes if note not in before.notes),
        )
        if before.customer == after.customer and not (merged.refs or merged.custom or merged.notes):
            return None
        return CustomerUpdate(after.customer.id, merged, before.customer, moved)


class HeldCustomers:
    """The last customers that records made or changed, oldest first; not written yet."""

    def __init__(self) -> None:
        self._new: dict[uuid.UUID, NewCustomer] = {}
        self._changed: dict[uuid.UUID, _Changed] = {}

    def present(self, customer_id: uuid.UUID) -> Present | None:
        """A customer as the records so far make them, None where they are not held."""
        changed = self._changed.get(customer_id)
        if changed is not None:
            return changed.after
        new = self._new.get(customer_id)
        return Present(new.customer, new.refs, new.custom, new.notes) if new else None

    @staticmethod
    def is_far(customers_since: int) -> bool:
        """Whether a customer was first met too long ago to be held; the same in every run."""
        return customers_since > HELD_CUSTOMERS

    def make(self, new: NewCustomer, planned: Planned) -> None:
        """Holds a new customer; the oldest one goes on its way where they are too many."""
        self._new[new.customer.id] = new
        if len(self._new) > HELD_CUSTOMERS:
            oldest = next(iter(self._new))
            planned.new[oldest] = self._new.pop(oldest)

    def change(self, before: Present, after: Present, seen: int, planned: Planned) -> int | None:
        """Holds what records change in somebody.

        Returns:
            The number of a customer whose changes went on their way, None where none did.
        """
        customer_id = after.customer.id
        new, changed = self._new.get(customer_id), self._changed.get(customer_id)
        if new is not None:
            self._new[customer_id] = _grown(new, after)
            return None
        first = changed.before if changed else before
        self._changed[customer_id] = _Changed(first, after, seen)
        if len(self._changed) <= HELD_CUSTOMERS:
            return None
        oldest = self._changed.pop(next(iter(self._changed)))
        _release(oldest, planned)
        return oldest.seen

    def release(self, planned: Planned) -> None:
        """All go on their way."""
        planned.new.update(self._new)
        for changed in self._changed.values():
            _release(changed, planned)
        self._new, self._changed = {}, {}


def after(present: Present, merged: Merged, company: tuple[uuid.UUID | None, str]) -> Present:
    """A customer as a merge makes them.

    Args:
        present: As they were.
        merged: What the merge came to.
        company: Key and name of the company they get, None for the one they have.
    """
    company_id, name = company
    customer = merged.customer
    if company_id is not None:
        customer = replace(customer, company_id=company_id, company_name=name)
    custom: Mapping[str, str] = {**present.custom, **merged.custom}
    return Present(
        customer,
        (*present.refs, *merged.refs),
        custom,
        (*present.notes, *merged.notes),
        present.has_notes,
    )


def _grown(new: NewCustomer, grown: Present) -> NewCustomer:
    readings = new.readings if grown.customer.numbers == new.customer.numbers else ()
    return NewCustomer(grown.customer, grown.refs, grown.custom, grown.notes, readings)


def _release(changed: _Changed, planned: Planned) -> None:
    update = changed.update()
    if update is not None:
        planned.updates.append(update)
