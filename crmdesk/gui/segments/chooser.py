"""The chip of a list that narrows it to a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.domain.segments import Segment
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets.choice_menu import open_choices
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import chip_button, set_chip
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import set_tooltip

if TYPE_CHECKING:
    from crmdesk.store import Store

_TITLE = "Segment…"
_LONGEST = 18


class SegmentChooser(QWidget):
    """Offers the saved segments under a chip; not there where none is saved.

    Args:
        store: Where they are.
        everybody: Words of the choice of no segment; "" where that is chosen elsewhere.

    Signals:
        chosen: A segment, None for everybody.
        failed: The exception with which they could not be read.
    """

    chosen = Signal(object)
    failed = Signal(object)

    def __init__(self, store: Store, everybody: str = "") -> None:
        super().__init__()
        self._store, self._everybody = store, everybody
        self._known: dict[str, Segment] = {}
        self._wanted = ""
        self.present: Segment | None = None
        self.chip: QPushButton = chip_button(_TITLE)
        self.chip.clicked.connect(self._open)
        self.setLayout(row(self.chip))
        set_shown(self, False)

    @Slot()
    def read(self) -> None:
        """Reads what there is to choose."""
        found = self._store.read(lambda reader: reader.segments())
        await_future(found, self, self._show, self.failed.emit)

    def set_present(self, segment: Segment | None) -> None:
        """Says which one is shown."""
        self.present = segment
        name = segment.name if segment else _TITLE
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        set_chip(self.chip, short, "accent" if segment else "neutral")
        set_tooltip(self.chip, segment.name if segment else "Show a segment")

    def _show(self, known: tuple[Segment, ...]) -> None:
        self._known = {str(one.id): one for one in known}
        set_shown(self, bool(known) or self.present is not None)
        if self.present is not None:
            self.present = self._known.get(str(self.present.id), self.present)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.choose(wanted)

    @Slot()
    def _open(self) -> None:
        choices = [(self._everybody, "")] if self._everybody else []
        choices += [(one.name, key) for key, one in self._known.items()]
        present = str(self.present.id) if self.present else ""
        open_choices(self.chip, choices, present, self.choose)

    def choose_soon(self, key: str) -> None:
        """Chooses one that may not have been read yet."""
        self._wanted = key
        self.read()

    def choose(self, key: str) -> None:
        """Chooses one by its key; "" for everybody."""
        if key in self._known or not key:
            self.chosen.emit(self._known.get(key))
