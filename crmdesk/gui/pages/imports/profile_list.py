"""The saved profiles on the page: what each reads, its last run, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.importing import SourceKind
from crmdesk.gui.pages.imports.saved import SavedProfile, about_words, command_line, run_words
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label
from crmdesk.gui.widgets.copy_block import CopyLine
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, rule
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import ElidedLabel, label

ICONS = {
    SourceKind.CARDDAV: "users",
    SourceKind.LDAP: "company",
    SourceKind.SQL: "store",
}
_NIGHTLY = (
    "The last line of each is for every night: give it to the task scheduler of the system, or to"
    " cron. It needs no window."
)


class ProfileRow(QWidget):
    """One profile."""

    def __init__(self, saved: SavedProfile, now: datetime) -> None:
        super().__init__()
        self.saved = saved
        self.run = button("Run now")
        self.run.setAccessibleName(f"Run now: {saved.name}")
        self.edit = button("Edit")
        self.edit.setAccessibleName(f"Edit: {saved.name}")
        for part in (self.run, self.edit):
            set_shown(part, saved.profile is not None)
        self.delete = icon_button("delete", f"Delete the profile {saved.name}")
        self.result, tone = run_words(saved, now)
        icon = ICONS[saved.server] if saved.server is not None else "form"
        title = ElidedLabel(saved.name, "strong")
        about_tone = "muted" if saved.profile is not None else "bad"
        about = ElidedLabel(about_words(saved), "small", about_tone)
        texts = column(title, about, spacing=Space.NONE)
        if saved.profile is not None:
            texts.addWidget(ElidedLabel(self.result, "small", tone))
            self.command = CopyLine(command_line(saved), name=f"Nightly run of {saved.name}")
            texts.addWidget(self.command)
        head = row(spacing=Space.M)
        picture = icon_label(icon, "muted", Size.ICON_LARGE)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        head.addLayout(column(row(self.run, self.edit, self.delete, spacing=Space.S), 1))
        head.setContentsMargins(Space.XS, Space.S, Space.XS, Space.S)
        self.setLayout(head)
        self.setAccessibleName(f"{saved.name}. {about_words(saved)}. {self.result}")


class ProfileList(QWidget):
    """All saved profiles.

    Signals:
        run_wanted, edit_wanted, delete_wanted: A `SavedProfile`.
    """

    run_wanted = Signal(object)
    edit_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, ProfileRow] = {}
        self._list = column(spacing=Space.NONE)
        heading = SectionHeader("Saved profiles", "refresh")
        nightly = label(_NIGHTLY, "small", "muted", wrap=True)
        self.setLayout(column(heading, nightly, self._list, spacing=Space.S))
        self.hide()

    def show_profiles(self, saved: Sequence[SavedProfile], now: datetime) -> None:
        """Shows these; nothing at all where there are none."""
        clear(self._list)
        self.rows = {each.name: ProfileRow(each, now) for each in saved}
        for made in self.rows.values():
            self._list.addWidget(rule())
            self._list.addWidget(made)
            made.run.clicked.connect(partial(self.run_wanted.emit, made.saved))
            made.edit.clicked.connect(partial(self.edit_wanted.emit, made.saved))
            made.delete.clicked.connect(partial(self.delete_wanted.emit, made.saved))
        self.setVisible(bool(saved))
