"""Edits of a customer: field by field, journaled, and never over what somebody else wrote."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from crmdesk.domain.audit import EditedCustomer, RowFate
from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import Customer
from crmdesk.domain.edits import CUSTOM, as_kept, get
from crmdesk.domain.errors import UserFacingError
from crmdesk.store.audit.clashes import edited_fields
from crmdesk.store.audit.own_values import fitting_value
from crmdesk.store.changes import ChangeRecorder, refusals
from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.customers.writing import (
    address_rows,
    customer_columns,
    distinct,
    email_rows,
    number_row,
    same_number,
)
from crmdesk.store.tables import address, custom_value, customer, customer_number, email

if TYPE_CHECKING:
    from crmdesk.store.reader import Reader
    from crmdesk.store.writer import Writer

_FOLLOWS_FROM = {"name": ("name", "name_key", "sort_key"), "kind": ("kind", "sort_key")}
"""Columns that go with a field when it is set back."""


def opened_customer(reader: Reader, customer_id: uuid.UUID) -> EditedCustomer | None:
    """A customer as a form begins with it; None where it is gone."""
    found = reader.customer(customer_id)
    return EditedCustomer(found, reader.custom_values(customer_id)) if found else None


class CustomerEdits:
    """Changes customers.

    Args:
        writer: Of the transaction the edit is made in.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def create(
        self, new: EditedCustomer, who: str, company_if_new: Customer | None = None
    ) -> ChangeSet:
        """Makes a customer, with what is in fields of the company's own, as one step.

        Args:
            new: A customer whose key is not in the store.
            who: Name or extension of the agent.
            company_if_new: The company of `new`, where it has to be made too.
        """
        new = as_kept(new)
        one = new.customer
        with self._writer.change(ChangeKind.CREATION, f"New customer {one.name}", who) as change:
            _add_company(change, one, company_if_new)
            self._writer.add_customer(change, one)
            for key, value in new.custom.items():
                self._write_custom(change, one.id, key, value)
        return change.change

    def edit(
        self,
        base: EditedCustomer,
        edited: EditedCustomer,
        who: str,
        company_if_new: Customer | None = None,
    ) -> ChangeSet:
        """Writes what was changed, and leaves alone what somebody else wrote meanwhile.

        Numbers, e-mails and addresses are sets: what each of two people added stays, what
        either removed goes.

        Args:
            base: What the form began with.
            edited: What it holds now.
            who: Name or extension of the agent.
            company_if_new: The company of `edited`, where it has to be made too.

        Raises:
            ConflictingEditsError: Two people changed a field to different values; see
                `domain.edits.settled` for how to go on.
            UserFacingError: The customer is gone.
        """
        now = opened_customer(self._writer, base.customer.id)
        if now is None:
            raise refusals.unknown_customer()
        edited = as_kept(edited)
        mine = edited_fields(self._writer, base, edited, now)
        title = f"{edited.customer.name} changed"
        with self._writer.change(ChangeKind.EDIT, title, who) as change:
            if "company_id" in mine:
                _add_company(change, edited.customer, company_if_new)
            self._write_fields(change, now, edited, mine)
            self._write_sets(change, base.customer, edited.customer, now.customer)
        return change.change

    def set_back(
        self, customer_id: uuid.UUID, line_id: uuid.UUID, field: str, who: str
    ) -> ChangeSet:
        """Makes one field what it was before a line of the history; "" the whole row.

        Raises:
            UserFacingError: It was changed again since, or the line is gone.
        """
        step = self._writer.history_line(customer_id, line_id)
        if step is None:
            raise refusals.unknown_change()
        (row,) = step.rows
        names = _FOLLOWS_FROM.get(field, (field,)) if field else tuple(row.after)
        old = {name: row.before[name] for name in names if name in row.before}
        new = {name: row.after[name] for name in old}
        table = journaled(row.table).table
        with self._writer.change(ChangeKind.EDIT, f"{step.title}: set back", who) as change:
            if row.fate is RowFate.ADDED and not field:
                change.remove(table, row.row_id)
            elif DELETED in old:
                change.restore(table, row.row_id)
            else:
                change.update(table, row.row_id, old, expected=new)
            change.flush()
            if change.skipped:
                raise _changed_since()
        return change.change

    # --- one value each ---------------------------------------------------------------------

    def _write_fields(
        self,
        change: ChangeRecorder,
        now: EditedCustomer,
        edited: EditedCustomer,
        names: Collection[str],
    ) -> None:
        plain: dict[str, Any] = {
            name: get(edited, name) for name in names if not name.startswith(CUSTOM)
        }
        before, after = now.customer, replace(now.customer, **plain)
        old, new = customer_columns(before), customer_columns(after)
        values = {name: value for name, value in new.items() if value != old[name]}
        if values:
            change.update(customer, before.id, values)
        for name in names:
            if name.startswith(CUSTOM):
                key = name.removeprefix(CUSTOM)
                self._write_custom(change, before.id, key, edited.custom.get(key, ""))

    def _write_custom(
        self, change: ChangeRecorder, customer_id: uuid.UUID, key: str, value: str
    ) -> None:
        fields = {one.key: one for one in self._writer.custom_fields(with_retired=True)}
        value = fitting_value(key, value, fields)
        asked = {"customer_id": customer_id, "field_key": key}
        there = self._writer.row_keys(custom_value, asked)
        if value and there:
            change.update(custom_value, there[0], {"value": value})
        elif value:
            change.insert(custom_value, {**asked, "value": value})
        for key_of_row in there if not value else ():
            change.remove(custom_value, key_of_row)

    # --- sets -------------------------------------------------------------------------------

    def _write_sets(
        self, change: ChangeRecorder, base: Customer, edited: Customer, now: Customer
    ) -> None:
        self._write_numbers(change, base, edited, now)
        emails = [email_rows(one.emails) for one in (base, edited, now)]
        self._write_set(change, email, emails, now.id)
        addresses = [address_rows(one.addresses) for one in (base, edited, now)]
        self._write_set(change, address, addresses, now.id)

    def _write_set(
        self,
        change: ChangeRecorder,
        table: Table,
        sets: Sequence[Mapping[tuple[Any, ...], Mapping[str, Any]]],
        customer_id: uuid.UUID,
    ) -> None:
        """Adds what was added and removes what was removed; `sets`: began with, wanted, there."""
        old, new, present = sets
        for content, values in new.items():
            if content not in old and content not in present:
                change.insert(table, {**values, "customer_id": customer_id})
        for content, values in old.items():
            if content not in new and content in present:
                for key in self._writer.row_keys(table, {**values, "customer_id": customer_id}):
                    change.remove(table, key)

    def _write_numbers(
        self, change: ChangeRecorder, base: Customer, edited: Customer, now: Customer
    ) -> None:
        present = {one.id: one for one in now.numbers}
        kept = set()
        for number in distinct(edited.numbers):
            known = same_number(number, list(now.numbers), edited.numbers)
            if known is None or known.id is None:
                values = {**number_row(number, None), "customer_id": now.id}
                change.insert(customer_number, values)
            else:
                kept.add(known.id)
                change.update(customer_number, known.id, number_row(number, known))
        began_with = {one.id for one in base.numbers}
        for key in present:
            if key is not None and key not in kept and key in began_with:
                change.remove(customer_number, key)
        change.flush()
        before = {one.e164 for one in now.numbers}
        for e164 in dict.fromkeys(number.e164 for number in edited.numbers):
            if e164 is not None and e164 not in before:
                self._writer.link_earlier_calls(change, e164, now.id)


def _add_company(change: ChangeRecorder, one: Customer, company: Customer | None) -> None:
    """Makes the company of a customer, where it is not there yet."""
    if company is not None and one.company_id == company.id:
        change.insert(customer, customer_columns(company), company.id)
        change.flush()


def _changed_since() -> UserFacingError:
    return UserFacingError(
        "This was changed again since.",
        "Nothing was set back.",
        "Look at the newer steps of the history first.",
    )
