"""Edits a rule: conditions of which all or any have to hold, and groups of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.domain.planning import Picklists
from crmdesk.domain.segments import MOST_CONDITIONS, OPERATORS, Condition, Group, SegmentField
from crmdesk.gui.segments.condition_row import ConditionRow
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, icon_button
from crmdesk.gui.widgets.fields import combo_box
from crmdesk.gui.widgets.focus import tab_stops, tab_through
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label
from crmdesk.matching.numbers import LineRules

_ALL_OR_ANY = (("all of these hold", False), ("any of these holds", True))


class RuleEdit(QWidget):
    """A group of conditions; the outermost one may hold further groups.

    Args:
        rule: As it is.
        fields: What may be asked.
        lists: The choices in force.
        line: How numbers are dialled here.
        is_inner: Whether it stands inside another.

    Signals:
        changed: The rule is another one.
        removed: An inner group shall go.
    """

    changed = Signal()
    removed = Signal()

    def __init__(
        self,
        rule: Group,
        fields: Mapping[str, SegmentField],
        lists: Picklists,
        line: LineRules | None = None,
        *,
        is_inner: bool = False,
    ) -> None:
        super().__init__()
        self._fields = fields
        self._lists = lists
        self._line = line
        self._is_inner = is_inner
        self.items: list[ConditionRow | RuleEdit] = []
        self._away: QWidget | None = None
        self.match = combo_box(_ALL_OR_ANY, name="How many of them")
        self.match.setCurrentIndex(int(rule.is_any))
        self.match.currentIndexChanged.connect(self.changed)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.add = button("Add a condition", icon="plus")
        self.add.clicked.connect(self._add_condition)
        self.add_group = button("Add a group", icon="plus")
        self.add_group.clicked.connect(self._add_group)
        self.add_group.setVisible(not is_inner)
        self._lay_out()
        for one in rule.items:
            self._append(one)
        if not is_inner:
            self.changed.connect(self._order)
            self._order()

    def _lay_out(self) -> None:
        words = "for whom" if self._is_inner else "Customers for whom"
        head = row(label(words, "body", "muted"), self.match, 1, spacing=Space.S)
        if self._is_inner:
            away = icon_button("delete", "Remove this group")
            away.clicked.connect(self.removed)
            head.addWidget(away)
            self._away = away
        made = column(head, self._list, row(self.add, self.add_group, 1), spacing=Space.S)
        if self._is_inner:
            made.setContentsMargins(Space.XL, Space.NONE, Space.NONE, Space.NONE)
        self.setLayout(made)

    def stops(self) -> list[QWidget]:
        """What Tab stops at, from the top to the bottom."""
        found: list[QWidget] = [self.match, *((self._away,) if self._away else ())]
        for one in self.items:
            found += one.stops() if isinstance(one, RuleEdit) else tab_stops(one)
        return [*found, self.add, self.add_group]

    @Slot()
    def _order(self) -> None:
        tab_through(self.stops())

    def rule(self) -> Group:
        """The rule as it is chosen."""
        items = (
            one.condition() if isinstance(one, ConditionRow) else one.rule() for one in self.items
        )
        return Group(tuple(items), bool(self.match.currentData()))

    def _append(self, one: Condition | Group) -> ConditionRow | RuleEdit:
        made: ConditionRow | RuleEdit
        if isinstance(one, Condition):
            made = ConditionRow(one, self._fields, self._lists, self._line)
        else:
            made = RuleEdit(one, self._fields, self._lists, self._line, is_inner=True)
        made.changed.connect(self.changed)
        made.removed.connect(partial(self._remove, made))
        self.items.append(made)
        self._list.addWidget(made)
        return made

    def _first(self) -> Condition:
        """What a new row begins with."""
        name, known = next(iter(self._fields.items()))
        return Condition(name, OPERATORS[known.kind][0])

    @Slot()
    def _add_condition(self) -> None:
        if len(self.items) < MOST_CONDITIONS:
            made = self._append(self._first())
            self.changed.emit()
            if isinstance(made, ConditionRow):
                made.field.setFocus()

    @Slot()
    def _add_group(self) -> None:
        if len(self.items) < MOST_CONDITIONS:
            made = self._append(Group((self._first(),), is_any=True))
            self.changed.emit()
            if isinstance(made, RuleEdit):
                made.match.setFocus()

    def _remove(self, gone: ConditionRow | RuleEdit) -> None:
        self.items.remove(gone)
        gone.hide()
        gone.deleteLater()
        self.add.setFocus()
        self.changed.emit()
