"""Beside the timeline: how to reach the customer, what is open, what is counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerStory,
    Email,
    OpenTicket,
    PhoneNumber,
)
from crmdesk.domain.matches import Claim
from crmdesk.gui.models.customer_words import (
    address_lines,
    figures,
    number_is_over,
    ticket_clock,
)
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.number_row import NumberRow
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import icon_button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, chip, rule
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, isolate, joined, label

_NO_CHIP = {"", "normal"}
_PRIORITY_TONES = {"urgent": "bad", "high": "warn"}


class SidePanel(QWidget):
    """Numbers, e-mails, tickets, figures.

    Signals:
        call_wanted: Carries a number.
        denied: Carries a `PhoneNumber` that is not, or no longer, theirs.
        forgetting_wanted: Carries the E.164 whose remembered choice shall not hold any more.
    """

    call_wanted = Signal(str)
    denied = Signal(object)
    forgetting_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Profile")
        self._claims: tuple[Claim, ...] = ()
        self._body = QVBoxLayout()
        self._body.setSpacing(Space.M)
        self.setLayout(column(self._body, 1, margin=Space.L))

    def show_story(
        self, story: CustomerStory, names: Names, now: datetime, claims: Iterable[Claim] = ()
    ) -> None:
        """Shows a customer; `claims` are what agents said of its numbers."""
        self._claims = tuple(claims)
        clear(self._body)
        customer = story.customer
        if story.open_tickets or story.next_follow_up:
            self._add_section("Open", "ticket", _open_items(story, now))
        self._add_section("Reach", "phone", self._reach(customer, names, now))
        self._add_section("Figures", "chart", [_fact(*fact) for fact in figures(story)])
        details = _details(customer)
        if details:
            self._add_section("Details", "user", details)

    def _add_section(self, title: str, icon: str, lines: Iterable[QWidget]) -> None:
        if self._body.count():
            self._body.addWidget(rule())
        self._body.addWidget(SectionHeader(title, icon))
        block = QWidget()
        block.setLayout(column(*lines, spacing=Space.S))
        self._body.addWidget(block)

    def _reach(self, customer: Customer, names: Names, now: datetime) -> list[QWidget]:
        today = times.local(now).date()
        # What is theirs now stands above what was.
        numbers = sorted(customer.numbers, key=lambda one: number_is_over(one, today))
        lines: list[QWidget] = [self._number(number, names, today) for number in numbers]
        lines += [_email(email) for email in customer.emails]
        lines += [_address(address) for address in customer.addresses]
        return lines or [
            label("No number and no e-mail yet. E adds them.", tone="muted", wrap=True)
        ]

    def _number(self, number: PhoneNumber, names: Names, today: date) -> QWidget:
        claims = (one for one in self._claims if one.e164 == number.e164)
        made = NumberRow(number, claims, names, today)
        made.call_wanted.connect(partial(self.call_wanted.emit, number.e164 or number.raw))
        made.denied.connect(partial(self.denied.emit, number))
        made.forgotten.connect(partial(self.forgetting_wanted.emit, number.e164 or ""))
        return made


def _contact(text: str, what: str, *buttons: QWidget) -> QWidget:
    made = QWidget()
    texts = column(ElidedLabel(text), ElidedLabel(what, "small", "muted"), spacing=Space.NONE)
    items = row(spacing=Space.NONE)
    items.addLayout(texts, 1)
    for button in buttons:
        items.addWidget(button)
    made.setLayout(items)
    return made


def _copier(shown: str, text: str) -> QWidget:
    made = icon_button("copy", f"Copy {shown}")
    made.clicked.connect(partial(_copy, text))
    return made


def _copy(text: str) -> None:
    QApplication.clipboard().setText(text)


def _email(email: Email) -> QWidget:
    return _contact(email.address, f"{email.label} e-mail", _copier(email.address, email.address))


def _address(address: Address) -> QWidget:
    made = QWidget()
    lines = wrapped(address_lines(address))
    what = label(f"{address.kind} address", "small", "muted")
    made.setLayout(column(lines, what, spacing=Space.NONE))
    return made


def _open_items(story: CustomerStory, now: datetime) -> list[QWidget]:
    lines = [_ticket(ticket, now) for ticket in story.open_tickets]
    if story.next_follow_up is not None:
        follow_up = story.next_follow_up
        tone = follow_up.tone or "muted"
        lines.append(_item(follow_up.text, f"noted {times.ago(follow_up.at, now)}", tone))
    return lines


def _ticket(ticket: OpenTicket, now: datetime) -> QWidget:
    clock, tone = ticket_clock(ticket, now)
    made = _item(
        joined((f"{ticket.kind.capitalize()} {ticket.number}", ticket.subject), ": "), clock, tone
    )
    if ticket.priority not in _NO_CHIP:
        layout = made.layout()
        mark = row(chip(ticket.priority, _PRIORITY_TONES.get(ticket.priority, "neutral")), 1)
        if isinstance(layout, QVBoxLayout):
            layout.addLayout(mark)
    return made


def _item(text: str, clock: str, tone: str) -> QWidget:
    made = QWidget()
    made.setLayout(column(wrapped(text), wrapped(clock, "small", tone), spacing=Space.HAIR))
    return made


def _fact(name: str, value: str) -> QWidget:
    made = QWidget()
    items = row(label(name, "body", "muted"), 1, spacing=Space.M)
    items.addWidget(ElidedLabel(value))
    made.setLayout(items)
    return made


def _details(customer: Customer) -> list[QWidget]:
    facts = [
        ("Account", customer.account_id),
        ("Found us by", customer.source),
        (
            "Customer since",
            f"{customer.customer_since:%d %b %Y}" if customer.customer_since else "",
        ),
    ]
    return [_fact(name, isolate(value)) for name, value in facts if value]
