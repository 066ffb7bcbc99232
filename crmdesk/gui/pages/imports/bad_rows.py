"""The rows that could not be used: saved where somebody wants."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.imports.jobs import BAD_ROWS
from crmdesk.gui.pages.imports.work_folder import WorkFolder


class BadRows(QObject):
    """The file of the last run.

    Args:
        parent: Asks.
        folder: Where the runs of the page leave what they write.

    Signals:
        saved: Path of the copy.
        failed: A `UserFacingError`.
    """

    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget, folder: WorkFolder) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = folder

    @property
    def file(self) -> Path:
        """Where a run writes them."""
        return self._folder.place / BAD_ROWS

    def ask(self, near: Path) -> None:
        """Asks where a copy shall go, without blocking; offers a place first."""
        dialog = QFileDialog(self._window, "Save bad rows", str(near), "Text table (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save(self, place: str) -> None:
        """Copies them."""
        try:
            shutil.copyfile(self.file, place)
        except OSError as error:
            self.failed.emit(
                UserFacingError(
                    f"The bad rows could not be saved to {place}: {error.strerror or error}.",
                    "They are still here; nothing else was changed.",
                    "Choose another folder, or check the space on the disk.",
                )
            )
            return
        self.saved.emit(place)
