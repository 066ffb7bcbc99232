"""What the form of a customer holds: everybody's fields and those of the company's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.customers import Address, Customer, CustomerKind, CustomerStatus, Email
from crmdesk.domain.edits import CUSTOM
from crmdesk.domain.planning import PicklistKey, Situation
from crmdesk.gui.models.picks import picks
from crmdesk.gui.models.typed_days import typed_day
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.pages.customers.address_rows import KINDS, AddressFields, fill_addresses
from crmdesk.gui.pages.customers.form_custom import OwnField, own_values
from crmdesk.gui.pages.customers.form_rows import ContactRows
from crmdesk.gui.pages.customers.form_values import (
    NumberReading,
    date_error,
    email_error,
    name_error,
    reread_number,
)
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.card_guard import guard_field
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import label
from crmdesk.gui.widgets.times import date_text

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
    "language": ("Language", PicklistKey.LANGUAGE),
}
_HINTS = {
    "company": "A new name makes a new company.",
    "salutation": "e.g. Frau Dr. Hansen",
    "since": "e.g. 31 May 2019",
}
_PLANNED = {"company": "company_id", "since": "customer_since"}
"""How the company's plan calls fields that have another name here."""
_OF_PERSONS = ("company", "role")
_NEEDED = "needed"
"""Beside the title of a field that has to be filled in: a word, not only a star."""


