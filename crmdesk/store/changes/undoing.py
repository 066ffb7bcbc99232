"""Takes changes back, row by row, newest first.

A row is restored where it still is as the change left it. What somebody changed since is
theirs: it stays, and is counted. So does a customer the change brought in with whom
something happened meanwhile, with all that was brought in for them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, exists, select, union_all, update

from crmdesk.domain.changes import ChangeKind, ChangeSet, ChangeState, RowChange, UndoResult
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.matches import MatchRule
from crmdesk.store.calls.links import BY_NUMBER, CallLinkQueries
from crmdesk.store.changes import refusals
from crmdesk.store.changes.build_up import BuildUpQueries
from crmdesk.store.changes.journal import ChangeWriting, last_rows, row_change
from crmdesk.store.changes.open_merges import OpenMergeQueries
from crmdesk.store.changes.row_batches import READ_AT_ONCE, Row, Touched
from crmdesk.store.changes.values import DELETED, journaled
from crmdesk.store.columns import Key
from crmdesk.store.importing.taking_back import CreatedTakingBack
from crmdesk.store.sales.settling import only_settles, settlements
from crmdesk.store.tables import call, change_row, change_set, customer, message, payment, receipt
from crmdesk.store.tables.of_customers import history_tables

UNDONE_AT_ONCE = 2_000
"""Rows of one part; a part is a transaction where the whole is too large for one."""

_NO_CHANGE = uuid.UUID(int=0)

_change_id = bindparam("change_id", type_=Key)
_keys = bindparam("keys", expanding=True, type_=Key)

_begin = (
    update(change_set)
    .where(change_set.c.id == _change_id)
    .values(
        state=ChangeState.UNDOING.value,
        undone_by=bindparam("by"),
        undone_down_to=bindparam("end"),
        updated_at=bindparam("now"),
    )
)
_go_on = (
    update(change_set)
    .where(change_set.c.id == _change_id)
    .values(
        undone_down_to=bindparam("end"),
        kept=change_set.c.kept + bindparam("kept_now"),
        updated_at=bindparam("now"),
    )
)
_end = (
    update(change_set)
    .where(change_set.c.id == _change_id)
    .values(
        state=ChangeState.UNDONE.value,
        undone_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
)
_sent = (
    select(message.c.id)
    .join(change_row, change_row.c.row_id == message.c.id)
    .where(
        change_row.c.change_id == _change_id,
        change_row.c.table_name == message.name,
        message.c.state.in_(("sending", "sent", "doubtful")),
    )
    .limit(1)
)
_reached = select(change_set.c.undone_down_to).where(change_set.c.id == _change_id)

_brought_in = select(change_row.c.row_id).where(
    change_row.c.change_id == _change_id,
    change_row.c.table_name == customer.name,
    change_row.c.row_id.in_(_keys),
    change_row.c.before.is_(None),
)
# What happened with a customer since, and was not brought in by the change itself.
_since_then = union_all(
    *(
        select(table.c.customer_id).where(
            table.c.customer_id.in_(_keys),
            table.c.deleted_at.is_(None),
            ~exists().where(
                change_row.c.row_id == table.c.id,
                change_row.c.change_id == _change_id,
                change_row.c.before.is_(None),
            ),
        )
        for table in history_tables()
    ),
    select(call.c.customer_id).where(
        call.c.customer_id.in_(_keys),
        call.c.deleted_at.is_(None),
        call.c.match_rule.not_in([rule.value for rule in BY_NUMBER]),
        call.c.match_rule != MatchRule.NOTHING.value,
    ),
)


class ChangeUndoing(
    CreatedTakingBack, ChangeWriting, CallLinkQueries, BuildUpQueries, OpenMergeQueries
):
    """Takes changes back."""

    def undo_change(self, change_id: uuid.UUID, who: str) -> UndoResult:
        """Takes a change back in this transaction; see `LargeChange` for large ones.

        Args:
            change_id: Of the change.
            who: Name or extension of the agent.

        Raises:
            UserFacingError: It is unknown, still in progress, was taken back before, or
                another step that builds on it has to be taken back first.
        """
        self.begin_undo(change_id, who)
        while not self.undo_part(change_id):
            pass
        return self.undo_result(change_id)

    def begin_undo(self, change_id: uuid.UUID, who: str, *, is_interrupted: bool = False) -> None:
        """Marks a change as being taken back; raises as `undo_change`.

        Args:
            change_id: Of the change.
            who: Name or extension of the agent.
            is_interrupted: It is OPEN, and the program that made it is gone.
        """
        change = self.change_set(change_id)
        if change is None:
            raise refusals.unknown_change()
        if change.state is ChangeState.UNDONE:
            raise refusals.undone_already()
        if change.state is ChangeState.UNDOING:
            return  # what began it was interrupted: each part knows where to go on
        if change.state is ChangeState.OPEN and not is_interrupted:
            raise refusals.still_at_it()
        if change.kind is ChangeKind.MESSAGE and self._was_sent(change_id):
            raise refusals.sent_already()
        if change.state is ChangeState.DONE:  # what was interrupted never may stay half made
            self._refuse_undo(change)
        values = {
            "change_id": change_id,
            "by": kept_line(who),
            "end": change.rows,
            "now": self._clock(),
        }
        self._connection.execute(_begin, values)

    def _refuse_undo(self, change: ChangeSet) -> None:
        """Raises where other steps do not let it be taken back now."""
        if change.kind is ChangeKind.MERGE:
            self.refuse_undo_in_merge(change.id)
        if later := self.built_on(change.id, change.kind):
            raise refusals.take_back_first(later)

    def _was_sent(self, change_id: uuid.UUID) -> bool:
        return self._connection.execute(_sent, {"change_id": change_id}).first() is not None

    def undo_part(self, change_id: uuid.UUID, limit: int = UNDONE_AT_ONCE) -> bool:
        """Takes back the next rows of a change that is UNDOING.

        Returns:
            Whether that was the last of it.
        """
        key = {"change_id": change_id}
        end = self._connection.execute(_reached, key).scalar_one()
        found = self._connection.execute(last_rows, {**key, "end": end, "limit": limit}).all()
        now = self._clock()
        if found:
            kept = self._restore(change_id, [row_change(row) for row in found])
            values = {**key, "end": found[-1][0], "kept_now": kept, "now": now}
            self._connection.execute(_go_on, values)
        if len(found) == limit or self._takes_created_back(change_id):
            return False
        self._connection.execute(_end, {**key, "now": self._clock()})
        return True

    def undo_result(self, change_id: uuid.UUID) -> UndoResult:
        """What taking a change back has come to."""
        change = self._known(change_id)
        return UndoResult(change.rows + change.created - change.kept, change.kept)

    def _takes_created_back(self, change_id: uuid.UUID) -> bool:
        """Takes the next customers away that an import brought in; False where all are gone."""
        change = self._known(change_id)
        if not change.created:
            return False
        looked_at, kept, numbers = self.take_back_created(change_id)
        self._mend_links(numbers, change)
        values = {"change_id": change_id, "end": 0, "kept_now": kept, "now": self._clock()}
        self._connection.execute(_go_on, values)
        return looked_at > 0 or self.purge_taken_back(change_id)

    def _known(self, change_id: uuid.UUID) -> ChangeSet:
        change = self.change_set(change_id)
        if change is None:
            raise refusals.unknown_change()
        return change

    def _restore(self, change_id: uuid.UUID, rows: Sequence[RowChange]) -> int:
        """Restores rows where they are as they were left.

        Returns:
            How many were not.
        """
        present = self._present(rows)
        staying = self._customers_to_keep(change_id, rows, present)
        written: dict[str, dict[uuid.UUID, Row]] = defaultdict(lambda: defaultdict(dict))
        touched, kept, unsure = Touched(), 0, set[uuid.UUID]()
        for row in rows:
            there = present[row.table].get(row.key)
            if there is None or not _is_as_left(there, row) or _whose(row, there) in staying:
                if there is not None and only_settles(row):
                    unsure.add(row.key)  # it is counted anew: nothing of it is kept
                else:
                    kept += 1
                continue
            old = {DELETED: self._clock()} if row.before is None else dict(row.before)
            touched.note(row.table, row.key, dict(there), old)
            there.update(old)
            written[row.table][row.key].update(old)
        for table, changed in written.items():
            self.update_rows(table, changed)
        self._settle(rows, present, unsure, touched)
        self.index_touched(touched)
        calls = [row.key for row in rows if row.table == call.name]
        for start in range(0, len(calls), READ_AT_ONCE):
            touched.numbers |= self.numbers_of_calls(calls[start : start + READ_AT_ONCE])
        self._mend_links(touched.numbers, self._known(change_id))
        return kept

    def _settle(
        self,
        rows: Sequence[RowChange],
        present: Mapping[str, Mapping[uuid.UUID, Row]],
        unsure: set[uuid.UUID],
        touched: Touched,
    ) -> None:
        """Counts again what was paid, however much came in or went since the change."""
        receipts = present.get(receipt.name, {}).values()
        invoices = {row["invoice_id"] for row in receipts if row["invoice_id"]}
        invoices |= {row.key for row in rows if row.table == payment.name}
        if not invoices:
            return
        settled = settlements(self._connection, invoices, unsure)
        self.update_rows(payment.name, settled)
        touched.records |= {(payment.name, key) for key in settled}

    def _present(self, rows: Sequence[RowChange]) -> dict[str, dict[uuid.UUID, Row]]:
        """What is in the rows now, by table and key."""
        columns: dict[str, set[str]] = defaultdict(set)
        keys: dict[str, dict[uuid.UUID, None]] = defaultdict(dict)
        for row in rows:
            columns[row.table].update(row.after)
            keys[row.table][row.key] = None
        return {
            table: self.present_rows(table, names | _owner_column(table), list(keys[table]))
            for table, names in columns.items()
        }

    def _customers_to_keep(
        self,
        change_id: uuid.UUID,
        rows: Sequence[RowChange],
        present: Mapping[str, Mapping[uuid.UUID, Row]],
    ) -> set[uuid.UUID]:
        """Customers the change brought in with whom something happened since."""
        of_new_rows = {
            _whose(row, present[row.table].get(row.key, {})) for row in rows if row.before is None
        }
        keys = [key for key in of_new_rows if key is not None]
        staying: set[uuid.UUID] = set()
        for start in range(0, len(keys), READ_AT_ONCE):
            values = {"change_id": change_id, "keys": keys[start : start + READ_AT_ONCE]}
            brought_in = list(self._connection.execute(_brought_in, values).scalars())
            if brought_in:
                values["keys"] = brought_in
                staying.update(self._connection.execute(_since_then, values).scalars())
        return staying

    def _mend_links(self, numbers: set[str], change: ChangeSet) -> None:
        """Calls lose, or get, the link that the number gives them by who has it now.

        Those that came in under the change, and those that other changes moved as well: taken
        back in another order than they were made, none of them leaves the right link behind.
        """
        wanted = sorted(numbers)
        # Of the newest change what it moved itself is right again: exactly as it was.
        newest = self.changes(limit=2).changes
        is_newest = all(one.id == change.id or one.at < change.at for one in newest)
        alone = change.id if is_newest else _NO_CHANGE
        for start in range(0, len(wanted), READ_AT_ONCE):
            some = set(wanted[start : start + READ_AT_ONCE])
            for e164 in self.numbers_that_called(some, change.at, alone):
                wrong = self.wrong_links(e164, change.at, alone)
                links = {one.id: dict(link) for one, link in wrong}
                self.update_rows(call.name, links)


def _owner_column(table: str) -> set[str]:
    return {"customer_id"} if "customer_id" in journaled(table).table.c else set()


def _whose(row: RowChange, there: Mapping[str, Any]) -> uuid.UUID | None:
    """The customer a row brought in is about; a call is nobody's to bring in."""
    if row.before is not None or row.table == call.name:
        return None
    return row.key if row.table == customer.name else there.get("customer_id")


def _is_as_left(there: Mapping[str, Any], row: RowChange) -> bool:
    is_same = all(there[name] == value for name, value in row.after.items())
    return is_same and (DELETED in row.after or there[DELETED] is None)
