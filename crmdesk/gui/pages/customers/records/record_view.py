"""What every record opened in place of the timeline is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.domain.records import RecordRef
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.scrolling import clear


class RecordView(QWidget):
    """Shows one record of a kind. It lives as long as the page and shows one after the other.

    It may hold fields and forms, which stay while the record is read again (somebody else's
    change, a call that ended): `show_value` comes once more with the same `ref`, and what is
    being typed must survive it. Text that is not saved is kept by `desk.drafts`, by the key of
    the record.

    The page gives it all of its width and scrolls it. The bar over it (its name, the way back)
    is the page's.

    Args:
        desk: The page.

    Attributes:
        ref: The record that is shown.

    Signals:
        seen: A part of it shall be scrolled into view.
    """

    seen = Signal(QWidget)

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__()
        self.desk = desk
        self.ref: RecordRef | None = None
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.M)
        self.setLayout(column(self.body, 1, margin=Space.L))

    def show_record(self, ref: RecordRef, value: Any, view: CustomerView) -> None:  # noqa: ANN401
        """Shows a record; called by the page."""
        self.ref = ref
        self.show_value(value, view)

    def show_value(self, value: Any, view: CustomerView) -> None:  # noqa: ANN401  each its own
        """Shows what `RecordSpec.read` gave."""
        raise NotImplementedError

    def title(self, value: Any) -> str:  # noqa: ANN401  each its own
        """The record's name in the bar, e.g. "Complaint 1042"."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Gives the keyboard to where work starts; the view itself where nothing is typed."""
        self.setFocus()

    def move_cursor(self, step: int) -> bool:
        """To the next or the one before; False where there is nothing to move among."""
        return False

    def leave(self) -> None:
        """It is closed, or another record comes: bring to the drafts what is not saved."""

    def fill(self, widgets: Iterable[QWidget]) -> None:
        """Puts other widgets into the body."""
        clear(self.body)
        for widget in widgets:
            self.body.addWidget(widget)
