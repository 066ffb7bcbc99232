"""The words of the page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from crmdesk.domain.changes import ChangeSet, ChangeState
from crmdesk.domain.importing import (
    FieldChange,
    ImportSummary,
    RowAction,
    RowPlan,
    SourceFacts,
    SourceKind,
)
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.pages.imports.holdings import (
    HOLDINGS,
    changed_title,
    is_of_records,
    target_title,
)
from crmdesk.gui.pages.imports.origin import Origin, ServerOrigin
from crmdesk.gui.widgets.text import joined
from crmdesk.gui.widgets.times import short
from crmdesk.sync.columns.targets import CUSTOM
from crmdesk.sync.profile import MatchBy, Merge, Unknown
from crmdesk.sync.profile_targets import CUSTOMERS

KINDS: Final[dict[SourceKind, str]] = {
    SourceKind.CSV: "Text table (CSV)",
    SourceKind.XLSX: "Excel workbook",
    SourceKind.VCARD: "vCard address book",
    SourceKind.JSON_LINES: "JSON lines",
    SourceKind.SQL: "Database",
    SourceKind.CARDDAV: "CardDAV address book",
    SourceKind.LDAP: "LDAP directory",
}

SERVER_TILES: Final[dict[SourceKind, tuple[str, str]]] = {
    SourceKind.CARDDAV: (
        "Address book", "CardDAV: Nextcloud, Fastmail, SOGo, Radicale and others.",
    ),
    SourceKind.LDAP: ("Directory", "LDAP: OpenLDAP, Active Directory. It is only read."),
    SourceKind.SQL: ("Database", "The table of a shop or an ERP. It is only read."),
}  # fmt: skip

FILE_KINDS: Final = (
    "Tables and address books"
    " (*.csv *.txt *.tsv *.tab *.xlsx *.xlsm *.vcf *.vcard *.jsonl *.ndjson)"
    ";;All files (*)"
)


_KB: Final = 1000


@dataclass(frozen=True, slots=True)
class ActionWords:
    """How a kind of row is shown: before an import and after it."""

    title: str
    done: str
    icon: str
    tone: str
    meaning: str


ACTIONS: Final[dict[RowAction, ActionWords]] = {
    RowAction.CREATE: ActionWords("New", "New", "plus", "good", "Not in the store yet."),
    RowAction.UPDATE: ActionWords(
        "Changed", "Changed", "edit", "accent", "It is there, and gets other values."
    ),
    RowAction.SAME: ActionWords(
        "Unchanged", "Unchanged", "check", "muted", "It is there, with these values."
    ),
    RowAction.SKIP: ActionWords(
        "Left out", "Left out", "dash", "muted", "A rule says so, or the row repeats another one."
    ),
    RowAction.BAD: ActionWords(
        "Bad", "Bad", "warning", "warn", "Cannot be used; the reason stands beside the row."
    ),
}

GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Who", ("name", "given_name", "middle_name", "family_name", "second_family_name", "title",
             "salutation", "kind", "company", "role")),
    ("Phone", ("number", "number_mobile", "number_work", "number_home", "number_switchboard",
               "number_fax", "area_code", "extension", "label_of_number")),
    ("E-mail and address", ("email", "label_of_email", "street", "house_number", "street_more",
                            "postcode", "city", "country", "label_of_address")),
    ("Keys", ("account_id", "external_id")),
    ("As a customer", ("status", "segment", "customer_since", "language", "source", "owner",
                       "do_not_call", "note")),
)  # fmt: skip
"""Targets as the choice lists them; what is in none of these is in the last one."""

MATCHES: Final[dict[MatchBy, tuple[str, str]]] = {
    MatchBy.EXTERNAL_ID: ("Id in the other program", "The same row as in an import before."),
    MatchBy.ACCOUNT_ID: ("Customer number", "The same customer number."),
    MatchBy.NUMBER: ("Phone number", "A number that only one customer has, and a name that fits."),
    MatchBy.EMAIL: ("E-mail", "An address that only one customer has."),
}

MERGES: Final[dict[Merge, str]] = {
    Merge.OVERWRITE: "Take the new one",
    Merge.FILL: "Only where ours is empty",
    Merge.KEEP: "Keep ours",
    Merge.ADD: "Keep both",
}

UNKNOWNS: Final[dict[Unknown, str]] = {
    Unknown.NOTE: "Leave the field empty, and say so",
    Unknown.BAD: "Do not bring in the row",
}

FIELDS: Final = {
    "name": "Name", "kind": "Person or company", "company": "Company", "role": "Role",
    "account_id": "Customer number", "language": "Language", "salutation": "Salutation",
    "source": "How they found us", "status": "Status", "segment": "Segment",
    "customer_since": "Customer since", "do_not_call": "Do not call", "owner": "Owner",
    "numbers": "Phone numbers", "emails": "E-mail addresses", "addresses": "Address",
    "note": "Notes",
}  # fmt: skip
"""Fields a merge rule can be given for."""

_FIELD_OF: Final = {
    "given_name": "name", "middle_name": "name", "family_name": "name", "title": "name",
    "second_family_name": "name", "extension": "numbers", "area_code": "numbers",
    "number": "numbers", "number_mobile": "numbers", "number_work": "numbers",
    "number_home": "numbers", "number_switchboard": "numbers", "number_fax": "numbers",
    "email": "emails", "street": "addresses", "postcode": "addresses", "city": "addresses",
    "country": "addresses", "house_number": "addresses", "street_more": "addresses",
    "label_of_address": "addresses",
}  # fmt: skip


def merge_fields(targets: Iterable[str]) -> tuple[str, ...]:
    """The fields that columns with these targets fill, in our order."""
    filled = {_FIELD_OF.get(target, target) for target in targets if target}
    own = sorted(field for field in filled if field.startswith(CUSTOM))
    return (*(field for field in FIELDS if field in filled), *own)


def field_title(field: str) -> str:
    """A field of a customer as it is shown."""
    return FIELDS.get(field) or target_title(field) if field else ""


def counted(count: int, word: str, plural: str = "") -> str:
    """E.g. "1 row", "1,204 rows"."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def origin_line(origin: Origin | None, facts: SourceFacts | None) -> str:
    """What is being imported, in a line."""
    if origin is None:
        return ""
    if facts is None or not facts.columns:
        return origin.name
    rows = counted(facts.records, "row") if facts.records is not None else ""
    return joined((origin.name, KINDS[facts.kind], counted(len(facts.columns), "column"), rows))


