"""Back and forward, as in a browser. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from crmdesk.domain.records import RecordRef

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """A place one has been at: a page, and what was open there."""

    page: str
    key: uuid.UUID | RecordRef | None = None


class History:
    """Where one was and where one went back from."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._at = -1

    @property
    def current(self) -> Visit | None:
        """Where one is."""
        return self._visits[self._at] if self._at >= 0 else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether one came back from somewhere."""
        return self._at < len(self._visits) - 1

    def visit(self, visit: Visit) -> None:
        """Goes to a place; what lay ahead is forgotten."""
        if visit == self.current:
            return
        self._visits = [*self._visits[: self._at + 1], visit][-_LONGEST:]
        self._at = len(self._visits) - 1

    def replace(self, visit: Visit) -> None:
        """The place one is at changed without a step of one's own (the cursor ran on)."""
        if self._at < 0:
            self.visit(visit)
        else:
            self._visits[self._at] = visit

    def back(self) -> Visit | None:
        """The place before, None where there is none."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self.current

    def forward(self) -> Visit | None:
        """The place one came back from, None where there is none."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self.current
