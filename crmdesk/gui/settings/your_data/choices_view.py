"""The picklists: which there are, and the choices of one of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crmdesk.desk.planning import edits
from crmdesk.desk.planning.edits import Edit
from crmdesk.desk.planning.steps import change_choices, use_own_choices
from crmdesk.domain.planning import DEFAULTS, FIXED, Choice, PicklistKey
from crmdesk.gui.models.plan_words import PICKLISTS, choice_note
from crmdesk.gui.settings.item_list import ItemList
from crmdesk.gui.settings.your_data.choice_dialog import ChoiceDialog
from crmdesk.gui.settings.your_data.plan_desk import PlanDesk
from crmdesk.gui.settings.your_data.remove_dialog import RemoveChoiceDialog
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.fields import Field, combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import joined, set_tooltip

_FIXED = "The program acts on these: they can be renamed, coloured and moved."
_TONE_ICONS = {"good": "check-circle", "warn": "warning", "bad": "error"}


class ChoicesView(QWidget):
    """One list at a time."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._desk = desk
        self.which = combo_box(((text, key) for key, text in PICKLISTS.items()), name="List")
        self._which_field = Field("List", self.which)
        self.up = button("Up", icon="up", tip=f"Earlier  ({keys.MOVE_UP.sequence})")
        self.down = button("Down", icon="down", tip=f"Later  ({keys.MOVE_DOWN.sequence})")
        self.list = ItemList("Choices", "filter", ("No choice.", ""), self.up, self.down)
        self.list.stack.setMinimumHeight(4 * Size.ROW_TALL)
        self.defaults = button("Use the program's own", "quiet")
        self.setLayout(column(self._which_field, self.list, row(1, self.defaults), spacing=Space.M))
        self._connect()
        self.show_plan()

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(self._show_other)
        self.list.add.clicked.connect(self._add)
        self.list.edit.clicked.connect(self._edit)
        self.list.remove.clicked.connect(self._remove)
        self.list.view.selectionModel().selectionChanged.connect(self._show_state)
        self.defaults.clicked.connect(self._use_defaults)
        for made, key, step in (
            (self.up, keys.MOVE_UP, -1),
            (self.down, keys.MOVE_DOWN, 1),
        ):
            made.clicked.connect(partial(self._move, step))
            QShortcut(QKeySequence(key.sequence), self).activated.connect(partial(self._move, step))
        self._desk.read_anew.connect(self.show_plan)

    @property
    def key(self) -> PicklistKey:
        """The list that is shown."""
        return PicklistKey(self.which.currentData())

    @Slot()
    def _show_other(self) -> None:
        self.show_plan()
        select_row(self.list.view, 0)

    @Slot()
    def show_plan(self) -> None:
        """Shows the choices as they are now."""
        choices = self._choices()
        self.list.show_cells([_cell(self.key, one) for one in choices])
        self._which_field.set_hint(_FIXED if self.key in FIXED else "")
        self.defaults.setEnabled(choices != DEFAULTS[self.key])
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        is_fixed = self.key in FIXED
        self.list.add.setEnabled(not is_fixed)
        if is_fixed:
            self.list.remove.setEnabled(False)
        for made in (self.list.add, self.list.remove):
            set_tooltip(made, _FIXED if is_fixed else made.accessibleName())

    def _choices(self) -> tuple[Choice, ...]:
        return self._desk.plan.picklists.lists[self.key]

    def _choice(self, step: int = 0) -> Choice | None:
        place, known = selected_row(self.list.view) + step, self._choices()
        return known[place] if 0 <= place < len(known) else None

    def _change(self, edit: Edit[Choice]) -> None:
        self._desk.do(change_choices(self.key, edit, self._desk.desk.agent()))

    @Slot()
    def _add(self) -> None:
        dialog = ChoiceDialog(self.window(), self.key, self._choices())
        dialog.chosen.connect(lambda choice: self._change(partial(edits.added, item=choice)))
        dialog.open()

    @Slot()
    def _edit(self) -> None:
        if (choice := self._choice()) is not None:
            dialog = ChoiceDialog(self.window(), self.key, self._choices(), choice)
            dialog.chosen.connect(partial(self._keep, choice))
            dialog.open()

    def _keep(self, before: Choice, after: Choice) -> None:
        self._change(partial(edits.edited, before=before, after=after))

    def _move(self, step: int) -> None:
        choice, beside = self._choice(), self._choice(step)
        if choice is not None and beside is not None:
            select_row(self.list.view, selected_row(self.list.view) + step)
            self._change(partial(edits.moved, item=choice, beside=beside))

    @Slot()
    def _remove(self) -> None:
        choice, desk = self._choice(), self._desk.desk
        if choice is None:
            return
        others = tuple(one for one in self._choices() if one.key != choice.key)
        dialog = RemoveChoiceDialog(
            self.window(), desk.store, self.key, choice, others, desk.agent()
        )
        dialog.removal_wanted.connect(lambda: self._change(partial(edits.removed, item=choice)))
        dialog.retirement_wanted.connect(
            lambda: self._keep(choice, replace(choice, is_retired=True))
        )
        dialog.replaced.connect(self._desk.wrote)
        dialog.open()

    @Slot()
    def _use_defaults(self) -> None:
        self._desk.do(use_own_choices(self.key, self._desk.desk.agent()))


def _cell(key: PicklistKey, one: Choice) -> Cell:
    note = choice_note(key, one)
    icon = _TONE_ICONS.get(one.tone, "dot")
    tone = "muted" if one.is_retired else "text"
    tip = joined((one.title, note))
    return Cell(one.title, note, tone=tone, icon=icon, icon_tone=one.tone or "muted", tip=tip)
