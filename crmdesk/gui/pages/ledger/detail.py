"""One line of the log: what happened, why there was a card or none, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from crmdesk import __version__
from crmdesk.domain.ledger import LedgerLine
from crmdesk.gui.models import ledger_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.buttons import button, icon_label, set_icon, shown_key
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, rule
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, label, set_tone, set_tooltip

_COPIED_MS = 2500


class LedgerDetailView(QWidget):
    """Shows a line; asks for everything else by signals.

    Signals:
        call_wanted: The call of the line shall be opened.
        events_wanted: All lines of that call shall be shown.
    """

    call_wanted = Signal(object)
    events_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Line of the log")
        self._line: LedgerLine | None = None
        self._icon = icon_label("info")
        self._outcome = label("", "strong")
        self._when = label("", "small", "muted")
        self._words = wrapped("", "lead")
        self._reason, self._remedy = wrapped(""), wrapped("", "body", "muted")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(Space.M)
        self._facts.setVerticalSpacing(Space.S)
        self._facts.setColumnStretch(1, 1)
        self._make_buttons()
        self._lay_out()

    def _make_buttons(self) -> None:
        self._open = button("Open the call", "primary", icon="phone")
        set_icon(self._open, "phone", "on_accent")
        set_tooltip(self._open, "Open the call", shown_key(keys.OPEN.sequence))
        self._events = button("All of this call", icon="filter")
        self._copy = button("Copy for support", icon="copy")
        tip = "Without names and with shortened numbers"
        set_tooltip(self._copy, tip, shown_key(keys.COPY_LINE.sequence))
        self._copied = label("", "small", "good")
        self._open.clicked.connect(self._emit_call)
        self._events.clicked.connect(self._emit_events)
        self._copy.clicked.connect(self.copy)
        self._forget_copied = QTimer(self)
        self._forget_copied.setSingleShot(True)
        self._forget_copied.setInterval(_COPIED_MS)
        self._forget_copied.timeout.connect(self._copied.clear)

    def _lay_out(self) -> None:
        head = row(spacing=Space.S)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column(self._outcome, self._when, spacing=Space.HAIR), 1)
        buttons = QWidget()
        buttons.setLayout(flow(self._open, self._events, self._copy, self._copied, spacing=Space.S))
        self._why_title = SectionHeader("Why", "key")
        why = column(self._why_title, self._reason, self._remedy, spacing=Space.S)
        self.setLayout(
            column(
                head, self._words, buttons, rule(), why, rule(),
                SectionHeader("What is known", "info"), self._facts, 1,
                spacing=Space.M, margin=Space.L,
            )
        )  # fmt: skip

    def show_line(self, line: LedgerLine, names: Names, *, among_its_call: bool = False) -> None:
        """Shows a line; `among_its_call` says that the list shows nothing but its call."""
        self._line = line
        shown, why = ledger_words.OUTCOMES[line.outcome], ledger_words.why(line)
        set_icon(self._icon, shown.icon, shown.tone)
        self._outcome.setText(shown.word)
        set_tone(self._outcome, shown.tone if shown.tone in {"warn", "bad"} else "text")
        self._when.setText(times.full(line.at))
        set_wrapped(self._words, line.words)
        self._why_title.set_title(ledger_words.why_title(line))
        set_wrapped(self._reason, why.reason)
        set_wrapped(self._remedy, why.remedy)
        self._remedy.setVisible(bool(why.remedy))
        self._show_facts(line, names)
        self._open.setVisible(line.call_id is not None)
        self._events.setVisible(line.call_id is not None and not among_its_call)
        self._copied.clear()

    def _show_facts(self, line: LedgerLine, names: Names) -> None:
        clear(self._facts)
        for place, (name, value) in enumerate(ledger_words.facts(line, names)):
            heading = label(name, "small", "muted")
            shown = ElidedLabel(value)
            heading.setBuddy(shown)
            self._facts.addWidget(heading, place, 0)
            self._facts.addWidget(shown, place, 1)

    @Slot()
    def copy(self) -> None:
        """Puts the line on the clipboard, for support."""
        if self._line is not None:
            text = ledger_words.support_line(self._line, __version__)
            QApplication.clipboard().setText(text)
            self._copied.setText("Copied.")
            self._forget_copied.start()

    def _emit_call(self) -> None:
        if self._line is not None:
            self.call_wanted.emit(self._line.call_id)

    def _emit_events(self) -> None:
        if self._line is not None:
            self.events_wanted.emit(self._line.call_id)
