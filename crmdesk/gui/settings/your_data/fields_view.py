"""The fields of the company's own: added, renamed, ordered, retired, deleted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crmdesk.desk.planning import edits
from crmdesk.desk.planning.edits import Edit
from crmdesk.desk.planning.steps import change_fields
from crmdesk.domain.importing import CustomField
from crmdesk.gui.models.plan_words import field_note
from crmdesk.gui.settings.item_list import ItemList
from crmdesk.gui.settings.your_data.field_dialog import FieldDialog
from crmdesk.gui.settings.your_data.plan_desk import PlanDesk
from crmdesk.gui.settings.your_data.remove_dialog import remove_field_dialog
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.selection import select_row, selected_row
from crmdesk.gui.widgets.text import joined


class FieldsView(QWidget):
    """A list of them, in the order of page and form."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._desk = desk
        self.up = button("Up", icon="up", tip=f"Earlier  ({keys.MOVE_UP.sequence})")
        self.down = button("Down", icon="down", tip=f"Later  ({keys.MOVE_DOWN.sequence})")
        self.list = ItemList(
            "Fields of your own",
            "form",
            ("No field of your own yet.", "Add… makes one: every customer has it from then on."),
            self.up,
            self.down,
        )
        self.list.stack.setMinimumHeight(5 * Size.ROW_TALL)
        self.setLayout(column(self.list, spacing=Space.NONE))
        self.list.add.clicked.connect(self._add)
        self.list.edit.clicked.connect(self._edit)
        self.list.remove.clicked.connect(self._remove)
        for made, key, step in (
            (self.up, keys.MOVE_UP, -1),
            (self.down, keys.MOVE_DOWN, 1),
        ):
            made.clicked.connect(partial(self._move, step))
            QShortcut(QKeySequence(key.sequence), self).activated.connect(partial(self._move, step))
        desk.read_anew.connect(self.show_plan)
        self.show_plan()

    @Slot()
    def show_plan(self) -> None:
        """Shows the fields as they are now."""
        self.list.show_cells([_cell(one) for one in self._desk.plan.fields])

    def _field(self, step: int = 0) -> CustomField | None:
        place, known = selected_row(self.list.view) + step, self._desk.plan.fields
        return known[place] if 0 <= place < len(known) else None

    def _change(self, edit: Edit[CustomField]) -> None:
        self._desk.do(change_fields(edit, self._desk.desk.agent()))

    @Slot()
    def _add(self) -> None:
        dialog = FieldDialog(self.window(), self._desk.plan.fields)
        dialog.chosen.connect(lambda field: self._change(partial(edits.added, item=field)))
        dialog.open()

    @Slot()
    def _edit(self) -> None:
        if (field := self._field()) is not None:
            dialog = FieldDialog(self.window(), self._desk.plan.fields, field)
            dialog.chosen.connect(partial(self._keep, field))
            dialog.open()

    def _keep(self, before: CustomField, after: CustomField) -> None:
        self._change(partial(edits.edited, before=before, after=after))

    def _move(self, step: int) -> None:
        field, beside = self._field(), self._field(step)
        if field is not None and beside is not None:
            select_row(self.list.view, selected_row(self.list.view) + step)
            self._change(partial(edits.moved, item=field, beside=beside))

    @Slot()
    def _remove(self) -> None:
        if (field := self._field()) is None:
            return
        dialog = remove_field_dialog(self.window(), self._desk.desk.store, field)
        dialog.removal_wanted.connect(lambda: self._change(partial(edits.removed, item=field)))
        dialog.retirement_wanted.connect(lambda: self._keep(field, replace(field, is_retired=True)))
        dialog.open()


def _cell(one: CustomField) -> Cell:
    note = field_note(one)
    tone = "muted" if one.is_retired else "text"
    return Cell(one.title, note, tone=tone, icon="form", tip=joined((one.title, note)))
