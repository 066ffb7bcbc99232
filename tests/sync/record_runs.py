"""Runs imports of records in tests: a text becomes a file, and what came of it figures."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from crmdesk.domain.customers import Customer, CustomerKind, Email
from crmdesk.domain.importing import RowAction, SourceFacts
from crmdesk.store import Store
from crmdesk.sync.bad_rows import BadRowsFile
from crmdesk.sync.profile import ImportProfile, checked
from crmdesk.sync.records.guessing import guessed_records
from crmdesk.sync.records.importing import RecordOrder, RecordResult, import_records
from crmdesk.sync.records.kinds import RecordKind
from crmdesk.sync.sources import open_source

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
ANNA = Customer(
    uuid.UUID(int=7), CustomerKind.PERSON, "Anna Groß", account_id="K-7",
    emails=(Email("anna@gross.example"),),
)  # fmt: skip


def profile_of(
    kind: str, facts: SourceFacts, cells: Mapping[str, str], source_name: str
) -> ImportProfile:
    """As guessed, with columns that somebody chose."""
    guessed = guessed_records(RecordKind(kind), facts)
    said = set(cells.values())
    free = {name: "" if cell in said else cell for name, cell in guessed.columns.items()}
    return checked(replace(guessed, columns={**free, **cells}, source_name=source_name))


class Bringer:
    """Brings texts in.

    Args:
        store: Where to.
        folder: Where the file goes meanwhile.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder

    def __call__(
        self,
        kind: str,
        text: str,
        *,
        cells: Mapping[str, str] | None = None,
        bad: BadRowsFile | None = None,
        is_dry: bool = False,
        source_name: str = "shop",
    ) -> RecordResult:
        """Brings one in."""
        path = self._folder / "records.csv"
        path.write_text(text, encoding="utf-8")
        with open_source(path) as source:
            made = profile_of(kind, source.facts, cells or {}, source_name)
            order = RecordOrder(source, made, BERLIN, "Import", "Ann", "DE",
                                is_dry=is_dry, bad=bad)  # fmt: skip
            return import_records(self._store, order, lambda *_: None)


def figures(result: RecordResult) -> tuple[int, ...]:
    """New, changed, the same, left out, bad."""
    one = result.summary
    return one.created, one.updated, one.same, one.skipped, one.bad


def reasons(result: RecordResult) -> list[str]:
    """Why records cannot be used."""
    return [row.why[0] for row in result.rows if row.action is RowAction.BAD]


def changes(result: RecordResult) -> dict[str, tuple[str, str]]:
    """What the only update changes."""
    (row,) = [row for row in result.rows if row.action is RowAction.UPDATE]
    return {change.field: (change.before, change.after) for change in row.changes}
