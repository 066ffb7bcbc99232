"""Column types and the columns every table has.

No foreign keys are declared: replicas receive rows page by page, so a child may arrive
before its parent, and a call is written before anybody knows whose it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware time, exact."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC time of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """A moment, stored as integer microseconds since 1970 UTC.

    Integers sort, compare and page exactly and alike in SQLite and PostgreSQL; text with
    and without fractions or offsets does not. A naive time raises TypeError.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: D102
        return _micros_of(value)

    # The usual way goes through three functions for each value; a list has a thousand of them.
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: D102
        return _micros_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: D102
        return _moment_of


def _micros_of(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _moment_of(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


class Key(TypeDecorator[uuid.UUID]):
    """A UUID: 16 bytes in SQLite (as text it would be 36 in every index), uuid in PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # noqa: D102
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:  # noqa: D102
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _bytes_of

    def result_processor(  # noqa: D102
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Any] | None:
        if dialect.name == "postgresql":
            return super().result_processor(dialect, coltype)
        return _uuid_of


def _bytes_of(key: uuid.UUID | None) -> bytes | None:
    return None if key is None else key.bytes


def _uuid_of(key: bytes | None) -> uuid.UUID | None:
    return None if key is None else uuid.UUID(bytes=key)


def row_columns() -> list[Column[Any]]:
    """What replication needs of every row: key, when made and changed, mark, which desk."""
    return [
        Column("id", Key, primary_key=True),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        Column("deleted_at", Instant),
        Column("origin", Key, nullable=False),
    ]
