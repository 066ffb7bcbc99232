"""A list whose rows are dragged into another order, and ticked."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from crmdesk.domain.planning import PlacedBlock
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size

_KEY = Qt.ItemDataRole.UserRole


class BlockList(QListWidget):
    """Blocks in their order; the tick says whether one is shown.

    Dragging, or Alt with an arrow key, moves one; Space ticks it.

    Signals:
        moved: A block was moved: its key, and the key of the one whose place it took.
        shown_changed: A block was ticked or not: its key, and whether it is shown.
    """

    moved = Signal(str, str)
    shown_changed = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Blocks, in their order")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.itemChanged.connect(self._ticked)
        for key, step in ((keys.MOVE_UP, -1), (keys.MOVE_DOWN, 1)):
            made = QShortcut(QKeySequence(key.sequence), self)
            made.setContext(Qt.ShortcutContext.WidgetShortcut)
            made.activated.connect(lambda step=step: self.move_current(step))

    def keys(self) -> list[str]:
        """The keys of the rows, in their order."""
        return [str(self.item(row).data(_KEY)) for row in range(self.count())]

    def show_blocks(self, blocks: Iterable[PlacedBlock], titles: dict[str, str]) -> None:
        """Shows these; the cursor stays on its block."""
        current = self._key(self.currentRow())
        with QSignalBlocker(self):
            self.clear()
            for one in blocks:
                item = QListWidgetItem(titles[one.block])
                item.setData(_KEY, one.block)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
                item.setCheckState(_state(is_shown=one.is_shown))
                self.addItem(item)
        known = self.keys()
        self.setCurrentRow(known.index(current) if current in known else 0)
        self.setFixedHeight(self.count() * Size.ROW + 2 * self.frameWidth())

    def move_current(self, step: int) -> None:
        """Moves the block with the cursor."""
        key, beside = self._key(self.currentRow()), self._key(self.currentRow() + step)
        if key and beside:
            self.moved.emit(key, beside)

    def _key(self, row: int) -> str:
        item = self.item(row)
        return str(item.data(_KEY)) if item is not None else ""

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Tells where a block was dropped; the list itself follows the plan."""
        before, row = self.keys(), self.currentRow()
        super().dropEvent(event)
        key, after = before[row], self.keys()
        if key in after and after != before:
            self.moved.emit(key, before[after.index(key)])

    @Slot(QListWidgetItem)
    def _ticked(self, item: QListWidgetItem) -> None:
        is_shown = item.checkState() is Qt.CheckState.Checked
        self.shown_changed.emit(str(item.data(_KEY)), is_shown)


def _state(*, is_shown: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if is_shown else Qt.CheckState.Unchecked
