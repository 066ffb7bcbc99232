"""The ladder as a list: each rung a switch with its sentence, to be moved up and down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QSpinBox, QToolButton, QWidget

from crmdesk.desk.rule_lab.texts import limits
from crmdesk.gui.pages.matching.words import RUNGS
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_button, shown_key
from crmdesk.gui.widgets.fields import check_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_tooltip
from crmdesk.settings.model import Rung

_FIGURES: Final[dict[Rung, str]] = {"block": "block_digits", "suffix": "suffix_digits"}
"""Rungs that have a figure, and its name."""

_FIGURE_WIDTH = 3 * Size.ROW + Space.S


class CalmSpinBox(QSpinBox):
    """A figure that the wheel changes only where the keyboard is: pages scroll past it."""

    def __init__(self, name: str, title: str, unit: str = "") -> None:
        super().__init__()
        self.setRange(*limits(name))
        self.setSuffix(unit)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(_FIGURE_WIDTH)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Scrolls the page unless the cursor is in the field."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class RungRow(QFrame):
    """One rung."""

    changed = Signal()

    def __init__(self, rung: Rung, move: Callable[[Rung, int], None]) -> None:
        super().__init__()
        words = RUNGS[rung]
        self.rung = rung
        self.setProperty("kind", "person")
        self.switch = check_box(words.title)
        self.switch.setAccessibleDescription(words.text)
        self.switch.toggled.connect(self._switched)
        self.place = label("", "small", "faint")
        self.place.setFixedWidth(Space.M)
        self.text = label(words.text, "small", "muted", wrap=True)
        self.up = self._mover("up", "Earlier", keys.MOVE_UP, partial(move, rung, -1))
        self.down = self._mover("down", "Later", keys.MOVE_DOWN, partial(move, rung, 1))
        self.figure: CalmSpinBox | None = None
        self._lay_out()

    def _mover(self, icon: str, words: str, key: keys.Key, slot: Callable[[], None]) -> QToolButton:
        made = icon_button(icon, f"{words}: {RUNGS[self.rung].title}")
        set_tooltip(made, words, shown_key(key.sequence))
        made.clicked.connect(slot)
        return made

    def _lay_out(self) -> None:
        head = row(self.place, self.switch, 1, spacing=Space.XS)
        if self.rung in _FIGURES:
            title = f"{RUNGS[self.rung].title}: how many digits"
            self.figure = CalmSpinBox(_FIGURES[self.rung], title, " digits")
            self.figure.valueChanged.connect(self.changed)
            head.addWidget(self.figure)
        head.addWidget(self.up)
        head.addWidget(self.down)
        below = column(self.text)
        indent = self.place.width() + Space.XS + Size.ICON + Space.S
        below.setContentsMargins(indent, Space.NONE, Space.XL, Space.NONE)
        items = column(head, below, spacing=Space.NONE)
        items.setContentsMargins(Space.S, Space.XS, Space.XS, Space.S)
        self.setLayout(items)

    def tab_order(self) -> tuple[QWidget, ...]:
        """Its parts as the Tab key visits them."""
        figure = (self.figure,) if self.figure is not None else ()
        return (self.switch, *figure, self.up, self.down)

    def set_on(self, is_on: bool) -> None:
        """Turns the rung on or off."""
        self.switch.setChecked(is_on)
        if self.figure is not None:
            self.figure.setEnabled(is_on)

    def _switched(self, is_on: bool) -> None:
        self.set_on(is_on)
        self.changed.emit()

    def show_place(self, place: int, last: int, number: int) -> None:
        """Where it stands.

        Args:
            place: From 0, among all.
            last: That of the last one.
            number: From 1, among those that are on.
        """
        is_on = self.switch.isChecked()
        self.place.setText(str(number) if is_on else "")
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < last)
        said = f"rung {number}" if is_on else "off"
        self.switch.setAccessibleName(f"{RUNGS[self.rung].title}, {said}")


class RungList(QWidget):
    """All rungs in the order in which they are tried; those that are off keep their place."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = {rung: RungRow(rung, self.move_rung) for rung in RUNGS}
        self._order: list[Rung] = list(RUNGS)
        self._items = column(spacing=Space.XS)
        self.setLayout(self._items)
        for made in self.rows.values():
            made.changed.connect(self._row_changed)
        for key, step in ((keys.MOVE_UP, -1), (keys.MOVE_DOWN, 1)):
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            bind(self, key, partial(self._move_focused, step), context)
        self._arrange()

    def set_ladder(self, ladder: tuple[Rung, ...]) -> None:
        """Shows a ladder; what it leaves out stands at the end, off."""
        self._order = [*ladder, *(rung for rung in RUNGS if rung not in ladder)]
        for rung, made in self.rows.items():
            made.set_on(rung in ladder)
        self._arrange()

    def focus_first(self) -> None:
        """The keyboard on the first rung."""
        self.rows[self._order[0]].switch.setFocus(Qt.FocusReason.OtherFocusReason)

    def ladder(self) -> tuple[Rung, ...]:
        """The rungs that are on, in their order."""
        return tuple(rung for rung in self._order if self.rows[rung].switch.isChecked())

    def move_rung(self, rung: Rung, step: int) -> None:
        """Moves a rung up (-1) or down (1); the keyboard stays on it."""
        place = self._order.index(rung)
        if not 0 <= place + step < len(self._order):
            return
        focused = QApplication.focusWidget()
        self._order.insert(place + step, self._order.pop(place))
        self._arrange()
        made = self.rows[rung]
        if focused in {made.up, made.down} and not focused.isEnabled():
            made.switch.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _move_focused(self, step: int) -> None:
        focused = QApplication.focusWidget()
        for rung, made in self.rows.items():
            if focused is not None and made.isAncestorOf(focused):
                self.move_rung(rung, step)
                focused.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _row_changed(self) -> None:
        self._number()
        self.changed.emit()

    def _arrange(self) -> None:
        """Puts the rows into their order, for the eye and for the Tab key."""
        before: QWidget | None = None
        for rung in self._order:
            made = self.rows[rung]
            self._items.removeWidget(made)
            self._items.addWidget(made)
            for part in made.tab_order():
                if before is not None:
                    QWidget.setTabOrder(before, part)
                before = part
        self._number()

    def _number(self) -> None:
        number = 0
        for place, rung in enumerate(self._order):
            made = self.rows[rung]
            number += made.switch.isChecked()
            made.show_place(place, len(self._order) - 1, number)
