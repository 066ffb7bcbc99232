"""Plans and results of imports as JSON objects: what `crmdesk import --json` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

import msgspec

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.importing import ImportSummary, RowPlan, SourceFacts, SourceRecord
from crmdesk.sync.profile import ImportProfile

Object = dict[str, Any]

FIRST_RECORDS = 50
_SHOWN_CHARS = 400
_MOST_CHARS = 1 << 20
"""Of all first records together: a desk reads no result of more than some megabytes."""


def row_to_json(row: RowPlan) -> Object:
    """What becomes of one record."""
    return {
        "record": row.place,
        "action": row.action.value,
        "title": row.title,
        "customer": str(row.customer_id) if row.customer_id else None,
        "why": list(row.why),
        "changes": [asdict(change) for change in row.changes],
        "maybe": list(row.maybe),
    }


def summary_to_json(summary: ImportSummary) -> Object:
    """The figures of an import."""
    return {
        "records": summary.records,
        "created": summary.created,
        "updated": summary.updated,
        "same": summary.same,
        "skipped": summary.skipped,
        "bad": summary.bad,
        "numbers": summary.numbers,
        "batch": str(summary.batch) if summary.batch else None,
        "bad_file": summary.bad_file or None,
        "notes": list(summary.notes),
    }


def facts_to_json(facts: SourceFacts, targets: Mapping[str, str]) -> Object:
    """What was detected of a source, and where its columns go."""
    return {
        "kind": facts.kind.value,
        "details": dict(facts.details),
        "notes": list(facts.notes),
        "records": facts.records,
        "columns": [
            {
                "name": column.name,
                "samples": list(column.samples),
                "target": targets.get(column.name, ""),
            }
            for column in facts.columns
        ],
    }


def records_to_json(records: Iterable[SourceRecord]) -> list[Object]:
    """The first records, shortened, for the eye."""
    found: list[Object] = []
    chars = 0
    for record in islice(records, FIRST_RECORDS):
        values = [value[:_SHOWN_CHARS] for value in record.values]
        chars += sum(map(len, values))
        if found and chars > _MOST_CHARS:
            break
        found.append({"record": record.place, "values": values, "error": record.error})
    return found


def profile_to_json(profile: ImportProfile) -> Object:
    """A profile, as its file has it."""
    plain: Object = msgspec.to_builtins(profile)
    return plain


def batch_to_json(change: ChangeSet) -> Object:
    """One import of the list."""
    return {
        "batch": str(change.id),
        "title": change.title,
        "who": change.who,
        "at": change.at.isoformat(),
        "created": change.created,
        "changed_rows": change.rows,
        "state": change.state.value,
        "undone_at": change.undone_at.isoformat() if change.undone_at else None,
        "undone_by": change.undone_by or None,
        "kept": change.kept,
    }
