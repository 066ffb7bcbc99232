"""Takes back the customers that an import brought in.

Those with whom something happened since stay, and are no longer of the import. Of the others the
rows go from the disk, part by part: a million that were brought in by mistake do not lie there
for ever. A mark of deletion stays where something still names them (an undone change, a deleted
ticket), and for all of them in a store that several desks share: a replica learns of a deletion
by its mark alone, which is kept as long as a desk may be away (400 days), and goes with those of
all other rows. The store of one desk has no replica, and nobody to tell.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, or_, select, union_all, update

from crmdesk.domain.matches import MatchRule
from crmdesk.store.calls.links import BY_NUMBER
from crmdesk.store.columns import Key
from crmdesk.store.customers.search import SearchWriting
from crmdesk.store.ids import part_id
from crmdesk.store.importing.references import PARTS, ReferenceQueries
from crmdesk.store.importing.rows import HIDDEN, note_id
from crmdesk.store.record_index.writing import RecordIndexWriting
from crmdesk.store.tables import (
    call,
    change_row,
    change_set,
    customer,
    customer_number,
    interaction,
    number_claim,
)
from crmdesk.store.tables.of_customers import history_tables

TAKEN_AT_ONCE = 500
"""Customers of one part."""

_keys = bindparam("keys", expanding=True, type_=Key)
_first = (
    select(customer.c.id, customer.c.deleted_at)
    .where(customer.c.batch_id == bindparam("batch", type_=Key))
    .order_by(customer.c.id)
    .limit(bindparam("limit"))
)
_drop_parts = [
    delete(table).where(table.c.customer_id.in_(_keys)) for table in (*PARTS, interaction)
]
_drop = delete(customer).where(customer.c.id.in_(_keys))
_let_go = update(customer).where(customer.c.id.in_(_keys)).values(batch_id=None)
_remove = _let_go.values(
    deleted_at=bindparam("now"), updated_at=bindparam("now"), batch_id=bindparam("next", type_=Key)
)
_numbers = select(customer_number.c.e164).where(
    customer_number.c.customer_id.in_(_keys), customer_number.c.e164.is_not(None)
)

_happened = union_all(
    *(
        select(table.c.customer_id).where(
            table.c.customer_id.in_(_keys), table.c.deleted_at.is_(None)
        )
        for table in (*history_tables(), number_claim)
        if table is not interaction  # an import brings notes in, too: see `_with_later_notes`
    ),
    select(call.c.customer_id).where(
        call.c.customer_id.in_(_keys),
        call.c.deleted_at.is_(None),
        call.c.match_rule.not_in([rule.value for rule in BY_NUMBER]),
        call.c.match_rule != MatchRule.NOTHING.value,
    ),
)
_interactions = select(interaction.c.customer_id, interaction.c.id).where(
    interaction.c.customer_id.in_(_keys), interaction.c.deleted_at.is_(None)
)


def _waiting(batch: uuid.UUID) -> uuid.UUID:
    """In place of the import: it is taken back, and the row waits for what names it to go."""
    return part_id(batch, "taken back", "")


def is_shared(connection: Connection) -> bool:
    """Whether other desks may have read a store: then they hear of a deletion by its mark."""
    return connection.dialect.name != "sqlite"


def _changed(table: Any) -> Select[Any]:  # noqa: ANN401  a table or an alias of one
    """Customers with a row that somebody wrote since, unless that was taken back."""
    is_own = table is customer
    owner = table.c.id if is_own else table.c.customer_id
    is_touched = table.c.updated_at != table.c.created_at
    if not is_own:
        is_touched = or_(is_touched, table.c.created_at != customer.c.created_at)
    was_taken_back = exists().where(
        change_row.c.row_id == table.c.id,
        change_set.c.id == change_row.c.change_id,
        change_set.c.undone_at >= table.c.updated_at,
    )
    found = select(owner).where(owner.in_(_keys), is_touched, ~was_taken_back)
    return found if is_own else found.join(customer, customer.c.id == owner)


_changed_since = union_all(*(_changed(table) for table in (customer, *PARTS)))


class CreatedTakingBack(SearchWriting, RecordIndexWriting, ReferenceQueries):
    """Takes customers of an import away."""

    def take_back_created(self, batch: uuid.UUID) -> tuple[int, int, set[str]]:
        """Takes the next `TAKEN_AT_ONCE` customers of an import away.

        Returns:
            How many were looked at (fewer than that: the last ones), how many of them stay,
            and the numbers of those that are gone.
        """
        values = {"batch": batch, "limit": TAKEN_AT_ONCE}
        found = dict(map(tuple, self._connection.execute(_first, values)))
        hidden = [key for key, deleted_at in found.items() if deleted_at == HIDDEN]
        living = [key for key, deleted_at in found.items() if deleted_at is None]
        if hidden:
            self._purge(hidden)
        staying = self._to_keep(living) if living else set()
        going = [key for key in living if key not in staying]
        numbers = self._take_away(going, batch) if going else set()
        rest = [key for key in found if key not in {*hidden, *going}]
        if rest:
            self._connection.execute(_let_go, {"keys": rest})
        return len(found), len(staying), numbers

    def _purge(self, customers: list[uuid.UUID]) -> None:
        """Rows of customers that nobody is to hear of go from the disk, with all they came with."""
        self._forget(customers)
        written = self._connection.execute(_interactions, {"keys": customers})
        self.forget_records([key for _owner, key in written])
        for statement in (*_drop_parts, _drop):
            self._connection.execute(statement, {"keys": customers})

    def purge_taken_back(self, batch: uuid.UUID) -> bool:
        """Purges the next customers of an import that were marked: nothing names them any more.

        Returns:
            Whether there were any.
        """
        values = {"batch": _waiting(batch), "limit": TAKEN_AT_ONCE}
        found = [row[0] for row in self._connection.execute(_first, values)]
        named = self.referred_to(found, batch) if found else set()
        if free := [key for key in found if key not in named]:
            self._purge(free)
        if named:
            self._connection.execute(_let_go, {"keys": list(named)})
        return bool(found)

    def _take_away(self, customers: list[uuid.UUID], batch: uuid.UUID) -> set[str]:
        """Purges customers, or marks them as deleted; returns their numbers."""
        numbers = set(self._connection.execute(_numbers, {"keys": customers}).scalars())
        after, marked = None, set(customers)
        if not is_shared(self._connection):
            # What names them now may be taken back with the rest of the import.
            after = _waiting(batch)
            marked = self.referred_to(customers, batch)
            self._purge([key for key in customers if key not in marked])
        if marked:
            values = {"keys": list(marked), "now": self._clock(), "next": after}
            self._connection.execute(_remove, values)
            self._forget(list(marked))
        return numbers

    def _to_keep(self, customers: list[uuid.UUID]) -> set[uuid.UUID]:
        """Those with whom something happened since they were brought in."""
        keys = {"keys": customers}
        kept = set(self._connection.execute(_happened, keys).scalars())
        kept.update(self._connection.execute(_changed_since, keys).scalars())
        kept.update(self._with_later_notes(customers))
        return kept

    def _with_later_notes(self, customers: list[uuid.UUID]) -> Iterator[uuid.UUID]:
        found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for owner, key in self._connection.execute(_interactions, {"keys": customers}):
            found[owner].add(key)
        for owner, notes in found.items():
            if not notes <= {note_id(owner, place) for place in range(len(notes))}:
                yield owner
