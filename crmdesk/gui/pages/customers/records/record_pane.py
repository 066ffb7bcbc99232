"""Where a record stands open: a bar with its name and the way back, and the record."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from crmdesk.domain.records import RecordRef
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.pages.customers.records.registry import RecordSpec, spec_of
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import EmptyState
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import ElidedLabel, set_tooltip


class RecordPane(QWidget):
    """Shows one record.

    Args:
        desk: What the records may ask of the page.

    Signals:
        left: Back to the timeline is wanted.
    """

    left = Signal()

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__()
        self.setAccessibleName("Record")
        self._desk = desk
        self._views: dict[RecordSpec, tuple[RecordView, QScrollArea]] = {}
        self._shown: RecordView | None = None
        self._back = button("Timeline", "quiet", icon="arrow-left")
        set_tooltip(self._back, keys.CLOSE_RECORD.text, shown_key(keys.CLOSE_RECORD.sequence))
        self._back.clicked.connect(self.left)
        self.title = ElidedLabel("", "strong")
        self._gone = EmptyState(
            "inbox", "This is no longer in the store.", "It was taken back or deleted."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._gone)
        bar = row(self._back, spacing=Space.S, margin=Space.S)
        bar.addWidget(self.title, 1)
        whole = column(bar, rule(), spacing=Space.NONE)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        children = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind(self, keys.CLOSE_RECORD, self.left.emit, children)

    @property
    def view(self) -> RecordView | None:
        """The record that is shown, None where it is gone or none is."""
        return self._shown

    def show_record(self, ref: RecordRef, value: Any, view: CustomerView) -> None:  # noqa: ANN401
        """Shows a record, or that it is gone; fields of the same one keep what is typed."""
        spec = spec_of(ref.kind)
        if spec is None or value is None:
            self.leave()
            self.title.set_full_text("")
            self._stack.setCurrentWidget(self._gone)
            return
        made, area = self._view_of(spec)
        is_other = made is not self._shown or made.ref != ref
        if is_other:
            self.leave()
        self._shown = made
        made.show_record(ref, value, view)
        self.title.set_full_text(made.title(value))
        self._stack.setCurrentWidget(area)
        if is_other:
            area.verticalScrollBar().setValue(0)

    def leave(self) -> None:
        """Nothing is open any more."""
        if self._shown is not None:
            self._shown.leave()
            self._shown.ref = None
            self._shown = None

    def focus_first(self) -> None:
        """Into the record, or onto the way back."""
        if self._shown is not None:
            self._shown.focus_first()
        else:
            self._back.setFocus()

    def move_cursor(self, step: int) -> None:
        """To the next or the one before, in a record that is a list; others scroll."""
        area = self._stack.currentWidget()
        if self._shown is None or not isinstance(area, QScrollArea):
            return
        if not self._shown.move_cursor(step):
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + step * Size.ROW)

    def _view_of(self, spec: RecordSpec) -> tuple[RecordView, QScrollArea]:
        if spec not in self._views:
            made = spec.make(self._desk)
            made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            area = scroll_area(made, name="Record")
            made.seen.connect(area.ensureWidgetVisible)
            self._views[spec] = made, area
            self._stack.addWidget(area)
        return self._views[spec]
