"""The head of an opened ticket: what it is about, where it stands, its clocks, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.tickets import TicketStatus
from crmdesk.gui.models import ticket_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.ticket_words import ClockWords
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.tickets.reading import OpenedTicket
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.buttons import button, icon_label, shown_key
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip_button, set_chip
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import joined, label, set_tooltip

CHIPS = {
    "kind": keys.TICKET_EDIT,
    "priority": keys.TICKET_PRIORITY,
    "stage": keys.TICKET_STAGE,
    "owner": keys.TICKET_OWNER,
    "escalation": keys.TICKET_ESCALATE,
}
"""What a chip opens."""


_SAYS_WHICH = ("Answer", "Solution", "Solved")
"""How words begin that say themselves which promise they are about."""


class TicketHead(QWidget):
    """Shows a ticket; its chips and buttons do what their keys do.

    Args:
        actions: What each key does.
    """

    def __init__(self, actions: dict[Key, Callable[[], object]]) -> None:
        super().__init__()
        self._subject = wrapped("", "lead-strong")
        self._about = wrapped("", "small", "muted")
        self._detail = wrapped("")
        self.chips = {name: self._chip(key, actions[key]) for name, key in CHIPS.items()}
        self._clocks = QVBoxLayout()
        self._clocks.setSpacing(Space.XS)
        self.solve = _action_button("Solve", keys.TICKET_SOLVE, actions)
        self.wait = _action_button("Wait", keys.TICKET_WAIT, actions)
        self.take = _action_button("Take it", keys.TICKET_TAKE, actions)
        self.escalate = _action_button("Escalate", keys.TICKET_ESCALATE, actions)
        self.link = _action_button("Link", keys.TICKET_LINK, actions)
        buttons = (self.solve, self.wait, self.take, self.escalate, self.link)
        items = column(self._subject, self._about, spacing=Space.XS)
        items.addLayout(flow(*self.chips.values(), spacing=Space.XS))
        items.addLayout(self._clocks)
        items.addWidget(self._detail)
        items.addLayout(flow(*buttons, spacing=Space.S))
        items.setSpacing(Space.S)
        self.setLayout(items)

    def _chip(self, key: Key, act: Callable[[], object]) -> QPushButton:
        made = chip_button("")
        set_tooltip(made, key.text, shown_key(key.sequence))
        made.clicked.connect(act)
        return made

    def show_ticket(
        self, opened: OpenedTicket, names: Names, now: datetime, agent: str = ""
    ) -> None:
        """Shows a ticket to somebody, by name or extension."""
        ticket = opened.view.ticket
        set_wrapped(self._subject, ticket.subject)
        who = names.anybody(ticket.who)
        by = f"opened by {who}" if who else "opened"
        set_wrapped(self._about, joined((by, times.full(ticket.opened_at))))
        set_wrapped(self._detail, ticket.detail)
        self._detail.setVisible(bool(ticket.detail))
        self._show_chips(opened, names)
        self.show_clocks(opened, now)
        is_waiting = ticket.status is TicketStatus.WAITING
        self.solve.setText("Open again" if ticket.is_solved else "Solve")
        self.wait.setText("Go on" if is_waiting else "Wait for the customer")
        self.wait.setVisible(not ticket.is_solved)
        self.escalate.setVisible(not ticket.is_solved)
        is_mine = bool(agent) and names.anybody(ticket.owner) == names.anybody(agent)
        self.take.setVisible(not ticket.is_solved and not is_mine)

    def _show_chips(self, opened: OpenedTicket, names: Names) -> None:
        ticket, lists = opened.view.ticket, opened.lists
        kind = lists.choice(PicklistKey.TICKET_KIND, ticket.kind)
        priority = lists.choice(PicklistKey.TICKET_PRIORITY, ticket.priority)
        set_chip(self.chips["kind"], kind.title, kind.tone or "neutral")
        set_chip(self.chips["priority"], priority.title, priority.tone or "neutral")
        set_chip(self.chips["stage"], *ticket_words.stage(ticket, lists))
        owner = names.anybody(ticket.owner)
        set_chip(self.chips["owner"], owner or "Nobody's yet", "neutral" if owner else "warn")
        to = names.anybody(ticket.escalated_to)
        level = f"Escalated, level {ticket.escalation}, to {to}" if ticket.escalation else ""
        set_chip(self.chips["escalation"], level, "warn")

    def show_clocks(self, opened: OpenedTicket, now: datetime) -> None:
        """Shows how the promises stand."""
        clear(self._clocks)
        for line in self._clock_lines(opened, now):
            self._clocks.addWidget(line)

    def _clock_lines(self, opened: OpenedTicket, now: datetime) -> Iterator[QWidget]:
        found = ticket_words.clocks(opened.view, now)
        for name, words in found:
            yield _clock_line(name, words)
        if not found and not opened.view.ticket.is_solved:
            words = ticket_words.clock(opened.view.ticket, now)
            yield _clock_line("", words)
        if opened.view.policy_name:
            yield label(f"Service level: {opened.view.policy_name}", "small", "muted", wrap=True)


def _clock_line(name: str, words: ClockWords) -> QWidget:
    made = QWidget()
    tone = words.tone
    said = words.text if words.text.startswith(_SAYS_WHICH) else joined((name, words.text), ": ")
    text = wrapped(said, "strong", "text" if tone == "muted" else tone)
    set_tooltip(text, words.tip)
    items = row(icon_label(words.icon, tone), spacing=Space.S)
    items.addWidget(text, 1)
    made.setLayout(items)
    return made


def _action_button(text: str, key: Key, actions: dict[Key, Callable[[], object]]) -> QPushButton:
    made = button(text)
    set_tooltip(made, key.text, shown_key(key.sequence))
    made.clicked.connect(actions[key])
    return made
