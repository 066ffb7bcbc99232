"""Pictures of servers as a source: forms, what they find, errors, and the saved profiles."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import SourceColumn, SourceFacts, SourceKind, SourceRecord
from crmdesk.gui.jobs import JobProgress
from crmdesk.gui.main_window.window import SMALLEST, MainWindow
from crmdesk.gui.pages.imports.answers import Looked, Outcome
from crmdesk.gui.pages.imports.page import ImportsPage
from crmdesk.gui.pages.imports.saved import SavedProfile
from crmdesk.gui.pictures.demo_values import NOW
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.pictures.scenes_imports import PAST, opened, outcome
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.messages import Question
from crmdesk.sync.profile import ImportProfile

if TYPE_CHECKING:
    from crmdesk.sync.runs import ProfileRun

_PAUSE_MS = 400
_LONG = "Kundenstamm Niederlassung Berlin-Brandenburg, Außendienst (nur Ansprechpartner)"


@picture("imports-profiles", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def profiles() -> QWidget:
    """Saved profiles: one that ran, one with bad rows, one that failed, one of a file."""
    return _start(_saved())


@picture("imports-profiles-end", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def profiles_end() -> QWidget:
    """The same, scrolled down to the imports of before."""
    return _start(_saved(), scrolls=True)


@picture("imports-profiles-small", size=SMALLEST, pause_ms=_PAUSE_MS)
def profiles_small() -> QWidget:
    """Long names in the smallest window."""
    return _start(_long_ones(), scrolls=True)


@picture("imports-delete-profile", size=(Size.DIALOG, 220))
def delete_profile() -> QWidget:
    """Before a profile goes."""
    window, page = opened()
    page.saved.ask_to_delete(_saved()[0])
    question = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Question))
    question.setParent(None)
    question.destroyed.connect(window.deleteLater)
    return question


@picture("imports-carddav", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def carddav() -> QWidget:
    """An empty form."""
    window, page = opened()
    page.open_server(SourceKind.CARDDAV)
    return window


@picture("imports-carddav-missing", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def carddav_missing() -> QWidget:
    """What is missing stands beside its field."""
    window, page = opened()
    page.open_server(SourceKind.CARDDAV)
    page.server.form.name.setText("con")
    page.connect_server()
    return window


@picture("imports-carddav-books", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def carddav_books() -> QWidget:
    """Several address books."""
    window, page = opened()
    page.open_server(SourceKind.CARDDAV)
    _fill(page, url="https://cloud.example.com", user="jane", password="secret")  # noqa: S106
    offered = (("customers", "Customers"), ("private", "Privat"), ("suppliers", "Lieferanten"))
    facts = SourceFacts(SourceKind.CARDDAV, ())
    page.show_looked(Looked(facts, choices={"book": offered}), page.server.origin())
    return window


@picture("imports-carddav-connected", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def carddav_connected() -> QWidget:
    """The first cards."""
    return _connected()[0]


@picture("imports-carddav-changed", size=SMALLEST, pause_ms=_PAUSE_MS)
def carddav_changed() -> QWidget:
    """Something was typed since, in the smallest window."""
    window, page = _connected()
    _fill(page, user="jane.doe@example.com")
    return window


@picture("imports-server-columns", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def server_columns() -> QWidget:
    """The mapping of a server: its profile has a name already."""
    window, page = _connected()
    page.go_on()
    return window


@picture("imports-server-asking", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def server_asking() -> QWidget:
    """A server is asked."""
    window, page = opened()
    page.open_server(SourceKind.LDAP)
    page.show_running()
    page.running.show_progress(JobProgress(note="asking the server"))
    window.status.show_work("Asking the server")
    return window


@picture("imports-ldap-trouble", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def ldap_trouble() -> QWidget:
    """A certificate nobody trusts."""
    window, page = opened()
    page.open_server(SourceKind.LDAP)
    _fill(page, host="ldap.example.com", base="ou=people,dc=example,dc=com")
    page.show_trouble(
        UserFacingError(
            "The certificate of ldap.example.com is not trusted (self-signed certificate).",
            "Nothing was imported, and nothing of the last run was lost. No password was sent.",
            "Give the PEM file of the authority that signed it: Certificate to trust, under More.",
        )
    )
    return window


@picture("imports-sql", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def sql() -> QWidget:
    """A database, with everything that can be set."""
    window, page = opened()
    page.open_server(SourceKind.SQL)
    _fill(page, host="db.example.com", database="shop", user="crm")
    page.server.form.more.set_open(True)
    return window


@picture("imports-sql-edit", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def sql_edit() -> QWidget:
    """A saved profile with a query."""
    window, page = opened()
    page.edit_saved(_saved()[1])
    return window


@picture("imports-sql-file", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def sql_file() -> QWidget:
    """A file of SQLite asks for less."""
    window, page = opened()
    page.open_server(SourceKind.SQL)
    _fill(page, system="sqlite", database="/srv/shop/shop.db", table="customer")
    return window


@picture("imports-server-result", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def server_result() -> QWidget:
    """After a run."""
    window, page = _connected()
    done = outcome()
    notes = ("3 cards were deleted in the address book; the customers and their history stay"
             " here.",)  # fmt: skip
    page.show_result(Outcome(replace(done.summary, batch=uuid.UUID(int=7), notes=notes), done.rows))
    return window


# --- what is shown --------------------------------------------------------------------------------


def _start(saved: list[SavedProfile], *, scrolls: bool = False) -> MainWindow:
    window, page = opened()

    def show() -> None:  # later than what the demo store says, which is that there was none
        page.start.show_past(PAST, NOW)
        page.start.profiles.show_profiles(saved, NOW)
        bar = page.start.area.verticalScrollBar()
        QTimer.singleShot(50, page, partial(_scroll, page) if scrolls else bar.value)

    QTimer.singleShot(_PAUSE_MS // 2, page, show)
    return window


def _scroll(page: ImportsPage) -> None:
    bar = page.start.area.verticalScrollBar()
    bar.setValue(bar.maximum())


def _fill(page: ImportsPage, **values: str) -> None:
    for option, value in values.items():
        page.server.form.fields[option].set_value(value)


def _connected() -> tuple[MainWindow, ImportsPage]:
    window, page = opened()
    page.open_server(SourceKind.CARDDAV)
    _fill(page, url="https://cloud.example.com", user="jane", password="secret",  # noqa: S106
          book="customers")  # fmt: skip
    page.show_looked(_cards(), page.server.origin())
    return window, page


def _cards() -> Looked:
    titles = ("Name", "Company", "Phone 1", "Phone 1 type", "E-mail 1", "City", "UID")
    rows = (
        ("Jonas Brandt", "Hansen Logistik GmbH", "+49 30 23125 101", "work",
         "j.brandt@hansen.example", "Berlin", "c2f1"),
        ("Dr. Katharina Weber", "", "+49 171 3920 441", "mobile", "k.weber@praxis.example",
         "Potsdam", "90ab"),
        ("Priya Nair", "Nair & Sons Ltd", "+44 20 7946 0312", "work", "priya@nair.example",
         "London", "77aa"),
        ("Verrerie Clément SA", "Verrerie Clément SA", "+33 1 99 00 12 34", "work", "", "Lyon",
         "1f00"),
    )  # fmt: skip
    columns = tuple(
        SourceColumn(title, tuple(row[place] for row in rows if row[place]))
        for place, title in enumerate(titles)
    )
    facts = SourceFacts(SourceKind.CARDDAV, columns, {"server": "cloud.example.com"}, (), 412)
    records = tuple(SourceRecord(place, row) for place, row in enumerate(rows, 1))
    return Looked(facts, records, choices={"book": (("customers", "Customers"),)})


def _run(hours: float, **values: int | str) -> ProfileRun:
    from crmdesk.sync.runs import ProfileRun

    return ProfileRun(at=NOW - timedelta(hours=hours), **values)  # type: ignore[arg-type]


def _saved() -> list[SavedProfile]:
    office = ImportProfile(
        name="office", kind="carddav", source_name="office",
        options={"url": "https://cloud.example.com", "user": "jane", "book": "customers",
                 "secret_ref": "sync-office"},
    )  # fmt: skip
    shop = ImportProfile(
        name="shop", kind="sql", source_name="shop",
        options={"system": "postgresql", "host": "db.example.com", "database": "shop",
                 "user": "crm", "secret_ref": "sync-shop", "updated": "changed_at",
                 "query": "SELECT id, name, phone, email, changed_at\nFROM customer\n"
                          "WHERE NOT is_test"},
    )  # fmt: skip
    staff = ImportProfile(
        name="staff", kind="ldap",
        options={"host": "ldap.example.com", "base": "ou=people,dc=example,dc=com"},
    )  # fmt: skip
    return [
        SavedProfile("office", office, run=_run(9, created=3, updated=12, removed=1)),
        SavedProfile("shop", shop, run=_run(9.2, created=148, updated=31, bad=4)),
        SavedProfile("staff", staff, run=_run(
            33, error="ldap.example.com does not answer on port 636.")),
        SavedProfile("trade fair", ImportProfile(name="trade fair", kind="xlsx")),
    ]  # fmt: skip


def _long_ones() -> list[SavedProfile]:
    profile = ImportProfile(
        name=_LONG[:64], kind="carddav",
        options={"url": "https://groupware.niederlassung-berlin-brandenburg.example.com/dav/" * 2},
    )  # fmt: skip
    error = "groupware.niederlassung-berlin-brandenburg.example.com stopped answering half-way."
    broken = SavedProfile("by-hand", None, "The profile by-hand cannot be used: Invalid TOML.")
    return [
        SavedProfile(_LONG[:64], profile, run=_run(1, error=error)),
        broken,
        replace(_saved()[0], is_taken_back=True),
    ]
