"""What a customer is found by: the text that the search index keeps.

It holds the values of own fields that were removed too, for the field may come back at any
time; whoever asks looks again whether a customer is found without them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.engine import Connection

from crmdesk.domain.full_dates import date_words, read_full_date
from crmdesk.store.columns import Key
from crmdesk.store.fold import fold, spellings
from crmdesk.store.tables import custom_field, custom_value, customer, customer_number, email

MIN_INDEXED = 3
"""A trigram index knows nothing shorter."""

MOST_OF_A_VALUE = 200
"""Characters of a value of the company's own fields that are searched."""

_FIRST_YEAR = 1000
"""Of the days that have eight digits."""

_ids = bindparam("ids", expanding=True, type_=Key)
_company = customer.alias("company")
_named = (
    select(customer.c.id, customer.c.name, _company.c.name, customer.c.account_id)
    .select_from(customer)
    .outerjoin(_company, _company.c.id == customer.c.company_id)
    .where(customer.c.id.in_(_ids), customer.c.deleted_at.is_(None))
)
numbers_of = select(
    customer_number.c.customer_id, customer_number.c.raw, customer_number.c.e164
).where(customer_number.c.customer_id.in_(_ids), customer_number.c.deleted_at.is_(None))
emails_of = select(email.c.customer_id, email.c.address).where(
    email.c.customer_id.in_(_ids), email.c.deleted_at.is_(None)
)

customs_of = (
    select(custom_value.c.customer_id, custom_value.c.value)
    .where(custom_value.c.customer_id.in_(_ids), custom_value.c.deleted_at.is_(None))
    .order_by(custom_value.c.customer_id, custom_value.c.field_key)
)

_removed_fields = select(custom_field.c.key).where(custom_field.c.deleted_at.is_not(None))
living_customs_of = customs_of.where(custom_value.c.field_key.not_in(_removed_fields))


def number_digits(typed: str) -> str:
    """The digits to look for where a text can only be a number, without trunk zeros; else ""."""
    rest = typed.translate({ord(char): None for char in "+-/(). \u00a0"})
    return rest.lstrip("0") if rest.isdecimal() and rest.isascii() else ""


def date_digits(typed: str) -> str:
    """The digits that a day of an own field is found by, "20261231"; "" for what is no day.

    Args:
        typed: Folded, in full: "31.12.2026", "31 dec 2026".
    """
    day = read_full_date(typed)
    return f"{day:%Y%m%d}" if day and day.year >= _FIRST_YEAR else ""


def shown_custom(value: str) -> str:
    """A value of an own field as a search shows it."""
    day = read_full_date(value) if len(value) == len("2026-12-31") and value[4] == "-" else None
    return date_words(day) if day else value[:MOST_OF_A_VALUE]


def search_text(
    names: Iterable[str],
    numbers: Iterable[str],
    others: Iterable[str],
    customs: Iterable[str] = (),
) -> str:
    """The text of the index for one customer.

    Args:
        names: Own name and the company's.
        numbers: E.164 or raw; only the digits count.
        others: E-mails, account id.
        customs: Values of the company's own fields; a flag's is too short to be found.
    """
    parts = [spelling for name in names if name for spelling in spellings(name)]
    parts += ["".join(filter(str.isdigit, number)) for number in numbers]
    parts += [other.lower() for other in others if other]
    parts += [text for value in customs for text in custom_texts(value)]
    return "\n".join(parts)


def custom_texts(value: str) -> Iterator[str]:
    """What a value of an own field is found by: its text, and a date or number as digits."""
    if len(value) >= MIN_INDEXED:
        text = fold(value[:MOST_OF_A_VALUE])
        yield text
        digits = number_digits(text)
        if digits and digits != text:
            yield digits


def index_texts(
    connection: Connection, customers: Sequence[uuid.UUID], own_values: Select[Any]
) -> dict[uuid.UUID, str]:
    """What some customers are found by; those that were deleted are missing.

    Args:
        connection: To the store.
        customers: Their keys, not more than one statement takes.
        own_values: `customs_of`, or `living_customs_of`.
    """
    ids = {"ids": customers}
    numbers = _several((key, e164 or raw) for key, raw, e164 in connection.execute(numbers_of, ids))
    emails = _several(map(tuple, connection.execute(emails_of, ids)))
    customs = _several(map(tuple, connection.execute(own_values, ids)))
    return {
        key: search_text(
            (name, company or ""), numbers[key], (*emails[key], account_id), customs[key]
        )
        for key, name, company, account_id in connection.execute(_named, ids)
    }


def have_removed_fields(connection: Connection) -> bool:
    """Whether the index may find customers by what is no longer shown."""
    return connection.execute(_removed_fields.limit(1)).first() is not None


def without_removed(
    connection: Connection, customers: Sequence[uuid.UUID], words: Sequence[str]
) -> list[uuid.UUID]:
    """Those of the customers the index found who have all words in what is shown of them."""
    texts = index_texts(connection, customers, living_customs_of)
    found = {key for key, text in texts.items() if all(word in text for word in words)}
    return [key for key in customers if key in found]


def _several(pairs: Iterable[tuple[Any, ...]]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
