"""What the customer form has the store do: one step, with a company that is new."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmdesk.domain.audit import Conflict, CustomerStamp, EditedCustomer
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.edits import THEIRS, settled, with_values
from crmdesk.gui.pages.customers.reading import find_company

if TYPE_CHECKING:
    from crmdesk.store import Reader, Writer


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it is saved.

    Attributes:
        base: What it began with.
        edited: What it holds. A company is named by `company_name` where its key is None.
        company_if_new: Key and kind of a company that has to be made.
    """

    base: EditedCustomer
    edited: EditedCustomer
    company_if_new: Customer

    def settled(self, conflicts: Iterable[Conflict], chosen: dict[str, str]) -> Typed:
        """The same after somebody decided between two values of some fields."""
        base, edited = settled(self.base, self.edited, conflicts, chosen)
        if chosen.get("company_id") == THEIRS:
            edited = with_values(edited, {"company_name": ""})
        return replace(self, base=base, edited=edited)


def save_edit(writer: Writer, typed: Typed, who: str) -> ChangeSet:
    """Saves a customer that was edited.

    Raises:
        ConflictingEditsError: Somebody else changed the same fields; nothing was written.
    """
    from crmdesk.store.audit.editing import CustomerEdits

    edited, company = _with_company(writer, typed)
    return CustomerEdits(writer).edit(typed.base, edited, who, company)


def save_new(writer: Writer, typed: Typed, who: str) -> ChangeSet:
    """Saves a customer that is new."""
    from crmdesk.store.audit.editing import CustomerEdits

    edited, company = _with_company(writer, typed)
    return CustomerEdits(writer).create(edited, who, company)


def names_of(reader: Reader, keys: Iterable[object]) -> dict[uuid.UUID, str]:
    """The names of customers and companies."""
    wanted = {key for key in keys if isinstance(key, uuid.UUID)}
    found = {key: reader.customer(key) for key in wanted}
    return {key: one.name for key, one in found.items() if one is not None}


def latest(reader: Reader, customer_id: uuid.UUID) -> tuple[EditedCustomer, CustomerStamp] | None:
    """A customer as it is now; None where it is gone."""
    from crmdesk.store.audit.editing import opened_customer

    found = opened_customer(reader, customer_id)
    return (found, reader.customer_stamp(customer_id)) if found else None


def _with_company(writer: Writer, typed: Typed) -> tuple[EditedCustomer, Customer | None]:
    """What to save, and the company that has to be made with it."""
    one = typed.edited.customer
    if one.kind is not CustomerKind.PERSON or one.company_id or not one.company_name:
        return typed.edited, None
    known = find_company(writer, one.company_name)
    new = replace(typed.company_if_new, kind=CustomerKind.COMPANY, name=one.company_name)
    edited = with_values(typed.edited, {"company_id": known or new.id})
    return edited, None if known else new
