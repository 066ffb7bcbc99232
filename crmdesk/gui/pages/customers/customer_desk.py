"""What blocks and records of the customer page may ask of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Customer, CustomerStory
from crmdesk.domain.records import CustomerPart, RecordRef
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.drafts import DraftKeeper
from crmdesk.gui.why.steps import NumberSteps

if TYPE_CHECKING:
    from crmdesk.store import Writer


@dataclass(frozen=True, slots=True)
class CustomerView:
    """What is true for all that is shown of one customer.

    Attributes:
        story: Who it is, and the head of the page.
        names: How lines, people and numbers are called.
        now: The moment of the reading, aware UTC.
    """

    story: CustomerStory
    names: Names
    now: datetime

    @property
    def customer(self) -> Customer:
        """Who is shown."""
        return self.story.customer


class CustomerDesk(QObject):
    """The page as its blocks, records and actions see it.

    Whatever writes does it by `do`, or tells by `wrote` what a dialog of its own wrote: then
    the page reads again, and the bar over it says what was done and offers to take it back.

    Args:
        context: The desk.
        steps: Does what `do` is given, and takes it back.
        drafts: Keeps what is typed and not saved yet, by the key of whose it is.
        window: What dialogs belong to.

    Attributes:
        view: The customer that is shown, None for nobody.

    Signals:
        record_wanted: A `RecordRef` shall be opened in place of the timeline.
        timeline_wanted: The record that is open shall be closed.
        call_wanted: A number shall be called; "" for the customer's first.
        go_to: Another page's id and what to open there, as `Page.go_to`.
        written: Something was written; all that is shown is read again.
        failed: An error to be shown; carries the exception.
    """

    record_wanted = Signal(object)
    timeline_wanted = Signal()
    call_wanted = Signal(str)
    go_to = Signal(str, object)
    written = Signal()
    failed = Signal(object)

    def __init__(
        self,
        context: PageContext,
        steps: NumberSteps,
        drafts: DraftKeeper,
        window: Callable[[], QWidget],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context, self.steps, self.drafts, self.window = context, steps, drafts, window
        self.view: CustomerView | None = None

    def customer_id(self) -> uuid.UUID | None:
        """Who is shown, None for nobody."""
        return self.view.customer.id if self.view else None

    def open(self, ref: RecordRef) -> None:
        """Opens a record in place of the timeline, of this customer or another."""
        self.record_wanted.emit(ref)

    def show_history(self, about: str = "") -> None:
        """Opens who changed what; `about` is a field as `RecordRef` names it."""
        key = self.customer_id()
        if key is not None:
            self.open(RecordRef(CustomerPart.HISTORY, key, key, about))

    def do(self, job: Callable[[Writer], ChangeSet]) -> None:
        """Writes a step; the page then reads again and offers to take it back."""
        self.steps.do(job)

    def wrote(self, change: ChangeSet | None = None) -> None:
        """Something is in the store: reads again; a change can be taken back from the bar."""
        if change is None:
            self.written.emit()
        else:
            self.steps.tell(change)
