"""Notes that customers have already: an import adds none of them twice."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import Text, bindparam, select

from crmdesk.domain.customers import TimelineKind
from crmdesk.store.columns import Key
from crmdesk.store.importing.lookups import ASKED_AT_ONCE
from crmdesk.store.queries import Queries
from crmdesk.store.tables import interaction

_notes = select(interaction.c.customer_id, interaction.c.detail).where(
    interaction.c.customer_id.in_(bindparam("keys", expanding=True, type_=Key)),
    interaction.c.kind == TimelineKind.NOTE.value,
    interaction.c.deleted_at.is_(None),
)
T = TypeVar("T")
_these_notes = _notes.where(
    interaction.c.detail.in_(bindparam("texts", expanding=True, type_=Text))
)
_with_notes = _notes.with_only_columns(interaction.c.customer_id).distinct()


class KnownNotes(Queries):
    """Reads notes of many customers at a time."""

    def notes_among(
        self, customers: Collection[uuid.UUID], texts: Collection[str]
    ) -> set[tuple[uuid.UUID, str]]:
        """Which of some texts are notes of which of some customers."""
        found: set[tuple[uuid.UUID, str]] = set()
        for keys in _parts(list(customers)):
            for some in _parts(list(texts)):
                rows = self._connection.execute(_these_notes, {"keys": keys, "texts": some})
                found.update((row[0], row[1]) for row in rows)
        return found

    def with_notes(self, customers: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of some customers who have a note."""
        found: set[uuid.UUID] = set()
        for keys in _parts(list(customers)):
            found.update(self._connection.execute(_with_notes, {"keys": keys}).scalars())
        return found


def _parts(every: list[T]) -> list[list[T]]:
    return [every[at : at + ASKED_AT_ONCE] for at in range(0, len(every), ASKED_AT_ONCE)]
