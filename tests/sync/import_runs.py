"""Imports of rows in memory into a real store, and what is in it then."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from crmdesk.domain.customers import Customer
from crmdesk.domain.importing import SourceColumn, SourceFacts, SourceKind, SourceRecord
from crmdesk.store import Store
from crmdesk.sync.importing import ImportOrder, ImportResult, guessed_profile, run_import
from crmdesk.sync.profile import ImportProfile


class Rows:
    """A source in memory."""

    size = 0
    position = 0

    def __init__(self, *rows: dict[str, str]) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row))
        self._rows = [tuple(row.get(name, "") for name in names) for row in rows]
        samples = [tuple(filter(None, values))[:5] for values in zip(*self._rows, strict=True)]
        columns = tuple(map(SourceColumn, names, samples))
        self.facts = SourceFacts(SourceKind.CSV, columns)

    def records(self) -> Iterator[SourceRecord]:
        """The rows, from line 2 on."""
        for place, values in zip(count(2), self._rows, strict=False):
            yield SourceRecord(place, values)


def bring_in(
    store: Store, *rows: dict[str, str], profile: ImportProfile | None = None, **more: Any
) -> ImportResult:
    """Imports some rows, with the profile that is guessed where none is given."""
    source = Rows(*rows)
    profile = profile or guessed_profile(source.facts)
    order = ImportOrder(source, profile, "Import of x.csv", "Ann", region="DE", **more)
    return run_import(store, order, lambda *_: None)


def actions(result: ImportResult) -> list[str]:
    """What became of each row."""
    return [row.action.value for row in sorted(result.rows, key=lambda row: row.place)]


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    """Created, updated, same, skipped and bad rows."""
    summary = result.summary
    return summary.created, summary.updated, summary.same, summary.skipped, summary.bad


def who(store: Store, e164: str) -> list[str]:
    """Names of who has a number."""
    return sorted(owner.name for owner in store.read(lambda r: r.by_e164(e164)).result())


def everybody(store: Store) -> list[Customer]:
    """All customers, whole."""
    keys = [hit.id for hit in store.read(lambda r: r.customers(limit=500)).result().customers]
    found = [store.read(lambda r, k=key: r.customer(k)).result() for key in keys]
    return [one for one in found if one is not None]


def names(store: Store) -> list[str]:
    """All customers, by name."""
    return sorted(one.name for one in everybody(store))


def customer(store: Store, name: str) -> Customer:
    """The one of a name."""
    (found,) = (one for one in everybody(store) if one.name == name)
    return found
