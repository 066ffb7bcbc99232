"""The pipeline: each stage with how many leads it holds and what they are worth."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from crmdesk.gui.models.lead_words import StageWords
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import joined, label, set_tooltip

_TILE = 148
_LINES = 3


class StageTile(QPushButton):
    """One stage; a click shows its leads only."""

    def __init__(self, words: StageWords, *, is_chosen: bool) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setCheckable(True)
        self.setChecked(is_chosen)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        name = label(joined((words.title, f"{words.count:,}")), "strong")
        value = label(words.value, "body")
        weighted = label(_weighted(words), "small", "muted")
        for one in (name, value, weighted):
            one.setMaximumWidth(2 * _TILE)
        items = column(name, value, weighted, spacing=Space.HAIR, margin=Space.S)
        self.setLayout(items)
        leads = "1 lead" if words.count == 1 else f"{words.count:,} leads"
        told = joined((words.title, leads, words.value, f"weighted {words.weighted}"), ", ")
        self.setAccessibleName(told.replace("\n", " and "))
        set_tooltip(self, "Weighted: each value times how likely it is")

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As large as its figures, in whatever font they have by now."""
        layout = self.layout()
        inside = layout.sizeHint() if layout is not None else QSize()
        return inside.expandedTo(QSize(_TILE, 0))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """It is never smaller."""
        return self.sizeHint()


def _weighted(words: StageWords) -> str:
    return (
        "–"
        if words.weighted == "–"
        else "\n".join(f"{line} weighted" for line in words.weighted.split("\n")[:_LINES])
    )


class Pipeline(QWidget):
    """All stages in order, their sum first.

    Signals:
        chosen: Key of a stage, "" for all.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Pipeline")
        self._flow = flow(spacing=Space.S)
        self.setLayout(self._flow)
        self._shown: tuple[tuple[StageWords, ...], str] = ((), "")
        self.tiles: dict[str, StageTile] = {}

    def show_forecast(self, stages: tuple[StageWords, ...], chosen: str) -> None:
        """Shows what each stage is worth; one of them is chosen."""
        if (stages, chosen) == self._shown:
            return
        had_focus = next((key for key, tile in self.tiles.items() if tile.hasFocus()), None)
        self._shown = stages, chosen
        clear(self._flow)
        self.tiles = {one.key: self._tile(one, chosen) for one in stages}
        for tile in self.tiles.values():
            self._flow.addWidget(tile)
            tile.show()
        if had_focus is not None and had_focus in self.tiles:
            self.tiles[had_focus].setFocus()

    def _tile(self, words: StageWords, chosen: str) -> StageTile:
        made = StageTile(words, is_chosen=words.key == chosen)
        made.clicked.connect(partial(self._choose, words.key))
        return made

    def _choose(self, key: str) -> None:
        self.tiles[key].setChecked(True)
        self.chosen.emit(key)
