"""Pictures of an import: every step, and the states in which little fits or nothing is there."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
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
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.main_window.window import SMALLEST, MainWindow
from crmdesk.gui.pages.imports.answers import Looked, Outcome
from crmdesk.gui.pages.imports.origin import FileOrigin
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.save_profile import SaveProfileDialog
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.demo_values import NOW
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.theme.tokens import Size
from crmdesk.sync.profile import ImportProfile

_PAUSE_MS = 400
FILE = Path("Kundenliste 2026 (Export).csv")


@picture("imports-start", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def start() -> QWidget:
    """Before a file is chosen, with imports of before."""
    window, page = opened()
    # Later than what the demo store says, which is that there was none.
    QTimer.singleShot(_PAUSE_MS // 2, page.start, partial(page.start.show_past, PAST, NOW))
    return window


@picture("imports-looking", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def looking() -> QWidget:
    """A look at a large file."""
    window, page = opened()
    page.show_running()
    page.running.show_progress(JobProgress(note="looking at the file"))
    window.status.show_work("Looking at the file")
    return window


@picture("imports-file", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def file() -> QWidget:
    """What was found out about it."""
    return _looked(looked())[0]


@picture("imports-file-empty", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def file_empty() -> QWidget:
    """A file with names of columns and no rows."""
    found = looked()
    notes = ("There are no rows below the names of the columns.",)
    columns = tuple(SourceColumn(each.name) for each in found.facts.columns)
    facts = replace(found.facts, records=0, notes=notes, columns=columns)
    return _looked(Looked(facts))[0]


@picture("imports-columns", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def columns() -> QWidget:
    """The mapping, with words of the status."""
    window, page = _looked(looked())
    page.go_on()
    return window


@picture("imports-columns-small", size=SMALLEST, pause_ms=_PAUSE_MS)
def columns_small() -> QWidget:
    """The same in the smallest window, with every merge rule."""
    window, page = _looked(looked())
    page.go_on()
    page.columns.rules.merge_part.set_open(True)
    return window


@picture("imports-columns-many", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def columns_many() -> QWidget:
    """Sixty columns with long names."""
    names = [f"Kontakt {place}: bevorzugte Telefonnummer geschäftlich (Durchwahl, Zentrale)"
             for place in range(1, 59)]  # fmt: skip
    made = tuple(SourceColumn(name, ("030 23125-110", "0171 3920 112")) for name in names)
    extra = (SourceColumn("Name", ("Jonas Brandt",)), SourceColumn("E" * 190, ("x" * 80,)))
    values = ("Jonas Brandt", "x" * 400, *["030 23125-110"] * 58)
    facts = replace(looked().facts, columns=(*extra, *made))
    window, page = _looked(Looked(facts, (SourceRecord(2, values),)))
    page.go_on()
    return window


@picture("imports-choice", size=(Size.SIDE_PANEL, 420), pause_ms=_PAUSE_MS)
def choice() -> QWidget:
    """The list of what a column can become."""
    window, page = _looked(looked())
    page.go_on()
    popup = page.columns.rows.popup
    popup.setParent(None)
    popup.fill("Rabattgruppe", "segment", set())
    popup.destroyed.connect(window.deleteLater)
    return popup


@picture("imports-save-profile")
def save_profile() -> QWidget:
    """A name for the mapping."""
    return SaveProfileDialog(demo_window(), ImportProfile(), "shop-nightly")


@picture("imports-checking", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def checking() -> QWidget:
    """A dry run."""
    window, page = _looked(looked())
    page.show_running()
    page.go_on()
    page.show_running()
    page.show_progress(JobProgress(41_431_000, 96_000_000, 6_410_000.0, 8.9, "checking rows"))
    window.status.show_work("Checking the file 43 %, 9 s left", 0.431)
    return window


@picture("imports-check", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def check() -> QWidget:
    """What an import would do."""
    window, page = _looked(looked())
    page.show_check(outcome())
    return window


@picture("imports-check-bad", size=SMALLEST, pause_ms=_PAUSE_MS)
def check_bad() -> QWidget:
    """Only the bad rows, in the smallest window."""
    window, page = _looked(looked())
    page.show_check(outcome())
    page.check.tiles.choose(RowAction.BAD)
    return window


@picture("imports-check-nothing", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def check_nothing() -> QWidget:
    """A file without rows."""
    window, page = _looked(looked())
    page.show_check(Outcome(ImportSummary()))
    return window


@picture("imports-result", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def result() -> QWidget:
    """After the import."""
    window, page = _looked(looked())
    done = outcome()
    summary = replace(done.summary, batch=uuid.UUID(int=7), notes=())
    page.show_result(Outcome(summary, done.rows))
    return window


@picture("imports-undone", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def undone() -> QWidget:
    """After the undo."""
    window, page = _looked(looked())
    done = outcome()
    page.show_result(Outcome(replace(done.summary, batch=uuid.UUID(int=7)), done.rows))
    page.result.show_undone(
        "The import was taken back.",
        "Left as they are, because somebody changed them since: 2.",
    )
    return window


@picture("imports-trouble", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def trouble() -> QWidget:
    """A file that cannot be read."""
    window, page = opened()
    page.show_trouble(
        UserFacingError(
            "The workbook would take 4,812 MiB of memory; up to 256 MiB are read.",
            "It is packed so tightly that it may be made to break programs. Nothing was imported.",
            "Save it anew as CSV in the program it comes from, and choose that file.",
        )
    )
    return window


def opened() -> tuple[MainWindow, ImportsPage]:
    """A window with the page of imports."""
    window = demo_desk().window()
    window.show_page("imports")
    page = window.pages["imports"]
    if not isinstance(page, ImportsPage):
        raise TypeError("the page called imports is another one")
    return window, page


def _looked(found: Looked) -> tuple[MainWindow, ImportsPage]:
    window, page = opened()
    page.show_looked(found, FileOrigin(FILE))
    return window, page


def looked() -> Looked:
    """What a look at a messy export could find."""
    columns = tuple(
        SourceColumn(name, tuple(dict.fromkeys(row[place] for row in _ROWS if row[place])))
        for place, name in enumerate(_TITLES)
    )
    facts = SourceFacts(
        SourceKind.CSV,
        columns,
        {"encoding": "cp1252", "delimiter": ";", "quote": '"', "header": "4",
         "short_rows": "fill", "decimal": ",", "dates": "dmy"},
        ("What stands above line 4 is left out.",
         "Rows that end early are filled up with empty values."),
        records=1_284,
    )  # fmt: skip
    rows = tuple(
        SourceRecord(place + 5, tuple(row), "The row has 9 values, the file has 8 columns."
                     if place == 4 else "")
        for place, row in enumerate(_ROWS)
    )  # fmt: skip
    return Looked(facts, rows)


def outcome() -> Outcome:
    """What a dry run could find."""
    summary = ImportSummary(
        records=1_284, created=1_163, updated=48, same=31, skipped=27, bad=15, numbers=1_702,
        notes=("Nobody knows what “gesperrt?” means as a status: 3 rows. The field stays empty.",
               "Card numbers were made unreadable in 2 notes."),
    )  # fmt: skip
    return Outcome(summary, _PLANS)


_TITLES = ("Kd-Nr", "Ansprechpartner", "Firma", "Telefon", "E-Mail", "Status", "Kunde seit", "Info")
_ROWS = (
    ("10023", "Brandt, Jonas", "Hansen Logistik GmbH", "030/23125-101 (Mo-Fr)",
     "j.brandt@hansen.example", "aktiv", "03.04.2019", "Rückruf nur vormittags"),
    ("10024", "Dr. Weber, Katharina", "", "0171 3920 441 / 030 23125-144",
     "k.weber@praxis.example; praxis@praxis.example", "aktiv", "17.11.2021", ""),
    ("10025", "Nair, Priya", "Nair & Sons Ltd", "+44 20 7946 0312",
     "priya@nair.example", "Interessent", "02.02.2024", ""),
    ("10026", "", "Verrerie Clément SA", "+33 1 99 00 12 34", "", "ruhend", "", "zahlt spät"),
    ("10027", "Vogt, Ida", "Vogt Elektro", "siehe Zentrale", "ida@vogt.example", "aktiv",
     "31.12.2023", ""),
    ("10028", "Schröder, Mia", "Hansen Logistik GmbH", "030/23125-161", "mia@hansen.example",
     "gesperrt", "", "4 Standorte"),
    ("10029", "Fontaine, Claire", "", "0033 1 99 00 40 12", "claire@fontaine.example", "aktiv",
     "09.07.2022", ""),
    ("10030", "Adler, Ben", "Adler Bau KG", "030 23125 170\n030 23125 171", "", "ehemalig",
     "12.01.2012", "Umzug"),
)  # fmt: skip

_WEBER = uuid.UUID(int=41)
_PLANS = (
    RowPlan(9, RowAction.BAD, "Ida Vogt",
            why=("The row has 9 values, the file has 8 columns.",)),
    RowPlan(311, RowAction.BAD, "", why=("no name, no number and no e-mail address",)),
    RowPlan(6, RowAction.UPDATE, "Dr. Katharina Weber", _WEBER,
            ("same number +49 171 3920441",),
            (FieldChange("emails", "", "k.weber@praxis.example"),
             FieldChange("status", "lead", "active"))),
    RowPlan(22, RowAction.UPDATE, "Hansen Logistik GmbH", uuid.UUID(int=42),
            ("same customer number 10001",),
            (FieldChange("name", "Hansen Logistics", "Hansen Logistik GmbH"),)),
    RowPlan(5, RowAction.CREATE, "Jonas Brandt", None, (),
            (FieldChange("numbers", "", "+49 30 23125101"),
             FieldChange("company", "", "Hansen Logistik GmbH")), ("Jonas Brand",)),
    RowPlan(7, RowAction.CREATE, "Priya Nair", None, (),
            (FieldChange("numbers", "", "+44 20 7946 0312"),)),
    RowPlan(8, RowAction.CREATE, "Verrerie Clément SA", None, (),
            (FieldChange("numbers", "", "+33 1 99 00 12 34"),)),
    RowPlan(10, RowAction.CREATE, "Mia Schröder", None, ("nobody knows what 'gesperrt' means",),
            (FieldChange("numbers", "", "+49 30 23125161"),)),
    RowPlan(77, RowAction.SKIP, "Jonas Brandt", None, ("repeats row 5: same number",)),
    RowPlan(18, RowAction.SAME, "Owain Smith", uuid.UUID(int=44), ("same e-mail owain@…",)),
)  # fmt: skip
PAST = (
    ChangeSet(uuid.UUID(int=91), ChangeKind.IMPORT, "Import of shop-customers.csv", "Alice Adler",
              NOW - timedelta(hours=3), rows=112, created=2_406),
    ChangeSet(uuid.UUID(int=92), ChangeKind.IMPORT, "Import of iphone.vcf", "Ben Brandt",
              NOW - timedelta(days=2), created=318, undone_at=NOW - timedelta(days=1),
              undone_by="Ben Brandt"),
)  # fmt: skip
