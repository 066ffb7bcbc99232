"""The chips of the segments a customer belongs to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from crmdesk.desk.segments.belonging import Belonging
from crmdesk.domain.segments import Segment
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import set_icon
from crmdesk.gui.widgets.pieces import chip, chip_button, set_chip
from crmdesk.gui.widgets.text import isolate, set_tooltip

MOST = 4
"""More are counted."""

_LONGEST, _LONGEST_IN_A_ROW = 28, 18


class SegmentChips(QObject):
    """A chip for each of the first segments, "+3" for the rest; a click asks for its customers.

    Args:
        room: Pixels they have in one row; 0 where they may break into rows.

    Attributes:
        parts: The widgets, for a layout; made once.
        more: Says how many there is no room for, and in its tooltip which.

    Signals:
        chosen: The key of a segment.
        more_wanted: The segments behind "+3".
    """

    chosen = Signal(object)
    more_wanted = Signal(object)

    def __init__(self, parent: QObject, room: int = 0) -> None:
        super().__init__(parent)
        self._room = room
        self._shown: tuple[Segment, ...] = ()
        self._rest: tuple[Segment, ...] = ()
        self._chips = [self._chip(place) for place in range(MOST)]
        self.more: QPushButton = chip_button("")
        self.more.clicked.connect(lambda: self.more_wanted.emit(self._rest))
        self.untold = chip("")
        self.parts: tuple[QPushButton | QLabel, ...] = (*self._chips, self.more, self.untold)
        for part in self.parts:
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus if room else part.focusPolicy())
        self.show_belonging(Belonging())

    def _chip(self, place: int) -> QPushButton:
        made = chip_button("")
        made.clicked.connect(partial(self._choose, place))
        return made

    def _choose(self, place: int) -> None:
        self.chosen.emit(self._shown[place].id)

    def show_belonging(self, belonging: Belonging) -> None:
        """Shows another customer's, or other ones."""
        self._show_untold(belonging.untold)
        most = min(MOST, len(belonging.segments))
        self._show_first(belonging.segments, most)
        while self._room and most > 1 and self._taken() > self._room:
            most -= 1
            self._show_first(belonging.segments, most)

    def names(self) -> tuple[str, ...]:
        """All that are shown or counted, for screen readers."""
        return tuple(one.name for one in (*self._shown, *self._rest))

    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return all(part.isHidden() for part in self.parts)

    def _show_first(self, segments: tuple[Segment, ...], most: int) -> None:
        self._shown, self._rest = segments[:most], segments[most:]
        for place, made in enumerate(self._chips):
            one = self._shown[place] if place < most else None
            set_chip(made, self._short(one.name) if one else "", _tone(one))
            if one is not None:
                made.setAccessibleName(f"Segment {one.name}")
                set_icon(made, "filter", "muted" if not one.tone else one.tone)
                set_tooltip(made, f"Segment {isolate(one.name)}: show its customers")
        set_chip(self.more, f"+{len(self._rest)}" if self._rest else "", "neutral")
        set_tooltip(self.more, "\n".join(one.name for one in self._rest))

    def _show_untold(self, untold: tuple[Segment, ...]) -> None:
        set_chip(self.untold, f"{len(untold)} not checked" if untold else "", "neutral")
        names = "\n".join(one.name for one in untold)
        set_tooltip(self.untold, f"Takes too long for this customer:\n{names}" if untold else "")

    def _taken(self) -> int:
        widths = [part.sizeHint().width() for part in self.parts if not part.isHidden()]
        return sum(widths) + Space.XS * max(len(widths) - 1, 0)

    def _short(self, name: str) -> str:
        most = _LONGEST_IN_A_ROW if self._room else _LONGEST
        return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _tone(one: Segment | None) -> str:
    return (one.tone if one else "") or "neutral"
