"""What a person does with orders, invoices and leads, key by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.domain.customers import Customer
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.sales.steps import Job
from tests.gui.desk_windows import Windows
from tests.gui.opened_customer import jane, opened
from tests.gui.taking_back import offered

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Dialog = TypeVar("Dialog", bound=QDialog)
View = TypeVar("View", bound=RecordView)


class SalesHands:
    """A customer is open; keys go to where the keyboard is."""

    def __init__(self, desk: Windows, qtbot: QtBot, customer: Customer | None = None) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.customer = customer or jane()
        self.page: CustomersPage = opened(desk, self.customer)
        self.page.card.timeline.list.setFocus()

    def press(self, key: Qt.Key, mods: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self._focused(), key, mods)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self._focused(), text)

    def save(self) -> None:
        self.press(Qt.Key.Key_Return, CTRL)

    def undo(self) -> None:
        offered(self.page.undo_bar, self.desk.store, self.desk.wait)
        self.press(Qt.Key.Key_Z, CTRL)

    def ask(self, kind: type[Dialog], key: Qt.Key, mods: Any = None) -> Dialog:
        """Presses a key and waits for its dialog."""
        self.press(key, mods or Qt.KeyboardModifier.NoModifier)
        found: list[Dialog] = []

        def is_there() -> bool:
            found[:] = [one for one in self.desk.window.findChildren(kind) if one.isVisible()]
            return bool(found)

        self.desk.wait(is_there)
        return found[0]

    def view(self, kind: type[View]) -> View:
        """Waits for a record of a kind to be open."""
        self.desk.wait(lambda: isinstance(self.page.card.record.view, kind))
        found = self.page.card.record.view
        assert isinstance(found, kind)
        return found

    def read(self, job: Callable[[Any], Any]) -> Any:
        return self.desk.store.read(job).result()

    def write(self, job: Job) -> None:
        self.desk.store.write(job).result()
        self.page.refresh()

    def _focused(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        front = QApplication.activeModalWidget() or self.desk.window
        front.activateWindow()
        self.desk.wait(lambda: QApplication.activeWindow() is front)
        return QApplication.focusWidget() or front


def words(widget: QWidget) -> str:
    """All texts that can be read in a widget, each on its line."""
    texts = [getattr(one, "text", None) for one in widget.findChildren(QWidget)]
    return "\n".join(text() for text in texts if callable(text))
