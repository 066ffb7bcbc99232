"""What the sections of the settings window have in common."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.gui.settings.book import Change, SettingsBook
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.text import label

_PAUSE_MS = 600


class Section(QWidget):
    """Base of the sections.

    Signals:
        waiting_changed: Something typed waits to be saved, or waits no more.
    """

    waiting_changed = Signal()
    title = ""
    icon = ""

    def __init__(self, book: SettingsBook, hint: str = "") -> None:
        super().__init__()
        self.book = book
        self._waiting: dict[str, Change] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self.body: QVBoxLayout = column(spacing=Space.L)
        head = column(label(self.title, "title"), spacing=Space.XS)
        if hint:
            head.addWidget(label(hint, "body", "muted", wrap=True))
        self.setLayout(column(head, self.body, 1, spacing=Space.XL))

    def enter(self) -> None:
        """The section is shown."""

    def leave(self) -> None:
        """Another one is shown, or the window closes."""
        self.flush()

    def refresh(self) -> None:
        """The settings are others now; what is being typed stays."""

    def is_waiting(self) -> bool:
        """Whether something typed is not saved yet."""
        return bool(self._waiting)

    def has_wrong_value(self) -> bool:
        """Whether something typed cannot be saved."""
        return False

    def change_soon(self, what: str, change: Change) -> None:
        """Saves a text after a pause in typing; a later one of the same name replaces it."""
        self._waiting[what] = change
        self._pause.start()
        self.waiting_changed.emit()

    def forget(self, what: str) -> None:
        """What is typed now cannot be saved."""
        if self._waiting.pop(what, None) is not None:
            self.waiting_changed.emit()

    def flush(self) -> None:
        """Saves what waits now."""
        self._pause.stop()
        changes, self._waiting = list(self._waiting.values()), {}
        for change in changes:
            self.book.change(change)
        if changes:
            self.waiting_changed.emit()
