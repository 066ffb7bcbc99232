"""Reads the timeline of the customer that is open, page by page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from crmdesk.domain.call_log import Place
from crmdesk.domain.customer_pages import TimelinePage
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.reading import read_timeline
from crmdesk.gui.pages.customers.timeline import TimelineView
from crmdesk.gui.tasks import LatestReading, await_future


class TimelineReading(QObject):
    """Answers what the timeline asks for.

    Args:
        context: The desk.
        view: The timeline.
        opened: Who is open, None for nobody.

    Signals:
        failed: A page could not be read; carries the error.
    """

    failed = Signal(object)

    def __init__(
        self,
        context: PageContext,
        view: TimelineView,
        opened: Callable[[], uuid.UUID | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context, self._view, self._opened = context, view, opened
        self._next: Place | None = None
        self._asked = 0
        self._reading = LatestReading(context.store, self)
        view.wanted.connect(self.read_first)
        view.more_wanted.connect(self.read_more)

    def show_first(self, page: TimelinePage) -> None:
        """Shows a page that was read together with the customer.

        What is there already stays as it is: nobody who reads far down is thrown to the top.
        """
        if self._view.shows_already(page, self._context.names()):
            return
        self._asked += 1  # what was asked before is about another choice
        self._show(self._asked, is_first=True, page=page)

    def read_first(self) -> None:
        """Another choice of kinds or words."""
        self._asked += 1
        self._next = None
        self._read(is_first=True)

    def read_more(self) -> None:
        """The next page."""
        self._read(is_first=False)

    def _read(self, *, is_first: bool) -> None:
        customer_id = self._opened()
        if customer_id is None:
            return
        job = partial(
            read_timeline,
            customer_id=customer_id,
            kinds=self._view.kinds,
            text=self._view.text,
            before=self._next,
        )
        shown = partial(self._arrived, self._asked, is_first)
        if is_first:
            self._reading.ask(job, shown, self._page_failed)
        else:
            await_future(self._context.store.read(job), self, shown, self._page_failed)

    def _arrived(self, asked: int, is_first: bool, page: TimelinePage) -> None:
        self._show(asked, is_first=is_first, page=page)

    def _page_failed(self, error: Exception) -> None:
        self._view.model.failed()
        self.failed.emit(error)

    def _show(self, asked: int, *, is_first: bool, page: TimelinePage) -> None:
        if asked == self._asked:
            self._next = page.next
            names, now = self._context.names(), self._context.now()
            self._view.show_page(page, names, now, is_first=is_first)
