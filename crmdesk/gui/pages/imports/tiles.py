"""The figures of a dry run or an import: one tile for each kind of row; a tile filters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.importing import ImportSummary, RowAction
from crmdesk.gui.pages.imports.words import ACTIONS, counted, figures
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import PushButton, icon_label, set_icon
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tone, set_tooltip

_HEIGHT = 3 * Size.ROW + 2 * Size.LINE


class Tile(PushButton):
    """One figure."""

    def __init__(self, action: RowAction) -> None:
        super().__init__()
        self.action = action
        words = ACTIONS[action]
        self.setProperty("kind", "tile")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setMinimumWidth(3 * Size.ROW)
        self.setFixedHeight(_HEIGHT)
        set_tooltip(self, words.meaning)
        self._title = ElidedLabel(words.title, "small", "muted")
        self._figure = label("0", "title")
        self._icon = icon_label(words.icon, "faint")
        figure = row(self._figure, 1, self._icon, spacing=Space.XS)
        items = column(self._title, 1, figure, spacing=Space.HAIR)
        items.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self.setLayout(items)
        for part in (self._title, self._figure, self._icon):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_count(self, count: int) -> None:
        """Shows a figure; none at all is said quietly."""
        words = ACTIONS[self.action]
        self._figure.setText(f"{count:,}")
        set_tone(self._figure, "text" if count else "faint")
        set_icon(self._icon, words.icon, words.tone if count else "faint")
        self.setEnabled(bool(count))
        self.setAccessibleName(f"{words.title}: {counted(count, 'row')}. {words.meaning}")


class Tiles(QWidget):
    """All figures.

    Signals:
        chosen: The kind whose rows are wanted, None for all.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._chosen: RowAction | None = None
        self.tiles = {action: Tile(action) for action in ACTIONS}
        items = row(spacing=Space.S)
        for action, tile in self.tiles.items():
            tile.clicked.connect(partial(self.choose, action))
            items.addWidget(tile, 1)
        self.setLayout(items)
        self.setFixedHeight(_HEIGHT)

    def show_summary(self, summary: ImportSummary) -> None:
        """Shows its figures; no kind is chosen."""
        self._chosen = None
        for action, count in figures(summary).items():
            self.tiles[action].show_count(count)
        self._show()

    def choose(self, action: RowAction) -> None:
        """Chooses a kind; the chosen one again chooses all."""
        self._chosen = None if action is self._chosen else action
        self._show()
        self.chosen.emit(self._chosen)

    def _show(self) -> None:
        for action, tile in self.tiles.items():
            tile.setChecked(action is self._chosen)
