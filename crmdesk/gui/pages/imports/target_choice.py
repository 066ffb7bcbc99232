"""What a column becomes: a button, and one list with a search for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from crmdesk.gui.models.paged import NOWHERE, Index
from crmdesk.gui.pages.imports.holdings import is_of_records, record_groups, target_title
from crmdesk.gui.pages.imports.words import GROUPS
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import PushButton, set_icon
from crmdesk.gui.widgets.cells import CELL, Cell, CellDelegate
from crmdesk.gui.widgets.fields import SearchField
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.selection import move_selection, select_row, selected_row
from crmdesk.gui.widgets.text import set_tooltip, unmarked
from crmdesk.sync.columns.targets import CUSTOM, NOTHING, TARGETS
from crmdesk.sync.profile_targets import CUSTOMERS

CHOICE_WIDTH: Final = Size.FIELD - Space.XXL
_NO_KEY: Final = re.compile(r"[^\w]+")
_KEY_CHARS: Final = 40
_ROWS_SHOWN: Final = 12
_KEYS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


def own_field(column: str) -> str:
    """The target of a field of one's own, named after a column."""
    key = _NO_KEY.sub("_", column.casefold()).strip("_")[:_KEY_CHARS].strip("_")
    return f"{CUSTOM}{key}" if key else f"{CUSTOM}field"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list: a heading (no target), or a target."""

    title: str
    target: str | None = None


def entries(text: str, column: str, own: Iterable[str], holds: str = CUSTOMERS) -> list[Entry]:
    """What the list offers for a column, grouped; only what matches the text.

    Args:
        text: What was typed into the search, "" for all.
        column: Name of the column.
        own: Targets of fields of one's own that there are.
        holds: What the rows are.
    """
    offered = _of_records(holds) if is_of_records(holds) else _of_customers(column, own)
    groups = [("", [Entry("Left out", NOTHING)]), *offered]
    found: list[Entry] = []
    for title, members in groups:
        fitting = [entry for entry in members if _fits(entry, text)]
        found += [Entry(title)] if fitting and title else []
        found += fitting
    return found


def _of_records(holds: str) -> list[tuple[str, list[Entry]]]:
    return [
        (title, [Entry(target_title(target, holds), target) for target in targets])
        for title, targets in record_groups(holds)
    ]


def _of_customers(column: str, own: Iterable[str]) -> list[tuple[str, list[Entry]]]:
    here = own_field(column)
    customs = [Entry(target_title(target), target) for target in own if target != here]
    customs.append(Entry(f"{target_title(here)}", here))
    return [*_groups(), ("Fields of your own", customs)]


def _groups() -> list[tuple[str, list[Entry]]]:
    known = {target for _, targets in GROUPS for target in targets}
    rest = tuple(target for target in TARGETS if target not in known)
    last = GROUPS[-1]
    named = (*GROUPS[:-1], (last[0], (*last[1], *rest)))
    return [
        (title, [Entry(TARGETS[target].title, target) for target in targets if target in TARGETS])
        for title, targets in named
    ]


def _fits(entry: Entry, text: str) -> bool:
    words = f"{entry.title} {entry.target or ''}".casefold()
    return all(part in words for part in text.casefold().split())


class EntryModel(QAbstractListModel):
    """The rows of the list; headings cannot be chosen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show_entries(self, shown: list[Entry]) -> None:
        """Shows others."""
        self.beginResetModel()
        self._entries = shown
        self.endResetModel()

    def entry(self, place: int) -> Entry | None:
        """One of them, None where there is none."""
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def place_of(self, target: str) -> int:
        """Where a target stands, else the first one that can be chosen."""
        places = {entry.target: place for place, entry in enumerate(self._entries)}
        first = next((i for i, e in enumerate(self._entries) if e.target is not None), -1)
        return places.get(target, first)

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many there are."""
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading can only be seen."""
        is_heading = self._entries[index.row()].target is None
        return Qt.ItemFlag.NoItemFlags if is_heading else super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text and cell."""
        entry = self._entries[index.row()]
        if role == CELL:
            tone = "faint" if entry.target is None else "text"
            return Cell(entry.title, tone=tone, strong=entry.target is None)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.title
        return None


class TargetPopup(QFrame):
    """The list, below the button that opened it.

    Signals:
        chosen: A target.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "card")
        self.setAccessibleName("What the column becomes")
        self._column, self._own, self._target = "", tuple[str, ...](), NOTHING
        self.holds = CUSTOMERS
        self.search = SearchField("Find a field")
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take)
        self.search.installEventFilter(self)
        self.model = EntryModel(self)
        self.list = list_view(self.model, name="What it can become")
        self.list.setItemDelegate(CellDelegate(self.list))
        self.list.clicked.connect(self._clicked)
        self.list.activated.connect(self._clicked)
        self.setLayout(column(self.search, self.list, spacing=Space.S, margin=Space.S))
        self.setFixedSize(Size.SIDE_PANEL, _ROWS_SHOWN * Size.ROW + 2 * Size.CONTROL)

    def open_below(self, opener: QWidget, column_name: str, target: str, own: set[str]) -> None:
        """Shows the list for a column, with what it becomes now selected."""
        self.fill(column_name, target, own)
        self.move(self._place(opener))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def fill(self, column_name: str, target: str, own: set[str]) -> None:
        """Lists what a column can become."""
        self._column, self._own, self._target = column_name, tuple(sorted(own)), target
        self.search.clear()
        self._filter("")

    def _place(self, opener: QWidget) -> QPoint:
        below = opener.mapToGlobal(QPoint(0, opener.height() + Space.HAIR))
        room = opener.screen().availableGeometry()
        left = min(below.x(), room.right() - self.width())
        if below.y() + self.height() > room.bottom():
            above = opener.mapToGlobal(QPoint(0, 0)).y() - self.height() - Space.HAIR
            return QPoint(left, max(room.top(), above))
        return QPoint(left, below.y())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Up and down move in the list while one types."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        step = _KEYS.get(Qt.Key(event.key()), 0) if is_key else 0  # type: ignore[attr-defined]
        if not step:
            return super().eventFilter(watched, event)
        self._move(step)
        return True

    def _move(self, step: int) -> None:
        entry = self.model.entry(selected_row(self.list) + step)
        move_selection(self.list, step if entry and entry.target is not None else 2 * step)

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.model.show_entries(entries(text, self._column, self._own, self.holds))
        select_row(self.list, self.model.place_of(self._target if not text else ""))

    @Slot()
    def _take(self) -> None:
        self._choose(selected_row(self.list))

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _choose(self, place: int) -> None:
        entry = self.model.entry(place)
        if entry is not None and entry.target is not None:
            self.hide()
            self.chosen.emit(entry.target)


class TargetButton(PushButton):
    """Says what a column becomes, and asks for the list.

    Args:
        column_name: Of the source.
        holds: What the rows are.
    """

    def __init__(self, column_name: str, holds: str = CUSTOMERS) -> None:
        super().__init__()
        self.column_name, self._holds = column_name, holds
        self.target = NOTHING
        self.setProperty("kind", "choice")
        self.setAutoDefault(False)
        self.setFixedWidth(CHOICE_WIDTH)
        self.set_target(NOTHING)

    def set_target(self, target: str) -> None:
        """Shows another one."""
        self.target = target
        title = target_title(target, self._holds)
        self.setText(unmarked(title))
        self.setAccessibleName(f"{self.column_name} becomes: {title}")
        set_tooltip(self, title)
        set_icon(self, "check" if target else "dash", "good" if target else "faint")
