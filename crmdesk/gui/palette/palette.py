"""The palette: type, choose with the arrows, Enter."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QWidget

from crmdesk.domain.customers import CustomerHit
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.palette.commands import (
    Choice,
    Command,
    command_choices,
    customer_choices,
    number_choices,
)
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.cells import CELL, TallCellDelegate
from crmdesk.gui.widgets.fields import SearchField
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.text import joined, label, set_window_title

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HITS = 20
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class ChoiceModel(QAbstractListModel):
    """The rows of the palette."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell and its text."""
        cell = self._choices[index.row()].cell
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return joined((cell.text, cell.second, cell.trailing), ", ")
        return None

    def reset(self, choices: list[Choice]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def choice(self, row: int) -> Choice | None:
        """A row, None where there is none."""
        return self._choices[row] if 0 <= row < len(self._choices) else None


class CommandPalette(QDialog):
    """Finds customers, numbers and commands."""

    customer_wanted = Signal(object)
    call_wanted = Signal(str)
    creation_wanted = Signal(str)

    def __init__(
        self, parent: QWidget, context: PageContext, commands: tuple[Command, ...]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Search everything")
        self._context, self._commands, self._asked = context, commands, 0
        self._shown_for = ""
        self._is_hurried = False
        self.search = SearchField("Name, company, number, e-mail or command")
        self.search.textEdited.connect(self._typed)
        self.search.search_requested.connect(self._find)
        self.search.installEventFilter(self)
        self.model = ChoiceModel(self)
        self.list = list_view(self.model, name="Found")
        self.list.setItemDelegate(TallCellDelegate(self.list))
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
        self._is_hurried = False
        if not text.strip():
            self._show([])

    def _find(self, text: str) -> None:
        self._asked += 1
        if not text:
            return
        shown = partial(self._found, self._asked)
        job = self._context.store.read(lambda reader: reader.search(text, _HITS))
        await_future(job, self, shown, self._failed)

    def _found(self, asked: int, hits: tuple[CustomerHit, ...]) -> None:
        if asked == self._asked:
            self._show(customer_choices(hits, self._context.names().number))
            if self._is_hurried:
                self._run_row(self.list.currentIndex())

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._is_hurried = False
        self._show([])
        self._hint.setText(str(error))

    def _show(self, customers: list[Choice]) -> None:
        text = self.search.text().strip()
        numbers = number_choices(text, self._context.rules(), self._context.names().number)
        choices = customers + numbers + command_choices(self._commands, text)
        self.model.reset(choices)
        self._shown_for = text
        self.list.setCurrentIndex(self.model.index(0, 0))
        found = "Enter opens, Esc closes." if choices else f"Nothing found for “{text}”."
        self._hint.setText(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Arrows move the choice, Enter takes it, while the cursor stays in the field."""
        is_typed = watched is self.search and event.type() == QEvent.Type.KeyPress
        if is_typed and isinstance(event, QKeyEvent) and self._take(event):
            return True
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            last = self.model.rowCount() - 1
            row = max(0, min(last, self.list.currentIndex().row() + _STEPS[key]))
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
        if choice is None:
            return
        self.accept()
        if choice.command is not None:
            choice.command.run()
        elif choice.customer_id is not None:
            self.customer_wanted.emit(choice.customer_id)
        elif choice.is_new:
            self.creation_wanted.emit(choice.number)
        else:
            self.call_wanted.emit(choice.number)
