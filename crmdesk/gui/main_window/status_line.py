"""The line at the bottom: who sits here, what waits, how the store is, what takes long."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.store_health import StoreHealth, StoreState
from crmdesk.gui.jobs import Jobs
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_label, set_icon
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import set_dot, state_dot
from crmdesk.gui.widgets.text import ElidedLabel, joined, label, set_tone, set_tooltip, unmarked

_STORE = {
    StoreState.READY: ("store ok", "muted", "store"),
    StoreState.LOCKED: ("store is locked", "warn", "lock"),
    StoreState.FULL: ("disk is full", "bad", "error"),
    StoreState.BROKEN: ("store does not work", "bad", "error"),
    StoreState.CLOSED: ("store is closed", "bad", "error"),
}
_LONGEST_NOTICE = 80
_WORKING = {LineState.READY, LineState.DEGRADED}


class StatusLine(QWidget):
    """Always there, quiet unless something is wrong.

    Signals:
        cancel_wanted: The work in the background shall stop.
        notice_opened: What the notice is about shall be shown; it goes then.
    """

    cancel_wanted = Signal()
    notice_opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dot = state_dot()
        self._agent = ElidedLabel("", "small", "muted")
        self._notice = button("", "link")
        self._notice.clicked.connect(self._open_notice)
        self._notice.hide()
        self._waiting = label("", "small", "warn")
        self._work = ElidedLabel("", "small", "muted")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(Size.FIELD // 2)
        self._cancel = button("Cancel", "link")
        self._cancel.clicked.connect(self.cancel_wanted)
        self._store_icon = icon_label("store")
        self._store = label("", "small", "muted")
        items = row(self._dot, spacing=Space.S)
        items.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        items.addWidget(self._agent, 1)
        for part in (self._work, self._progress, self._cancel):
            items.addWidget(part)
            part.hide()
        items.addWidget(self._notice)
        items.addWidget(self._waiting)
        items.addSpacing(Space.S)
        items.addWidget(self._store_icon)
        items.addWidget(self._store)
        self.setLayout(items)
        self.setFixedHeight(Size.ROW)
        self.show_waiting(0)

    def show_agent(self, name: str, extension: str, lines: tuple[LineHealth, ...]) -> None:
        """Who sits here, and whether calls can come."""
        who = joined((name, extension or "all phones"), ", ")
        works = any(line.state in _WORKING for line in lines)
        state = "ready" if works else "no phone line is connected"
        if not lines:
            state = "no phone line is set up"
        set_dot(self._dot, "good" if works else "warn")
        self._agent.set_full_text(joined((who, state)))

    def show_notice(self, text: str, tone: str) -> None:
        """Tells of something that is due, until somebody looks at it; a newer one replaces it."""
        shown = text if len(text) <= _LONGEST_NOTICE else f"{text[: _LONGEST_NOTICE - 1]}…"
        self._notice.setText(unmarked(shown))
        self._notice.setAccessibleName(text)
        set_icon(self._notice, "warning" if tone == "bad" else "clock", tone)
        set_tooltip(self._notice, text)
        self._notice.setVisible(bool(text))

    @Slot()
    def _open_notice(self) -> None:
        self._notice.hide()
        self.notice_opened.emit()

    def show_waiting(self, count: int) -> None:
        """How many calls wait in memory because the store refused them."""
        calls = "call waits" if count == 1 else "calls wait"
        self._waiting.setText(f"{count:,} {calls} to be saved" if count else "")
        self._waiting.setVisible(bool(count))

    def show_store(self, health: StoreHealth) -> None:
        """How the store is."""
        word, tone, icon = _STORE[health.state]
        self._store.setText(word)
        set_tone(self._store, tone)
        set_icon(self._store_icon, icon, tone)
        kept = "encrypted" if health.encrypted else "not encrypted by CRMDesk"
        lines = (health.message, health.remedy, health.place, kept)
        text = "\n".join(line for line in lines if line)
        set_tooltip(self._store, text)
        self._store.setAccessibleName(f"{word}. {text}")

    def follow(self, jobs: Jobs) -> None:
        """Shows the work in the background from now on, and lets one cancel it."""

        def show() -> None:
            running = jobs.running()
            self.show_work(jobs.words(), running[0].latest.share if running else None)

        jobs.changed.connect(show)
        self.cancel_wanted.connect(jobs.cancel_first)

    def show_work(self, text: str, share: float | None = None, *, cancel: bool = True) -> None:
        """Shows work that goes on in the background; "" says it is over.

        Args:
            text: What, with rate and time left.
            share: 0 to 1, None where it cannot be told.
            cancel: Whether it can be stopped.
        """
        self._work.set_full_text(text)
        self._progress.setRange(0, 0 if share is None else 100)
        self._progress.setValue(round((share or 0) * 100))
        self._progress.setAccessibleName(text)
        for part in (self._work, self._progress):
            part.setVisible(bool(text))
        self._cancel.setVisible(bool(text) and cancel)
