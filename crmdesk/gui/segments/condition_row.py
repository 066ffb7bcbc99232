"""One condition of a rule: field, operator, value."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from crmdesk.desk.segments.words import OPERATOR_WORDS
from crmdesk.domain.planning import Picklists
from crmdesk.domain.segment_values import number_digits, read_sum
from crmdesk.domain.segments import (
    NUMBER,
    OPERATORS,
    Condition,
    FieldKind,
    Operator,
    SegmentField,
)
from crmdesk.gui.sales.store_dialog import CURRENCIES
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import icon_button
from crmdesk.gui.widgets.fields import combo_box, line_edit
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import unmarked
from crmdesk.matching.number_starts import number_start
from crmdesk.matching.numbers import LineRules

_WITHOUT_VALUE = {Operator.EMPTY, Operator.FILLED, Operator.YES, Operator.NO}
_DAYS = {Operator.WITHIN_DAYS, Operator.LONGER_AGO}
_GONE = "A field that is gone"
_ANY_CURRENCY = ("any currency", "")


class ConditionRow(QWidget):
    """Edits a condition.

    Args:
        one: As it is.
        fields: What may be asked.
        lists: The choices in force.
        line: How numbers are dialled here.

    Signals:
        changed: Something was chosen or typed.
        removed: It shall go.
    """

    changed = Signal()
    removed = Signal()

    def __init__(
        self,
        one: Condition,
        fields: Mapping[str, SegmentField],
        lists: Picklists,
        line: LineRules | None = None,
    ) -> None:
        super().__init__()
        self._line = line or LineRules()
        self._fields = fields
        self._lists = lists
        self.field = combo_box(
            [(known.title, name) for name, known in fields.items()], name="What is asked"
        )
        if one.field not in fields:
            self.field.insertItem(0, _GONE, one.field)
        self.operator = combo_box((), name="How it is asked")
        self.text = line_edit("", name="Value")
        self.currency = combo_box((), name="Currency")
        self.choices = _ChoicesButton()
        away = icon_button("delete", "Remove this condition")
        parts = (self.field, self.operator, self.text, self.currency, self.choices)
        made = row(*parts, away, spacing=Space.S)
        for place, width in enumerate((5, 4, 3, 2, 5)):
            made.setStretch(place, width)
        self.setLayout(made)
        self._fill(one)
        self.field.currentIndexChanged.connect(self._field_chosen)
        self.operator.currentIndexChanged.connect(self._operator_chosen)
        self.text.textChanged.connect(self.changed)
        self.currency.currentIndexChanged.connect(self.changed)
        self.choices.changed.connect(self.changed)
        away.clicked.connect(self.removed)

    def condition(self) -> Condition:
        """What is chosen and typed."""
        operator = Operator(self.operator.currentData())
        if operator in _WITHOUT_VALUE:
            values: tuple[str, ...] = ()
        elif self._is_choice():
            values = self.choices.values
        else:
            values = (self._typed(),)
        return Condition(str(self.field.currentData()), operator, values)

    def _typed(self) -> str:
        """What was typed, as a rule keeps it: amounts and numbers say of which country."""
        text = self.text.text().strip()
        if self.field.currentData() == NUMBER and text:
            return self._number(text)
        currency = self.currency.currentData()
        is_whole = not text or not currency or not self._is_money()
        return text if is_whole or (read_sum(text) or (0, ""))[1] else f"{text} {currency}"

    def _number(self, text: str) -> str:
        started = number_start(text, self._line)
        is_inside = self.operator.currentData() == Operator.CONTAINS and text[:1] not in "+0"
        return number_digits(text) if is_inside else started or text

    def _fill(self, one: Condition) -> None:
        self.field.setCurrentIndex(self.field.findData(one.field))
        self._offer_operators(one.operator)
        self._offer_choices(one.values)
        self._show_text(one.values)
        self._show_value()

    def _show_text(self, values: tuple[str, ...]) -> None:
        text = "" if self._is_choice() else ", ".join(values)
        currency = (read_sum(text) or (0, ""))[1] if self._is_money() else ""
        known = dict.fromkeys((*CURRENCIES, *([currency] if currency else [])))
        for title, code in (_ANY_CURRENCY, *((one, one) for one in known)):
            self.currency.addItem(title, code)
        self.currency.setCurrentIndex(self.currency.findData(currency))
        self.text.setText(text.removesuffix(f" {currency}") if currency else text)

    def _is_money(self) -> bool:
        known = self._known()
        return known is not None and known.kind is FieldKind.MONEY

    def _known(self) -> SegmentField | None:
        return self._fields.get(str(self.field.currentData()))

    def _is_choice(self) -> bool:
        known = self._known()
        return known is not None and known.kind is FieldKind.CHOICE

    def _offer_operators(self, wanted: Operator) -> None:
        known = self._known()
        offered = OPERATORS[known.kind] if known else (wanted,)
        self.operator.clear()
        for one in offered:
            self.operator.addItem(OPERATOR_WORDS[one], one.value)
        self.operator.setCurrentIndex(max(self.operator.findData(wanted.value), 0))

    def _offer_choices(self, chosen: tuple[str, ...]) -> None:
        known = self._known()
        offered: dict[str, str] = {}
        if known is not None and known.picklist is not None:
            offered = {one.key: one.title for one in self._lists.offered(known.picklist)}
        elif known is not None:
            offered = {text: text for text in known.choices}
        if self._is_choice():
            offered |= {text: text for text in chosen if text not in offered}
            self.choices.offer(offered, chosen)

    def _show_value(self) -> None:
        operator = Operator(self.operator.currentData())
        needs = operator not in _WITHOUT_VALUE
        self.choices.setVisible(needs and self._is_choice())
        self.text.setVisible(needs and not self._is_choice())
        self.currency.setVisible(needs and self._is_money())
        self.text.setPlaceholderText(self._hint(operator))

    def _hint(self, operator: Operator) -> str:
        known = self._known()
        kind = known.kind if known else FieldKind.TEXT
        if kind is FieldKind.DAY:
            return "days, e.g. 90" if operator in _DAYS else "e.g. 2026-05-31"
        if self.field.currentData() == NUMBER:
            return "e.g. 030 or +49 30"
        if kind is FieldKind.MONEY:
            return "e.g. 1,200"
        return "a number" if kind is FieldKind.NUMBER else ""

    @Slot()
    def _field_chosen(self) -> None:
        known = self._known()
        self.operator.blockSignals(True)
        self._offer_operators(OPERATORS[known.kind][0] if known else Operator.FILLED)
        self.operator.blockSignals(False)
        self._offer_choices(())
        self._show_value()
        self.changed.emit()

    @Slot()
    def _operator_chosen(self) -> None:
        self._show_value()
        self.changed.emit()


class _ChoicesMenu(QMenu):
    """Space chooses and the menu stays open for the next; Enter chooses and closes it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Qt's own knows Enter only."""
        present = self.activeAction()
        if event.key() == Qt.Key.Key_Space and present is not None:
            present.trigger()
        else:
            super().keyPressEvent(event)


class _ChoicesButton(QPushButton):
    """Several of a list; the menu opens with Space."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Value")
        self.setMenu(_ChoicesMenu(self))
        self._actions: dict[str, QAction] = {}

    @property
    def values(self) -> tuple[str, ...]:
        """Those that are chosen."""
        return tuple(key for key, one in self._actions.items() if one.isChecked())

    def offer(self, offered: Mapping[str, str], chosen: tuple[str, ...]) -> None:
        """Offers values with their titles."""
        self.menu().clear()
        self._actions = {}
        for key, title in offered.items():
            made = self.menu().addAction(unmarked(title))
            made.setCheckable(True)
            made.setChecked(key in chosen)
            made.toggled.connect(self._show)
            made.toggled.connect(self.changed)
            self._actions[key] = made
        self._show()

    @Slot()
    def _show(self) -> None:
        titles = [one.text() for one in self._actions.values() if one.isChecked()]
        self.setText(" or ".join(titles) or "Choose…")
