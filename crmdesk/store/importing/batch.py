"""An import: any number of customers, made and changed as one step that can be taken back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Self

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import Address, Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, NewCustomer
from crmdesk.store.changes.large import LargeChange
from crmdesk.store.changes.recording import ChangeRecorder
from crmdesk.store.errors import StoreError
from crmdesk.store.importing.batch_links import link_calls
from crmdesk.store.importing.rows import NewRows, RowMaker, keys_in_order
from crmdesk.store.importing.updates import Update, write_updates
from crmdesk.store.importing.writing import BEFORE_ALL
from crmdesk.store.queries import utc_now
from crmdesk.store.store import Store
from crmdesk.store.writer import Writer

CREATED_AT_ONCE = 1_000
"""Customers of the first transaction; the next ones are as large as `_PART_S` allows.

The larger the parts, the less is written: names and numbers fall everywhere in their
indexes, so with a million customers nearly every row touches a page of its own.
"""

_FEWEST, _MOST = 250, 4_000
_PART_S = 0.6
"""How long a transaction may keep others from writing; where much else is going on on this
machine one takes three times as long before the next ones are made smaller."""

UPDATED_AT_ONCE = 250

SHOWN_AT_ONCE = 50_000
"""Customers that appear with one transaction, which takes a quarter of a second."""

_PAUSE_S = 0.02
"""Between two transactions, for the calls that other programs save meanwhile."""

Tell = Callable[[int, int | None, str], None]
"""Told how many are done, of how many (None: nobody knows), and what is being done."""


class ImportBatch:
    """One import. Use it as a context: an error inside takes back what was written.

    Rows are collected and written in parts while the next ones are prepared. New customers
    are hidden until `finish`; what changes in others is seen at once. If the program dies,
    whoever opens the store next takes everything back.

    Args:
        store: Where to.
        title: In words, e.g. "Import of customers.csv"; shown in the list of changes.
        who: Name or extension of the agent.
        pause: Waits some seconds between transactions.

    Raises:
        UserFacingError: Another large change is in progress.
    """

    def __init__(
        self, store: Store, title: str, who: str, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._pause = pause
        self._large = LargeChange(store, ChangeKind.IMPORT, title, who)
        self._new = NewRows()
        self._more: list[NewCustomer] = []
        self._grown: list[uuid.UUID] = []
        self._updates: dict[uuid.UUID, Update] = {}
        self._writing: Future[None] | None = None
        self._is_over = False
        self._created = 0
        self._free_at = 0.0
        self._at_once = CREATED_AT_ONCE
        self._large.__enter__()
        self._limit_caches(is_limited=True)
        self._maker = RowMaker(self.id, store.desk_id, utc_now())
        self._keys = keys_in_order(utc_now())

    @property
    def id(self) -> uuid.UUID:
        """Key of the batch, which is the key of its change."""
        if self._large.change is None:
            raise RuntimeError("the batch has not begun")
        return self._large.change.id

    def new_key(self) -> uuid.UUID:
        """A key for a new customer; these rise, which is twice as fast to insert as chance."""
        return next(self._keys)

    def create(self, drafts: Iterable[NewCustomer]) -> None:
        """Brings customers in; an error of writing is raised here or by a later call.

        Their rows wait, not they themselves: rows take a third of the memory.
        """
        some = iter(drafts)
        while True:
            room = max(self._at_once - self._new.customers, 0)
            self._maker.add(islice(some, room), self._new)
            if self._new.customers < self._at_once:
                return
            self._write_created()

    def add_to_new(
        self,
        customer_id: uuid.UUID,
        numbers: Sequence[PhoneNumber] = (),
        emails: Sequence[Email] = (),
        refs: Sequence[ExternalRef] = (),
    ) -> None:
        """Adds to a customer that this batch makes; none of it may be there already."""
        one = Customer(
            customer_id, CustomerKind.PERSON, "", numbers=tuple(numbers), emails=tuple(emails)
        )
        self._more.append(NewCustomer(one, tuple(refs)))
        if len(self._more) >= CREATED_AT_ONCE:
            self._write_more()

    def update(
        self,
        customer_id: uuid.UUID,
        fields: Mapping[str, object],
        *,
        add_numbers: Sequence[PhoneNumber] = (),
        add_emails: Sequence[Email] = (),
        add_addresses: Sequence[Address] = (),
        add_refs: Sequence[ExternalRef] = (),
        custom: Mapping[str, str] | None = None,
        add_notes: Sequence[str] = (),
        replaced: Collection[str] = (),
    ) -> None:
        """Changes a customer of the store; what is there already is neither written nor kept.

        Args:
            customer_id: Who; one that is gone meanwhile is left out.
            fields: New values by names of `Customer`: name, company_id, role, account_id,
                language, salutation, source, status, segment, customer_since, do_not_call,
                owner, kind.
            add_numbers: Numbers to add; none that is there with the same extension.
            add_emails: The same, whatever the case of an address.
            add_addresses: Postal addresses to add.
            add_refs: Keys the customer has elsewhere.
            custom: Values of custom fields by key; "" empties one.
            add_notes: Texts for the timeline.
            replaced: Sets ("numbers", "emails", "addresses") that shall be what is given, where
                something is: the rest of them is taken away.

        Raises:
            ValueError: There is no such field.
        """
        wanted = Update(
            dict(fields),
            tuple(add_numbers),
            tuple(add_emails),
            tuple(add_addresses),
            tuple(add_refs),
            dict(custom or {}),
            tuple(add_notes),
            frozenset(replaced),
        )
        if customer_id in self._updates:
            self._write_updates()
        self._updates[customer_id] = wanted
        if len(self._updates) >= UPDATED_AT_ONCE:
            self._write_updates()

    def finish(self, tell: Tell | None = None) -> ChangeSet | None:
        """Writes what is left and shows the new customers; None where nothing changed.

        Their earlier calls are linked as a part of the batch.

        Args:
            tell: Told what is done of each step; an error it raises takes the import back.
        """
        tell = tell or _tell_nobody
        if not self._is_over:
            try:
                self._flush(tell)
                self._show(tell)
                self._index_grown(tell)
                link_calls(self._store, self._large, tell)
            except BaseException:
                self.abandon()
                raise
            self._is_over = True
            self._limit_caches(is_limited=False)
            self._large.__exit__(None, None, None)
        change = self._large.change
        return change if change and (change.rows or change.created) else None

    def abandon(self) -> None:
        """Takes back what was written so far; nothing where the batch is over."""
        if self._is_over:
            return
        self._is_over = True
        with suppress(Exception):  # it was raised to who waited for it, or matters no more
            self._settle()
        self._limit_caches(is_limited=False)
        given_up = _GivenUpError()
        self._large.__exit__(_GivenUpError, given_up, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.abandon()

    # --- parts ------------------------------------------------------------------------------

    def _flush(self, tell: Tell) -> None:
        left = self._new.customers + len(self._more) + len(self._updates)
        tell(0, left, "writing the last ones")
        self._write_created()
        if self._more:
            self._write_more()
        if self._updates:
            self._write_updates()
        self._settle()
        tell(left, left, "writing the last ones")

    def _write_created(self) -> None:
        rows, self._new, batch = self._new, NewRows(), self.id
        if not rows.customers:
            return
        self._created += rows.customers

        def add(writer: Writer, _: ChangeRecorder) -> None:
            writer.add_hidden(batch, rows)

        self._write(add, rows.customers)

    def _write_more(self) -> None:
        """After the customers themselves: whoever takes those back finds these by them."""
        self._write_created()
        rows, batch = self._maker.rows_to_add(self._more), self.id
        self._grown += [one.customer.id for one in self._more]
        self._more = []
        self._write(lambda writer, _: writer.add_hidden(batch, rows))

    def _index_grown(self, tell: Tell) -> None:
        """What was added is found by searching, too; hidden customers cannot be indexed anew."""
        every = list(dict.fromkeys(self._grown))
        for start in range(0, len(every), UPDATED_AT_ONCE):
            some = every[start : start + UPDATED_AT_ONCE]
            tell(start, len(every), "indexing what was added")
            self._large.write(_indexes(some))
            self._pause(_PAUSE_S)

    def _write_updates(self) -> None:
        updates, self._updates = self._updates, {}

        def change(writer: Writer, recorder: ChangeRecorder) -> None:
            write_updates(writer, recorder, updates)

        self._write(change)

    def _show(self, tell: Tell) -> None:
        batch, last, count = self.id, BEFORE_ALL, 0
        while True:
            tell(count, self._created, "showing the new customers")
            shown = self._large.write(_shows(batch, last))
            if shown is None:
                return
            last, count = shown, count + SHOWN_AT_ONCE
            self._pause(_PAUSE_S)
            self._store.shorten_log()

    def _write(self, work: Callable[[Writer, ChangeRecorder], None], created: int = 0) -> None:
        """Has a part written while the caller prepares the next one.

        Args:
            work: Writes it.
            created: How many customers it creates, to find the right size for parts.
        """
        self._settle()
        rest = self._free_at + _PAUSE_S - time.monotonic()
        if rest > 0:
            self._pause(rest)
        self._store.shorten_log()
        began = time.monotonic()

        def note_end(_done: Future[None]) -> None:
            self._free_at = time.monotonic()
            if created:
                fitting = int(created * _PART_S / max(self._free_at - began, 0.001))
                self._at_once = min(max(fitting, created // 2, _FEWEST), created * 2, _MOST)

        self._writing = self._large.submit(work)
        self._writing.add_done_callback(note_end)

    def _limit_caches(self, *, is_limited: bool) -> None:
        with suppress(StoreError):  # whoever reads or writes next hears of it
            self._store.read(lambda r: r.limit_cache(is_limited=is_limited)).result()
            self._store.write(lambda w: w.limit_cache(is_limited=is_limited)).result()

    def _settle(self) -> None:
        """Waits for the part that is being written; raises what went wrong with it."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()


def _tell_nobody(_done: int, _of: int | None, _note: str) -> None:
    """For those who do not ask."""


class _GivenUpError(Exception):
    """What a large change is told that is not to be finished."""


def _shows(
    batch: uuid.UUID, after: uuid.UUID
) -> Callable[[Writer, ChangeRecorder], uuid.UUID | None]:
    return lambda writer, _: writer.show_created(batch, after, SHOWN_AT_ONCE)


def _indexes(customers: Sequence[uuid.UUID]) -> Callable[[Writer, ChangeRecorder], None]:
    return lambda writer, _: writer.index_customers(customers)
