"""Two customers that are one, and the way back.

A merge moves every row of the other customer to the one that is kept and journals each move;
where many things happened, in parts: see `merge_parts`. Undoing it splits them again: what came
before goes back, what came since stays with the one that was kept, and calls that rest on a
number alone follow the number.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Table, bindparam, select

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import ClaimKind
from crmdesk.store.changes import ChangeRecorder, refusals
from crmdesk.store.columns import Key
from crmdesk.store.fold import fold, sort_key
from crmdesk.store.importing.updates import FIELDS
from crmdesk.store.numbers.ownership import OwnershipWriting
from crmdesk.store.tables import (
    address,
    call,
    custom_value,
    customer,
    customer_number,
    email,
    external_ref,
    number_claim,
)
from crmdesk.store.tables.of_customers import history_tables

Side = Literal["keep", "other"]
Sides = Mapping[str, Side]

CUSTOM = "custom:"
"""Begins the name of a custom field: "custom:loyalty_card"."""

_id = bindparam("customer_id", type_=Key)
_FIELDS = sorted(FIELDS)
_own_row = select(*(customer.c[name] for name in _FIELDS)).where(
    customer.c.id == _id, customer.c.deleted_at.is_(None)
)
MOVED_AT_ONCE = 500
"""Rows of one part: a tenth of a second, for calls that are saved meanwhile."""

_people = select(customer.c.id).where(customer.c.company_id == _id, customer.c.deleted_at.is_(None))
_history = [
    select(table.c.id)
    .where(table.c.customer_id == _id, table.c.deleted_at.is_(None))
    .limit(bindparam("limit"))
    for table in (*history_tables(), call)
]

# Rows that say the same of both customers are kept once: by these columns they are the same.
_SETS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (customer_number, ("e164", "raw", "extension", "since", "until")),
    (email, ("address",)),
    (address, ("kind", "street", "postcode", "city", "country")),
    (external_ref, ("source", "external_id")),
)
_Row = tuple[uuid.UUID, tuple[Any, ...]]


class MergeWriting(OwnershipWriting):
    """Merges customers."""

    def merge_customers(
        self, keep: uuid.UUID, other: uuid.UUID, who: str, fields: Sides | None = None
    ) -> ChangeSet:
        """Makes two customers one; `undo_change` splits them again.

        Numbers, e-mails, addresses, history, calls, claims, keys elsewhere, custom values
        and the people of a company move. What both have alike is kept once. Calls of the
        numbers that are nobody's because two had them are linked.

        Args:
            keep: Who stays.
            other: Who becomes `keep`; is marked as merged and deleted.
            who: Name or extension of the agent.
            fields: Whose value a field gets: names of `Customer`, or `CUSTOM` and the key of
                a custom field. One that is not named stays as it is where it has a value,
                and "do not call" holds where either said so.

        Raises:
            UserFacingError: One of them is gone, both are the same, or one is in a merge that
                goes on.
            ValueError: There is no such field.
        """
        chosen = fields or {}
        title = self.merge_title(keep, other, chosen)
        with self.change(ChangeKind.MERGE, title, who) as change:
            self.finish_merge(change, keep, other, chosen)
        return change.change

    def merge_title(self, keep: uuid.UUID, other: uuid.UUID, chosen: Sides) -> str:
        """A merge in words; raises as `merge_customers` where there can be none."""
        _refuse_unknown(chosen)
        if keep == other:
            raise refusals.merged_with_itself()
        self.refuse_in_merge(keep, other)
        return f"{self._own_row(other)['name']} is {self._own_row(keep)['name']}: merged"

    def move_history(self, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID) -> int:
        """Moves some of what happened with a customer, calls included.

        Returns:
            How many rows; 0 where all are with `keep`.

        Raises:
            UserFacingError: One of them is gone.
        """
        for side in (keep, other):
            self._own_row(side)
        moved = 0
        for table, wanted in zip((*history_tables(), call), _history, strict=True):
            asked = {"customer_id": other, "limit": MOVED_AT_ONCE - moved}
            for key in self._connection.execute(wanted, asked).scalars().all():
                change.update(table, key, {"customer_id": keep})
                moved += 1
        change.flush()
        return moved

    def finish_merge(
        self, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID, chosen: Sides
    ) -> None:
        """Makes two customers one, with all that was not moved before."""
        while self.move_history(change, keep, other):
            pass
        kept, gone = self._own_row(keep), self._own_row(other)
        change.update(customer, keep, _merged(kept, gone, chosen, {keep, other}))
        for table, columns in _SETS:
            self._move_set(change, table, columns, keep, other)
        self._move_custom(change, keep, other, chosen)
        self._move_claims(change, keep, other)
        self._move_people(change, keep, other)
        change.update(customer, other, {"merged_into": keep})
        change.remove(customer, other)
        change.flush()
        self._link_by_number(change, keep)

    def _own_row(self, customer_id: uuid.UUID) -> dict[str, Any]:
        row = self._connection.execute(_own_row, {"customer_id": customer_id}).one_or_none()
        if row is None:
            raise refusals.unknown_customer()
        return dict(zip(_FIELDS, row, strict=True))

    def _move_set(
        self,
        change: ChangeRecorder,
        table: Table,
        columns: Sequence[str],
        keep: uuid.UUID,
        other: uuid.UUID,
    ) -> None:
        there = {_sameness(table, row) for _, row in self._alike(table, keep, *columns)}
        for key, row in self._alike(table, other, *columns):
            if _sameness(table, row) in there:
                change.remove(table, key)
            else:
                change.update(table, key, {"customer_id": keep})

    def _move_custom(
        self, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID, chosen: Sides
    ) -> None:
        """One value of each field stays."""
        there = {row[0]: key for key, row in self._alike(custom_value, keep, "field_key")}
        for key, (name,) in self._alike(custom_value, other, "field_key"):
            if name in there and chosen.get(CUSTOM + name, "keep") == "keep":
                change.remove(custom_value, key)
                continue
            if name in there:
                change.remove(custom_value, there[name])
            change.update(custom_value, key, {"customer_id": keep})

    def _move_claims(self, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID) -> None:
        """What was said of a number moves along.

        "Not this person" was said to tell the two apart: where the number is one's of the
        two it no longer holds.
        """
        rows = (*self._alike(customer_number, keep, "e164"),)
        rows += (*self._alike(customer_number, other, "e164"),)
        numbers = {e164 for _, (e164,) in rows if e164}
        there = set()
        for owner in (keep, other):
            for key, said in list(self._alike(number_claim, owner, "e164", "kind")):
                is_denied = said[1] == ClaimKind.DENIED
                if said in there or (is_denied and said[0] in numbers):
                    change.remove(number_claim, key)
                elif owner == other:
                    change.update(number_claim, key, {"customer_id": keep})
                there.add(said)

    def _move_people(self, change: ChangeRecorder, keep: uuid.UUID, other: uuid.UUID) -> None:
        """The people of a company."""
        for key in self._connection.execute(_people, {"customer_id": other}).scalars().all():
            if key != keep:
                change.update(customer, key, {"company_id": keep})

    def _link_by_number(self, change: ChangeRecorder, keep: uuid.UUID) -> None:
        numbers = {row[0] for _, row in self._alike(customer_number, keep, "e164")}
        for e164 in sorted(numbers - {None}):
            self.link_earlier_calls(change, e164, keep)

    def _alike(self, table: Table, customer_id: uuid.UUID, *columns: str) -> Iterator[_Row]:
        wanted = (table.c[name] for name in columns)
        statement = select(table.c.id, *wanted).where(
            table.c.customer_id == customer_id, table.c.deleted_at.is_(None)
        )
        for key, *row in self._connection.execute(statement).all():
            yield key, tuple(row)


def _refuse_unknown(chosen: Sides) -> None:
    unknown = {name for name in chosen if name not in FIELDS and not name.startswith(CUSTOM)}
    unknown |= {side for side in chosen.values() if side not in {"keep", "other"}}
    if unknown:
        raise ValueError(f"no field, or no side, of a merge: {sorted(unknown)}")


def _sameness(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """What makes two rows say the same."""
    if table is customer_number:
        e164, raw, *rest = row
        return (e164 or raw, *rest)
    return (row[0].lower(),) if table is email else row


def _merged(
    kept: Mapping[str, Any], gone: Mapping[str, Any], chosen: Sides, both: set[uuid.UUID]
) -> dict[str, Any]:
    """The columns of who stays."""
    values: dict[str, Any] = {name: _value(name, kept, gone, chosen.get(name)) for name in kept}
    if values["company_id"] in both:
        values["company_id"] = None
    is_person = values["kind"] == CustomerKind.PERSON
    values["name_key"] = fold(values["name"])
    values["sort_key"] = sort_key(values["name"], is_person=is_person)
    return values


def _value(
    name: str, kept: Mapping[str, Any], gone: Mapping[str, Any], side: Side | None
) -> object:
    if side is not None:
        return (kept if side == "keep" else gone)[name]
    return kept[name] or gone[name]
