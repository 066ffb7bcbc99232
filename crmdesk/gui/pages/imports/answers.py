"""What `crmdesk import` returns, checked and bounded. Pure.

The program is ours but the file is not: a parser that was tricked may return anything, so every
text is cut and cleaned before it is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import msgspec

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import (
    FieldChange,
    ImportSummary,
    RowAction,
    RowPlan,
    SourceColumn,
    SourceFacts,
    SourceKind,
    SourceRecord,
)
from crmdesk.domain.text import sanitise_external

MOST_COLUMNS: Final = 200
MOST_ROWS: Final = 2_000
MOST_CHOICES: Final = 1_000
_NAME_CHARS: Final = 200
_CELL_CHARS: Final = 2_000

T = TypeVar("T")


class AnswerError(UserFacingError):
    """The work in the background returned something else than it should."""

    def __init__(self) -> None:
        super().__init__(
            "What is there could not be read as it should.",
            "Nothing was imported.",
            "Export it again from the program it comes from, as CSV or XLSX, and choose that file.",
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """What a first look at a file found.

    Attributes:
        rows: The first ones.
        guessed: Column to target, as the program guesses.
        choices: Option of a server to (value, title) of what it offers: address books, tables.
    """

    facts: SourceFacts
    rows: tuple[SourceRecord, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did or would do.

    Attributes:
        rows: Examples of each kind; fewer than there are where there are many.
    """

    summary: ImportSummary
    rows: tuple[RowPlan, ...] = ()


class _Column(msgspec.Struct):
    name: str
    samples: list[str] = []
    target: str = ""


class _Record(msgspec.Struct):
    record: int
    values: list[str] = []
    error: str = ""


class _Looked(msgspec.Struct):
    kind: SourceKind
    columns: list[_Column]
    details: dict[str, str] = {}
    notes: list[str] = []
    records: int | None = None
    rows: list[_Record] = []
    choices: dict[str, list[tuple[str, str]]] = {}


class _Change(msgspec.Struct):
    field: str
    before: str = ""
    after: str = ""


class _Row(msgspec.Struct):
    record: int
    action: RowAction
    title: str = ""
    customer: uuid.UUID | None = None
    why: list[str] = []
    changes: list[_Change] = []
    maybe: list[str] = []


class _Outcome(msgspec.Struct):
    records: int = 0
    created: int = 0
    updated: int = 0
    same: int = 0
    skipped: int = 0
    bad: int = 0
    numbers: int = 0
    batch: uuid.UUID | None = None
    bad_file: str | None = None
    notes: list[str] = []
    rows: list[_Row] = []


def looked_from_json(result: dict[str, Any]) -> Looked:
    """What `--show` returned.

    Raises:
        AnswerError: It is something else.
    """
    plain = _converted(result, _Looked)
    columns = plain.columns[:MOST_COLUMNS]
    facts = SourceFacts(
        kind=plain.kind,
        columns=tuple(SourceColumn(_name(c.name), _texts(c.samples)) for c in columns),
        details={_name(name): _text(value) for name, value in plain.details.items()},
        notes=_texts(plain.notes),
        records=plain.records,
    )
    rows = tuple(
        SourceRecord(r.record, _texts(r.values[:MOST_COLUMNS]), _text(r.error))
        for r in plain.rows[:MOST_ROWS]
    )
    guessed = {_name(c.name): c.target for c in columns if c.target}
    choices = {
        _name(option): tuple((value, _name(title)) for value, title in offered[:MOST_CHOICES])
        for option, offered in plain.choices.items()
    }
    return Looked(facts, rows, guessed, choices)


def outcome_from_json(result: dict[str, Any]) -> Outcome:
    """What a dry run or an import returned.

    Raises:
        AnswerError: It is something else.
    """
    plain = _converted(result, _Outcome)
    summary = ImportSummary(
        records=plain.records,
        created=plain.created,
        updated=plain.updated,
        same=plain.same,
        skipped=plain.skipped,
        bad=plain.bad,
        numbers=plain.numbers,
        batch=plain.batch,
        bad_file=plain.bad_file or "",
        notes=_texts(plain.notes),
    )
    return Outcome(summary, tuple(map(_row, plain.rows[:MOST_ROWS])))


def row_from_line(line: bytes) -> RowPlan | None:
    """A line of a plan, None for what is none."""
    try:
        return _row(msgspec.json.decode(line, type=_Row))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _row(row: _Row) -> RowPlan:
    return RowPlan(
        place=row.record,
        action=row.action,
        title=_name(row.title),
        customer_id=row.customer,
        why=_texts(row.why),
        changes=tuple(
            FieldChange(_name(c.field), _text(c.before), _text(c.after)) for c in row.changes
        ),
        maybe=_texts(row.maybe),
    )


def _converted(result: Mapping[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(result, kind)
    except msgspec.ValidationError:
        raise AnswerError from None


def _texts(texts: list[str]) -> tuple[str, ...]:
    return tuple(map(_text, texts))


def _text(text: str) -> str:
    return sanitise_external(text, _CELL_CHARS)


def _name(text: str) -> str:
    return sanitise_external(text, _NAME_CHARS)
