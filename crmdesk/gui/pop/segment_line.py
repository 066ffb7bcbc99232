"""The segments of the caller, on the card: read once its first lines stand on the screen."""

from __future__ import annotations

import uuid

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.desk.segments.belonging import Belonging
from crmdesk.domain.pops import PopCard
from crmdesk.gui.segments.book import SegmentBook, SegmentWatch
from crmdesk.gui.segments.chips import SegmentChips
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.layouts import row

_AFTER_FIRST_LINES_MS = 30
"""Two frames: whoever calls is painted before anything else is asked."""


class SegmentLine(QWidget):
    """One row of chips, as many as there is room for.

    Args:
        width: Room in pixels.

    Attributes:
        chips: With the signals.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.chips = SegmentChips(self, width)
        self._of: tuple[uuid.UUID, Belonging] | None = None
        self.setLayout(row(*self.chips.parts, 1, spacing=Space.XS))
        self.hide()

    def take(self, customer_id: uuid.UUID, belonging: Belonging) -> None:
        """What is known of a customer; the next `show_card` shows it."""
        self._of = (customer_id, belonging)

    def show_card(self, card: PopCard, *, is_folded: bool) -> None:
        """Shows what is known of the caller; nothing while the number is in doubt."""
        known = self._of[1] if self._of and self._of[0] == card.match.customer_id else Belonging()
        is_told = card.story is not None and not is_folded
        self.chips.show_belonging(known if is_told else Belonging())
        self.setVisible(not self.chips.is_empty())


class PopSegments(QObject):
    """Asks who calls which segments they belong to, after the card is painted.

    Args:
        book: The segments.
        parent: The pop.

    Signals:
        told: The key of a customer, and a `Belonging`.
    """

    told = Signal(object, object)

    def __init__(self, book: SegmentBook, parent: QObject) -> None:
        super().__init__(parent)
        self._watch = SegmentWatch(book, self, is_for_pop=True)
        self._watch.told.connect(self._tell)
        self._wanted: uuid.UUID | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER_FIRST_LINES_MS)
        self._soon.timeout.connect(self._ask)

    def follow(self, card: PopCard | None) -> None:
        """The card that is shown in full now."""
        wanted = card.match.customer_id if card is not None and card.story is not None else None
        if wanted != self._wanted:
            self._wanted = wanted
            self._soon.start()

    @Slot()
    def _ask(self) -> None:
        self._watch.follow(self._wanted)

    def _tell(self, belonging: Belonging) -> None:
        if self._watch.customer_id is not None:
            self.told.emit(self._watch.customer_id, belonging)
