"""Asks with whom a customer is one, and whose values stay."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Customer, CustomerHit
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.long_work import LongWork, Told
from crmdesk.gui.merge.fields import Difference, Side, differences, summary
from crmdesk.gui.models.hit_list import HitListModel
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import TallCellDelegate
from crmdesk.gui.widgets.fields import SearchField, radio_button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.scrolling import clear, scroll_area
from crmdesk.gui.widgets.selection import move_selection
from crmdesk.gui.widgets.text import ElidedLabel, label, set_window_title

HITS = 50
_ROWS_SHOWN = 3
_WIDTH = Size.SIDE_LIST * 2
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class MergeDialog(QDialog):
    """The other customer becomes this one; nothing is lost, and it can be undone.

    Args:
        keep: Who stays.

    Signals:
        merged: Carries the `ChangeSet`, which splits them again when it is taken back.
    """

    merged = Signal(object)

    def __init__(self, parent: QWidget, context: PageContext, keep: Customer) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Merge customers")
        self._context, self._keep, self._asked = context, keep, 0
        self._other: Customer | None = None
        self.choices: dict[tuple[str, ...], QButtonGroup] = {}
        self.search = SearchField("Name, company, number, e-mail")
        self.search.search_requested.connect(self._find)
        self.model = HitListModel(context.names(), self)
        self.list = list_view(self.model, name="Customers")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.setMinimumHeight(_ROWS_SHOWN * Size.ROW_TALL)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self._what = label("", "body", "muted", wrap=True)
        self._sides = QWidget()
        self._grid = QGridLayout()
        self._sides.setLayout(self._grid)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._work: LongWork | None = None
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self._merge = button("Merge", "primary")
        self._merge.setAutoDefault(False)  # Enter in the search only searches
        self._merge.clicked.connect(self.merge)
        self._lay_out()
        self._show_state()
        self.search.setText(keep.name)
        self.search.selectAll()
        self.search.setFocus()
        self._find(keep.name)

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.S, Space.NONE)
        for place in (1, 2):
            self._grid.setColumnStretch(place, 1)
        head = column(
            label(f"Who is the same as {self._keep.name}?", "lead-strong", wrap=True),
            label("Both become one. You can undo it, and they are two again.", "body", "muted"),
            spacing=Space.XS,
        )
        cancel = button("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self._scroll = scroll_area(self._sides, name="Where they differ")
        self._scroll.setMinimumHeight(_ROWS_SHOWN * Size.ROW_TALL)
        parts = (head, self.trouble, self.search, self.list, self._what, self._bar)
        buttons = row(1, cancel, self._merge)
        self.setLayout(column(*parts, self._scroll, buttons, spacing=Space.M, margin=Space.XL))
        self.resize(_WIDTH, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """The arrows choose in the list while the search has the keyboard."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step and self.search.hasFocus():
            move_selection(self.list, step)
        else:
            super().keyPressEvent(event)

    # --- the other one ----------------------------------------------------------------------

    def _find(self, text: str) -> None:
        self._asked += 1
        shown = partial(self._show_hits, self._asked)
        job = self._context.store.read(lambda reader: reader.search(text, HITS))
        await_future(job, self, shown, self._failed)

    def _show_hits(self, asked: int, hits: tuple[CustomerHit, ...]) -> None:
        if asked != self._asked:
            return
        self.model.reset(tuple(hit for hit in hits if hit.id != self._keep.id))
        self._other = None
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self._choose()

    def show_found(self, hits: tuple[CustomerHit, ...], other: Customer) -> None:
        """Shows what was found, with the other one chosen."""
        self._asked += 1
        self.model.reset(hits)
        self.list.setCurrentIndex(self.model.index(0, 0))
        self._asked += 1
        self._other = other
        self._show_state()

    def _choose(self) -> None:
        hit = self.model.hit(self.list.currentIndex().row())
        self._other = None
        self._show_state()
        if hit is not None:
            self._asked += 1
            job = self._context.store.read(lambda reader: reader.customer(hit.id))
            await_future(job, self, partial(self._show_other, self._asked), self._failed)

    def _show_other(self, asked: int, other: Customer | None) -> None:
        if asked == self._asked:
            self._other = other
            self._show_state()

    def _show_state(self) -> None:
        other = self._other
        self._merge.setEnabled(other is not None)
        self._what.setText(summary(self._keep, other) if other else "")
        self._what.setVisible(other is not None)
        lists = self._context.plan.lists
        self._show_sides(differences(self._keep, other, lists) if other else ())

    def _show_sides(self, told: tuple[Difference, ...]) -> None:
        """One row for each field that differs; the one who stays is ticked."""
        clear(self._grid)
        self.choices = {}
        for place, one in enumerate(told):
            group = QButtonGroup(self)
            group.addButton(_side(one.title, one.keep, checked=True), 0)
            group.addButton(_side(one.title, one.other, checked=False), 1)
            self.choices[one.fields] = group
            self._grid.addWidget(ElidedLabel(one.title, "body", "muted"), place, 0)
            self._grid.addWidget(group.button(0), place, 1)
            self._grid.addWidget(group.button(1), place, 2)
        self._grid.setRowStretch(len(told), 1)
        self._scroll.setVisible(bool(told))

    # --- one of two -------------------------------------------------------------------------

    def sides(self) -> dict[str, Side]:
        """Whose value each field gets; only those of the other are named."""
        return {
            field: "other"
            for fields, group in self.choices.items()
            if group.checkedId() == 1
            for field in fields
        }

    def merge(self) -> None:
        """Merges them."""
        other, keep = self._other, self._keep
        if other is None:
            return
        self._asked += 1  # what a search still finds does not change who is meant
        start = partial(self._start, keep.id, other.id, self.sides())
        self._set_merging(True)
        reading = self._context.store.read(lambda reader: reader.history_size(other.id))
        await_future(reading, self, start, self._failed)

    def _start(self, keep: uuid.UUID, other: uuid.UUID, sides: dict[str, Side], size: int) -> None:
        store, who = self._context.store, self._context.agent()

        def work(told: Told) -> ChangeSet:
            from crmdesk.store.customers.merge_parts import merge

            return merge(store, keep, other, who, sides, told)

        self.show_begun(size)
        self._work = LongWork(work, self)
        self._work.grew.connect(self.show_moved)
        self._work.finished.connect(self._done)
        self._work.failed.connect(self._failed)
        self._work.stopped.connect(self._was_stopped)
        self._work.start()

    def _set_merging(self, is_on: bool) -> None:
        for part in (self.search, self.list, self._sides, self._merge):
            part.setEnabled(not is_on)
        self._bar.hide()
        if not is_on:
            self._work = None
            self._show_state()

    def show_begun(self, size: int) -> None:
        """So many things have to move."""
        self._set_merging(True)
        self._bar.setRange(0, size)

    @Slot(int)
    def show_moved(self, moved: int) -> None:
        """Only of what takes more than a moment is anything told."""
        self._bar.setValue(moved)
        self._bar.show()
        self._what.setText(f"{moved:,} of {max(self._bar.maximum(), moved):,} things moved…")

    def _was_stopped(self) -> None:
        """What was moved so far is where it was."""
        self._set_merging(False)

    def reject(self) -> None:
        """Cancel stops what is being merged, and stays; else it closes."""
        if self._work is None:
            super().reject()
            return
        self._what.setText("Taking back what was moved…")
        self._work.stop()

    def _done(self, change: ChangeSet) -> None:
        self._work = None
        self.merged.emit(change)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._set_merging(False)
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    def other_id(self) -> uuid.UUID | None:
        """Who would become this one, None while nobody is chosen."""
        return self._other.id if self._other else None


def _side(title: str, value: str, *, checked: bool) -> QRadioButton:
    made = radio_button(value)
    made.setAccessibleName(f"{title}: {value}")
    made.setChecked(checked)
    return made
