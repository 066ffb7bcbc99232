"""Pictures of the settings window and the form of a phone line."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import cache

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from crmdesk.bootstrap.core import Core
from crmdesk.domain.changes import (
    ChangeKind,
    ChangePage,
    ChangePlace,
    ChangeSet,
    ChangeState,
    UndoResult,
)
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.planning import Picklists
from crmdesk.domain.sla import ServiceLevels
from crmdesk.gui.pictures.demo_desk import demo_desk
from crmdesk.gui.pictures.demo_values import NOW, SETTINGS
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.calendar_dialog import CalendarDialog
from crmdesk.gui.settings.line_dialog import LineDialog
from crmdesk.gui.settings.line_entry import LineEntry
from crmdesk.gui.settings.policy_dialog import PolicyDialog
from crmdesk.gui.settings.ring_words import Heard
from crmdesk.gui.settings.service_levels import ServiceLevelsSection
from crmdesk.gui.settings.store_section import StoreSection
from crmdesk.gui.settings.window import SettingsWindow
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.unlock.old_passphrase import OldPassphraseDialog
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.selection import select_row
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store.errors import StoreKeyWrong
from crmdesk.telephony.findings import Finding, FindingState

_PAUSE_MS = 300
_SIZE = (860, 600)
_ME, _LINES, _CARD, _IGNORED = "Me", "Phone lines", "Card", "Ignored callers"
_DATA, _LEVELS, _MESSAGES, _SURVEYS = "Your data", "Service levels", "Messages", "Surveys"
_CHANGES, _LOOK, _STORE, _ABOUT = "Changes", "Look", "Store and safety", "About"
"""Titles of the sections."""


def _made(hours_ago: int, kind: ChangeKind, title: str, rows: int) -> ChangeSet:
    at = NOW - timedelta(hours=hours_ago)
    return ChangeSet(uuid.UUID(int=hours_ago), kind, title, "Alice Adler", at, rows)


_AGENT, _COMPANY = "Alice Adler", "Donaudampfschifffahrtsgesellschaft"
_CHANGES_MADE = (
    _made(0, ChangeKind.CHOICE, "+49 30 23125100 is Jane Doe from now on", 2),
    replace(
        _made(5, ChangeKind.NUMBER_FIX, "Numbers fixed by the clinic", 1_207),
        state=ChangeState.UNDONE,
        undone_by=_AGENT,
        kept=3,
    ),
    replace(_made(20, ChangeKind.IMPORT, "customers-of-the-old-program.xlsx", 41), created=2_318),
    _made(30, ChangeKind.OWNERSHIP, "+49 171 3920123 belonged to Max Mustermann until 2025", 4),
    _made(51, ChangeKind.IGNORE, "No card for +44 20 7946…", 1),
    _made(70, ChangeKind.MERGE, f"{_COMPANY} mbH & Co. KG merged into {_COMPANY}", 12),
)

OFFICE = LineSettings(
    id="office",
    name="Office",
    host="pbx.example.com",
    username="crmdesk",
    secret_ref="line-office",  # noqa: S106  a name
    region="DE",
    area_code="30",
    internal=("1001-1199",),
)
_LONG = LineSettings(
    id="long",
    name="Telefonzentrale der Niederlassung Donaudampfschifffahrtsgesellschaft, zweites Haus",
    host="telephone-system-with-a-very-long-name.department.example.com",
    username="crmdesk",
    tls=False,
    port=5038,
)
_SOFT = LineSettings(id="softphone", name="MicroSIP", system="softphone", region="DE")
_OFF = LineSettings(id="old", name="Old office", host="pbx-old.example.com", enabled=False)


@cache
def _core() -> Core:
    """A desk with lines in every state."""
    settings = msgspec.structs.replace(
        SETTINGS, lines=(OFFICE, *SETTINGS.lines, _LONG, _SOFT, _OFF)
    )
    core = Core(settings, demo_desk().core.store, None)
    simulated = SETTINGS.lines[0]
    refused = "The phone system refused the login of 'crmdesk'."
    for line, state, text in (
        (OFFICE, LineState.READY, ""),
        (simulated, LineState.DEGRADED, ""),
        (_LONG, LineState.REFUSED, refused),
    ):
        core.health[line.id] = LineHealth(line.id, line.name, state, NOW, text)
    return core


def _window(section: str, settings: Settings | None = None) -> SettingsWindow:
    core = _core() if settings is None else Core(settings, demo_desk().core.store, None)
    window = SettingsWindow(SettingsBook(core, demo_desk().runtime))
    titles = [one.title for one in window.sections]
    window.show_section(titles.index(section))
    return window


@picture("settings-me", size=_SIZE)
def me() -> QWidget:
    """Who sits here."""
    return _window(_ME)


@picture("settings-me-wrong", size=_SIZE)
def me_wrong() -> QWidget:
    """An extension that cannot be one."""
    window = _window(_ME)
    window.me.extension.setText("10 01")
    window.me.extension.textEdited.emit("10 01")
    return window


@picture("settings-lines", size=_SIZE)
def lines() -> QWidget:
    """Lines in every state, one with a very long name."""
    return _window(_LINES)


@picture("settings-lines-empty", size=_SIZE)
def lines_empty() -> QWidget:
    """No line yet."""
    return _window(_LINES, Settings())


@picture("settings-card", size=_SIZE)
def card() -> QWidget:
    """When, where and how long the card is shown."""
    return _window(_CARD)


@picture("settings-ignored", size=_SIZE, pause_ms=_PAUSE_MS)
def ignored() -> QWidget:
    """Whose calls show no card."""
    return _window(_IGNORED)


@picture("settings-service-levels", size=(860, 900), pause_ms=_PAUSE_MS)
def service_levels() -> QWidget:
    """Those of the demo."""
    return _window(_LEVELS)


@picture("settings-messages", size=(860, 900), pause_ms=_PAUSE_MS)
def messages() -> QWidget:
    """Templates and the mail account."""
    return _window(_MESSAGES)


@picture("settings-surveys", size=_SIZE, pause_ms=_PAUSE_MS)
def surveys() -> QWidget:
    """None yet."""
    return _window(_SURVEYS)


@picture("settings-service-levels-empty", size=(860, 900))
def service_levels_empty() -> QWidget:
    """Nothing is promised yet."""
    book = SettingsBook(_core(), demo_desk().runtime)
    made = QWidget()
    made.setProperty("kind", "page")
    made.setLayout(column(ServiceLevelsSection(book), margin=Space.XL))
    return made


@picture("settings-service-level")
def service_level() -> QWidget:
    """One of them, with when a ticket would be due."""
    levels = demo_desk().core.store.read(lambda reader: reader.service_levels()).result()
    people = ("Alice Adler", "Nora Lindqvist")
    return PolicyDialog(None, levels, Picklists(), people, NOW, levels.policies[0])


@picture("settings-service-level-wrong")
def service_level_wrong() -> QWidget:
    """A length that cannot be read."""
    made = PolicyDialog(None, ServiceLevels(), Picklists(), (), NOW)
    made.name.setText("Standard")
    made.first_answer.setText("soon")
    return made


@picture("settings-working-hours")
def working_hours() -> QWidget:
    """The office of the demo."""
    levels = demo_desk().core.store.read(lambda reader: reader.service_levels()).result()
    return CalendarDialog(None, "Europe/Berlin", levels.calendars[0])


@picture("settings-working-hours-none")
def working_hours_none() -> QWidget:
    """A calendar that never opens."""
    made = CalendarDialog(None, "Europe/Berlin")
    made.name.setText("Night shift")
    for edit in made.days:
        edit.setText("")
    return made


@picture("settings-changes-empty", size=_SIZE, pause_ms=_PAUSE_MS)
def changes_empty() -> QWidget:
    """Nothing was said of any number yet."""
    window = _window(_ABOUT)
    window.show_changes()
    return window


@picture("settings-changes", size=_SIZE, pause_ms=_PAUSE_MS)
def changes() -> QWidget:
    """What was done, one step taken back, one partly."""
    window = _window(_ABOUT)
    section = window.changes
    window.show_changes()
    demo_desk().core.store.read(lambda reader: reader.changes()).result()
    QCoreApplication.processEvents()  # the list of the demo store was shown
    section.show_page(ChangePage(_CHANGES_MADE, ChangePlace(NOW, uuid.UUID(int=1))))
    section.show_result(_CHANGES_MADE[1], UndoResult(1_204, 3))
    select_row(section.list, 2)
    return window


@picture("settings-look", size=_SIZE)
def look() -> QWidget:
    """Light or dark."""
    return _window(_LOOK)


@picture("settings-store", size=_SIZE, pause_ms=_PAUSE_MS)
def store() -> QWidget:
    """Where the store is and what protects it."""
    return _window(_STORE)


@picture("settings-store-passphrase", size=_SIZE, pause_ms=_PAUSE_MS)
def store_passphrase() -> QWidget:
    """A store under a passphrase, where there is a keyring too."""
    from crmdesk.gui.settings.safety import Guard, Safety

    window = _window(_STORE)
    section = next(one for one in window.sections if one.title == _STORE)
    if isinstance(section, StoreSection):
        section.show_safety(Safety(Guard.PASSPHRASE, "Secret Service"))
    return window


@picture("settings-about", size=(860, 760))
def about() -> QWidget:
    """Version and licences."""
    return _window(_ABOUT)


@picture("settings-line-new", size=(600, 760))
def line_new() -> QWidget:
    """A new line, with what is missing."""
    dialog = LineDialog(None, demo_desk().runtime, Settings(), None, None)
    dialog.form.check()
    return dialog


@picture("settings-line-edit", size=(600, 1180))
def line_edit() -> QWidget:
    """A line with everything opened, after a test."""
    dialog = LineDialog(None, demo_desk().runtime, SETTINGS, OFFICE, None)
    dialog.form.lines.set_open(True)
    dialog.form.more.set_open(True)
    return dialog


@picture("settings-line-tested", size=(600, 1240))
def line_tested() -> QWidget:
    """What a test found, and a first call."""
    dialog = LineDialog(None, demo_desk().runtime, SETTINGS, OFFICE, None)
    dialog.test.findings.show_findings(FINDINGS)
    dialog.test.ring.show()
    dialog.test.ring.show_heard(RINGS)
    return dialog


@picture("settings-line-softphone", size=(600, 760))
def line_softphone() -> QWidget:
    """A softphone needs no connection."""
    dialog = LineDialog(None, demo_desk().runtime, SETTINGS, None, None)
    dialog.system.setCurrentIndex(1)
    entry = replace(LineEntry(), system="softphone", name="MicroSIP", region="DE")
    dialog.form.set_entry(entry)
    return dialog


@picture("settings-old-passphrase")
def old_passphrase() -> QWidget:
    """The passphrase so far was wrong."""
    meaning = "Everything stays encrypted with the same key; only the way to it changes."
    dialog = OldPassphraseDialog(None, "Change the passphrase", meaning, "Next")
    dialog.secret.setText("wrong horse")
    dialog.show_error(StoreKeyWrong("The passphrase is wrong."))
    return dialog


FINDINGS = (
    Finding("Connection", FindingState.OK, "pbx.example.com, port 5039, answers."),
    Finding("Encryption", FindingState.OK, "TLS is on and the certificate is right."),
    Finding("Login", FindingState.OK, "The login of 'crmdesk' was accepted."),
    Finding("Right to hear of calls", FindingState.OK, "read = call is there."),
    Finding(
        "Right to dial",
        FindingState.WARNING,
        "Numbers cannot be dialled with a click.",
        "Where that is wanted, add originate to write = of this user in manager.conf.",
    ),
    Finding(
        "Withheld numbers",
        FindingState.UNKNOWN,
        "It shows with the first call.",
        "To be sure, see that [general] in manager.conf has the line "
        "channelvars = CALLERID(pres),FROM_DID.",
    ),
)
RINGS = Heard(
    "1001 rings: +49 30 23125 710",
    is_mine=True,
    rings=True,
    details="Name: Anna Adler · Called: +49 30 23125 101 · Queue: support",
)
