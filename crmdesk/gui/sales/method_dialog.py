"""The form of a way to pay. A number of a card or an account never stays in it."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from crmdesk.domain.cards import mask_card_numbers
from crmdesk.domain.sales import MethodKind, PaymentMethod
from crmdesk.gui.models.sales_words import KIND_TITLES, expiry
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.sales import steps
from crmdesk.gui.sales.steps import Job
from crmdesk.gui.sales.store_dialog import StoreDialog
from crmdesk.gui.widgets.fields import Field, check_box, combo_box, line_edit
from crmdesk.gui.widgets.showing import set_shown

_REFUSED = "Not the number."
_NEVER_KEPT = (
    "The number of a card or an account is never kept here.",
    "Whoever could read this store could pay with it.",
    "Give the brand, the last four digits and the month, or the bank's name and the mandate.",
)
_MANY_DIGITS = re.compile(r"(?:\d[ -]?){8,}")
_IBAN_LIKE = re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,}")
_LAST_FOUR = re.compile(r"\d{4}|")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])\s*[/.-]\s*(?:20)?(\d{2})")
_MOST_CHARS = 80
_LAST = 4
_BRANDS = ("Visa", "Mastercard", "American Express", "girocard", "Maestro", "Diners Club", "JCB")


def read_month(text: str) -> str | None:
    """A month as it stands on a card, "04/27" or "4.2027", as "2027-04"; None where it is none."""
    found = _MONTH.fullmatch(text.strip())
    return f"20{found[2]}-{int(found[1]):02}" if found else None


def holds_number(text: str, *, is_mandate: bool = False) -> bool:
    """Whether a text has the number of a card or an account in it.

    Args:
        text: As typed.
        is_mandate: References of mandates may be long and have digits; a card's number in one is
            still one.
    """
    masked = mask_card_numbers(text)[1] > 0
    return (
        masked
        or bool(_IBAN_LIKE.search(text))
        or (not is_mandate and bool(_MANY_DIGITS.search(text)))
    )


class MethodDialog(StoreDialog):
    """Asks for a card or a mandate, without the number of either.

    Args:
        parent: The window.
        context: The desk.
        method: As it is, or a new one.
        is_new: Whether it is in the store yet.
    """

    def __init__(
        self, parent: QWidget | None, context: PageContext, method: PaymentMethod, *, is_new: bool
    ) -> None:
        title, answer = ("New way to pay", "Add") if is_new else ("Edit way to pay", "Save")
        super().__init__(parent, context, title, answer)
        self._method, self._is_new = method, is_new
        self._make_fields(method)
        self._connect()
        first = self.beside(self._brand_field, self._digits_field, self._month_field)
        second = self.beside(self._bank_field, self._mandate_field)
        self.lay_out(title, Field("Kind", self.kind), first, second, self.preferred)
        self._show_fields()
        self.kind.setFocus()

    def _make_fields(self, method: PaymentMethod) -> None:
        self.kind = combo_box(((title, kind) for kind, title in KIND_TITLES.items()), name="Kind")
        self.kind.setCurrentIndex(list(KIND_TITLES).index(method.kind))
        known = dict.fromkeys((*_BRANDS, method.brand)) if method.brand else dict.fromkeys(_BRANDS)
        self.brand = combo_box(((one, one) for one in known), name="Brand")
        self.brand.setEditable(True)
        self.brand.setEditText(method.brand)
        self.last_four = line_edit("e.g. 1111", name="Last four digits")
        self.last_four.setText(method.last_four)
        self.month = line_edit("e.g. 04/27", name="Good until")
        self.month.setText(expiry(method.expiry))
        self.bank = line_edit("e.g. Hafenbank", name="Bank")
        self.bank.setText(method.bank)
        self.mandate = line_edit("e.g. M-2024-17", name="Mandate reference")
        self.mandate.setText(method.mandate)
        self.preferred = check_box("Preferred", checked=method.is_preferred)
        for field in (self.bank, self.mandate):
            field.setMaxLength(_MOST_CHARS)
        self._brand_field = Field("Brand", self.brand)
        self._digits_field = Field("Last four digits", self.last_four)
        self._month_field = Field("Good until", self.month)
        self._bank_field = Field("Bank", self.bank)
        self._mandate_field = Field("Mandate reference", self.mandate)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._show_fields)
        self.brand.editTextChanged.connect(self.check)
        for field in (self.last_four, self.month, self.bank, self.mandate):
            field.textChanged.connect(self.check)

    @Slot()
    def _show_fields(self) -> None:
        is_card = self._kind() is MethodKind.CARD
        is_debit = self._kind() is MethodKind.DIRECT_DEBIT
        for part in (self._brand_field, self._digits_field, self._month_field):
            set_shown(part, is_card)
        set_shown(self._bank_field, not is_card)
        set_shown(self._mandate_field, is_debit)
        self.check()

    def _kind(self) -> MethodKind:
        return MethodKind(self.kind.currentData())

    @Slot()
    def check(self) -> None:
        """Refuses numbers, in words."""
        self._tell_refused()
        self._brand_field.set_error(self._refused(self.brand.lineEdit(), is_mandate=False))
        self._bank_field.set_error(self._refused(self.bank, is_mandate=False))
        self._mandate_field.set_error(self._refused(self.mandate, is_mandate=True))
        self._digits_field.set_error(self._digits_error())
        is_month = not self.month.text().strip() or read_month(self.month.text()) is not None
        self._month_field.set_error("" if is_month else "Write it as on the card: 04/27.")
        super().check()

    def _tell_refused(self) -> None:
        texts = (self.brand.currentText(), self.bank.text())
        digits = sum(char.isdigit() for char in self.last_four.text())
        is_number = any(map(holds_number, texts)) or digits > _LAST
        is_refused = is_number or holds_number(self.mandate.text(), is_mandate=True)
        if is_refused:
            self.trouble.tell(*_NEVER_KEPT)
        set_shown(self.trouble, is_refused)

    def _refused(self, field: QLineEdit | None, *, is_mandate: bool) -> str:
        text = field.text() if field is not None else ""
        return _REFUSED if holds_number(text, is_mandate=is_mandate) else ""

    def _digits_error(self) -> str:
        text = self.last_four.text().strip()
        if _LAST_FOUR.fullmatch(text):
            return ""
        if sum(char.isdigit() for char in text) > _LAST:
            return "Only the last four."
        return "Four digits, e.g. 1111."

    def is_complete(self) -> bool:
        """It can be told from others, and has no number in it."""
        if self._kind() is MethodKind.CARD:
            month = self.month.text().strip()
            is_read = _LAST_FOUR.fullmatch(self.last_four.text().strip()) is not None
            brand = self.brand.currentText().strip()
            is_month = not month or read_month(month) is not None
            return bool(brand) and is_read and is_month and not holds_number(brand)
        bank, mandate = self.bank.text().strip(), self.mandate.text().strip()
        refused = holds_number(bank) or holds_number(mandate, is_mandate=True)
        needs_bank = self._kind() is MethodKind.DIRECT_DEBIT
        return not refused and (bool(bank or mandate) or not needs_bank)

    def method(self) -> PaymentMethod:
        """The way to pay as it is typed; what its kind does not have is emptied."""
        kind = self._kind()
        is_card, is_debit = kind is MethodKind.CARD, kind is MethodKind.DIRECT_DEBIT
        return replace(
            self._method,
            kind=kind,
            brand=self.brand.currentText().strip() if is_card else "",
            last_four=self.last_four.text().strip() if is_card else "",
            expiry=(read_month(self.month.text()) or "") if is_card else "",
            token=self._method.token if is_card else "",
            bank="" if is_card else self.bank.text().strip(),
            mandate=self.mandate.text().strip() if is_debit else "",
            is_preferred=self.preferred.isChecked(),
        )

    def job(self) -> tuple[uuid.UUID, Job]:
        """Adds the way to pay or writes what was changed of it."""
        method, who = self.method(), self.context.agent()
        if self._is_new:
            return method.id, steps.add_method(method, who)
        return method.id, steps.edit_method(self._method, method, who)
