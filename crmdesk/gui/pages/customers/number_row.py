"""A number of a customer: since when it is theirs, what was said of it, what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.matches import Claim, ClaimKind
from crmdesk.gui.models.customer_words import number_is_over, number_marks, number_notes
from crmdesk.gui.models.names import Names
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import action, icon_button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import ElidedLabel


class NumberRow(QWidget):
    """One number with its buttons.

    Args:
        number: The number.
        claims: What agents said of it and this customer.
        names: How numbers are shown.
        today: Decides whether it is still theirs.

    Signals:
        call_wanted: It shall be called.
        denied: It is not, or no longer, theirs.
        forgotten: The remembered choice shall not hold any more.
    """

    call_wanted = Signal()
    denied = Signal()
    forgotten = Signal()

    def __init__(
        self, number: PhoneNumber, claims: Iterable[Claim], names: Names, today: date
    ) -> None:
        super().__init__()
        said = tuple(claims)
        shown = names.number(number.e164 or number.raw)
        if number.extension:
            shown = f"{shown} ext. {number.extension}"
        self._text = number.e164 or number.raw
        is_over = number_is_over(number, today)
        lines: list[QWidget] = [ElidedLabel(shown, "body", "muted" if is_over else "text")]
        lines.append(ElidedLabel(number_notes(number, names.lists), "small", "muted"))
        lines += [wrapped(text, "small", tone) for text, tone in number_marks(said)]
        dial = icon_button("phone", f"Call {shown}")
        dial.clicked.connect(self.call_wanted)
        self.more = icon_button("more", f"More for {shown}")
        self.more.setMenu(self._menu(number, can_forget=any(_is_choice(one) for one in said)))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        items = row(spacing=Space.NONE)
        items.addLayout(column(*lines, spacing=Space.NONE), 1)
        items.addWidget(dial)
        items.addWidget(self.more)
        self.setLayout(items)

    def _menu(self, number: PhoneNumber, *, can_forget: bool) -> QMenu:
        menu = QMenu(self)
        call = action(menu, "Call", icon="phone")
        call.triggered.connect(self.call_wanted)
        copy = action(menu, "Copy", icon="copy")
        copy.triggered.connect(self._copy)
        menu.addActions([call, copy])
        if number.e164 is not None:
            deny = action(menu, "Not theirs, or no longer…", icon="close")
            deny.triggered.connect(self.denied)
            menu.addSeparator()
            menu.addAction(deny)
        if can_forget:
            forget = action(menu, "Forget the remembered choice", icon="refresh")
            forget.triggered.connect(self.forgotten)
            menu.addAction(forget)
        return menu

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._text)


def _is_choice(claim: Claim) -> bool:
    return claim.kind is ClaimKind.CHOSEN
