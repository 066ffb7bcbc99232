"""One customer: header, what is new, note, timeline or a record, blocks. Takes values."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from crmdesk.desk.segments.belonging import Belonging
from crmdesk.domain.records import RecordRef
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.header import CustomerHeader
from crmdesk.gui.pages.customers.note import NoteField
from crmdesk.gui.pages.customers.reading import Opened
from crmdesk.gui.pages.customers.records.record_pane import RecordPane
from crmdesk.gui.pages.customers.side_panel import SidePanel
from crmdesk.gui.pages.customers.since import SinceBlock
from crmdesk.gui.pages.customers.timeline import TimelineView
from crmdesk.gui.pages.page import Part
from crmdesk.gui.segments.book import SegmentWatch
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.focus import focus_first
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area

_LOW, _VERY_LOW = 26 * Size.ROW, 24 * Size.ROW
"""Below these heights the timeline would have hardly a line; a window of 780 is low."""


class CustomerCard(QWidget):
    """Shows an opened customer.

    Args:
        desk: What its blocks and records may ask of the page.
    """

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__()
        self.setAccessibleName("Customer")
        self._desk = desk
        self.header = CustomerHeader()
        self.segments = SegmentWatch(desk.context.segments, self)
        self.segments.told.connect(self.header.segments.show_belonging)
        self.header.segment_wanted.connect(partial(desk.go_to.emit, "segment"))
        self.since = SinceBlock()
        self.note = NoteField()
        self.timeline = TimelineView()
        self.record = RecordPane(desk)
        self.side = SidePanel(desk)
        self._story = self._story_part()
        self._left = QStackedWidget()
        self._left.addWidget(self._story)
        self._left.addWidget(self.record)
        self._left.setMinimumWidth(Size.FIELD)
        self._beside = scroll_area(self.side, name="Profile")
        self._beside.setMinimumWidth(Size.FIELD)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._left)
        self.splitter.addWidget(self._beside)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([2 * Size.SIDE_PANEL, Size.SIDE_PANEL])
        whole = column(self.header, rule(), spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)

    def _story_part(self) -> QWidget:
        above = QVBoxLayout()
        above.setContentsMargins(Space.L, Space.M, Space.L, Space.NONE)
        above.setSpacing(Space.M)
        above.addWidget(self.since)
        above.addWidget(self.note)
        whole = column(above, spacing=Space.NONE)
        whole.addWidget(self.timeline, 1)
        made = QWidget()
        made.setLayout(whole)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """In a low window the timeline keeps some of the room."""
        super().resizeEvent(event)
        self.since.set_low(is_low=event.size().height() < _LOW)
        self.note.set_low(is_low=event.size().height() < _VERY_LOW)

    @property
    def shows_record(self) -> bool:
        """Whether a record stands in place of the timeline."""
        return self._left.currentWidget() is self.record

    def take_focus(self) -> None:
        """Onto the record that is shown, else onto the timeline."""
        if self.shows_record:
            self.record.focus_first()
        else:
            self.timeline.take_focus()

    def move_cursor(self, step: int) -> None:
        """To the next or the one before in what is shown."""
        if self.shows_record:
            self.record.move_cursor(step)
        else:
            self.timeline.take_focus()
            self.timeline.move_cursor(step)

    def parts(self) -> tuple[Part, ...]:
        """What stands at the left, what beside it, and the head."""
        return (
            (self._left, self.take_focus),
            (self._beside, partial(focus_first, self._beside)),
            (self.header, partial(focus_first, self.header)),
        )

    def show_customer(self, opened: Opened, view: CustomerView) -> None:
        """Shows a customer from the top."""
        self.show_head(opened, view)
        self.timeline.show_page(opened.timeline, view.names, view.now, is_first=True)

    def show_head(self, opened: Opened, view: CustomerView) -> None:
        """Shows all but the timeline."""
        self._desk.view = view
        self.header.show_story(view.story, view.names, view.now)
        if view.customer.id != self.segments.customer_id:
            self.header.segments.show_belonging(Belonging())
            self._beside.verticalScrollBar().setValue(0)
        self.segments.follow(view.customer.id)
        self.since.show_story(view.story, view.names, view.now)
        self.timeline.chips.show_there(opened.kinds)
        self.side.arrange(opened.blocks)
        self.side.show_values({spec.key: value for spec, value in opened.blocks.items()}, view)

    def show_record(self, ref: RecordRef, value: object, view: CustomerView) -> None:
        """Shows a record in place of the timeline."""
        self.record.show_record(ref, value, view)
        self._left.setCurrentWidget(self.record)

    def show_timeline(self) -> None:
        """Shows the timeline again."""
        self.record.leave()
        self._left.setCurrentWidget(self._story)
