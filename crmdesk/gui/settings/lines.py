"""Section "Phone lines": the list, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec
from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStackedLayout, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.line_dialog import LineDialog
from crmdesk.gui.settings.line_secrets import NoPlaceForSecretsError
from crmdesk.gui.settings.section import Section
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import CELL, Cell, TallCellDelegate
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import EmptyState, Question
from crmdesk.settings.model import LineSettings

_LINE_ID: Final = Qt.ItemDataRole.UserRole + 2
_STATES: Final = {
    LineState.OFF: ("off", "stop", "muted"),
    LineState.CONNECTING: ("connecting…", "refresh", "accent"),
    LineState.READY: ("connected", "check-circle", "good"),
    LineState.DEGRADED: ("works, could be better", "warning", "warn"),
    LineState.RETRYING: ("not reachable, tries again", "warning", "warn"),
    LineState.REFUSED: ("refused", "error", "bad"),
}
_KINDS: Final = {
    "asterisk": "Asterisk",
    "softphone": "Softphone",
    "simulator": "Simulated calls",
}


class LinesSection(Section):
    """All phone lines with their health."""

    title = "Phone lines"
    icon = "phone"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(book, "Where the calls come from.")
        self._model = QStandardItemModel(self)
        self.list = list_view(self._model, name="Phone lines")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.setMinimumHeight(6 * Size.ROW_TALL)
        self._empty = EmptyState(
            "phone",
            "No phone line yet",
            "Add the phone system that rings your phones, or simulated calls to practise.",
        )
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.refresh()

    def _make_buttons(self) -> None:
        self.add = button("Add…", icon="plus", key="Ctrl+N", tip="Add a phone line")
        self.edit = button("Edit…", icon="edit", tip="Edit (Enter)")
        self.test = button("Test…", icon="refresh", tip="Test this line")
        self.again = button("Connect again", icon="refresh", tip="Log in to this line once more")
        self.switch = button("Turn off")
        self.remove = button("Remove…", icon="delete", tip="Remove this line (Delete)")

    def _lay_out(self) -> None:
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        buttons = row(self.add, self.edit, self.test, self.again, self.switch, self.remove, 1)
        self.body.addLayout(column(buttons, holder, spacing=Space.M))

    def _connect(self) -> None:
        self.add.clicked.connect(self.add_line)
        self.edit.clicked.connect(self.edit_line)
        self.test.clicked.connect(self.test_line)
        self.again.clicked.connect(self._connect_again)
        self.switch.clicked.connect(self._switch)
        self.remove.clicked.connect(self.ask_to_remove)
        self.list.activated.connect(self._activated)
        self.list.selectionModel().currentChanged.connect(self._show_buttons)

    def refresh(self) -> None:
        """Shows the lines as they are; the chosen one stays chosen."""
        chosen = self.chosen()
        self._model.clear()
        for line in self.book.settings.lines:
            self._model.appendRow(_item(line, self.book.core.health.get(line.id)))
        lines = self.book.settings.lines
        ids = [line.id for line in lines]
        at = ids.index(chosen.id) if chosen is not None and chosen.id in ids else 0
        self.list.setCurrentIndex(self._model.index(at, 0))
        self._stack.setCurrentIndex(0 if lines else 1)
        self._show_buttons()

    def chosen(self) -> LineSettings | None:
        """The line the list is on."""
        line_id = self.list.currentIndex().data(_LINE_ID)
        return self.book.settings.line(line_id) if line_id else None

    # --- doing ---------------------------------------------------------------------------

    @Slot()
    def add_line(self) -> LineDialog:
        """Opens the form for a new line."""
        return self._open(None)

    @Slot()
    def edit_line(self) -> LineDialog | None:
        """Opens the form of the chosen line."""
        line = self.chosen()
        return self._open(line) if line else None

    @Slot()
    def test_line(self) -> None:
        """Opens the form of the chosen line and starts its test."""
        dialog = self.edit_line()
        if dialog is not None:
            dialog.run_test()

    @Slot()
    def ask_to_remove(self) -> None:
        """Asks, and then takes the chosen line out."""
        line = self.chosen()
        if line is None:
            return
        question = Question(
            self.window(),
            "Remove a phone line",
            f"Remove “{line.name}”?",
            "Its password is forgotten. The calls that came over it stay in the log.",
            answer="Remove",
            cancel="Keep it",
            danger=True,
        )
        question.accepted.connect(partial(self.book.remove_line, line.id))
        question.open()

    def _open(self, line: LineSettings | None) -> LineDialog:
        book = self.book
        dialog = LineDialog(self.window(), book.runtime, book.settings, line, book.core.vault)
        dialog.accepted_line.connect(partial(self._save, dialog))
        dialog.open()
        return dialog

    def _save(self, dialog: LineDialog, line: LineSettings, secret: str) -> None:
        def then(error: UserFacingError | None) -> None:
            if error is None:
                dialog.accept()
            else:
                dialog.show_error(error)

        self.book.put_line(line, self._keep(line.secret_ref, secret), then)

    def _keep(self, ref: str, secret: str) -> Callable[[], object] | None:
        if not ref or not secret:
            return None
        vault = self.book.core.vault

        def keep() -> None:
            if vault is None:
                raise NoPlaceForSecretsError
            vault.set(ref, secret)

        return keep

    @Slot()
    def _connect_again(self) -> None:
        line = self.chosen()
        if line is not None:
            self.book.reconnect(line.id)

    @Slot()
    def _switch(self) -> None:
        line = self.chosen()
        if line is not None:
            self.book.put_line(msgspec.structs.replace(line, enabled=not line.enabled))

    @Slot(QModelIndex)
    def _activated(self, _index: QModelIndex) -> None:
        self.edit_line()

    @Slot()
    def _show_buttons(self) -> None:
        line = self.chosen()
        for each in (self.edit, self.test, self.switch, self.remove):
            each.setEnabled(line is not None)
        self.test.setEnabled(line is not None and line.system != "softphone")
        self.again.setVisible(line is not None and self._is_refused(line))
        self.switch.setText("Turn off" if line is None or line.enabled else "Turn on")

    def _is_refused(self, line: LineSettings) -> bool:
        """A line that was refused does not try again by itself."""
        health = self.book.core.health.get(line.id)
        return line.enabled and health is not None and health.state is LineState.REFUSED


def _item(line: LineSettings, health: LineHealth | None) -> QStandardItem:
    word, icon, tone = _state(line, health)
    what = [_KINDS[line.system]]
    if line.system == "asterisk":
        what.append(f"{line.host}, port {line.port}" + ("" if line.tls else ", not encrypted"))
    if health is not None and line.enabled and health.message:
        what = [health.message]
    second = " · ".join(what)
    item = QStandardItem(line.name)
    item.setData(Cell(line.name, second, word, icon=icon, icon_tone=tone), CELL)
    item.setData(line.id, _LINE_ID)
    item.setData(f"{line.name}, {word}, {second}", Qt.ItemDataRole.AccessibleTextRole)
    return item


def _state(line: LineSettings, health: LineHealth | None) -> tuple[str, str, str]:
    """Word, icon and tone."""
    if not line.enabled:
        return _STATES[LineState.OFF]
    if health is not None:
        return _STATES[health.state]
    if line.system == "softphone":
        return ("waits for your softphone", "headset", "muted")
    return ("not connected yet", "clock", "muted")
