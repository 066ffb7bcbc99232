"""One customer: header, what is new, note, timeline, profile. Takes values, asks by signals."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.header import CustomerHeader
from crmdesk.gui.pages.customers.note import NoteField
from crmdesk.gui.pages.customers.reading import Opened
from crmdesk.gui.pages.customers.side_panel import SidePanel
from crmdesk.gui.pages.customers.since import SinceBlock
from crmdesk.gui.pages.customers.timeline import TimelineView
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area


class CustomerCard(QWidget):
    """Shows an opened customer."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Customer")
        self.header = CustomerHeader()
        self.since = SinceBlock()
        self.note = NoteField()
        self.timeline = TimelineView()
        self.side = SidePanel()
        above = QVBoxLayout()
        above.setContentsMargins(Space.L, Space.M, Space.L, Space.NONE)
        above.setSpacing(Space.M)
        above.addWidget(self.since)
        above.addWidget(self.note)
        left = QWidget()
        whole = column(above, spacing=Space.NONE)
        whole.addWidget(self.timeline, 1)
        left.setLayout(whole)
        left.setMinimumWidth(Size.FIELD)
        side = scroll_area(self.side, name="Profile")
        side.setMinimumWidth(Size.FIELD)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(side)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([2 * Size.SIDE_PANEL, Size.SIDE_PANEL])
        whole = column(self.header, rule(), spacing=Space.NONE)
        whole.addWidget(self.splitter, 1)
        self.setLayout(whole)

    def show_customer(self, opened: Opened, names: Names, now: datetime) -> None:
        """Shows a customer from the top."""
        self.show_head(opened, names, now)
        self.timeline.show_page(opened.timeline, names, now, is_first=True)

    def show_head(self, opened: Opened, names: Names, now: datetime) -> None:
        """Shows all but the timeline."""
        self.header.show_story(opened.story, names, now)
        self.since.show_story(opened.story, now)
        self.side.show_story(opened.story, names, now, opened.claims)
