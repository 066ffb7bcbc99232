"""How the customer is reached: numbers, e-mails, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.domain.customers import Address, CustomerStory, Email, PhoneNumber
from crmdesk.domain.matches import Claim
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.customer_words import address_lines, number_is_over
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.number_row import NumberRow
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from crmdesk.gui.why.steps import Subject
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import icon_button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import ElidedLabel, label

if TYPE_CHECKING:
    from crmdesk.store import Reader


def read(reader: Reader, story: CustomerStory, _now: datetime) -> tuple[Claim, ...]:
    """What agents said of the customer's numbers."""
    numbers = dict.fromkeys(one.e164 for one in story.customer.numbers if one.e164)
    said = (claim for number in numbers for claim in reader.claims(number))
    return tuple(claim for claim in said if claim.customer_id == story.customer.id)


class ReachBlock(Block):
    """Numbers with what can be said of them, e-mails, addresses."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Reach", "phone")

    def show_value(self, value: Iterable[Claim], view: CustomerView) -> None:
        """Shows how a customer is reached."""
        today = times.local(view.now).date()
        customer, claims = view.customer, tuple(value)
        # What is theirs now stands above what was.
        numbers = sorted(customer.numbers, key=lambda one: number_is_over(one, today))
        lines: list[QWidget] = [self._number(one, claims, view.names, today) for one in numbers]
        lines += [_email(email, view.names) for email in customer.emails]
        lines += [_address(address) for address in customer.addresses]
        if lines:
            self.fill(*lines)
        else:
            self.fill_empty("No number and no e-mail yet. E adds them.")

    def _number(
        self, number: PhoneNumber, claims: Iterable[Claim], names: Names, today: date
    ) -> QWidget:
        said = (one for one in claims if one.e164 == number.e164)
        made = NumberRow(number, said, names, today)
        made.call_wanted.connect(partial(self.desk.call_wanted.emit, number.e164 or number.raw))
        made.denied.connect(partial(self._deny, number))
        made.forgotten.connect(partial(self.desk.steps.forget, number.e164 or ""))
        return made

    def _deny(self, number: PhoneNumber) -> None:
        """Asks whether the number is no longer theirs, or never was."""
        view = self.desk.view
        if view is None or number.e164 is None:
            return
        shown = view.names.number(number.e164)
        about = Subject(number.e164, shown, view.customer.id, view.customer.name)
        today = times.local(self.desk.context.now()).date()
        NotThisPersonDialog(self.desk.window(), about, self.desk.steps, today).open()


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


def _email(email: Email, names: Names) -> QWidget:
    what = f"{names.choice(PicklistKey.EMAIL_LABEL, email.label)} e-mail"
    return _contact(email.address, what, _copier(email.address, email.address))


def _address(address: Address) -> QWidget:
    made = QWidget()
    lines = wrapped(address_lines(address))
    what = label(f"{address.kind} address", "small", "muted")
    made.setLayout(column(lines, what, spacing=Space.NONE))
    return made
