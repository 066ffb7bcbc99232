"""The figures of a try: one tile for each kind of change; a tile chosen filters the examples."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.desk.rule_lab.report import CHANGES, LabCount, LabKind, LabReport
from crmdesk.gui.pages.matching.words import KINDS, MAIN, counted, spoken_count
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import PushButton, icon_label, set_icon
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip_button, set_chip
from crmdesk.gui.widgets.text import ElidedLabel, joined, label, set_tone, set_tooltip


class Tile(PushButton):
    """One figure: how many calls, of how many numbers."""

    def __init__(self, kind: LabKind) -> None:
        super().__init__()
        self.kind = kind
        self.setProperty("kind", "tile")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setMinimumWidth(3 * Size.ROW)
        words = KINDS[kind]
        set_tooltip(self, words.meaning)
        self._title = ElidedLabel(words.title, "small", "muted")
        self._calls = label("0", "title")
        self._icon = icon_label(words.icon, "faint")
        self._numbers = ElidedLabel("", "small", "muted")
        figure = row(self._calls, 1, self._icon, spacing=Space.XS)
        items = column(self._title, 1, figure, self._numbers, spacing=Space.HAIR)
        items.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self.setLayout(items)
        for part in (self._title, self._calls, self._icon, self._numbers):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_count(self, count: LabCount) -> None:
        """Shows a figure; nothing at all is said quietly."""
        words = KINDS[self.kind]
        tone = words.tone if count.calls else "faint"
        self._calls.setText(f"{count.calls:,}")
        calls = "call" if count.calls == 1 else "calls"
        numbers = counted(count.numbers, "number") if count.numbers else ""
        self._numbers.set_full_text(joined((calls, numbers)))
        set_tone(self._calls, "text" if count.calls else "faint")
        set_icon(self._icon, words.icon, tone)
        self.setEnabled(bool(count.calls))
        self.setAccessibleName(spoken_count(self.kind, count))


class Tiles(QWidget):
    """All figures of a report.

    Signals:
        chosen: The kind whose examples are wanted, None for all.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._chosen: LabKind | None = None
        self._counts: dict[LabKind, LabCount] = {}
        self.tiles = {kind: Tile(kind) for kind in MAIN}
        self.chips = {kind: chip_button("") for kind in CHANGES if kind not in MAIN}
        for kind, button in (*self.tiles.items(), *self.chips.items()):
            button.clicked.connect(partial(self.choose, kind))
        tiles = row(spacing=Space.S)
        for tile in self.tiles.values():
            tiles.addWidget(tile, 1)
        self._more = QWidget()
        self._more.setLayout(flow(*self.chips.values()))
        self.setLayout(column(tiles, self._more, spacing=Space.S))

    def show_report(self, report: LabReport) -> None:
        """Shows its figures; no kind is chosen."""
        self._counts = dict(report.counts)
        self._chosen = None
        for kind, tile in self.tiles.items():
            tile.show_count(report.counts[kind])
        self._show()

    def choose(self, kind: LabKind) -> None:
        """Chooses a kind; the chosen one again chooses all."""
        self._chosen = None if kind is self._chosen else kind
        self._show()
        self.chosen.emit(self._chosen)

    def _show(self) -> None:
        for kind, tile in self.tiles.items():
            tile.setChecked(kind is self._chosen)
        for kind, chip in self.chips.items():
            count = self._counts.get(kind, LabCount())
            text = f"{KINDS[kind].title}  {count.calls:,}" if count.calls else ""
            set_chip(chip, text, "accent" if kind is self._chosen else "neutral")
            chip.setAccessibleName(spoken_count(kind, count))
        self._more.setVisible(any(self._counts[kind].calls for kind in self.chips if self._counts))
