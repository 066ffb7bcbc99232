"""The three views of the log, with how many calls each holds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from crmdesk.gui.pages.calls.reading import COUNT_LIMIT, View
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import row

_TITLES = {View.TODAY: "Today", View.CALL_BACK: "To call back", View.ALL: "All"}


class ViewsBar(QWidget):
    """Chooses a view; `chosen` tells which."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons = {view: self._button(view) for view in View}
        self._buttons[View.TODAY].setChecked(True)
        self.setLayout(row(*self._buttons.values(), 1, spacing=Space.XS))

    def _button(self, view: View) -> QPushButton:
        made = button(_TITLES[view], "quiet")
        made.setCheckable(True)
        made.clicked.connect(partial(self.chosen.emit, view))
        self._group.addButton(made)
        return made

    def choose(self, view: View) -> None:
        """As if it had been clicked."""
        self._buttons[view].click()

    def set_count(self, view: View, count: int) -> None:
        """Shows how many calls a view holds."""
        figure = f"{COUNT_LIMIT:,}+" if count >= COUNT_LIMIT else f"{count:,}"
        self._buttons[view].setText(f"{_TITLES[view]}  {figure}" if count else _TITLES[view])
        self._buttons[view].setAccessibleName(f"{_TITLES[view]}, {figure} calls")
