"""What a ticket's entries say of a step, and the fields that a step writes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.tickets import Ticket, TicketEntryKind, TicketFilled
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.service import ticket_refusals
from crmdesk.store.tables import ticket, ticket_entry, ticket_link

_FIELD_ENTRIES = {
    "priority": TicketEntryKind.PRIORITY,
    "kind": TicketEntryKind.KIND,
    "subject": TicketEntryKind.SUBJECT,
    "owner": TicketEntryKind.OWNER,
    "detail": TicketEntryKind.DETAIL,
}
_LONG = frozenset({"detail"})
"""Fields whose entry only says that they were changed; the history has their words."""


class EntryWriter:
    """Adds entries to one ticket."""

    def __init__(
        self, change: ChangeRecorder, ticket_id: uuid.UUID, customer_id: uuid.UUID, who: str
    ) -> None:
        self._change = change
        self._whose: dict[str, Any] = {
            "ticket_id": ticket_id,
            "customer_id": customer_id,
            "who": kept_line(who),
        }

    def add(
        self,
        kind: TicketEntryKind,
        text: str = "",
        before: str = "",
        after: str = "",
        at: datetime | None = None,
    ) -> None:
        """Adds one, of this moment unless another is given."""
        values = {"kind": kind.value, "text": text, "before": str(before), "after": str(after)}
        stamp = {"at": at or self._change.moment()}
        self._change.insert(ticket_entry, {**self._whose, **stamp, **values})

    def changed(self, name: str, before: str, after: str) -> None:
        """Adds that a field has another value."""
        told = ("", "") if name in _LONG else (before, after)
        self.add(_FIELD_ENTRIES[name], "", *told)


def fill(
    change: ChangeRecorder, found: Ticket, filled: TicketFilled, entry: EntryWriter
) -> dict[str, str]:
    """Links what is to be linked; the fields that are still empty get their values."""
    for kind, target in filled.links:
        values = {"ticket_id": found.id, "kind": kind.value, "target_id": target}
        change.insert(ticket_link, values)
        entry.add(TicketEntryKind.LINKED, after=kind.value)
    empty = ((name, text) for name, text in filled.values if not getattr(found, name))
    given = {name: _cleaned(name, text) for name, text in empty}
    for name, text in given.items():
        entry.changed(name, "", text)
    return given


def write_values(
    change: ChangeRecorder, found: Ticket, values: Mapping[str, str], entry: EntryWriter
) -> bool:
    """Writes fields with an entry for each that is different; False where none is."""
    wanted = {name: _cleaned(name, value) for name, value in values.items()}
    if not wanted.get("subject", "some"):
        raise ticket_refusals.no_subject()
    new = {name: value for name, value in wanted.items() if getattr(found, name) != value}
    change.update(ticket, found.id, new)
    for name, value in new.items():
        entry.changed(name, getattr(found, name), value)
    return bool(new)


def _cleaned(name: str, value: str) -> str:
    return kept_text(value) if name == "detail" else kept_line(value)
