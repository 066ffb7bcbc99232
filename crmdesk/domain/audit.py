"""Who changed what of a customer, and what two people changed at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crmdesk.domain.changes import ChangeKind
from crmdesk.domain.customers import Customer
from crmdesk.domain.errors import UserFacingError


class RowFate(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class RowHistory:
    """What one step did to one row of a customer.

    Attributes:
        id: Key of the line in the journal.
        table: Name of the row's table.
        before, after: Values of the columns that changed; `before` is empty for a new row.
    """

    id: uuid.UUID
    table: str
    row_id: uuid.UUID
    fate: RowFate
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step of somebody, with what it did to this customer's rows.

    Attributes:
        title: In words.
        is_undone: Whether it was taken back as a whole.
    """

    change_id: uuid.UUID
    at: datetime
    who: str
    kind: ChangeKind
    title: str
    rows: tuple[RowHistory, ...]
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPlace:
    """Where a page of the history ended: a row of a step, by its position there."""

    at: datetime
    change_id: uuid.UUID
    position: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of what was changed, newest first; `next` is None on the last."""

    steps: tuple[HistoryStep, ...] = ()
    next: HistoryPlace | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people changed to different values.

    Attributes:
        field: Its name; see `domain.edits`.
        base: What it was when this one began.
        mine, theirs: What each made of it; theirs is in the store.
        who: Who wrote theirs, "" where unknown.
    """

    field: str
    base: object
    mine: object
    theirs: object
    who: str = ""
    at: datetime | None = None


class ConflictingEditsError(UserFacingError):
    """Somebody else changed the same fields to something else; nothing was written.

    Args:
        conflicts: Each field with both values.
        what: What was edited, in a word.
    """

    def __init__(self, conflicts: tuple[Conflict, ...], what: str = "customer") -> None:
        others = sorted({one.who for one in conflicts if one.who}) or ["Somebody else"]
        super().__init__(
            f"{' and '.join(others)} changed this {what} while you did.",
            "Nothing was saved yet, and nothing is lost.",
            "Choose for each field which value holds, or read it again with F5.",
        )
        self.conflicts = conflicts


@dataclass(frozen=True, slots=True)
class CustomerStamp:
    """How new all that is stored of a customer's profile is; another one where it was written.

    Attributes:
        written_at: When a row of the profile was written last, by whatever program.
        change_id: The newest step of a person, None where there is none.
        who: Who did that step.
    """

    written_at: datetime | None = None
    change_id: uuid.UUID | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class EditedCustomer:
    """A customer with fields of the company's own, as a form shows it.

    Attributes:
        custom: Values by key of the field; "" where empty.
    """

    customer: Customer
    custom: Mapping[str, str]
