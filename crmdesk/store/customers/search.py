"""Search as one types: names, companies, numbers, e-mails, account ids, own fields.

From three characters on an FTS5 trigram index finds them anywhere; below that, and always
first, come names that begin with what was typed, by range on an index. The index is kept
by the writer, not by triggers: it folds text in ways SQL cannot, and bulk loads fill it at
the end. It keeps the values of own fields that were removed, for the field may come back at
any time; whoever asks looks again whether a customer is found without them. All SQL here is
SQLite's; another database would get a module of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Text, bindparam, delete, insert, or_, select, text

from crmdesk.domain.customers import CustomerHit, CustomerKind
from crmdesk.domain.importing import CustomFieldKind
from crmdesk.domain.text import sanitise_external
from crmdesk.store.columns import Key
from crmdesk.store.customers.search_text import (
    MIN_INDEXED,
    custom_texts,
    customs_of,
    date_digits,
    emails_of,
    have_removed_fields,
    index_texts,
    living_customs_of,
    number_digits,
    numbers_of,
    shown_custom,
    without_removed,
)
from crmdesk.store.errors import TookTooLong
from crmdesk.store.fold import LAST_CHARACTER, fold
from crmdesk.store.queries import Queries
from crmdesk.store.tables import custom_field, custom_value, customer, search_row

_LONGEST_QUERY = 80
_MOST_WORDS = 6
_CANDIDATES = 100
"""Index hits that are looked at; more would not fit a frame of 16 ms."""

_LOOKED_AGAIN_AT_ONCE = 400
"""Index hits that are read anew together, where a field was removed."""

_INDEXED_AT_ONCE = 500

_company = customer.alias("company")
_hits = (
    select(
        customer.c.id,
        customer.c.kind,
        customer.c.name,
        _company.c.name,
        customer.c.segment,
        customer.c.account_id,
    )
    .select_from(customer)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(customer.c.deleted_at.is_(None))
)
_prefix = bindparam("prefix", type_=Text)
_prefix_end = bindparam("prefix_end", type_=Text)
_begins = _hits.where(
    or_(
        (customer.c.name_key >= _prefix) & (customer.c.name_key < _prefix_end),
        (customer.c.sort_key >= _prefix) & (customer.c.sort_key < _prefix_end),
    )
).limit(bindparam("limit"))
_number_keys = select(custom_field.c.key).where(
    custom_field.c.kind == CustomFieldKind.NUMBER.value, custom_field.c.deleted_at.is_(None)
)
_with_figure = _hits.where(
    customer.c.id.in_(
        select(custom_value.c.customer_id)
        .where(
            custom_value.c.field_key.in_(_number_keys),
            custom_value.c.value == bindparam("figure", type_=Text),
            custom_value.c.deleted_at.is_(None),
        )
        .limit(bindparam("limit"))
    )
)
_indexed_ids = text(
    "SELECT search_row.customer_id FROM customer_search"
    " JOIN search_row ON search_row.row = customer_search.rowid"
    " WHERE customer_search MATCH :query LIMIT :limit"
).columns(customer_id=customer.c.id.type)
_indexed_after = text(
    "SELECT customer_search.rowid, search_row.customer_id FROM customer_search"
    " JOIN search_row ON search_row.row = customer_search.rowid"
    " WHERE customer_search MATCH :query AND customer_search.rowid > :after"
    " ORDER BY customer_search.rowid LIMIT :limit"
).columns(row=search_row.c.row.type, customer_id=customer.c.id.type)
_by_ids = _hits.where(customer.c.id.in_(bindparam("ids", expanding=True)))

_ids = bindparam("ids", expanding=True, type_=Key)
_rows_of = select(search_row.c.customer_id, search_row.c.row).where(
    search_row.c.customer_id.in_(_ids)
)
_new_row = insert(search_row)
_drop_row = delete(search_row).where(search_row.c.row == bindparam("old_row"))
_index_text = text("INSERT OR REPLACE INTO customer_search (rowid, text) VALUES (:row, :text)")
_unindex = text("DELETE FROM customer_search WHERE rowid = :row")
_people_of = select(customer.c.id).where(customer.c.company_id == bindparam("company_id"))
_name_of = select(customer.c.name).where(customer.c.id == bindparam("customer_id"))


def index_query(words: Iterable[str]) -> str:
    """An FTS5 query that finds rows with all words. Quoting leaves FTS5 no syntax to read."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words)


