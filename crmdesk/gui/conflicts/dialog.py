"""Two people changed the same fields: field by field, which value holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QGridLayout, QRadioButton, QWidget

from crmdesk.domain.audit import Conflict
from crmdesk.domain.edits import MINE, THEIRS
from crmdesk.gui.conflicts.words import EditWords
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button, shown_key
from crmdesk.gui.widgets.fields import radio_button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import isolate, joined, label, set_tooltip, set_window_title

_WIDTH = 2 * Size.SIDE_LIST
_HEIGHT = Size.SIDE_LIST
_EMPTY = "nothing"
_LINE, _TEXT = 40, 1_000
"""Characters of a value beside its button; of one that is longer, this many below it."""


class _FieldChoice(QWidget):
    """One field: what it was, and a choice between two values."""

    def __init__(self, conflict: Conflict, words: EditWords, now: datetime) -> None:
        super().__init__()
        self.field = conflict.field
        title = words.title(conflict.field)
        self.setAccessibleName(title)
        said = {
            MINE: words.value(conflict.field, conflict.mine),
            THEIRS: words.value(conflict.field, conflict.theirs),
        }
        who = isolate(words.names.anybody(conflict.who)) if conflict.who else "somebody else"
        at = times.ago(conflict.at, now) if conflict.at else ""
        notes = {MINE: "yours", THEIRS: joined((who, at))}
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        for place, (side, text) in enumerate(said.items()):
            short = _excerpt(text, _LINE) or _EMPTY
            made = radio_button(short)
            made.setAccessibleName(f"{title}: {text or _EMPTY}, {notes[side]}")
            set_tooltip(made, short, str(place + 1))
            self.buttons[side] = made
            self._group.addButton(made)
            grid.addWidget(made, 0, place)
            grid.addWidget(wrapped(f"{place + 1} · {notes[side]}", "small", "muted"), 1, place)
            if short not in (text, _EMPTY):
                whole = text if len(text) <= _TEXT else f"{text[: _TEXT - 1].rstrip()}…"
                grid.addWidget(wrapped(whole, "small"), 2, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
        before = _excerpt(words.value(conflict.field, conflict.base), _LINE) or _EMPTY
        head = row(label(title, "strong"), 1, label(f"was {before}", "small", "muted"))
        self.setLayout(column(head, grid, spacing=Space.XS))

    def chosen(self) -> str:
        """`MINE`, `THEIRS`, or "" while it is open."""
        return next((side for side, made in self.buttons.items() if made.isChecked()), "")

    def has_focus(self) -> bool:
        return any(made.hasFocus() for made in self.buttons.values())

    def focus(self) -> None:
        self.buttons[self.chosen() or MINE].setFocus(Qt.FocusReason.TabFocusReason)


class ConflictDialog(QDialog):
    """Nothing is lost: both values are there until somebody chose for every field.

    Args:
        conflicts: Fields that two people changed to different values.
        words: How fields and values are called.
        now: Aware UTC, for how long ago the other one wrote.

    Signals:
        decided: `MINE` or `THEIRS` by field; all are decided.
    """

    decided = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        conflicts: Sequence[Conflict],
        words: EditWords,
        now: datetime,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Two of you changed this")
        self.choices = [_FieldChoice(one, words, now) for one in conflicts]
        self._lay_out(_sentence(conflicts, words))
        self._bind_keys()
        self._show_state()
        self.choices[0].focus()

    def _lay_out(self, what: str) -> None:
        parts = QWidget()
        body = column(spacing=Space.M)
        for choice in self.choices:
            body.addWidget(choice)
            body.addWidget(rule())
            for made in choice.buttons.values():
                made.toggled.connect(self._show_state)
        body.addStretch(1)
        parts.setLayout(body)
        hint = f"1 takes yours, 2 takes theirs. {shown_key(keys.SAVE.sequence)} saves."
        head = column(
            label(what, "lead-strong", wrap=True),
            label("Choose for each field which value holds.", "body", "muted", wrap=True),
            label(hint, "small", "muted", wrap=True),
            spacing=Space.XS,
        )
        back = button("Back to the form")
        back.setAutoDefault(False)
        back.clicked.connect(self.reject)
        self._left = label("", "small", "muted")
        self._save = button("Save", "primary")
        self._save.setDefault(True)
        self._save.clicked.connect(self.save)
        scroll = scroll_area(parts, name="Fields")
        buttons = row(self._left, 1, back, self._save)
        self.setLayout(column(head, scroll, buttons, spacing=Space.L, margin=Space.XL))
        self.resize(_WIDTH, _HEIGHT + len(self.choices) * Size.ROW)

    def _bind_keys(self) -> None:
        bind(self, keys.SAVE, self.save)
        bind(self, keys.TAKE_MINE, partial(self.take, MINE))
        bind(self, keys.TAKE_THEIRS, partial(self.take, THEIRS))
        bind(self, keys.DOWN, partial(self._move, 1))
        bind(self, keys.UP, partial(self._move, -1))

    def take(self, side: str) -> None:
        """Chooses for the field the keyboard is at, and goes on to the next one."""
        here = self._here()
        self.choices[here].buttons[side].setChecked(True)
        still_open = [place for place, one in enumerate(self.choices) if not one.chosen()]
        after = [place for place in still_open if place > here]
        if still_open:
            self.choices[(after or still_open)[0]].focus()
        else:
            self._save.setFocus(Qt.FocusReason.TabFocusReason)

    def save(self) -> None:
        """Tells what was decided, once everything is."""
        chosen = {one.field: one.chosen() for one in self.choices}
        if all(chosen.values()):
            self.decided.emit(chosen)
            self.accept()

    def _here(self) -> int:
        return next((place for place, one in enumerate(self.choices) if one.has_focus()), 0)

    def _move(self, step: int) -> None:
        place = max(0, min(len(self.choices) - 1, self._here() + step))
        self.choices[place].focus()

    def _show_state(self) -> None:
        left = sum(not one.chosen() for one in self.choices)
        self._save.setEnabled(not left)
        self._left.setText(f"{left} to choose" if left else "")


def _excerpt(text: str, longest: int) -> str:
    """One line of a text."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _sentence(conflicts: Sequence[Conflict], words: EditWords) -> str:
    people = sorted({words.names.anybody(one.who) for one in conflicts if one.who})
    who = " and ".join(map(isolate, people)) or "Somebody else"
    fields = "a field" if len(conflicts) == 1 else f"{len(conflicts)} fields"
    return f"{who} changed {fields} that you changed too."
