"""Changes that can be taken back: who changed what, in one step of a person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a person did."""

    OWNERSHIP = "ownership"
    NOT_THIS_PERSON = "not_this_person"
    CHOICE = "choice"
    ASSIGNMENT = "assignment"
    IGNORE = "ignore"
    NUMBER_FIX = "number_fix"
    CREATION = "creation"
    IMPORT = "import"
    MERGE = "merge"
    EDIT = "edit"
    NOTE = "note"
    TICKET = "ticket"
    ORDER = "order"
    INVOICE = "invoice"
    LEAD = "lead"
    SURVEY = "survey"
    FOLLOW_UP = "follow_up"
    CONSENT = "consent"
    MESSAGE = "message"
    SEGMENT = "segment"
    PLAN = "plan"


class ChangeState(StrEnum):
    """Where a step stands.

    OPEN: it is being made, in several parts. DONE: it holds. UNDOING: it is being taken
    back, in several parts. UNDONE: it was taken back.
    """

    OPEN = "open"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One step that can be undone as a whole.

    Attributes:
        title: In words, e.g. "+49 30 23125 101 belonged to Jane Doe until 2023".
        who: Name or extension of the agent, "" where unknown.
        rows: How many changes of rows it has.
        undone_at: None while it holds.
        undone_by: Name or extension of the agent who took it back.
        kept: Changes that could not be taken back, because somebody changed the row since.
        created: Customers that an import brought in; they are no changes of rows.
    """

    id: uuid.UUID
    kind: ChangeKind
    title: str
    who: str
    at: datetime
    rows: int = 0
    undone_at: datetime | None = None
    state: ChangeState = ChangeState.DONE
    undone_by: str = ""
    kept: int = 0
    created: int = 0


@dataclass(frozen=True, slots=True)
class ChangePlace:
    """Where a page of changes ends; the next one goes on behind it."""

    at: datetime
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes, newest first; `next` is None on the last one."""

    changes: tuple[ChangeSet, ...] = ()
    next: ChangePlace | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of a change, for a preview.

    Attributes:
        table: Name of the table.
        key: Key of the row.
        before: Values of the columns that changed, None for a new row.
        after: The same afterwards.
    """

    table: str
    key: uuid.UUID
    before: Mapping[str, object] | None
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What taking a step back came to.

    Attributes:
        restored: Rows that are again as before.
        kept: Rows that somebody changed since; they were left as they are now.
    """

    restored: int
    kept: int = 0
