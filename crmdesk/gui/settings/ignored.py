"""Section "Ignored callers": whose calls show no card, why, and who said so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStackedWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.step_desk import SettingsDesk
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.why.ignore_dialog import IgnoreDialog
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import CELL, Cell, TallCellDelegate
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import Banner, EmptyState
from crmdesk.gui.widgets.selection import selected_row
from crmdesk.gui.widgets.text import joined, tooltip_html
from crmdesk.matching.display import format_number

_KINDS = {
    IgnoreKind.EXACT: "this number",
    IgnoreKind.PREFIX: "all that begin so",
    IgnoreKind.PATTERN: "all of this form",
}
_SHOWN: dict[IgnoreKind, Callable[[str], str]] = {
    IgnoreKind.EXACT: format_number,
    IgnoreKind.PREFIX: "{}…".format,
}


class IgnoredSection(Section):
    """The list; what is added or removed holds at once and can be undone."""

    title = "Ignored callers"
    icon = "bell-off"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book, "Their calls show no card. They are logged, and may be called back, all the same."
        )
        self._desk = SettingsDesk(book)
        self.steps = NumberSteps(self._desk, self)
        self.undo_bar = UndoBar(self.steps)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._rules: tuple[IgnoreRule, ...] = ()
        self._model = QStandardItemModel(self)
        self.list = list_view(self._model, name="Ignored callers")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.setMinimumHeight(5 * Size.ROW_TALL)
        self.empty = EmptyState(
            "bell-off", "Nobody is ignored.", "Ignore on the card of an unknown caller adds one."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        self.add = button("Add…", icon="plus")
        self.remove = button("Remove", icon="delete", tip="Remove  (Del)")
        buttons = row(self.add, self.remove, 1)
        for part in (self.trouble, self.undo_bar, self._stack):
            self.body.addWidget(part)
        self.body.addLayout(buttons)
        self._connect()
        self._show(())

    def _connect(self) -> None:
        self.add.clicked.connect(self._ask)
        self.remove.clicked.connect(self._remove)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list).activated.connect(
            self._remove
        )
        self.list.selectionModel().selectionChanged.connect(self._show_state)
        self.steps.done.connect(self.read)
        self.steps.undone.connect(self.read)
        self.steps.failed.connect(self._failed)

    def enter(self) -> None:
        """Reads the list: colleagues and cards add to it too."""
        self.read()

    @Slot()
    def read(self) -> None:
        """Reads the list anew."""
        future = self._desk.store.read(lambda reader: reader.ignored())
        await_future(future, self, self._show, self._failed)

    def rules(self) -> tuple[IgnoreRule, ...]:
        """What is shown, newest first."""
        return self._rules

    def _show(self, rules: tuple[IgnoreRule, ...]) -> None:
        self._rules = tuple(reversed(rules))
        self._model.clear()
        for rule in self._rules:
            self._model.appendRow(_item(rule))
        self._stack.setCurrentWidget(self.list if rules else self.empty)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        self.remove.setEnabled(selected_row(self.list) >= 0)

    @Slot()
    def _ask(self) -> None:
        IgnoreDialog(self.window(), "", self.steps).open()

    @Slot()
    def _remove(self) -> None:
        place = selected_row(self.list)
        if 0 <= place < len(self._rules):
            self.steps.stop_ignoring(self._rules[place].id)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()


def _item(rule: IgnoreRule) -> QStandardItem:
    shown = _SHOWN.get(rule.kind, str)(rule.text)
    when = times.short(rule.at, times.utc_now()) if rule.at else ""
    below = joined((_KINDS[rule.kind], rule.reason))
    who = joined((rule.who, when), ", ")
    cell = Cell(shown, below, who, icon="bell-off", tip=joined((shown, below, who)))
    item = QStandardItem(shown)
    item.setData(cell, CELL)
    item.setToolTip(tooltip_html(cell.tip))
    item.setAccessibleText(joined((shown, below, who), ", "))
    return item
