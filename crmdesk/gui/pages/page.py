"""What every page is: a widget with keys, a place in the rail and one opened thing."""

from __future__ import annotations

import importlib
import pkgutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import DueNews
from crmdesk.domain.records import RecordRef
from crmdesk.domain.tickets import TicketNews
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.widgets.messages import Banner

Opened = uuid.UUID | RecordRef | None
"""What is open on a page: a thing by its key, a record of a customer, or nothing."""
Part = tuple[QWidget, Callable[[], object]]
"""A part of the window, and what brings the keyboard there."""


class SetUpError(UserFacingError):
    """Something has to be made in the settings first.

    Args:
        what: What happened, one sentence.
        meaning: What it means, one sentence.
        remedy: What to do now, one sentence.
        section: Title of the section of the settings.
    """

    def __init__(self, what: str, meaning: str, remedy: str, section: str) -> None:
        super().__init__(what, meaning, remedy)
        self.section = section


class Page(QWidget):
    """Base of the pages.

    Signals:
        visited: The thing that is now open, None for nothing; goes into the history.
        go_to: Another page's id and what to open there; ("customers", `RecordRef`) opens a
            ticket, an order or the like at its customer.
        change_wanted: A change of the settings, and who is told how it went
            (`settings.book`: Change, Then).
        line_settings_wanted: Somebody asks for the settings of the phone lines.
        settings_wanted: Somebody asks for a section of the settings, by its title.
        store_changed: Many customers are other ones now; all pages should read again.
    """

    visited = Signal(object)
    go_to = Signal(str, object)
    change_wanted = Signal(object, object)
    line_settings_wanted = Signal()
    settings_wanted = Signal(str)
    store_changed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.trouble = Banner("bad")
        self.trouble.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.trouble.hide()
        self.trouble.action_clicked.connect(self._show_section)
        self._section = ""

    def activate(self) -> None:
        """The page came to the front: put the focus where work starts."""

    def focus_opened(self) -> None:
        """Something was opened here from elsewhere: put the focus there."""
        self.activate()

    def parts(self) -> tuple[Part, ...]:
        """What F6 goes through on this page."""
        return ((self, self.activate),)

    def show_item(self, key: uuid.UUID | None) -> None:
        """Opens a thing of this page, or none."""
        raise NotImplementedError

    def show_record(self, ref: RecordRef) -> None:
        """Opens a record at its customer; only the customers page can."""
        raise NotImplementedError

    def show_place(self, key: Opened) -> None:
        """Opens what was open before, whatever it is."""
        if isinstance(key, RecordRef):
            self.show_record(key)
        else:
            self.show_item(key)

    def opened(self) -> Opened:
        """The thing that is open, None for nothing."""
        raise NotImplementedError

    def focus_search(self) -> None:
        """Puts the cursor into the page's search."""

    def focus_find(self) -> None:
        """Puts the cursor into the search of what is open; the page's where it has no own."""
        self.focus_search()

    def call_changed(self, row: CallRow) -> None:
        """A call was saved."""

    def ledger_written(self) -> None:
        """The ledger has new lines."""

    def tickets_due(self, news: tuple[TicketNews, ...]) -> None:
        """Warnings and breaches of tickets were recorded."""

    def message_tried(self) -> None:
        """A message to a customer was sent, or could not be."""

    def follow_ups_due(self, news: DueNews) -> None:
        """Reminders came, or another number of follow-ups waits."""

    def settings_changed(self) -> None:
        """Names of lines and people may be others now."""

    def refresh(self) -> None:
        """Reads again what is shown."""

    def finish(self) -> None:
        """The window closes: brings to the disk what is not there yet."""

    def show_trouble(self, error: Exception) -> None:
        """Shows what the store could not do, with its three parts.

        Anything that is not made for people goes on as it is: it is a bug.
        """
        if not isinstance(error, UserFacingError):
            raise error
        self._section = error.section if isinstance(error, SetUpError) else ""
        self.trouble.tell_error(error, "Open the settings" if self._section else "")
        self.trouble.show()

    @Slot()
    def _show_section(self) -> None:
        if self._section:
            self.trouble.hide()
            self.settings_wanted.emit(self._section)

    def clear_trouble(self) -> None:
        """The store works again."""
        self.trouble.hide()

    def remember_splitter(self, splitter: QSplitter, name: str) -> None:
        """Gives a splitter its remembered place and keeps remembering it."""
        memory = self.context.memory
        splitter.restoreState(memory.bytes(name))
        splitter.splitterMoved.connect(lambda: memory.set_bytes(name, splitter.saveState()))


@dataclass(frozen=True, slots=True)
class PageEntry:
    """How the rail knows a page.

    Attributes:
        id: Name in the history, never shown.
        order: Place in the rail, from the top.
        help: Page of the help that is about it.
    """

    id: str
    title: str
    icon: str
    order: int
    make: Callable[[PageContext], Page]
    help: str = ""


def all_pages() -> tuple[PageEntry, ...]:
    """All pages there are, in the order of the rail."""
    package = importlib.import_module("crmdesk.gui.pages")
    names = [module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg]
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return tuple(sorted((module.PAGE for module in modules), key=lambda page: page.order))
