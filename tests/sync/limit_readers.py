"""Reads files made to hurt, and watches the memory it takes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmdesk.domain.importing import SourceRecord
from crmdesk.sync.sources import SourceError, open_source
from crmdesk.sync.sources.limits import MIB

MEMORY_BYTES = 24 * MIB
"""Above what was there before; the files are larger."""


def read_or_refused(path: Path, **options: str) -> None:
    """Reads a file, or is told in words why not; anything else fails the test."""
    with suppress(SourceError):
        read(path, **options)


def read(path: Path, **options: str) -> list[SourceRecord]:
    with open_source(path, options) as source:
        width = len(source.facts.columns)
        records = list(source.records())
        assert all(len(record.values) == width for record in records)
        assert source.position == source.size
        return records


@contextmanager
def memory_below(limit: int = MEMORY_BYTES) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


def filled(path: Path, head: bytes, block: bytes, times: int, tail: bytes = b"") -> Path:
    with path.open("wb") as file:
        file.write(head)
        for _ in range(times):
            file.write(block)
        file.write(tail)
    return path