class CustomerFields(QWidget):
    """All fields; each says beside itself what is wrong with it.

    Args:
        context: The desk.
        opened: What the fields begin with.

    Signals:
        changed: Something was edited.
    """

    changed = Signal()

    def __init__(self, context: PageContext, opened: EditedCustomer) -> None:
        super().__init__()
        self._context, self._plan = context, context.plan.value
        self._before = opened
        self._is_filling = False
        self._make_plain()
        self._make_rows()
        self.own = {
            one.key: OwnField(
                one,
                opened.custom.get(one.key, ""),
                self._title(CUSTOM + one.key, one.title),
                self,
                now=self._context.now(),
                is_required=self._is_required(CUSTOM + one.key),
            )
            for one in self._plan.offered_fields()
        }
        self._box = QVBoxLayout(self)
        self._lay_out()
        self.fill(opened)
        self._connect()

    # --- what there is ----------------------------------------------------------------------

    def _is_required(self, name: str) -> bool:
        planned = _PLANNED.get(name, name)
        return self._plan.is_required(Situation.CUSTOMER, planned)

    def _title(self, name: str, title: str) -> str:
        return f"{title} ({_NEEDED})" if self._is_required(name) else title

    def _make_plain(self) -> None:
        lists = self._plan.picklists
        persons = [("Person", CustomerKind.PERSON), ("Company", CustomerKind.COMPANY)]
        self.kind = combo_box(persons, name="Kind")
        self.status = combo_box(picks(lists, PicklistKey.CUSTOMER_STATUS), name="Status")
        self.texts: dict[str, QLineEdit] = {name: line_edit(name=t) for name, t in _TEXTS.items()}
        self.choices: dict[str, QComboBox] = {
            name: combo_box(picks(lists, key, none="None"), name=title)
            for name, (title, key) in _CHOICES.items()
        }
        titles = {**_TEXTS, **{name: title for name, (title, _) in _CHOICES.items()}}
        editors: dict[str, QWidget] = {**self.texts, **self.choices}
        self.fields = {
            name: Field(self._title(name, titles[name]), editor, _HINTS.get(name, ""))
            for name, editor in editors.items()
        }
        for name, edit in self.texts.items():
            guard_field(self.fields[name], edit)

    def _make_rows(self) -> None:
        lists = self._plan.picklists
        kinds = picks(lists, PicklistKey.NUMBER_LABEL)
        self.numbers = ContactRows("number", kinds, self._check_number)
        kinds = picks(lists, PicklistKey.EMAIL_LABEL)
        self.emails = ContactRows("e-mail", kinds, _check_email)
        self.addresses = {kind: AddressFields(kind) for kind in KINDS}
        self.do_not_call = check_box("Does not want to be called")

    def _lay_out(self) -> None:
        self._box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._box.setSpacing(Space.M)
        own = [one.field for one in self.own.values()]
        self._box.addLayout(
            _grid(self.fields["name"], Field("Kind", self.kind), *self._fields(*_OF_PERSONS))
        )
        self._part(self._title("numbers", "Numbers"), self.numbers)
        self._part(self._title("emails", "E-mails"), self.emails)
        about = self._fields("salutation", "segment", "source", "account_id", "since")
        self._part(
            "About",
            _grid(self.fields["language"], Field("Status", self.status), *about),
            self.do_not_call,
        )
        if own:
            self._part("More", _grid(*own))
        for fields in self.addresses.values():
            self._box.addWidget(rule())
            self._box.addWidget(fields)

    def _fields(self, *names: str) -> list[Field]:
        return [self.fields[name] for name in names]

    def _part(self, title: str, *parts: QWidget | QGridLayout) -> None:
        self._box.addWidget(rule())
        self._box.addWidget(label(title, "strong"))
        for part in parts:
            if isinstance(part, QWidget):
                self._box.addWidget(part)
            else:
                self._box.addLayout(part)

    # --- filling ----------------------------------------------------------------------------

    def fill(self, opened: EditedCustomer) -> None:
        """Shows a customer; what was edited before is gone."""
        self._before, one = opened, opened.customer
        self._is_filling = True
        for name, edit in self.texts.items():
            edit.setText(_text_of(one, name))
        for name, box in (("kind", self.kind), ("status", self.status), *self.choices.items()):
            _choose(box, str(getattr(one, name)))
        self.do_not_call.setChecked(one.do_not_call)
        self.numbers.fill((number.raw, number.label) for number in one.numbers)
        self.emails.fill((email.address, email.label) for email in one.emails)
        if not one.numbers:
            self.numbers.add()
        for fields in self.addresses.values():
            fields.fill(Address(""))
        self._other_addresses = fill_addresses(self.addresses, one.addresses)
        for key, own in self.own.items():
            own.fill(opened.custom.get(key, ""))
        self._is_filling = False
        self._show_kind()

    def _connect(self) -> None:
        for name in (*self.texts, *self.choices):
            self._check_later(name)
        self.kind.currentIndexChanged.connect(self._show_kind)
        for box in (self.kind, self.status):
            box.currentIndexChanged.connect(self._changed)
        for rows in (self.numbers, self.emails):
            rows.changed.connect(self._changed)
        for address in self.addresses.values():
            address.changed.connect(self._changed)
        for own in self.own.values():
            own.changed.connect(self._changed)
        self.do_not_call.toggled.connect(self._changed)

    def _check_later(self, name: str) -> None:
        def edited() -> None:
            self._check(name)
            self._changed()

        if name in self.texts:
            self.texts[name].textChanged.connect(edited)
        else:
            self.choices[name].currentIndexChanged.connect(edited)

    def _changed(self) -> None:
        if not self._is_filling:
            self.changed.emit()

    def _show_kind(self) -> None:
        is_person = self.kind.currentData() == CustomerKind.PERSON
        for name in _OF_PERSONS:
            self.fields[name].setVisible(is_person)

    # --- checking as one types --------------------------------------------------------------

    def _check(self, name: str) -> None:
        self.fields[name].set_error(self._error(name))

    def _error(self, name: str) -> str:
        if name in self.choices:
            return self._missing(name, str(self.choices[name].currentData() or ""))
        text = self.texts[name].text()
        if name == "name":
            return name_error(text)
        wrong = date_error(text, self._context.now()) if name == "since" else ""
        return wrong or self._missing(name, text.strip())

    def _missing(self, name: str, value: str) -> str:
        if value or not self._is_required(name):
            return ""
        is_person = self.kind.currentData() == CustomerKind.PERSON
        if name in _OF_PERSONS and not is_person:
            return ""
        title = _TEXTS[name] if name in _TEXTS else _CHOICES[name][0]
        return f"{title} is needed."

    def _check_number(self, text: str, kind: str) -> tuple[str, str]:
        reading = self._read(text, kind)
        return reading.note, reading.tone

    def _read(self, text: str, kind: str) -> NumberReading:
        stored = self._before.customer.numbers
        return reread_number(text, kind, stored, self._context.rules())

    def first_wrong(self) -> QWidget | None:
        """The first field that cannot be saved like this; all that are wrong say why."""
        wrong: list[QWidget] = []
        for name, field in self.fields.items():
            self._check(name)
            if self._error(name):
                wrong.append(field.editor)
        for own in self.own.values():
            own.check()
            if own.error():
                wrong.append(own.editor)
        for rows, name in ((self.numbers, "numbers"), (self.emails, "emails")):
            found = rows.first_wrong()
            if found is None and self._is_required(name) and not rows.values():
                found = rows.ask()
            if found is not None:
                wrong.append(found)
        return next(iter(wrong), None)

    # --- the value --------------------------------------------------------------------------

    def value(self) -> EditedCustomer:
        """The customer as the fields have it; a company by its name until it is saved."""
        text = {name: edit.text().strip() for name, edit in self.texts.items()}
        readings = [self._read(*number).number for number in self.numbers.values()]
        places = [fields.value() for fields in self.addresses.values()]
        is_person = self.kind.currentData() == CustomerKind.PERSON
        before = self._before.customer
        company = text["company"] if is_person else ""
        chosen: dict[str, Any] = {
            name: str(box.currentData() or "") for name, box in self.choices.items()
        }
        customer = replace(
            before,
            kind=CustomerKind(self.kind.currentData()),
            name=text["name"],
            role=text["role"] if is_person else "",
            company_id=before.company_id if company and company == before.company_name else None,
            company_name=company,
            salutation=text["salutation"],
            account_id=text["account_id"],
            customer_since=typed_day(text["since"], self._context.now()),
            status=CustomerStatus(self.status.currentData()),
            do_not_call=self.do_not_call.isChecked(),
            numbers=tuple(number for number in readings if number),
            emails=tuple(Email(*email) for email in self.emails.values()),
            addresses=(*(place for place in places if place), *self._other_addresses),
            **chosen,
        )
        return EditedCustomer(customer, own_values(self.own, self._before.custom))


def _text_of(one: Customer, name: str) -> str:
    if name == "company":
        return one.company_name
    if name == "since":
        return date_text(one.customer_since) if one.customer_since else ""
    return str(getattr(one, name))


def _choose(box: QComboBox, value: str) -> None:
    """Chooses a value; one that is not offered any more is offered here."""
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))


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
