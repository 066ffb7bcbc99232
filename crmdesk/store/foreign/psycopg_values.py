"""What psycopg cannot read of old databases, read after all: one odd value does not end a run."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from psycopg import Connection, DataError
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from crmdesk.store.foreign.sqlite_file import lenient

_TEXTS = ("text", "varchar", "bpchar", "name")


def be_lenient(connection: Connection[Any]) -> None:
    """Dates that Python does not have become none; texts without an encoding are guessed."""
    adapters = connection.adapters
    adapters.register_loader("date", _Date)
    adapters.register_loader("timestamp", _Timestamp)
    adapters.register_loader("timestamptz", _Timestamptz)
    if connection.info.encoding == "ascii":  # SQL_ASCII: psycopg would give bytes
        for name in _TEXTS:
            adapters.register_loader(name, _Text)


class _Date(DateLoader):
    """Without "infinity" and years before 1 or after 9999."""

    def load(self, data: Buffer) -> date | None:  # type: ignore[override]
        try:
            return super().load(data)
        except DataError:
            return None


class _Timestamp(TimestampLoader):
    def load(self, data: Buffer) -> datetime | None:  # type: ignore[override]
        try:
            return super().load(data)
        except DataError:
            return None


class _Timestamptz(TimestamptzLoader):
    def load(self, data: Buffer) -> datetime | None:  # type: ignore[override]
        try:
            return super().load(data)
        except DataError:
            return None


class _Text(Loader):
    def load(self, data: Buffer) -> str:
        return lenient(bytes(data))