def _tells(value: str, words: Iterable[str]) -> bool:
    """Whether one of the words that were typed is in a value."""
    texts = (value.lower(), *custom_texts(value))
    return any(word in text for word in words for text in texts)


class SearchQueries(Queries):
    """Finds customers by what is typed."""

    def search(self, text: str, limit: int = 20) -> tuple[CustomerHit, ...]:
        """Customers found by name, company, number, e-mail, account id or own field, best first.

        Names that begin with the text come first. All words have to be found; accents and
        case do not matter, and of a number the trunk zero ("030 23125") does not either.
        """
        typed = fold(sanitise_external(text, _LONGEST_QUERY))
        if not typed:
            return ()
        digits = date_digits(typed) or number_digits(typed)
        found = self._beginning_with(typed, limit)
        if len(typed) < MIN_INDEXED and typed.isdecimal():
            found = self._with_figure(typed, limit) | found
        if len(found) < limit:
            words = [digits] if digits else typed.split(" ")[:_MOST_WORDS]
            found = {hit.id: hit for hit in self._indexed_in_time(words)} | found
        best = sorted(found.values(), key=lambda hit: _rank(hit, typed))[:limit]
        return self._with_details(best, typed, digits)

    def _beginning_with(self, typed: str, limit: int) -> dict[uuid.UUID, CustomerHit]:
        values = {"prefix": typed, "prefix_end": typed + LAST_CHARACTER, "limit": limit}
        return {row[0]: _hit(row) for row in self._connection.execute(_begins, values)}

    def _with_figure(self, figure: str, limit: int) -> dict[uuid.UUID, CustomerHit]:
        """Those of whom an own number field says exactly this: too short for the index."""
        values = {"figure": figure, "limit": limit}
        return {row[0]: _hit(row) for row in self._connection.execute(_with_figure, values)}

    def _indexed_in_time(self, words: list[str]) -> list[CustomerHit]:
        """Hits of the index; few where they take too long: names that begin so remain."""
        found: list[CustomerHit] = []
        with suppress(TookTooLong):
            self.within_time_limit(lambda: found.extend(self._indexed(words)))
        return found

    def _indexed(self, words: list[str]) -> Iterator[CustomerHit]:
        """Hits of the index; words too short for it are looked for in what it found."""
        long = [word for word in words if len(word) >= MIN_INDEXED]
        short = [word for word in words if len(word) < MIN_INDEXED]
        for ids in self._candidates(long):
            for row in self._connection.execute(_by_ids, {"ids": ids}):
                hit = _hit(row)
                if all(word in fold(f"{hit.name} {hit.company_name}") for word in short):
                    yield hit

    def _candidates(self, words: list[str]) -> Iterator[list[uuid.UUID]]:
        """Keys of the first customers that have all words, not by a field that was removed."""
        if not have_removed_fields(self._connection):
            yield self.indexed_ids(words, _CANDIDATES)
            return
        left, after = _CANDIDATES, 0
        values = {"query": index_query(words), "limit": _LOOKED_AGAIN_AT_ONCE}
        while words and left > 0:
            rows = self._connection.execute(_indexed_after, {**values, "after": after}).all()
            if not rows:
                return
            after = rows[-1][0]
            found = without_removed(self._connection, [key for _, key in rows], words)
            yield found[:left]
            left -= len(found)

    def indexed_ids(self, words: list[str], limit: int) -> list[uuid.UUID]:
        """Keys of customers whose text has all words, each of three characters or more."""
        if not words:
            return []
        values = {"query": index_query(words), "limit": limit}
        return list(self._connection.execute(_indexed_ids, values).scalars())

    def _with_details(
        self, hits: list[CustomerHit], typed: str, digits: str
    ) -> tuple[CustomerHit, ...]:
        """Adds the number, e-mail or own field that was found, else the first number."""
        ids = {"ids": [hit.id for hit in hits]}
        if not hits:
            return ()
        details: dict[uuid.UUID, str] = {}
        for key, raw, e164 in self._connection.execute(numbers_of, ids):
            if digits and digits in (e164 or raw):
                details[key] = e164 or raw
            details.setdefault(key, e164 or raw)
        words = [digits] if digits else typed.split(" ")
        for key, value in self._connection.execute(living_customs_of, ids):
            if not _tells(details.get(key, ""), words) and _tells(value, words):
                details[key] = shown_custom(value)
        details |= {
            key: address
            for key, address in self._connection.execute(emails_of, ids)
            if not digits and any(word in address.lower() for word in words)
        }
        return tuple(_with_detail(hit, details.get(hit.id, "")) for hit in hits)


