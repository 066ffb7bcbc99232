"""Rows of the customer form that there may be several of: numbers and e-mails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_button
from crmdesk.gui.widgets.card_guard import guard_line
from crmdesk.gui.widgets.fields import combo_box, line_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import label, set_property, set_tone

Check = Callable[[str, str], tuple[str, str]]
"""From text and label to what is shown beside the field, and its tone."""


class ContactRow(QWidget):
    """A label, a value, what the program makes of it."""

    changed = Signal()
    removal_wanted = Signal()

    def __init__(self, name: str, labels: Iterable[tuple[str, object]], check: Check) -> None:
        super().__init__()
        self._check = check
        self.kind = combo_box(labels, name=f"Kind of {name}")
        self.kind.setFixedWidth(Size.FIELD // 2)
        self.edit = line_edit(name=name.capitalize())
        self.note = label("", "small", "muted", wrap=True)
        self._remove = icon_button("close", f"Remove this {name}")
        self._remove.clicked.connect(self.removal_wanted)
        self.edit.textChanged.connect(self._show_note)
        guard_line(self.edit).masked.connect(self._say_masked, Qt.ConnectionType.QueuedConnection)
        self.kind.currentIndexChanged.connect(self.changed)
        fields = row(self.kind, self.edit, self._remove)
        notes = row(spacing=Space.S)
        notes.addSpacing(Size.FIELD // 2 + Space.S)
        notes.addWidget(self.note, 1)
        self.setLayout(column(fields, notes, spacing=Space.HAIR))
        self.note.hide()

    def fill(self, text: str, kind: str) -> None:
        """Shows a value; a label nobody knows is offered too."""
        if self.kind.findData(kind) < 0:
            self.kind.addItem(kind, kind)
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.edit.setText(text)

    def value(self) -> tuple[str, str]:
        """What is typed, and its label."""
        return self.edit.text().strip(), str(self.kind.currentData())

    def is_wrong(self) -> bool:
        """Whether it cannot be saved like this."""
        return self._check(*self.value())[1] == "bad"

    def _say_masked(self, words: str) -> None:
        self.say(words, "warn")

    def _show_note(self) -> None:
        self.say(*self._check(*self.value()))
        self.changed.emit()

    def say(self, note: str, tone: str = "bad") -> None:
        """Says something of the value, under it."""
        self.note.setText(note)
        set_shown(self.note, bool(note))
        set_tone(self.note, tone)
        set_property(self.edit, "invalid", "true" if tone == "bad" else "false")
        self.edit.setAccessibleDescription(note)


class ContactRows(QWidget):
    """Any number of rows and a button for one more."""

    changed = Signal()

    def __init__(self, name: str, labels: Iterable[tuple[str, object]], check: Check) -> None:
        super().__init__()
        self._name, self._labels, self._check = name, tuple(labels), check
        self._rows: list[ContactRow] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(Space.S)
        add = button(f"Add {name}", "link", icon="plus")
        add.clicked.connect(self._add_and_focus)
        self.setLayout(column(self._box, row(add, 1), spacing=Space.XS))

    def add(self, text: str = "", kind: str = "") -> ContactRow:
        """Adds a row."""
        made = ContactRow(self._name, self._labels, self._check)
        made.fill(text, kind or str(self._labels[0][1]))
        made.changed.connect(self.changed)
        made.removal_wanted.connect(partial(self._remove, made))
        self._rows.append(made)
        self._box.addWidget(made)
        return made

    def fill(self, values: Iterable[tuple[str, str]]) -> None:
        """Shows these rows, and no others."""
        for made in self._rows:
            made.hide()
            made.deleteLater()
        self._rows.clear()
        for text, kind in values:
            self.add(text, kind)

    def ask(self) -> QWidget:
        """The field of the first row, which says that it is needed."""
        made = self._rows[0] if self._rows else self.add()
        made.say(f"One {self._name} is needed.")
        return made.edit

    def rows(self) -> tuple[ContactRow, ...]:
        """All rows."""
        return tuple(self._rows)

    def values(self) -> list[tuple[str, str]]:
        """Text and label of the rows that have a text."""
        return [made.value() for made in self._rows if made.value()[0]]

    def first_wrong(self) -> QWidget | None:
        """The field of the first row that cannot be saved."""
        return next((made.edit for made in self._rows if made.is_wrong()), None)

    def _add_and_focus(self) -> None:
        self.add().edit.setFocus()

    def _remove(self, made: ContactRow) -> None:
        self._rows.remove(made)
        made.hide()
        made.deleteLater()
        self.changed.emit()
