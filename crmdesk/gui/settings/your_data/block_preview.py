"""A small picture of the page or the card with its blocks, as the company orders them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from crmdesk.domain.planning import BlockPlace
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import avatar, rule
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label


class BlockPreview(QFrame):
    """Follows every change at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setFixedWidth(Size.FIELD)
        self._title = label("", "small", "muted")
        self._blocks: QVBoxLayout = column(spacing=Space.S)
        name = column(label("Jane Doe", "strong"), self._title, spacing=Space.NONE)
        head = row(avatar("Jane Doe", size="small"), spacing=Space.S)
        head.addLayout(name, 1)
        self.setLayout(column(head, rule(), self._blocks, 1, spacing=Space.S, margin=Space.M))

    def show_blocks(self, place: BlockPlace, titles: Iterable[str]) -> None:
        """Shows the blocks with these titles, in this order."""
        shown = tuple(titles)
        is_page = place is BlockPlace.PAGE
        self._title.setText("beside the timeline" if is_page else "on the card")
        clear(self._blocks)
        for number, title in enumerate(shown):
            if number and is_page:
                self._blocks.addWidget(rule())
            self._blocks.addWidget(_block(title, has_text=is_page))
        if not shown:
            self._blocks.addWidget(label("Nothing is shown.", "small", "muted"))
        self.setAccessibleName(f"Preview: {', '.join(shown) or 'nothing is shown'}")


def _block(title: str, *, has_text: bool) -> QWidget:
    """A block: its title, and a bar where its text would be."""
    made = QWidget()
    items = column(ElidedLabel(title, "small-strong" if has_text else "small"), spacing=Space.XS)
    if has_text:
        bar = QFrame()
        bar.setProperty("kind", "sunken")
        bar.setFixedSize(2 * Size.FIELD // 3, Space.S)
        items.addWidget(bar)
    made.setLayout(items)
    return made
