"""Pictures of an import of orders: what the file holds, its columns, the check, the result."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtWidgets import QWidget

from crmdesk.domain.importing import (
    FieldChange,
    ImportSummary,
    RowAction,
    RowPlan,
    SourceColumn,
    SourceFacts,
    SourceKind,
    SourceRecord,
)
from crmdesk.gui.main_window.window import SMALLEST, MainWindow
from crmdesk.gui.pages.imports.answers import Looked, Outcome
from crmdesk.gui.pages.imports.origin import FileOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.pictures.scenes_imports import opened
from crmdesk.gui.theme.tokens import Size
from crmdesk.sync.records.answers import NOBODY_NAMED

_PAUSE_MS = 400
_FILE = Path("Bestellungen Mai.csv")
_TITLES = ("Bestellnummer", "Kundennummer", "Betrag", "Bestelldatum", "Status", "Artikel",
           "Menge", "Einzelpreis", "Bemerkung", "Filiale")  # fmt: skip
_ROWS = (
    ("88-21", "10023", "1.234,50 €", "05.05.2026 14:20", "versendet", "Bürostuhl Move", "3",
     "389,00 €", "Lieferung nur vormittags", "Nord"),
    ("88-21", "10023", "1.234,50 €", "05.05.2026 14:20", "versendet", "Armlehne", "3", "22,50 €",
     "", "Nord"),
    ("88-22", "10024", "79,90 €", "06.05.2026 09:03", "offen", "Lampe Alva", "1", "79,90 €", "",
     "Nord"),
    ("88-23", "", "12,00 €", "06.05.2026", "neu", "Stifte", "2", "6,00 €", "", "Süd"),
)  # fmt: skip
_PLANS = (
    RowPlan(5, RowAction.BAD, "88-23", None, (NOBODY_NAMED,)),
    RowPlan(41, RowAction.BAD, "88-60", None, ("No customer has customer number 10999.",)),
    RowPlan(52, RowAction.UPDATE, "88-02", uuid.UUID(int=41), ("customer number 10025",),
            (FieldChange("status", "placed", "shipped"),
             FieldChange("shipped_at", "", "2026-05-04 16:10"),
             FieldChange("lines", "1", "2"))),
    RowPlan(2, RowAction.CREATE, "88-21", uuid.UUID(int=42), ("customer number 10023",),
            (FieldChange("number", "", "88-21"), FieldChange("total_cents", "", "1,234.50"),
             FieldChange("currency", "", "EUR"), FieldChange("lines", "", "2"))),
    RowPlan(4, RowAction.CREATE, "88-22", uuid.UUID(int=43), ("customer number 10024",),
            (FieldChange("number", "", "88-22"), FieldChange("total_cents", "", "79.90"))),
    RowPlan(60, RowAction.SAME, "88-01", uuid.UUID(int=44), ("customer number 10026",)),
)  # fmt: skip


@picture("import-records-file", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def file() -> QWidget:
    """What the rows of the file are is said first."""
    return _looked()[0]


@picture("import-records-columns", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def columns() -> QWidget:
    """The mapping, with the first orders as they will be."""
    window, page = _looked()
    page.go_on()
    return window


@picture("import-records-columns-small", size=SMALLEST, pause_ms=_PAUSE_MS)
def columns_small() -> QWidget:
    """The same in the smallest window."""
    return columns()


@picture("import-records-choice", size=(Size.SIDE_PANEL, 420), pause_ms=_PAUSE_MS)
def choice() -> QWidget:
    """The list of what a column of an order can become."""
    window, page = _looked()
    page.go_on()
    popup = page.columns.rows.popup
    popup.setParent(None)
    popup.fill("Filiale", "", set())
    popup.destroyed.connect(window.deleteLater)
    return popup


@picture("import-records-check", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def check() -> QWidget:
    """What an import would do."""
    window, page = _looked()
    page.show_check(_outcome())
    return window


@picture("import-records-result", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def result() -> QWidget:
    """After the import."""
    window, page = _looked()
    page.show_result(_outcome(uuid.UUID(int=7)))
    return window


def _looked() -> tuple[MainWindow, ImportsPage]:
    window, page = opened()
    samples = [tuple(dict.fromkeys(row[place] for row in _ROWS if row[place]))
               for place in range(len(_TITLES))]  # fmt: skip
    names = map(SourceColumn, _TITLES, samples)
    details = {"encoding": "cp1252", "delimiter": ";", "header": "1", "dates": "dmy"}
    facts = SourceFacts(SourceKind.CSV, tuple(names), details, records=214)
    rows = tuple(SourceRecord(place, row) for place, row in enumerate(_ROWS, 2))
    page.show_looked(Looked(facts, rows), FileOrigin(_FILE, holds="orders"))
    return window, page


def _outcome(batch: uuid.UUID | None = None) -> Outcome:
    summary = ImportSummary(records=171, created=152, updated=9, same=8, bad=2, batch=batch)
    return Outcome(summary, _PLANS)
