"""What was said and done on a ticket, newest on top, and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from crmdesk.domain.tickets import TicketEntry, TicketLink, TicketLinkKind
from crmdesk.gui.models import ticket_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.reading import OpenedTicket
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import label, set_tooltip

_LINK_ICONS = {
    TicketLinkKind.CALL: "phone",
    TicketLinkKind.ORDER: "order",
    TicketLinkKind.INVOICE: "payment",
    TicketLinkKind.TICKET: "ticket",
}


class TicketEntries(QWidget):
    """The history of one ticket."""

    def __init__(self) -> None:
        super().__init__()
        self._header = SectionHeader("History", "clock")
        self._body = QVBoxLayout()
        self._body.setSpacing(Space.S)
        self._shown: tuple[object, ...] = ()
        self.setLayout(column(self._header, self._body, spacing=Space.M))

    def show_entries(self, opened: OpenedTicket, names: Names, now: datetime) -> None:
        """Shows the entries; the same ones stay as they are."""
        entries = opened.view.entries
        if (entries, opened.lists) == self._shown:
            return
        self._shown = (entries, opened.lists)
        clear(self._body)
        for one in reversed(entries):
            self._body.addWidget(_entry(one, opened, names, now))


def _entry(one: TicketEntry, opened: OpenedTicket, names: Names, now: datetime) -> QWidget:
    made = QFrame()
    icon = icon_label(ticket_words.ENTRY_ICONS[one.kind], ticket_words.entry_tone(one))
    words = ticket_words.entry(one, opened.lists, names)
    is_spoken = ticket_words.is_spoken(one)
    title = wrapped(words, "small-strong" if is_spoken else "small", "muted")
    when = label(times.short(one.at, now), "small", "muted")
    set_tooltip(when, times.full(one.at))
    head = row(spacing=Space.S)
    head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    head.addWidget(title, 1)
    head.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
    if is_spoken:
        made.setProperty("kind", "card")
        made.setLayout(column(head, wrapped(one.text), spacing=Space.XS, margin=Space.M))
    else:
        items = column(head)
        items.setContentsMargins(Space.M, Space.NONE, Space.M, Space.NONE)
        made.setLayout(items)
    return made


class TicketLinks(QWidget):
    """What a ticket hangs on.

    Signals:
        open_wanted: A `TicketLink` shall be opened.
        unlink_wanted: It shall be taken away.
    """

    open_wanted = Signal(object)
    unlink_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._header = SectionHeader("Belongs to it", "link")
        self._body = QVBoxLayout()
        self._body.setSpacing(Space.NONE)
        self.setLayout(column(self._header, self._body, spacing=Space.S))

    def show_links(self, links: tuple[TicketLink, ...], now: datetime) -> None:
        """Shows the links; hidden where there are none."""
        clear(self._body)
        for line in self._lines(links, now):
            self._body.addWidget(line)
        self.setVisible(bool(links))

    def _lines(self, links: tuple[TicketLink, ...], now: datetime) -> Iterator[QWidget]:
        for link in links:
            made = QWidget()
            text = button(link.title, "link", icon=_LINK_ICONS[link.kind])
            set_tooltip(text, times.full(link.at) if link.at else link.title)
            text.clicked.connect(lambda _=False, link=link: self.open_wanted.emit(link))
            when = label(times.short(link.at, now) if link.at else "", "small", "muted")
            away = icon_button("close", f"Take away: {link.title}")
            away.clicked.connect(lambda _=False, link=link: self.unlink_wanted.emit(link))
            made.setLayout(row(text, 1, when, away, spacing=Space.S))
            yield made
