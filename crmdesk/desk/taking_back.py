"""Steps of earlier, listed and taken back: what the settings and the command line share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeKind, ChangeSet, ChangeState, UndoResult
from crmdesk.store.changes.large import undo_in_parts
from crmdesk.store.changes.undoing import UNDONE_AT_ONCE

if TYPE_CHECKING:
    from crmdesk.store import Store
    from crmdesk.store.changes.large import Progress

KIND_WORDS = {
    ChangeKind.OWNERSHIP: "Number ended",
    ChangeKind.NOT_THIS_PERSON: "Not this person",
    ChangeKind.CHOICE: "Choice",
    ChangeKind.ASSIGNMENT: "Number assigned",
    ChangeKind.IGNORE: "Ignored callers",
    ChangeKind.NUMBER_FIX: "Numbers fixed",
    ChangeKind.CREATION: "New customer",
    ChangeKind.IMPORT: "Import",
    ChangeKind.MERGE: "Merge",
    ChangeKind.EDIT: "Customer changed",
    ChangeKind.NOTE: "Note",
    ChangeKind.TICKET: "Ticket",
    ChangeKind.ORDER: "Order",
    ChangeKind.INVOICE: "Invoice",
    ChangeKind.LEAD: "Lead",
    ChangeKind.SURVEY: "Survey",
    ChangeKind.FOLLOW_UP: "Follow-up",
    ChangeKind.CONSENT: "Consent",
    ChangeKind.MESSAGE: "Message",
    ChangeKind.SEGMENT: "Segments",
    ChangeKind.PLAN: "Your data",
}
_STATES = {
    ChangeState.OPEN: "still being made",
    ChangeState.DONE: "",
    ChangeState.UNDOING: "being taken back",
    ChangeState.UNDONE: "taken back",
}


def take_back(
    store: Store, change: ChangeSet, who: str, progress: Progress | None = None
) -> UndoResult:
    """Takes a change of any kind and size back; returns when it is, so not on a GUI thread.

    Args:
        store: Whose change it is.
        change: As the list showed it.
        who: Name or extension of the agent.
        progress: Told how far a large one is.

    Raises:
        UserFacingError: It is unknown, still in progress, or was taken back before.
    """
    is_small = change.state is ChangeState.DONE and change.rows <= UNDONE_AT_ONCE
    if is_small and not change.created:
        return store.write(lambda writer: writer.undo_change(change.id, who)).result()
    return undo_in_parts(store, change.id, who, progress)


def can_be_taken_back(change: ChangeSet) -> bool:
    """Whether it holds; one that is being made or taken back is left alone."""
    return change.state is ChangeState.DONE


def size_words(change: ChangeSet) -> str:
    """How much it wrote, e.g. "120 new customers, 3 rows"."""
    created = _counted(change.created, "new customer") if change.created else ""
    rows = _counted(change.rows, "row") if change.rows or not created else ""
    return ", ".join(filter(None, (created, rows)))


def state_words(change: ChangeSet) -> str:
    """Where it stands, e.g. "taken back by Ben, 3 kept"; "" while it holds."""
    by = f" by {change.undone_by}" if change.undone_by else ""
    kept = f", {change.kept:,} kept" if change.kept else ""
    said = _STATES[change.state]
    return f"{said}{by}{kept}" if change.state is ChangeState.UNDONE else said


def result_words(result: UndoResult) -> tuple[str, str]:
    """What taking back came to, and what of it could not be; "" where all could."""
    verb = "is" if result.restored == 1 else "are"
    restored = f"{_counted(result.restored, 'row')} {verb} as before."
    if not result.kept:
        return restored, ""
    stays = "stays as it is" if result.kept == 1 else "stay as they are"
    return restored, f"{_counted(result.kept, 'row')} changed since then and {stays} now."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
