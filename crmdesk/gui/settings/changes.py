"""Section "Changes": what was done, newest first, and taking a step of it back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStackedWidget

from crmdesk.desk.taking_back import (
    KIND_WORDS,
    can_be_taken_back,
    result_words,
    size_words,
    state_words,
    take_back,
)
from crmdesk.domain.changes import ChangeKind, ChangePage, ChangePlace, ChangeSet, UndoResult
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.background import in_background
from crmdesk.gui.settings.section import Section
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.cells import CELL, Cell, TallCellDelegate
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import Banner, EmptyState
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import joined, tooltip_html

if TYPE_CHECKING:
    from crmdesk.gui.settings.book import SettingsBook

PAGE = 50
_ICONS = {
    ChangeKind.OWNERSHIP: "phone",
    ChangeKind.NOT_THIS_PERSON: "user-unknown",
    ChangeKind.CHOICE: "check",
    ChangeKind.ASSIGNMENT: "link",
    ChangeKind.IGNORE: "bell-off",
    ChangeKind.NUMBER_FIX: "edit",
    ChangeKind.CREATION: "user-add",
    ChangeKind.IMPORT: "download",
    ChangeKind.MERGE: "users",
    ChangeKind.EDIT: "edit",
    ChangeKind.NOTE: "note",
    ChangeKind.TICKET: "ticket",
    ChangeKind.ORDER: "order",
    ChangeKind.INVOICE: "payment",
    ChangeKind.LEAD: "star",
    ChangeKind.SURVEY: "survey",
    ChangeKind.FOLLOW_UP: "follow-up",
    ChangeKind.CONSENT: "check-circle",
    ChangeKind.MESSAGE: "mail",
    ChangeKind.SEGMENT: "filter",
    ChangeKind.PLAN: "settings",
}


class ChangesSection(Section):
    """The list of changes, a page at a time.

    Signals:
        taken_back: A change is taken back; what shows customers or calls should read again.
    """

    title = "Changes"
    icon = "refresh"
    taken_back = Signal()

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book,
            "Everything that was said of numbers, and every import, merge and bulk fix. A step can"
            " be taken back at any time; what somebody changed since then stays as it is.",
        )
        self._changes: list[ChangeSet] = []
        self._next: ChangePlace | None = None
        self._is_busy = False
        self.told = Banner("good")
        self.told.hide()
        self._model = QStandardItemModel(self)
        self.list = list_view(self._model, name="Changes, newest first")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.setMinimumHeight(5 * Size.ROW_TALL)
        self.empty = EmptyState(
            "refresh", "Nothing was changed yet.", "Whatever is changed is listed here."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        tip = f"Take the selected change back  ({shown_key(keys.UNDO.sequence)})"
        self.undo = button("Undo", tip=tip)
        self.older = button("Show older", "quiet")
        self.body.addWidget(self.told)
        self.body.addWidget(self._stack, 1)
        self.body.addLayout(row(self.undo, 1, self.older))
        self._connect()
        self._show_state()

    def _connect(self) -> None:
        self.undo.clicked.connect(self.undo_selected)
        self.older.clicked.connect(self.read_older)
        shortcut = QShortcut(QKeySequence(keys.UNDO.sequence), self.list)
        shortcut.activated.connect(self.undo_selected)
        self.list.selectionModel().selectionChanged.connect(self._show_state)

    def enter(self) -> None:
        """Reads the list: cards, pages and other programs add to it."""
        self.read()

    def changes(self) -> tuple[ChangeSet, ...]:
        """What is listed, newest first."""
        return tuple(self._changes)

    @Slot()
    def read(self) -> None:
        """Reads the newest changes anew; as many as were listed."""
        self._ask(None, max(PAGE, len(self._changes)))

    @Slot()
    def read_older(self) -> None:
        """Reads the next page."""
        if self._next is not None:
            self.older.setEnabled(False)
            self._ask(self._next, PAGE)

    def _ask(self, before: ChangePlace | None, limit: int) -> None:
        future = self.book.core.store.read(lambda reader: reader.changes(before, limit))
        shown = partial(self.show_page, is_first=before is None)
        await_future(future, self, shown, self._failed)

    def show_page(self, page: ChangePage, *, is_first: bool = True) -> None:
        """Lists a page, instead of what was listed or below it; the selection stays."""
        selected = self._selected()
        if is_first:
            self._changes.clear()
            self._model.clear()
        self._changes.extend(page.changes)
        for change in page.changes:
            self._model.appendRow(_item(change))
        self._next = page.next
        known = [change.id for change in self._changes]
        if selected is not None and selected.id in known:
            select_row(self.list, known.index(selected.id))
        self._stack.setCurrentWidget(self.list if self._changes else self.empty)
        self._show_state()

    def _selected(self) -> ChangeSet | None:
        place = selected_row(self.list)
        return self._changes[place] if 0 <= place < len(self._changes) else None

    @Slot()
    def _show_state(self) -> None:
        change = self._selected()
        self.undo.setVisible(bool(self._changes))
        self.undo.setEnabled(change is not None and can_be_taken_back(change) and not self._is_busy)
        self.older.setVisible(self._next is not None)
        self.older.setEnabled(True)

    @Slot()
    def undo_selected(self) -> None:
        """Takes the selected change back, where it holds."""
        change = self._selected()
        if change is None or not self.undo.isEnabled():
            return
        self._is_busy = True
        self._show_state()
        self._tell("neutral", f"Taking back: {change.title}…")
        store, agent = self.book.core.store, self.book.settings.agent
        work = partial(take_back, store, change, agent.name or agent.extension)
        done = partial(self._was_taken_back, change)
        await_future(in_background(work, "crmdesk-undo"), self, done, self._refused)

    def _refused(self, error: Exception) -> None:
        """It was not taken back, perhaps because it was before: the list may be old."""
        self._is_busy = False
        self.read()
        self._failed(error)

    def _was_taken_back(self, change: ChangeSet, result: UndoResult) -> None:
        self._is_busy = False
        self.show_result(change, result)
        self.taken_back.emit()
        self.read()

    def show_result(self, change: ChangeSet, result: UndoResult) -> None:
        """Tells what taking a change back came to."""
        tone = "warn" if result.kept else "good"
        self._tell(tone, f"Taken back: {change.title}.", *result_words(result))

    def _tell(self, tone: str, what: str, meaning: str = "", remedy: str = "") -> None:
        self.told.set_tone(tone)
        self.told.tell(what, meaning, remedy)
        self.told.show()

    def _failed(self, error: Exception) -> None:
        self._show_state()
        if not isinstance(error, UserFacingError):
            raise error
        self.told.tell_error(error)
        self.told.show()


def _item(change: ChangeSet) -> QStandardItem:
    when = times.short(change.at, times.utc_now())
    state = state_words(change)
    below = joined((KIND_WORDS[change.kind], size_words(change), state))
    who = joined((change.who, when), ", ")
    tip = joined((change.title, below, joined((change.who, times.full(change.at)), ", ")))
    tone = "muted" if state else "text"
    item = QStandardItem(change.title)
    item.setData(Cell(change.title, below, who, tone=tone, icon=_ICONS[change.kind], tip=tip), CELL)
    item.setToolTip(tooltip_html(tip))
    item.setAccessibleText(joined((change.title, below, who), ", "))
    return item
