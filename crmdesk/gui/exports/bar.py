"""The line that says where an export is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QSizePolicy

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import ElidedLabel, set_tooltip


class ExportBar(QFrame):
    """One line; hidden until something was exported, and after it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("banner", "good")
        self._place = Path()
        self._text = ElidedLabel("", "strong")
        self.open_folder = button("Open folder")
        self.open_folder.clicked.connect(self._open)
        self.close_button = icon_button("close", "Close this message")
        self.close_button.clicked.connect(self.hide)
        items = row(icon_label("check-circle", "good"), spacing=Space.S, margin=Space.S)
        items.addWidget(self._text, 1)
        items.addWidget(self.open_folder)
        items.addWidget(self.close_button)
        self.setLayout(items)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text.full_text()

    def tell(self, text: str, place: Path) -> None:
        """Says what was written, and where."""
        self._place = place
        self._text.set_full_text(text)
        self.setAccessibleName(text)
        set_tooltip(self.open_folder, f"Open {place.parent}")
        self.show()

    @Slot()
    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._place.parent)))
