"""Notes as steps of somebody: written, changed and removed, each to be taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.records import Interaction
from crmdesk.store.audit.clashes import edited_fields, of_fields
from crmdesk.store.tables import interaction

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

_TITLE_CHARS = 60


class NoteWriting:
    """Writes notes.

    Args:
        writer: Of the transaction they are written in.
        who: Name or extension of the agent.
    """

    def __init__(self, writer: Writer, who: str) -> None:
        self._writer, self._who = writer, who

    def add(
        self,
        customer_id: uuid.UUID,
        text: str,
        at: datetime,
        call_id: uuid.UUID | None = None,
    ) -> ChangeSet:
        """Adds a note.

        Args:
            customer_id: Whom it is about.
            text: Plain; card numbers in it are masked.
            at: When it was written, aware UTC.
            call_id: The call it was written in.

        Raises:
            UserFacingError: The customer was removed.
        """
        kept = kept_text(text)
        row = {
            "customer_id": self._writer.living_customer(customer_id),
            "kind": TimelineKind.NOTE.value,
            "at": at,
            "who": kept_line(self._who),
            "title": "",
            "detail": kept,
            "call_id": call_id,
        }
        with self._writer.change(ChangeKind.NOTE, f"Note: {_excerpt(kept)}", self._who) as change:
            change.insert(interaction, row)
        return change.change

    def edit(self, seen: Interaction, text: str) -> ChangeSet:
        """Changes the text of a note.

        Args:
            seen: The note as the editor began with it.
            text: The new text; card numbers in it are masked.

        Raises:
            ConflictingEditsError: Somebody changed it meanwhile; see `domain.edits.settled`.
            UserFacingError: Somebody removed it meanwhile; nothing was written.
        """
        kept = kept_text(text)
        now = self._writer.interaction(seen.id)
        if now is None:
            raise _changed_meanwhile()
        mine = edited_fields(self._writer, seen, replace(seen, detail=kept), now)
        title = f"Note changed: {_excerpt(kept)}"
        with self._writer.change(ChangeKind.NOTE, title, self._who) as change:
            change.update(interaction, seen.id, of_fields({"detail": kept}, mine))
        return change.change

    def remove(self, seen: Interaction) -> ChangeSet:
        """Removes a note; it is there again when the step is taken back.

        Raises:
            UserFacingError: Somebody changed or removed it meanwhile; nothing was written.
        """
        now = self._writer.interaction(seen.id)
        if now is None or now.detail != seen.detail:
            raise _changed_meanwhile()
        title = f"Note removed: {_excerpt(seen.detail)}"
        with self._writer.change(ChangeKind.NOTE, title, self._who) as change:
            change.remove(interaction, seen.id)
        return change.change


def _excerpt(text: str) -> str:
    """The beginning of the first line."""
    line = text.partition("\n")[0].strip()
    return line if len(line) <= _TITLE_CHARS else f"{line[: _TITLE_CHARS - 1].rstrip()}…"


def _changed_meanwhile() -> UserFacingError:
    return UserFacingError(
        "Somebody changed or removed this note meanwhile.",
        "Nothing was written; what you typed is still here.",
        "Read the customer again with F5, and look at the note.",
    )
