"""Before anything is chosen: a file, a server, a saved profile, and the imports there were."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QWidget

from crmdesk.domain.changes import ChangeSet, ChangeState
from crmdesk.domain.importing import SourceKind
from crmdesk.gui.pages.imports.profile_list import ICONS, ProfileList
from crmdesk.gui.pages.imports.server_entry import SERVERS
from crmdesk.gui.pages.imports.words import SERVER_TILES, past_words
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import PushButton, button, icon_label, set_icon
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, rule
from crmdesk.gui.widgets.scrolling import clear, scroll_area
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import ElidedLabel, label, set_property

_WIDTH = 3 * Size.FIELD
_TILE_HEIGHT = 4 * Size.ROW


def dropped_file(data: QMimeData) -> Path | None:
    """The one file that is being dropped, None for anything else."""
    urls = data.urls() if data.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    file = Path(urls[0].toLocalFile())
    return file if file.is_file() else None


class DropArea(QFrame):
    """Takes a file that is dropped on it, or asks for one.

    Signals:
        dropped: A path.
        choice_wanted: The button was pressed.
    """

    dropped = Signal(object)
    choice_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "drop")
        self.setAcceptDrops(True)
        self.setAccessibleName("Drop a file here")
        self._icon = icon_label("download", "faint", Size.ICON_HERO)
        title = label("Drop a file here", "lead-strong")
        hint = label(
            "Customers, or their tickets, orders, payments and notes, from a spreadsheet, a shop,"
            " a CRM, an address book or a phone: CSV, XLSX, vCard or JSON lines. Nothing changes"
            " until you say so.",
            "body", "muted", wrap=True,
        )  # fmt: skip
        for text in (title, hint):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setFixedWidth(Size.DIALOG)
        self.choose = button("Choose a file…", "primary")
        self.choose.clicked.connect(self.choice_wanted)
        items = column(spacing=Space.M)
        for part in (self._icon, title, hint, self.choose):
            items.addLayout(row(1, part, 1))  # not alignment: a wrapped text would be cut
        items.setContentsMargins(Space.XL, Space.XXL, Space.XL, Space.XXL)
        self.setLayout(items)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Shows that the file can be dropped."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._show(is_over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 (Qt's name)
        """As before."""
        self._show(is_over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes the file."""
        self._show(is_over=False)
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.dropped.emit(file)

    def _show(self, *, is_over: bool) -> None:
        set_property(self, "over", "true" if is_over else "false")
        set_icon(self._icon, "download", "accent" if is_over else "faint", Size.ICON_HERO)


class PastImport(QWidget):
    """One import there was."""

    def __init__(self, change: ChangeSet, now: datetime) -> None:
        super().__init__()
        is_gone = change.undone_at is not None
        title = ElidedLabel(change.title, "body", "muted" if is_gone else "text")
        about = ElidedLabel(past_words(change, now), "small", "muted")
        self.undo = button("Undo import")
        self.undo.setAccessibleName(f"Undo: {change.title}")
        set_shown(self.undo, not is_gone and change.state is ChangeState.DONE)
        items = row(icon_label("refresh" if is_gone else "users", "muted"), spacing=Space.M)
        items.addLayout(column(title, about, spacing=Space.NONE), 1)
        items.addWidget(self.undo)
        items.setContentsMargins(Space.XS, Space.S, Space.XS, Space.S)
        self.setLayout(items)
        self.setAccessibleName(f"{change.title}. {past_words(change, now)}")


class ServerTile(PushButton):
    """One kind of server."""

    def __init__(self, kind: SourceKind) -> None:
        super().__init__()
        title, text = SERVER_TILES[kind]
        self.setProperty("kind", "tile")
        self.setAutoDefault(False)
        self.setAccessibleName(f"{title}. {text}")
        about = label(text, "small", "muted", wrap=True)
        about.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        icon, name = icon_label(ICONS[kind], "muted", Size.ICON_LARGE), label(title, "strong")
        items = column(row(icon, name, 1), spacing=Space.XS)
        items.addWidget(about, 1)
        items.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        self.setLayout(items)
        self.setFixedHeight(_TILE_HEIGHT)
        for part in (icon, name, about):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class StartStep(QWidget):
    """The page before anything is chosen.

    Signals:
        server_wanted: A kind of server, a `SourceKind`.
        undo_wanted: Key of an import, a UUID.
    """

    server_wanted = Signal(object)
    undo_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.drop = DropArea()
        self.servers = {kind: ServerTile(kind) for kind in SERVERS}
        self.profiles = ProfileList()
        self.past: dict[uuid.UUID, PastImport] = {}
        self._list = column(spacing=Space.NONE)
        self._before = QWidget()
        heading = SectionHeader("Imports before", "clock")
        self._before.setLayout(column(heading, self._list, spacing=Space.S))
        self._before.hide()
        self._lay_out()
        for kind, tile in self.servers.items():
            tile.clicked.connect(partial(self.server_wanted.emit, kind))
        self.setFocusProxy(self.drop.choose)

    def _lay_out(self) -> None:
        tiles = row(spacing=Space.S)
        for tile in self.servers.values():
            tiles.addWidget(tile, 1)
        servers = column(SectionHeader("Or from a server", "link"), tiles, spacing=Space.S)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH)
        parts = column(self.drop, servers, self.profiles, self._before, 1, spacing=Space.XL)
        middle.setLayout(parts)
        content = QWidget()
        items = row(1, spacing=Space.NONE, margin=Space.XL)
        items.addWidget(middle, 100)
        items.addStretch(1)
        content.setLayout(items)
        self.area = scroll_area(content, name="Choose where customers come from")
        self.setLayout(column(self.area, spacing=Space.NONE))

    def show_past(self, changes: Sequence[ChangeSet], now: datetime) -> None:
        """Shows the imports there were, newest first."""
        clear(self._list)
        self.past = {change.id: PastImport(change, now) for change in changes}
        for key, made in self.past.items():
            self._list.addWidget(rule())
            self._list.addWidget(made)
            made.undo.clicked.connect(partial(self.undo_wanted.emit, key))
        self._before.setVisible(bool(changes))
