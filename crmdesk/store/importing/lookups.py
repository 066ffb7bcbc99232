"""Finds customers that records of a source may mean: hundreds of questions at a time.

All questions are lists of at most `ASKED_AT_ONCE`; a hostile source that shares one value
with a million customers gets the first few of them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    literal,
    select,
)

from crmdesk.domain.importing import Known
from crmdesk.store.queries import Queries
from crmdesk.store.tables import customer, customer_number, email, external_ref

ASKED_AT_ONCE = 500
FOUND_OF_ONE = 8
"""Customers that are told of one value; with more nobody can say who is meant."""

NEIGHBOURS = 6

_MOST = ASKED_AT_ONCE * 4
_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
_limit: BindParameter[int] = bindparam("limit", type_=Integer)
_living = customer.c.deleted_at.is_(None)


def _found(key: ColumnElement[Any], extension: ColumnElement[Any] | None = None) -> Select[Any]:
    more = literal("") if extension is None else extension
    return select(key, customer.c.id, customer.c.name, customer.c.name_key, more).where(
        _living, key.in_(_wanted)
    )


_by_ref = (
    _found(external_ref.c.external_id)
    .join_from(external_ref, customer, customer.c.id == external_ref.c.customer_id)
    .where(external_ref.c.source == bindparam("source"), external_ref.c.deleted_at.is_(None))
    .limit(_limit)
)
_by_email = (
    _found(email.c.address.collate("NOCASE"))
    .join_from(email, customer, customer.c.id == email.c.customer_id)
    .where(email.c.deleted_at.is_(None))
    .limit(_limit)
)
_by_account = _found(customer.c.account_id).limit(_limit)
_by_number = (
    _found(customer_number.c.e164, customer_number.c.extension)
    .join_from(customer_number, customer, customer.c.id == customer_number.c.customer_id)
    .where(customer_number.c.deleted_at.is_(None))
    .limit(_limit)
)
_by_name = _found(customer.c.name_key).limit(_limit)

_text = bindparam("text", type_=Text)
_known = select(customer.c.id, customer.c.name, customer.c.name_key).where(_living)
_around = [
    statement.limit(_limit)
    for column in (customer.c.name_key, customer.c.sort_key)
    for statement in (
        _known.where(column >= _text).order_by(column),
        _known.where(column < _text).order_by(column.desc()),
    )
]

Found = dict[str, tuple[Known, ...]]


class LookupQueries(Queries):
    """Asks for customers by what a record says of them; hidden and deleted ones are not found."""

    def known_by_ref(self, source: str, ids: Collection[str]) -> Found:
        """By the keys they have in another system."""
        return self._ask(_by_ref, ids, source=source)

    def known_by_email(self, addresses: Iterable[str]) -> Found:
        """By e-mail address, whatever the case; the answer has small letters."""
        found = self._ask(_by_email, {address.lower() for address in addresses})
        folded: Found = defaultdict(tuple)
        for address, known in found.items():
            folded[address.lower()] += known
        return dict(folded)

    def known_by_account(self, accounts: Collection[str]) -> Found:
        """By account id."""
        return self._ask(_by_account, accounts)

    def known_by_number(self, numbers: Collection[str]) -> Found:
        """By E.164 number; each answer says with which extension."""
        return self._ask(_by_number, numbers)

    def known_by_name(self, name_keys: Collection[str]) -> Found:
        """By the whole name, folded (`store.fold.fold`)."""
        return self._ask(_by_name, name_keys)

    def name_neighbours(self, name_key: str, sort_key: str) -> tuple[Known, ...]:
        """Customers whose names stand next to a name in the list, by first and by last name.

        Whether they are alike is for the caller to say.

        Args:
            name_key: The name, folded.
            sort_key: The same with the family name in front (`store.fold.sort_key`).
        """
        found: dict[uuid.UUID, Known] = {}
        for text, statement in zip((name_key,) * 2 + (sort_key,) * 2, _around, strict=True):
            for row in self._connection.execute(statement, {"text": text, "limit": NEIGHBOURS}):
                found.setdefault(row[0], Known(*row))
        return tuple(found.values())

    def _ask(self, statement: Select[Any], wanted: Collection[str], **more: str) -> Found:
        every = [value for value in dict.fromkeys(wanted) if value]
        answers: dict[str, dict[tuple[uuid.UUID, str], Known]] = defaultdict(dict)
        for start in range(0, len(every), ASKED_AT_ONCE):
            for key, *row in self._answers(statement, every[start : start + ASKED_AT_ONCE], more):
                customer_id, name, name_key, extension = row
                if len(answers[key]) < FOUND_OF_ONE:
                    known = Known(customer_id, name, name_key, extension)
                    answers[key][customer_id, extension] = known
        return {key: tuple(known.values()) for key, known in answers.items()}

    def _answers(
        self, statement: Select[Any], wanted: list[str], more: dict[str, str]
    ) -> Sequence[Any]:
        """The rows of some values; one by one where a single one may have filled the answer."""
        values = {**more, "wanted": wanted, "limit": _MOST}
        rows = self._connection.execute(statement, values).all()
        if len(rows) < _MOST:
            return rows
        few = {**values, "limit": FOUND_OF_ONE}
        return [
            row
            for value in wanted
            for row in self._connection.execute(statement, {**few, "wanted": [value]})
        ]