class SearchWriting(Queries):
    """Keeps the search index."""

    def _name_of(self, customer_id: uuid.UUID) -> str | None:
        return self._connection.execute(_name_of, {"customer_id": customer_id}).scalar_one_or_none()

    def _index(self, customer_id: uuid.UUID) -> None:
        """Writes what the index knows of a customer anew."""
        self.index_customers([customer_id])

    def index_customers(self, customers: Collection[uuid.UUID]) -> None:
        """Writes what the index knows of some customers anew; deleted ones leave it."""
        every = list(customers)
        for start in range(0, len(every), _INDEXED_AT_ONCE):
            self._index_some(every[start : start + _INDEXED_AT_ONCE])

    def _index_some(self, customers: list[uuid.UUID]) -> None:
        living = index_texts(self._connection, customers, customs_of)
        rows = self._index_rows(list(living))
        texts = [{"row": rows[key], "text": text} for key, text in living.items()]
        if texts:
            self._connection.execute(_index_text, texts)
        self._forget([key for key in customers if key not in living])

    def _index_people_of(self, company_id: uuid.UUID) -> None:
        self.index_customers(self.people_of(company_id))

    def people_of(self, company_id: uuid.UUID) -> list[uuid.UUID]:
        """Keys of the people of a company, deleted ones too."""
        values = {"company_id": company_id}
        return list(self._connection.execute(_people_of, values).scalars())

    def _forget(self, customers: list[uuid.UUID]) -> None:
        rows = list(self._known_rows(customers).values()) if customers else []
        if rows:
            self._connection.execute(_unindex, [{"row": row} for row in rows])
            self._connection.execute(_drop_row, [{"old_row": row} for row in rows])

    def _index_rows(self, customers: list[uuid.UUID]) -> dict[uuid.UUID, int]:
        """The rows of the index that are these customers'; made where they have none."""
        known = self._known_rows(customers)
        new = [{"customer_id": key} for key in customers if key not in known]
        if new:
            self._connection.execute(_new_row, new)
            known = self._known_rows(customers)
        return known

    def _known_rows(self, customers: list[uuid.UUID]) -> dict[uuid.UUID, int]:
        rows = self._connection.execute(_rows_of, {"ids": customers})
        return {key: int(row) for key, row in rows}


def _hit(row: Sequence[Any]) -> CustomerHit:
    key, kind, name, company_name, segment, account_id = row
    return CustomerHit(key, CustomerKind(kind), name, company_name or "", segment, account_id)


def _with_detail(hit: CustomerHit, detail: str) -> CustomerHit:
    return CustomerHit(
        hit.id, hit.kind, hit.name, hit.company_name, hit.segment, detail or hit.detail
    )


def _rank(hit: CustomerHit, typed: str) -> tuple[int, str]:
    name = fold(hit.name)
    if name.startswith(typed):
        return 0, name
    if any(word.startswith(typed.split(" ")[0]) for word in name.split(" ")):
        return 1, name
    return 2, name
