"""The rows that could not be used: kept until the window closes, saved where somebody wants."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from crmdesk.domain.errors import UserFacingError


class BadRows(QObject):
    """The file of the last run, in a folder that only this user can read.

    Signals:
        saved: Path of the copy.
        failed: A `UserFacingError`.
    """

    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = QTemporaryDir()

    @property
    def file(self) -> Path:
        """Where a run writes them."""
        return Path(self._folder.filePath("bad-rows.csv"))

    def remove(self) -> None:
        """Deletes them."""
        self._folder.remove()

    def ask(self, source: Path) -> None:
        """Asks where a copy shall go, without blocking; first offered is beside the source."""
        near = source.with_name(f"{source.stem}-bad-rows.csv")
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
