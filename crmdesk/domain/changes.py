"""Changes that can be taken back: who changed what, in one step of a person."""

from __future__ import annotations

import uuid
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


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One step that can be undone as a whole.

    Attributes:
        title: In words, e.g. "+49 30 23125 101 belonged to Jane Doe until 2023".
        who: Name or extension of the agent, "" where unknown.
        rows: How many rows it changed.
        undone_at: None while it holds.
    """

    id: uuid.UUID
    kind: ChangeKind
    title: str
    who: str
    at: datetime
    rows: int = 0
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What taking a step back came to.

    Attributes:
        restored: Rows that are again as before.
        kept: Rows that somebody changed since; they were left as they are now.
    """

    restored: int
    kept: int = 0
