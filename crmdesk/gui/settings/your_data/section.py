"""Section "Your data": fields of your own, choices, what is required, order of the blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.your_data.blocks_view import BlocksView
from crmdesk.gui.settings.your_data.choices_view import ChoicesView
from crmdesk.gui.settings.your_data.fields_view import FieldsView
from crmdesk.gui.settings.your_data.plan_desk import PlanDesk
from crmdesk.gui.settings.your_data.required_view import RequiredView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.messages import Banner

_PARTS: dict[str, tuple[str, Callable[[PlanDesk], QWidget]]] = {
    "fields": ("Fields", FieldsView),
    "choices": ("Choices", ChoicesView),
    "required": ("Required", RequiredView),
    "blocks": ("Blocks", BlocksView),
}


class YourDataSection(Section):
    """What the company decides about its data; every window follows at once.

    Signals:
        plan_changed: The plan in the store is another one.
    """

    title = "Your data"
    icon = "form"
    plan_changed = Signal()

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book,
            "Which data you keep of customers, what can be chosen, and what is shown first. It"
            " holds for everybody, at once.",
        )
        self.desk = PlanDesk(book, self)
        self.undo_bar = UndoBar(self.desk.steps)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.bar = ChipBar({name: title for name, (title, _) in _PARTS.items()})
        self.parts = {name: make(self.desk) for name, (_, make) in _PARTS.items()}
        self._stack = QStackedWidget()
        for part in self.parts.values():
            self._stack.addWidget(part)
        for widget in (self.trouble, self.undo_bar, self.bar):
            self.body.addWidget(widget)
        self.body.addWidget(self._stack, 1)
        self._show_part("fields")
        self.bar.chosen.connect(self._show_part)
        self.desk.written.connect(self.plan_changed)
        self.desk.written.connect(self.trouble.hide)
        self.desk.failed.connect(self._failed)
        bind(self, keys.UNDO, self.undo_bar.undo)

    def enter(self) -> None:
        """Reads the plan: colleagues change it too."""
        self.trouble.hide()
        self.desk.read()

    def show_part(self, name: str) -> None:
        """Opens "fields", "choices", "required" or "blocks"."""
        self.bar.choose(name)

    @Slot(object)
    def _show_part(self, name: str) -> None:
        """Parts that are not shown take no room: the tallest would push buttons out of sight."""
        for known, part in self.parts.items():
            policy = QSizePolicy.Policy.Preferred if known == name else QSizePolicy.Policy.Ignored
            part.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._stack.setCurrentWidget(self.parts[name])

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()
