"""Reads whatever a filter shows, all of it, in pages; for exports.

Pages are keyset pages, each a short read of its own: an export of a million customers keeps no
transaction open behind which the write-ahead log would grow.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select

from crmdesk.domain.call_log import CallFilter, CallPage, Place
from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    Email,
    PhoneNumber,
)
from crmdesk.domain.exporting import CustomerRecord, ExportPage, ExportPlace, Widths
from crmdesk.domain.text import sanitise_external
from crmdesk.store.calls.reading import call_row
from crmdesk.store.calls.search import CallSearchQueries, between, page_of_calls
from crmdesk.store.customers.search import index_query
from crmdesk.store.customers.search_text import have_removed_fields, number_digits, without_removed
from crmdesk.store.errors import TookTooLong
from crmdesk.store.exporting import statements as statements
from crmdesk.store.fold import LAST_CHARACTER, fold
from crmdesk.store.queries import LIST_LIMIT_S
from crmdesk.store.tables import customer

_MIN_INDEXED = 3
"""The search index knows nothing shorter."""

_LONGEST_QUERY = 80
_MOST_WORDS = 6

_ALL, _FOUND, _BY_NAME, _BY_FAMILY = "all", "found", "by name", "by family name"
"""The lists an export reads, one after the other where a text is looked for."""


class ExportQueries(CallSearchQueries):
    """Reads everything, a page at a time."""

    def exported_customers(
        self, words: str = "", after: ExportPlace | None = None, limit: int = 500
    ) -> ExportPage:
        """A page of all customers, or of all that a search for the words finds.

        Unlike a search it has no end, and it comes in the order of the store.

        Args:
            words: As typed into a search; "" for all customers.
            after: `next` of the page before, None for the first.
            limit: Length of the page.
        """
        typed = fold(sanitise_external(words, _LONGEST_QUERY))
        if words.strip() and not typed:
            return ExportPage()
        if not typed:
            return self._all_after(after, limit)
        long, short = _looked_for(typed)
        if long:
            return self._found_after(long, short, after, limit)
        return self._beginning_after(typed, after, limit)

    def exported_members(
        self, condition: ColumnElement[bool], after: ExportPlace | None = None, limit: int = 500
    ) -> ExportPage:
        """Those of the next `limit` customers that fulfil a condition, in the order of the store.

        A page may be empty and still have a `next`: ask on from there.

        Args:
            condition: Of `rule_condition`.
            after: `next` of the page before, None for the first.
            limit: Customers that are looked at.
        """
        key = uuid.UUID(bytes=after[2]) if after else uuid.UUID(int=0)
        values = {"after_id": key, "limit": limit}
        ids = statements.next_ids.offset(limit - 1).limit(1)
        end = self._connection.scalar(ids, {"after_id": key})
        page = statements.next_customers.where(condition)
        if end is not None:
            page = page.where(customer.c.id <= end)
        rows = self._connection.execute(page, values).all()
        return ExportPage(self._records(rows), (_ALL, "", end.bytes) if end else None)

    def count_exported(self, words: str = "") -> int | None:
        """About how many customers that are, None where only reading would tell."""
        typed = fold(sanitise_external(words, _LONGEST_QUERY))
        if not typed:
            return self._counted(
                lambda: self._connection.execute(statements.all_customers).scalar_one()
            )
        long, short = _looked_for(typed)
        if not long or short or have_removed_fields(self._connection):
            return None
        values = {"query": index_query(long)}
        return self._counted(
            lambda: self._connection.execute(statements.found_count, values).scalar_one()
        )

    def custom_titles(self) -> tuple[tuple[str, str], ...]:
        """Key and title of the company's own fields, in their order."""
        return tuple(
            (key, title) for key, title in self._connection.execute(statements.custom_titles)
        )

    def widths(self) -> Widths:
        """The most numbers, e-mails and addresses of any customer; reads all of them."""
        numbers, dated = self._connection.execute(statements.most_numbers).one()
        emails = self._connection.execute(statements.most_emails).scalar()
        addresses = self._connection.execute(statements.most_addresses).scalar()
        return Widths(numbers or 0, emails or 0, addresses or 0, bool(dated))

    def exported_calls(
        self, chosen: CallFilter, before: Place | None = None, limit: int = 500
    ) -> CallPage:
        """A page of the call log as `calls` gives it, however long it takes."""
        end = self.end_of_calls(chosen, before)
        page = statements.newest_calls.where(*self._conditions(chosen), *between(before, end))
        rows = tuple(map(call_row, self._connection.execute(page, {"limit": limit + 1})))
        return page_of_calls(rows, limit, end)

    def count_calls(self, chosen: CallFilter) -> int | None:
        """How many calls that are, None where only reading would tell."""
        if chosen.members is not None:
            return None
        counted = statements.count_calls.where(*self._conditions(chosen))
        return self._counted(lambda: self._connection.execute(counted).scalar_one())

    def _counted(self, count: Callable[[], int]) -> int | None:
        try:
            return self.within_time_limit(count, LIST_LIMIT_S)
        except TookTooLong:
            return None

    # --- pages --------------------------------------------------------------------------------

    def _all_after(self, after: ExportPlace | None, limit: int) -> ExportPage:
        key = uuid.UUID(bytes=after[2]) if after else uuid.UUID(int=0)
        values = {"after_id": key, "limit": limit}
        rows = self._connection.execute(statements.next_customers, values).all()
        place = (_ALL, "", rows[-1][0].bytes) if len(rows) == limit else None
        return ExportPage(self._records(rows), place)

    def _found_after(
        self, long: list[str], short: list[str], after: ExportPlace | None, limit: int
    ) -> ExportPage:
        values = {
            "query": index_query(long),
            "after_row": int(after[1]) if after else -1,
            "limit": limit,
        }
        found = self._connection.execute(statements.found_rows, values).all()
        keys = [key for _, key in found]
        if have_removed_fields(self._connection):
            keys = without_removed(self._connection, keys, long)
        rows = self._these(keys)
        fitting = [row for row in rows if _has_all(short, f"{row[2]} {row[4] or ''}")]
        place = (_FOUND, str(found[-1][0]), b"") if len(found) == limit else None
        return ExportPage(self._records(fitting), place)

    def _beginning_after(self, typed: str, after: ExportPlace | None, limit: int) -> ExportPage:
        kind, last, key = after or (_BY_NAME, "", bytes(16))
        values = {
            "start": typed,
            "end": typed + LAST_CHARACTER,
            "after_text": last,
            "after_id": uuid.UUID(bytes=key),
            "limit": limit,
        }
        statement = statements.by_name if kind == _BY_NAME else statements.by_family
        found = self._connection.execute(statement, values).all()
        place: ExportPlace | None = None
        if len(found) == limit:
            place = (kind, found[-1][0], found[-1][1].bytes)
        elif kind == _BY_NAME:
            place = (_BY_FAMILY, "", bytes(16))
        return ExportPage(self._records(self._these([key for _, key in found])), place)

    def _these(self, keys: list[uuid.UUID]) -> Sequence[Sequence[Any]]:
        return (
            self._connection.execute(statements.these_customers, {"ids": keys}).all()
            if keys
            else []
        )

    # --- what belongs to them -----------------------------------------------------------------

    def _records(self, rows: Sequence[Sequence[Any]]) -> tuple[CustomerRecord, ...]:
        if not rows:
            return ()
        ids = [row[0] for row in rows]
        numbers = self._owned(statements.numbers, ids, lambda row: PhoneNumber(*row))
        emails = self._owned(statements.emails, ids, lambda row: Email(*row))
        addresses = self._owned(statements.addresses, ids, lambda row: Address(*row))
        custom = self._owned(statements.custom, ids, tuple)
        return tuple(
            CustomerRecord(
                _customer(row, numbers[row[0]], emails[row[0]], addresses[row[0]]),
                row[15],
                row[16],
                dict(custom[row[0]]),
            )
            for row in rows
        )

    def _owned(
        self,
        statement: Select[Any],
        ids: list[uuid.UUID],
        value: Callable[[Sequence[Any]], Any],
    ) -> defaultdict[uuid.UUID, list[Any]]:
        found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
        for key, *rest in self._connection.execute(statement, {"ids": ids}):
            found[key].append(value(rest))
        return found


def _looked_for(typed: str) -> tuple[list[str], list[str]]:
    """Words that the index knows, and those that are too short for it; as `search` reads them."""
    digits = number_digits(typed)
    words = [digits] if digits else typed.split(" ")[:_MOST_WORDS]
    long = [word for word in words if len(word) >= _MIN_INDEXED]
    return long, [word for word in words if len(word) < _MIN_INDEXED]


def _has_all(words: Iterable[str], names: str) -> bool:
    folded = fold(names)
    return all(word in folded for word in words)


def _customer(
    row: Sequence[Any], numbers: list[PhoneNumber], emails: list[Email], addresses: list[Address]
) -> Customer:
    role, account, language, salutation, source, status, segment, since, not_called, owner = row[
        5:15
    ]
    return Customer(
        id=row[0],
        kind=CustomerKind(row[1]),
        name=row[2],
        company_id=row[3],
        company_name=row[4] or "",
        role=role,
        account_id=account,
        language=language,
        salutation=salutation,
        source=source,
        status=CustomerStatus(status),
        segment=segment,
        customer_since=since,
        do_not_call=not_called,
        owner=owner,
        numbers=tuple(numbers),
        emails=tuple(emails),
        addresses=tuple(addresses),
    )
