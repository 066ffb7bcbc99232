"""The home and the work address of the customer form."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from crmdesk.domain.customers import Address
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.card_guard import guard_field
from crmdesk.gui.widgets.fields import Field, line_edit

KINDS = ("home", "work")
_PARTS = ("street", "postcode", "city", "country")
_TITLES = {"street": "Street", "postcode": "Postcode", "city": "City", "country": "Country"}


class AddressFields(QWidget):
    """One address, in four fields."""

    changed = Signal()

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self._edits = {part: self._edit(part) for part in _PARTS}
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        for place, (part, edit) in enumerate(self._edits.items()):
            title = f"{kind.capitalize()} address, street" if part == "street" else _TITLES[part]
            field = Field(title, edit)
            guard_field(field, edit)
            grid.addWidget(field, *divmod(place, 2))

    def _edit(self, part: str) -> QLineEdit:
        made = line_edit(name=f"{_TITLES[part]}, {self._kind} address")
        made.textChanged.connect(self.changed)
        return made

    def fill(self, address: Address) -> None:
        """Shows an address."""
        for part, edit in self._edits.items():
            edit.setText(getattr(address, part))

    def value(self) -> Address | None:
        """The address, None where all fields are empty."""
        texts = {part: edit.text().strip() for part, edit in self._edits.items()}
        return Address(self._kind, **texts) if any(texts.values()) else None


def fill_addresses(
    fields: dict[str, AddressFields], addresses: Iterable[Address]
) -> tuple[Address, ...]:
    """Fills the fields; returns the addresses for which there are none, to be kept as they are."""
    others = []
    filled: set[str] = set()
    for address in addresses:
        if address.kind in fields and address.kind not in filled:
            filled.add(address.kind)
            fields[address.kind].fill(address)
        else:
            others.append(address)
    return tuple(others)
