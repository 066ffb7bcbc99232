"""The program's mark, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from crmdesk.gui.theme import icons
from crmdesk.gui.theme.theme import theme
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.text import label


class Logo(QWidget):
    """The mark as a picture; it says nothing a word beside it does not say."""

    def __init__(self, size: int = Size.ICON_HERO) -> None:
        super().__init__()
        self._picture: QLabel = label()
        self._size = size
        self.setFixedSize(size, size)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        box.addWidget(self._picture)
        theme().changed.connect(self._paint)
        self._paint()

    @Slot()
    def _paint(self) -> None:
        palette, scale = theme().palette, self.devicePixelRatioF()
        self._picture.setPixmap(
            icons.pixmap("logo", palette.accent, self._size, scale, palette.on_accent)
        )
