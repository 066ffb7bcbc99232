"""How the values of records are read, and whose their ids are."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crmdesk.gui.pages.imports.calm_combo import calm_combo
from crmdesk.gui.pages.imports.rules import DATES
from crmdesk.gui.settings.regions import regions
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.text import label
from crmdesk.sync.profile import ImportProfile

_AGAIN: Final = (
    "A record that comes again is known by its id, else by its number, and gets the values that"
    " are new; an empty cell takes nothing away."
)
_WHOSE: Final = (
    "Whose it is says the customer number, the id, the phone or the e-mail address; never a name."
)
_SOURCE_HINT: Final = "Its ids are its own: order 7 of one shop is not order 7 of another."


class RecordRules(QWidget):
    """The rules for records.

    Args:
        line_region: Country of the first phone line, in words, "" where there is none.

    Signals:
        changed: Any of them.
    """

    changed = Signal()

    def __init__(self, line_region: str) -> None:
        super().__init__()
        usual = f"As on the phone line ({line_region})" if line_region else "None"
        self.region = calm_combo(((usual, ""), *regions()), name="Country of phones without one")
        self.dates = calm_combo(DATES, name="Order of day and month in dates")
        self.source_name = line_edit("none", name="Name of the other program")
        read = column(
            SectionHeader("How values are read", "phone"),
            Field("Country of phones without one", self.region),
            Field("Dates", self.dates),
            spacing=Space.S,
        )
        same = column(
            SectionHeader("Whose they are, and which", "users"),
            label(_WHOSE, "small", "muted", wrap=True),
            label(_AGAIN, "small", "muted", wrap=True),
            Field("Name of the other program", self.source_name, _SOURCE_HINT),
            spacing=Space.S,
        )
        self.setLayout(column(read, same, spacing=Space.XL))
        self.region.currentIndexChanged.connect(self.changed)
        self.dates.currentIndexChanged.connect(self.changed)
        self.source_name.textChanged.connect(self.changed)

    def show_profile(self, profile: ImportProfile) -> None:
        """Shows the rules of a profile."""
        self.blockSignals(True)
        self.region.setCurrentIndex(max(0, self.region.findData(profile.region)))
        self.dates.setCurrentIndex(max(0, self.dates.findData(profile.date_order)))
        self.source_name.setText(profile.source_name)
        self.blockSignals(False)

    def values(self) -> dict[str, Any]:
        """What is chosen, as fields of a profile."""
        return {
            "region": self.region.currentData(),
            "date_order": self.dates.currentData(),
            "source_name": self.source_name.text().strip(),
        }
