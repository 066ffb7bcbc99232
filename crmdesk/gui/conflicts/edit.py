"""An edit of a record on its way to the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crmdesk.domain.audit import Conflict
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.edits import settled

if TYPE_CHECKING:
    from crmdesk.store import Writer


@dataclass(frozen=True, slots=True)
class Edit:
    """A job for the writer thread that knows what it is about.

    Attributes:
        base: The record as the form began with it.
        edited: As the form holds it.
        write: Writes what differs.
    """

    base: Any
    edited: Any
    write: Callable[[Writer, Any, Any], ChangeSet]

    def __call__(self, writer: Writer) -> ChangeSet:
        """Writes it.

        Raises:
            ConflictingEditsError: Somebody else changed the same fields; nothing was written.
        """
        return self.write(writer, self.base, self.edited)

    def settled(self, conflicts: Iterable[Conflict], chosen: Mapping[str, str]) -> Edit:
        """The same after somebody decided between two values of some fields."""
        base, edited = settled(self.base, self.edited, conflicts, chosen)
        return replace(self, base=base, edited=edited)
