"""A dialog as wide as it is told and exactly as high as its texts need."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.gui.theme.tokens import Size

_REASONS = (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.FontChange)


class FittedDialog(QDialog):
    """Follows texts that change; Qt alone cuts wrapped lines in windows of fixed width."""

    def __init__(self, parent: QWidget | None = None, width: int = Size.DIALOG) -> None:
        super().__init__(parent)
        self.setFixedWidth(width)

    def event(self, event: QEvent) -> bool:
        """Fits the height after whatever may have changed it."""
        done = super().event(event)
        if event.type() in _REASONS:
            self.fit()
        return done

    def fit(self) -> None:
        """Takes the height that the texts need at this width."""
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        height = layout.totalHeightForWidth(self.width())
        if height > 0 and height != self.height():
            self.setFixedHeight(height)
