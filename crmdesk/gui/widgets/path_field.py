"""A field for the path of a file, typed or chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import line_edit
from crmdesk.gui.widgets.layouts import row


class PathField(QWidget):
    """A path and a button that opens the system's dialog.

    Signals:
        changed: The path is another one.
    """

    changed = Signal(str)

    def __init__(self, placeholder: str, *, name: str, kinds: str = "") -> None:
        super().__init__()
        self._kinds = kinds
        self._name = name
        self.edit = line_edit(placeholder, name=name)
        self.edit.textChanged.connect(self.changed)
        self.choose = button("Choose…", tip=f"Choose the file: {name}")
        self.choose.clicked.connect(self.open_dialog)
        items = row(self.edit, self.choose, spacing=Space.S)
        items.setStretch(0, 1)
        self.setLayout(items)
        self.setFocusProxy(self.edit)

    def path(self) -> str:
        """The path as typed, without blanks around it."""
        return self.edit.text().strip()

    def set_path(self, path: str) -> None:
        """Shows a path."""
        self.edit.setText(path)

    def open_dialog(self) -> None:
        """Asks for a file, without blocking."""
        dialog = QFileDialog(self, self._name, self.path(), self._kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.set_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
