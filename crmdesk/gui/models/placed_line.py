"""A row of a list that stands where the store put it. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from crmdesk.gui.widgets.cells import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """One row, ready to be painted.

    Attributes:
        key: Of what it shows.
        place: From the top, 0 for the first.
    """

    key: uuid.UUID
    place: int
    cells: tuple[Cell, ...]
    spoken: str

    @property
    def age_order(self) -> float:
        """As the store gave them."""
        return -self.place
