"""Bringing customers in from elsewhere: what a source gives, and what is to be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crmdesk.domain.customers import Customer


class SourceKind(StrEnum):
    """Where records come from."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"
    JSON_LINES = "jsonl"
    SQL = "sql"
    CARDDAV = "carddav"
    LDAP = "ldap"


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column of a source.

    Attributes:
        name: As the source calls it; unique within the source (a second "Phone" becomes
            "Phone (2)").
        samples: First values that are not empty, at most 5, shortened.
    """

    name: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One row, card or entry.

    Attributes:
        place: Line, row or card number in the source, from 1; for a server, counted.
        values: One text per column; "" where empty. Dates are ISO 8601.
        error: Why it cannot be read, "" where it can.
        key: The source's own id, where it has one (UID, distinguished name, primary key).
    """

    place: int
    values: tuple[str, ...]
    error: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What was detected, to be shown and changed: encoding, delimiter, sheet, version.

    Attributes:
        details: Name to value, e.g. {"encoding": "cp1252", "delimiter": ";"}.
        notes: What a person should know, e.g. "3 photos were left out".
        records: How many there are, None where only reading to the end would tell.
    """

    kind: SourceKind
    columns: tuple[SourceColumn, ...]
    details: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    records: int | None = None


class RowAction(StrEnum):
    """What becomes of a record.

    SAME: it is there already, nothing changes. SKIP: left out by a rule, or a duplicate
    within the source. BAD: it cannot be used; goes to the file of bad rows.
    """

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    SKIP = "skip"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a customer before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What becomes of one record, and why.

    Attributes:
        customer_id: The customer that is updated or is the same.
        why: One sentence each, e.g. "same number +49 30 23125 101", "no name and no number".
        changes: What an update changes; what a creation sets.
        maybe: Names of customers that may be the same (similar name), for the eye.
    """

    place: int
    action: RowAction
    title: str
    customer_id: uuid.UUID | None = None
    why: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did, or would do.

    Attributes:
        batch: The change that takes it back, None for a dry run or where nothing changed.
        bad_file: Where the bad rows went, "" where there were none.
    """

    records: int = 0
    created: int = 0
    updated: int = 0
    same: int = 0
    skipped: int = 0
    bad: int = 0
    numbers: int = 0
    batch: uuid.UUID | None = None
    bad_file: str = ""
    notes: tuple[str, ...] = ()


class CustomFieldKind(StrEnum):
    """What a custom field holds; all are stored as text.

    NUMBER: a decimal number with ".". DATE: ISO 8601. CHOICE: one of the field's choices.
    FLAG: "1" or "".
    """

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field of customers that the company made itself.

    Attributes:
        key: Names it for ever, e.g. "loyalty_card".
        title: As it is shown.
        choices: What CHOICE offers, in order.
        hint: A word of help beside it.
        is_retired: No longer filled in; what customers have of it stays.
    """

    key: str
    title: str
    kind: CustomFieldKind = CustomFieldKind.TEXT
    choices: tuple[str, ...] = ()
    hint: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class ExternalRef:
    """The key a customer has elsewhere."""

    source: str
    external_id: str


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer to bring in, with what a `Customer` does not hold.

    Attributes:
        customer: With a key that is not in the store; `company_name` is what the search
            knows of the company `company_id`.
        refs: Keys it has elsewhere.
        custom: Values of custom fields, by their key.
        notes: Texts for the timeline.
        readings: National number and region of `customer.numbers`, as `NormalisedNumber`
            has them, in the same order: with them no number is read twice. Empty where
            unknown.
    """

    customer: Customer
    refs: tuple[ExternalRef, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A customer of the store that a record may mean.

    Attributes:
        name_key: The name as it is compared: small letters, no accents.
        extension: With which they have the number that was asked for, "" where none.
    """

    customer_id: uuid.UUID
    name: str
    name_key: str = ""
    extension: str = ""
