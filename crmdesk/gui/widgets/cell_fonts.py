"""Fonts of cells that remember how wide texts are: a list asks for the same ones at every paint.

Measuring a text shapes it, which takes as long as drawing it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from crmdesk.gui.theme.tokens import FontSize

_REMEMBERED = 4_096
"""Texts of one font; then it begins anew."""


class CellFont(QFont):
    """A font with its measures. It is shared: nobody changes it."""

    def __init__(self, base: QFont, size: int, *, strong: bool) -> None:
        super().__init__(base)
        self.setPixelSize(size)
        self.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        self._base = QFont(base)
        self._metrics = QFontMetrics(self)
        self._widths: dict[str, int] = {}
        self._cuts: dict[tuple[str, int], str] = {}

    def is_of(self, base: QFont) -> bool:
        """Whether it was made from such a font."""
        return self._base == base

    def width(self, text: str) -> int:
        """How wide a text is on one line."""
        known = self._widths.get(text)
        if known is None:
            if len(self._widths) >= _REMEMBERED:
                self._widths.clear()
            known = self._widths[text] = self._metrics.horizontalAdvance(text)
        return known

    def cut(self, text: str, width: int) -> str:
        """As much of a text as there is room for, with an ellipsis where some is missing."""
        if self.width(text) <= width:
            return text
        known = self._cuts.get((text, width))
        if known is None:
            if len(self._cuts) >= _REMEMBERED:
                self._cuts.clear()
            known = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._cuts[text, width] = known
        return known


_made: dict[tuple[int, bool], CellFont] = {}
"""The last of each size and weight; another base (another theme, larger texts) replaces it."""


def cell_font(
    size: int = FontSize.BODY, *, strong: bool = False, base: QFont | None = None
) -> CellFont:
    """The font of a cell.

    Args:
        size: In pixels.
        strong: Half bold.
        base: Whose family it has; None for the program's.
    """
    family = base or QFont()
    known = _made.get((size, strong))
    if known is None or not known.is_of(family):
        known = _made[size, strong] = CellFont(family, size, strong=strong)
    return known
