"""The palette: type, choose with the arrows, Enter."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QWidget

from crmdesk.domain.customers import CustomerHit
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.records import RecordHit
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.palette.choice_list import ChoiceDelegate, ChoiceModel
from crmdesk.gui.palette.commands import (
    Choice,
    Command,
    command_choices,
    customer_choices,
    number_choices,
)
from crmdesk.gui.palette.records import heading, named_exactly, record_choices
from crmdesk.gui.tasks import LatestReading
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.fields import SearchField
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.text import label, set_window_title

_HITS = 20
_HITS_AMONG_OTHERS = 6
"""Customers, where records were found too: these must be seen as well."""

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class CommandPalette(QDialog):
    """Finds customers, their records, numbers and commands.

    Signals:
        customer_wanted: The key of a customer.
        record_wanted: A `RecordRef`.
        call_wanted: A number to call.
        creation_wanted: A number to make a customer of.
    """

    customer_wanted = Signal(object)
    record_wanted = Signal(object)
    call_wanted = Signal(str)
    creation_wanted = Signal(str)

    def __init__(
        self, parent: QWidget, context: PageContext, commands: tuple[Command, ...]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Search everything")
        self._context, self._commands, self._asked = context, commands, 0
        self._reading = LatestReading(context.store, self)
        self._shown_for = ""
        self._is_hurried = False
        self.search = SearchField("Name, number, ticket, order, a word of a note, or command")
        self.search.textEdited.connect(self._typed)
        self.search.search_requested.connect(self._find)
        self.search.installEventFilter(self)
        self.model = ChoiceModel(self)
        self.list = list_view(self.model, name="Found")
        self.list.setUniformItemSizes(False)
        self.list.setItemDelegate(ChoiceDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(self._run_row)
        self._hint = label("", "small", "muted", wrap=True)
        frame = QFrame()
        frame.setProperty("kind", "card")
        frame.setLayout(column(self.search, self.list, self._hint, spacing=Space.S, margin=Space.M))
        self.setLayout(column(frame))
        self.setFixedSize(2 * Size.SIDE_LIST, Size.DIALOG)
        corner = QPoint((parent.width() - self.width()) // 2, Space.XXL)
        self.move(parent.mapToGlobal(corner))
        self._show([])
        self.search.setFocus()

    def _typed(self, text: str) -> None:
        """Commands follow every key; customers follow after a short pause."""
        self._asked += 1
        self._reading.drop()
        self._is_hurried = False
        if not text.strip():
            self._show([])

    def _find(self, text: str) -> None:
        self._asked += 1
        if not text:
            return
        self._reading.ask(
            lambda reader: (reader.search(text, _HITS), reader.search_records(text)),
            partial(self._found, self._asked),
            self._failed,
        )

    def _found(
        self, asked: int, found: tuple[tuple[CustomerHit, ...], tuple[RecordHit, ...]]
    ) -> None:
        if asked == self._asked:
            hits, records = found
            self._show(self._choices(hits, records))
            if self._is_hurried:
                self._run_row(self.list.currentIndex())

    def _choices(
        self, hits: tuple[CustomerHit, ...], records: tuple[RecordHit, ...]
    ) -> list[Choice]:
        """What has the very number that was typed, customers, and the other records by kind."""
        now = self._context.now()
        numbered, others = named_exactly(records, self.search.text(), now)
        most = _HITS_AMONG_OTHERS if records else _HITS
        customers = customer_choices(hits[:most], self._context.names())
        groups = record_choices(others, now)
        return [*numbered, *customers, *groups]

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._is_hurried = False
        self._show([])
        self._hint.setText(str(error))

    def _show(self, found: list[Choice]) -> None:
        text = self.search.text().strip()
        numbers = number_choices(text, self._context.rules(), self._context.names().number)
        commands = command_choices(self._commands, text)
        if commands and any(one.is_heading for one in found):
            commands.insert(0, heading("Commands"))
        choices = found + numbers + commands
        self.model.reset(choices)
        self._shown_for = text
        self.list.setCurrentIndex(self.model.index(self.model.first_choice(), 0))
        hint = "Enter opens, Esc closes." if choices else f"Nothing found for “{text}”."
        self._hint.setText(hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Arrows move the choice, Enter takes it, while the cursor stays in the field."""
        is_typed = watched is self.search and event.type() == QEvent.Type.KeyPress
        if is_typed and isinstance(event, QKeyEvent) and self._take(event):
            return True
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            row = self.model.next_choice(self.list.currentIndex().row(), _STEPS[key])
            self.list.setCurrentIndex(self.model.index(row, 0))
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
            return True
        return False

    def _enter(self) -> None:
        """Who types faster than the rows come means what was typed, not a row of before."""
        text = self.search.text().strip()
        if text == self._shown_for:
            self._run_row(self.list.currentIndex())
            return
        self._is_hurried = True
        self._find(text)

    def _run_row(self, index: QModelIndex) -> None:
        choice = self.model.choice(index.row())
        if choice is None or choice.is_heading:
            return
        self.accept()
        if choice.command is not None:
            choice.command.run()
        elif choice.customer_id is not None:
            self.customer_wanted.emit(choice.customer_id)
        elif choice.record is not None:
            self.record_wanted.emit(choice.record)
        elif choice.is_new:
            self.creation_wanted.emit(choice.number)
        else:
            self.call_wanted.emit(choice.number)
