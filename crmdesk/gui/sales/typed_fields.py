"""Fields for money and days as people write them; beside them stands how they were read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from PySide6.QtCore import Signal, Slot

from crmdesk.domain.amounts import is_amount
from crmdesk.domain.money import read_money
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.sales_words import day
from crmdesk.gui.models.typed_days import typed_day
from crmdesk.gui.widgets.fields import Field, line_edit

_NO_AMOUNT = "This is no amount, or more than can be kept. Write it like 1,240.50 or 12,50 EUR."


class MoneyField(Field):
    """An amount, with its currency where it is not the usual one: "12,50", "1.234,50 $".

    Args:
        title: The label above.
        currency: What an amount without a currency is in.
        may_be_below_zero: Whether money may go back.

    Signals:
        changed: The amount may be another one.
    """

    changed = Signal()

    def __init__(
        self, title: str, currency: str, hint: str = "", *, may_be_below_zero: bool = False
    ) -> None:
        field = line_edit("e.g. 1,240.50", name=title)
        super().__init__(title, field, hint)
        self.input = field
        self._usual, self._own_hint = currency, hint
        self._may_be_below_zero = may_be_below_zero
        self.input.textChanged.connect(self._read)

    def set_value(self, cents: int, currency: str) -> None:
        """Shows an amount."""
        self._usual = currency
        self.input.setText(money(cents, currency))

    def set_currency(self, currency: str) -> None:
        """What an amount without one is in from now on."""
        self._usual = currency
        self._read()

    def value(self) -> tuple[int, str] | None:
        """Cents and currency; None where it is empty or no amount."""
        found = read_money(self.input.text()) if self.input.text().strip() else None
        if found is None or not self._is_allowed(found[0]):
            return None
        return found[0], found[1] or self._usual

    def cents(self) -> int:
        """The amount, 0 where there is none."""
        found = self.value()
        return found[0] if found else 0

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.input.text().strip()

    def is_wrong(self) -> bool:
        """Whether what was typed is no amount."""
        return not self.is_empty() and self.value() is None

    def _is_allowed(self, cents: int) -> bool:
        return is_amount(cents) and (cents >= 0 or self._may_be_below_zero)

    @Slot()
    def _read(self) -> None:
        wrong = _NO_AMOUNT if self.is_wrong() else ""
        self.set_hint(self._told())
        self.set_error(wrong)
        self.changed.emit()

    def _told(self) -> str:
        found = self.value()
        if found is None:
            return self._own_hint
        said = money(*found)
        return self._own_hint if said == self.input.text().strip() else f"That is {said}"


class DayField(Field):
    """A day as people write it: "Fri", "in 3 days", "24.12.", "2026-12-24".

    Args:
        title: The label above.
        now: The clock, aware UTC.

    Signals:
        changed: The day may be another one.
    """

    changed = Signal()

    def __init__(self, title: str, now: datetime, hint: str = "") -> None:
        field = line_edit("e.g. Fri, 24.12.", name=title)
        super().__init__(title, field, hint)
        self.input = field
        self._now, self._own_hint = now, hint
        self.input.textChanged.connect(self._read)

    def set_value(self, one: date | None) -> None:
        """Shows a day."""
        self.input.setText(f"{one:%Y-%m-%d}" if one else "")

    def value(self) -> date | None:
        """The day; None where it is empty or no day."""
        return typed_day(self.input.text(), self._now)

    def is_wrong(self) -> bool:
        """Whether what was typed is no day."""
        return bool(self.input.text().strip()) and self.value() is None

    @Slot()
    def _read(self) -> None:
        wrong = "This is no day. Write it like Fri, in 3 days or 2026-12-24."
        found = self.value()
        self.set_hint(f"That is {day(found)}" if found else self._own_hint)
        self.set_error(wrong if self.is_wrong() else "")
        self.changed.emit()


def noon(one: date) -> datetime:
    """A moment of a day of which only the day is known: noon at this desk, aware UTC."""
    return datetime.combine(one, time(12)).astimezone(UTC)


def end_of(one: date) -> datetime:
    """The last minute of a day at this desk, aware UTC: until then a promise is kept."""
    return datetime.combine(one, time(23, 59)).astimezone(UTC)
