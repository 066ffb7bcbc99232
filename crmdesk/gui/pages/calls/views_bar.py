"""The three views of the log, with how many calls each holds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.gui.pages.calls.reading import COUNT_LIMIT, View
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import chip_button, set_chip

_TITLES = {View.TODAY: "Today", View.CALL_BACK: "To call back", View.ALL: "All"}


class ViewsBar(QWidget):
    """Chooses a view; `chosen` tells which."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._chosen = View.TODAY
        self._counts: dict[View, int] = {}
        self._buttons = {view: self._button(view) for view in View}
        self._show()
        self.setLayout(row(*self._buttons.values(), 1, spacing=Space.XS))

    def _button(self, view: View) -> QPushButton:
        made = chip_button(_TITLES[view])
        made.clicked.connect(partial(self.choose, view))
        return made

    def choose(self, view: View) -> None:
        """Chooses a view."""
        self._chosen = view
        self._show()
        self.chosen.emit(view)

    def set_count(self, view: View, count: int) -> None:
        """Shows how many calls a view holds."""
        self._counts[view] = count
        self._show()

    def _show(self) -> None:
        for view, made in self._buttons.items():
            count = self._counts.get(view, 0)
            figure = f"{COUNT_LIMIT:,}+" if count >= COUNT_LIMIT else f"{count:,}"
            text = f"{_TITLES[view]}  {figure}" if count else _TITLES[view]
            set_chip(made, text, "accent" if view is self._chosen else "neutral")
