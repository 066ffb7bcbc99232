"""One step of a history: who, when, what, and from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.domain.audit import HistoryStep, RowFate, RowHistory
from crmdesk.domain.changes import ChangeKind
from crmdesk.gui.models.history_words import FieldChange, HistoryWords
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import isolate, joined, label, set_tooltip

_MOST_FIELDS = 12
"""Fields of a row that are shown; a new ticket has no more that say something."""
_NOTHING = "nothing"
_ELSEWHERE = {
    ChangeKind.IMPORT: "Brought in with other customers: an import is taken back as a whole, in "
    "the list of changes.",
    ChangeKind.MERGE: "About two customers: a merge is taken apart in the list of changes.",
}
"""Steps that are about several customers, and why they are not taken back from here."""
_NOBODY = {ChangeKind.IMPORT: "An import"}
"""Who did what nobody is named for."""


class StepWidget(QWidget):
    """Shows a step.

    Args:
        step: With this customer's rows.
        words: How fields and values are called.

    Signals:
        field_wanted: A row and a column shall be as before; "" for the whole row.
        undo_wanted: The whole step shall be taken back.
        changes_wanted: The list of changes shall be shown, where all of the step is seen.
    """

    field_wanted = Signal(object, str)
    undo_wanted = Signal(object)
    changes_wanted = Signal()

    def __init__(self, step: HistoryStep, words: HistoryWords) -> None:
        super().__init__()
        self._step, self._words = step, words
        who = words.names.anybody(step.who) or _NOBODY.get(step.kind, "Nobody known")
        self.setAccessibleName(joined((who, times.full(step.at), step.title)))
        head = row(label(isolate(who), "strong"), spacing=Space.S)
        head.addWidget(label(times.full(step.at), "small", "muted"))
        head.addStretch(1)
        if step.is_undone:
            head.addWidget(chip("Taken back", "neutral"))
        elif step.kind in _ELSEWHERE:
            show = button("Show in the list of changes", "link")
            show.setAccessibleName(f"Show in the list of changes: {step.title}")
            show.clicked.connect(self.changes_wanted)
            head.addWidget(show)
        else:
            undo = button("Undo this step", "link")
            undo.setAccessibleName(f"Undo: {step.title}")
            undo.clicked.connect(partial(self.undo_wanted.emit, step))
            head.addWidget(undo)
        parts = [wrapped(step.title, "body", "muted"), *self._why_elsewhere(), *self._rows()]
        self.setLayout(column(head, *parts, spacing=Space.XS))

    def _why_elsewhere(self) -> Iterator[QWidget]:
        why = _ELSEWHERE.get(self._step.kind)
        if why and not self._step.is_undone:
            yield wrapped(why, "small", "muted")

    def _rows(self) -> Iterator[QWidget]:
        for line in self._step.rows:
            changes = self._words.changes(line)[:_MOST_FIELDS]
            if changes or line.fate is not RowFate.CHANGED:
                yield self._row(line, changes)

    def _row(self, line: RowHistory, changes: tuple[FieldChange, ...]) -> QWidget:
        made = QWidget()
        grid = QGridLayout()
        grid.setContentsMargins(Space.L, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnMinimumWidth(0, Size.FIELD // 2)
        grid.setColumnStretch(1, 1)
        is_whole = line.fate is not RowFate.CHANGED
        for place, one in enumerate(changes):
            grid.addWidget(label(one.title, "body", "muted"), place, 0)
            grid.addWidget(wrapped(_from_to(one, line.fate)), place, 1)
            if not is_whole and not self._step.is_undone:
                grid.addWidget(self._set_back(line, one), place, 2)
        head = row(label(self._title(line), "small-strong"), 1)
        if is_whole and not self._step.is_undone:
            head.addWidget(self._set_row_back(line))
        made.setLayout(column(head, grid, spacing=Space.HAIR))
        return made

    def _title(self, line: RowHistory) -> str:
        name = self._words.customers.get(line.row_id, "")
        if line.table in {"customer", "custom_value"}:
            name = ""
        return joined((self._words.row_title(line), name))

    def _set_back(self, line: RowHistory, one: FieldChange) -> QWidget:
        made = button("Set back", "link")
        words = f"Set {one.title} back to {one.before or _NOTHING}"
        made.setAccessibleName(words)
        set_tooltip(made, words)
        made.clicked.connect(partial(self.field_wanted.emit, line, one.field))
        return made

    def _set_row_back(self, line: RowHistory) -> QWidget:
        words = "Bring back" if line.fate is RowFate.REMOVED else "Remove"
        made = button(words, "link")
        made.setAccessibleName(f"{words}: {self._title(line)}")
        made.clicked.connect(partial(self.field_wanted.emit, line, ""))
        return made


def _from_to(one: FieldChange, fate: RowFate) -> str:
    after = isolate(one.after) or _NOTHING
    if fate is RowFate.ADDED:
        return after
    return f"{isolate(one.before) or _NOTHING} → {after}"
