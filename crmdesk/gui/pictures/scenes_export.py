"""Pictures of exports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from crmdesk.gui.exports.bar import ExportBar
from crmdesk.gui.exports.choices import Scope, done_words, records_of
from crmdesk.gui.exports.dialog import ExportDialog
from crmdesk.gui.main_window import MainWindow
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.sync.export.formats import ExportFormat

_DAY = date(2026, 5, 12)
_FOUND = Scope(
    "customers",
    "customers that match “hansen”",
    (),
    records_of("customers that match “hansen”", ()),
)
_PAUSE_MS = 900


def _dialog(scope: Scope, kind: ExportFormat) -> ExportDialog:
    window = demo_window()
    made = ExportDialog(window, scope, window.memory, _DAY)
    made.formats.choose(kind)
    made.place.set_path(f"/home/user/Documents/{scope.file_name(_DAY, kind)}")
    made._place_field.set_error("")  # noqa: SLF001  the folder is not on this computer
    made.export.setEnabled(True)
    return made


@picture("export-customers")
def customers() -> QWidget:
    """The usual form."""
    return _dialog(Scope("customers", "all customers"), ExportFormat.XLSX)


@picture("export-table")
def table() -> QWidget:
    """A table as text has more to choose."""
    return _dialog(_FOUND, ExportFormat.CSV)


@picture("export-cards")
def cards() -> QWidget:
    """An address book."""
    return _dialog(_FOUND, ExportFormat.VCARD)


@picture("export-orders")
def orders() -> QWidget:
    """Orders of the customers that are found: no address book."""
    made = _dialog(_FOUND, ExportFormat.XLSX)
    made.what.setCurrentIndex(2)
    made.place.set_path("/home/user/Documents/orders-2026-05-12.xlsx")
    made._place_field.set_error("")  # noqa: SLF001  the folder is not on this computer
    made.export.setEnabled(True)
    return made


@picture("export-calls")
def calls() -> QWidget:
    """Calls are no address book, and the place is none."""
    made = _dialog(Scope("calls", "calls of today"), ExportFormat.JSON_LINES)
    made.place.set_path("/media/stick/calls.jsonl")
    return made


@picture("export-done", size=(720, 48))
def done() -> QWidget:
    """Where it is."""
    made = ExportBar()
    place = "/home/user/Documents/customers-2026-05-12.xlsx"
    made.tell(done_words(_FOUND, 1240, place), Path(place))
    return made


@picture("export-running", size=(1180, 720), pause_ms=_PAUSE_MS)
def running() -> QWidget:
    """The window goes on meanwhile."""
    made: MainWindow = demo_desk().window()
    made.show_page("customers")
    made.status.show_work("Exporting customers 43 %, 58 s left", 0.43)
    return made
