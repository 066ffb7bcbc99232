"""Asks under which name a mapping is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_window_title
from crmdesk.sync import profile as profiles
from crmdesk.sync.profile import ImportProfile


class SaveProfileDialog(FittedDialog):
    """Keeps a profile; `open()` it.

    Signals:
        saved: The name.
    """

    saved = Signal(str)

    def __init__(self, parent: QWidget, profile: ImportProfile, name: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Save as profile")
        self._profile = profile
        self.name = line_edit("shop-nightly", name="Name of the profile")
        self.name.setText(name)
        self.field = Field(
            "Name", self.name, "An import of the same kind of file then takes one command:"
            " crmdesk import FILE --profile NAME",
        )  # fmt: skip
        self.name.textChanged.connect(self._typed)
        save = button("Save", "primary")
        save.clicked.connect(self.save)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        what = label("Keep the mapping and the rules under a name", "lead-strong", wrap=True)
        body = column(what, self.field, spacing=Space.M)
        self.setLayout(column(body, row(1, cancel, save), spacing=Space.XL, margin=Space.XL))
        self._typed(name)

    @Slot(str)
    def _typed(self, text: str) -> None:
        there = text.strip() in profiles.names()
        self.field.set_error("There is one of that name; it will be replaced." if there else "")

    @Slot()
    def save(self) -> None:
        """Saves, or says beside the field why not."""
        name = self.name.text().strip()
        try:
            profiles.save(self._profile, name)
        except UserFacingError as error:
            self.field.set_error(f"{error.what} {error.remedy}")
            return
        self.saved.emit(name)
        self.accept()
