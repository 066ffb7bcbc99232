"""The form of a customer: new, or edited."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Customer, CustomerKind, CustomerStatus, Email
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.picks import picks
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.address_rows import KINDS, AddressFields, fill_addresses
from crmdesk.gui.pages.customers.form_rows import ContactRows
from crmdesk.gui.pages.customers.form_values import (
    NumberReading,
    blank,
    date_error,
    email_error,
    name_error,
    read_date,
    reread_number,
)
from crmdesk.gui.pages.customers.reading import find_company
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner, Question
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import label, set_tooltip, set_window_title

if TYPE_CHECKING:
    from crmdesk.store import Writer

_WIDTH, _HEIGHT = 2 * Size.SIDE_LIST, 2 * Size.SIDE_LIST
_TEXTS = {
    "name": "Name",
    "company": "Company",
    "role": "Role there",
    "salutation": "How to address",
    "account_id": "Account number",
    "since": "Customer since",
}
_CHOICES = {
    "segment": ("Segment", PicklistKey.SEGMENT),
    "source": ("How they found us", PicklistKey.SOURCE),
}
_HINTS = {
    "company": "A new name makes a new company.",
    "salutation": "e.g. Frau Dr. Hansen",
    "since": "e.g. 2019-05-31",
}


class CustomerForm(QDialog):
    """Edits a customer.

    Signals:
        saved: Carries the key.
        created: Carries the step that made a new customer and can be taken back.
    """

    saved = Signal(object)
    created = Signal(object)

    def __init__(
        self, parent: QWidget, context: PageContext, customer: Customer, *, is_new: bool
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._customer, self._is_new = context, customer, is_new
        self._is_changed = False
        set_window_title(self, "New customer" if is_new else f"Edit {customer.name}")
        self._make_fields()
        self._lay_out()
        self._fill()
        self._connect()
        self.texts["name"].setFocus()
        if is_new:
            self.texts["name"].selectAll()  # a name from the network is a suggestion: type over it

    def _make_fields(self) -> None:
        self.kind = combo_box(
            [("Person", CustomerKind.PERSON), ("Company", CustomerKind.COMPANY)], name="Kind"
        )
        self.texts: dict[str, QLineEdit] = {name: line_edit(name=t) for name, t in _TEXTS.items()}
        self.fields = {
            name: Field(_TEXTS[name], edit, _HINTS.get(name, ""))
            for name, edit in self.texts.items()
        }
        lists, before = self._context.plan.lists, self._customer
        self.status = combo_box(picks(lists, PicklistKey.CUSTOMER_STATUS), name="Status")
        languages = sorted(picks(lists, PicklistKey.LANGUAGE, before.language))
        self.language = combo_box([("Not known", ""), *languages], name="Language")
        self.choices = {
            name: combo_box(picks(lists, key, getattr(before, name), "None"), name=title)
            for name, (title, key) in _CHOICES.items()
        }
        self.fields |= {name: Field(_CHOICES[name][0], box) for name, box in self.choices.items()}
        self.do_not_call = check_box("Does not want to be called")
        self.numbers = ContactRows(
            "number", picks(lists, PicklistKey.NUMBER_LABEL), self._check_number
        )
        self.emails = ContactRows("e-mail", picks(lists, PicklistKey.EMAIL_LABEL), _check_email)
        self.addresses = {kind: AddressFields(kind) for kind in KINDS}
        self.trouble = Banner("bad")
        self.trouble.hide()

    def _lay_out(self) -> None:
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(self.trouble)
        box.addLayout(self._who())
        for title, rows in (("Numbers", self.numbers), ("E-mails", self.emails)):
            box.addWidget(rule())
            box.addWidget(label(title, "strong"))
            box.addWidget(rows)
        box.addWidget(rule())
        box.addWidget(label("About", "strong"))
        box.addLayout(self._about())
        box.addWidget(self.do_not_call)
        for fields in self.addresses.values():
            box.addWidget(rule())
            box.addWidget(fields)
        scroll = scroll_area(content, name="Customer form")
        self.setLayout(column(scroll, rule(), self._buttons(), spacing=Space.NONE))
        self.resize(_WIDTH, _HEIGHT)

    def _who(self) -> QGridLayout:
        kind = Field("Kind", self.kind)
        return _grid(self.fields["name"], kind, self.fields["company"], self.fields["role"])

    def _about(self) -> QGridLayout:
        names = ("salutation", "segment", "source", "account_id", "since")
        language, status = Field("Language", self.language), Field("Status", self.status)
        return _grid(language, status, *(self.fields[name] for name in names))

    def _buttons(self) -> QWidget:
        bar = QWidget()
        bar.setProperty("kind", "surface")
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._save = button("Save", "primary")
        self._save.setDefault(True)
        set_tooltip(self._save, "Save", shown_key(keys.SAVE.sequence))
        self._save.clicked.connect(self.save)
        bar.setLayout(row(1, cancel, self._save, margin=Space.L))
        return bar

    def _fill(self) -> None:
        customer = self._customer
        values = {"company": customer.company_name, "since": _day(customer)}
        for name, edit in self.texts.items():
            edit.setText(values.get(name) if name in values else getattr(customer, name))
        self.kind.setCurrentIndex(self.kind.findData(customer.kind))
        self.status.setCurrentIndex(self.status.findData(customer.status.value))
        self.language.setCurrentIndex(self.language.findData(customer.language))
        for name, box in self.choices.items():
            box.setCurrentIndex(box.findData(getattr(customer, name)))
        self.do_not_call.setChecked(customer.do_not_call)
        for number in customer.numbers:
            self.numbers.add(number.raw, number.label)
        for email in customer.emails:
            self.emails.add(email.address, email.label)
        if not customer.numbers:
            self.numbers.add()
        self._other_addresses = fill_addresses(self.addresses, customer.addresses)
        self._show_kind()

    def _connect(self) -> None:
        self.texts["name"].textChanged.connect(self._check_name)
        self.texts["since"].textChanged.connect(self._check_since)
        self.kind.currentIndexChanged.connect(self._show_kind)
        for edit in self.texts.values():
            edit.textChanged.connect(self._changed)
        for box in (self.kind, self.status, self.language, *self.choices.values()):
            box.currentIndexChanged.connect(self._changed)
        for rows in (self.numbers, self.emails):
            rows.changed.connect(self._changed)
        for fields in self.addresses.values():
            fields.changed.connect(self._changed)
        self.do_not_call.toggled.connect(self._changed)
        save = QShortcut(self)
        save.setKeys([QKeySequence(text) for text in (keys.SAVE.sequence, *keys.SAVE.others)])
        save.activated.connect(self.save)

    # --- checking as one types ------------------------------------------------------------

    def _check_name(self, text: str) -> None:
        self.fields["name"].set_error(name_error(text))

    def _check_since(self, text: str) -> None:
        self.fields["since"].set_error(date_error(text))

    def _check_number(self, text: str, kind: str) -> tuple[str, str]:
        reading = self._read(text, kind)
        return reading.note, reading.tone

    def _read(self, text: str, kind: str) -> NumberReading:
        return reread_number(text, kind, self._customer.numbers, self._context.rules())

    def _show_kind(self) -> None:
        is_person = self.kind.currentData() == CustomerKind.PERSON
        for name in ("company", "role"):
            self.fields[name].setVisible(is_person)

    def _changed(self) -> None:
        self._is_changed = True

    def _first_wrong(self) -> QWidget | None:
        self._check_name(self.texts["name"].text())
        if name_error(self.texts["name"].text()):
            return self.texts["name"]
        if date_error(self.texts["since"].text()):
            return self.texts["since"]
        return self.numbers.first_wrong() or self.emails.first_wrong()

    # --- saving -----------------------------------------------------------------------------

    def save(self) -> None:
        """Saves, or goes to the first field that is wrong."""
        wrong = self._first_wrong()
        if wrong is not None:
            wrong.setFocus()
            return
        self._save.setEnabled(False)
        company = self.texts["company"].text().strip()
        job = partial(
            save_form,
            customer=self.value(),
            company=company,
            company_if_new=replace(blank(self._context.now()), kind=CustomerKind.COMPANY),
            new_by=self._context.agent() if self._is_new else None,
        )
        await_future(self._context.store.write(job), self, self._saved, self._failed)

    def value(self) -> Customer:
        """The customer as the form has it now; the company is found when it is saved."""
        text = {name: edit.text().strip() for name, edit in self.texts.items()}
        readings = [self._read(*number).number for number in self.numbers.values()]
        places = [fields.value() for fields in self.addresses.values()]
        is_person = self.kind.currentData() == CustomerKind.PERSON
        return replace(
            self._customer,
            kind=CustomerKind(self.kind.currentData()),
            name=text["name"],
            role=text["role"] if is_person else "",
            company_id=self._customer.company_id if is_person else None,
            company_name=self._customer.company_name if is_person else "",
            salutation=text["salutation"],
            segment=str(self.choices["segment"].currentData()),
            source=str(self.choices["source"].currentData()),
            account_id=text["account_id"],
            customer_since=read_date(text["since"]),
            language=str(self.language.currentData()),
            status=CustomerStatus(self.status.currentData()),
            do_not_call=self.do_not_call.isChecked(),
            numbers=tuple(number for number in readings if number),
            emails=tuple(Email(*email) for email in self.emails.values()),
            addresses=(*(place for place in places if place), *self._other_addresses),
        )

    def _saved(self, created: ChangeSet | None) -> None:
        self._is_changed = False
        if created is not None:
            self.created.emit(created)
        self.saved.emit(self._customer.id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._save.setEnabled(True)
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    def reject(self) -> None:
        """Closes; asks first where something would be lost."""
        if not self._is_changed:
            super().reject()
            return
        question = Question(
            self,
            "Close without saving",
            "Close without saving?",
            "What you changed here is lost.",
            answer="Close without saving",
            cancel="Keep editing",
            danger=True,
        )
        question.accepted.connect(self._discard)
        question.open()

    def _discard(self) -> None:
        self._is_changed = False
        super().reject()


def save_form(
    writer: Writer,
    customer: Customer,
    company: str,
    company_if_new: Customer,
    new_by: str | None = None,
) -> ChangeSet | None:
    """Saves a customer and, where its company is not known yet, that too.

    Args:
        writer: The store.
        customer: As typed.
        company: Name of the company, "" for none.
        company_if_new: Key and kind of a company that has to be made.
        new_by: The agent who makes a new customer, None where it is known already.

    Returns:
        The step that made a new customer and can be taken back; a company that was made
        with it stays.
    """
    company_id: uuid.UUID | None = None
    if customer.kind is CustomerKind.PERSON and company:
        same = company == customer.company_name
        company_id = customer.company_id if same else find_company(writer, company)
        if company_id is None:
            company_id = company_if_new.id
            writer.save_customer(replace(company_if_new, name=company))
    whole = replace(customer, company_id=company_id)
    if new_by is not None:
        return writer.create_customer(whole, new_by)
    writer.save_customer(whole)
    for number in customer.numbers:
        if number.e164:
            writer.link_number(number.e164, customer.id)
    return None


def _day(customer: Customer) -> str:
    return customer.customer_since.isoformat() if customer.customer_since else ""


def _check_email(text: str, _kind: str) -> tuple[str, str]:
    error = email_error(text)
    return error, "bad" if error else "muted"


def _grid(*fields: QWidget) -> QGridLayout:
    made = QGridLayout()
    made.setHorizontalSpacing(Space.M)
    made.setVerticalSpacing(Space.M)
    for place, field in enumerate(fields):
        made.addWidget(field, *divmod(place, 2), Qt.AlignmentFlag.AlignTop)
    for side in (0, 1):
        made.setColumnStretch(side, 1)
    return made