def figures(summary: ImportSummary) -> Mapping[RowAction, int]:
    """How many of each kind."""
    return {
        RowAction.CREATE: summary.created,
        RowAction.UPDATE: summary.updated,
        RowAction.SAME: summary.same,
        RowAction.SKIP: summary.skipped,
        RowAction.BAD: summary.bad,
    }


def would_words(
    summary: ImportSummary, origin: Origin | None = None, holds: str = CUSTOMERS
) -> str:
    """What an import would do, in a sentence."""
    noun = HOLDINGS[holds].counted
    if not summary.records and isinstance(origin, ServerOrigin):
        return "There is nothing to import: nothing changed there since the last run."
    if not summary.records:
        return "The file has no rows."
    if not summary.created and not summary.updated:
        return "There is nothing to import: no row is new or different."
    new = f"add {noun(summary.created)}" if summary.created else ""
    changed = f"change {noun(summary.updated)}" if summary.updated else ""
    if new and changed:
        changed = f"change {summary.updated:,}"
    return f"An import would {_listed((new, changed))}. Nothing has been changed yet."


def did_words(summary: ImportSummary, holds: str = CUSTOMERS) -> str:
    """What an import did, in a sentence."""
    noun = HOLDINGS[holds].counted
    if not summary.created and not summary.updated:
        return "Nothing was imported: no row was new or different."
    new = f"{noun(summary.created)} added" if summary.created else ""
    changed = f"{noun(summary.updated)} changed" if summary.updated else ""
    if new and changed:
        changed = f"{summary.updated:,} changed"
    numbers = " The next call from one of their numbers finds them." if summary.numbers else ""
    return f"{_listed((new, changed))}.{numbers}"


def undone_words(restored: int, kept: int) -> tuple[str, str]:
    """What taking an import back came to."""
    left = f"Left as they are, because somebody changed them since: {kept:,}." if kept else ""
    return "The import was taken back.", left or counted(restored, "row") + " are as before."


def change_words(change: FieldChange, holds: str = CUSTOMERS) -> str:
    """One field, before and after."""
    after = change.after or "empty"
    is_record = is_of_records(holds)
    title = changed_title(change.field, holds) if is_record else field_title(change.field)
    return f"{title}: {change.before} → {after}" if change.before else f"{title}: {after}"


def why_words(row: RowPlan) -> str:
    """Why, and who it may be too."""
    maybe = f"May be the same as {', '.join(row.maybe)}" if row.maybe else ""
    return joined((*row.why, maybe))


_NOTES_OF_THE_FILE = frozenset({"", "reading", "opening the store", "planning", "importing"})


def as_counted(progress: JobProgress, *, is_of_file: bool) -> tuple[JobProgress, str]:
    """Progress and its unit: of a file in kilobytes up to its last record, else in rows."""
    if is_of_file and progress.note in _NOTES_OF_THE_FILE:
        return in_kilobytes(progress), "KB"
    return progress, "rows"


def in_kilobytes(progress: JobProgress) -> JobProgress:
    """Progress in bytes as one of kilobytes."""
    of = progress.of // _KB if progress.of is not None else None
    rate = progress.rate / _KB
    return replace(progress, done=progress.done // _KB, of=of, rate=rate)


def past_words(change: ChangeSet, now: datetime) -> str:
    """One import of the past, below its title."""
    if change.undone_at is not None:
        state = f"taken back {short(change.undone_at, now)}"
    elif change.state is ChangeState.OPEN:
        state = "not finished"
    elif change.state is ChangeState.UNDOING:
        state = "being taken back"
    else:
        state = ""
    created = counted(change.created, "new customer") if change.created else ""
    rows = counted(change.rows, "changed row") if change.rows else ""
    return joined((short(change.at, now), change.who, created, rows, state))


def _listed(parts: Iterable[str]) -> str:
    return " and ".join(part for part in parts if part)
