"""Which part of the customers page has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget

from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pages.customers.finder import CustomerFinder
from crmdesk.gui.pages.page import Part


class Keyboard:
    """Leads it from part to part.

    Args:
        finder: The list of customers.
        stack: Holds the card, or that nobody is open. It has the keyboard while the one who is
            wanted is still being read: whatever is typed then is not of the list.
        card: Who is open.
    """

    def __init__(self, finder: CustomerFinder, stack: QStackedWidget, card: CustomerCard) -> None:
        self._finder, self._stack, self._card = finder, stack, card
        stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def go_to_finder(self) -> None:
        """Onto the list; into the search where nobody is open."""
        is_open = self._stack.currentWidget() is self._card
        target = self._finder.list if is_open else self._finder.search
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def wait_for_customer(self) -> None:
        """Onto who is open, as soon as they are read."""
        self._stack.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_customer(self, *, is_there: bool) -> None:
        """Onto a customer of the list who was chosen by Enter, at once or once they are read."""
        self.wait_for_customer()
        if is_there:
            self.customer_is_there()

    def customer_is_there(self) -> None:
        """They are read."""
        if self._stack.window().focusWidget() is self._stack:
            self._card.take_focus()

    def is_on_customer(self) -> bool:
        """Whether it is not in the list."""
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self._stack or self._stack.isAncestorOf(focus))

    def move(self, step: int) -> None:
        """Moves the cursor of the list, or of what is open."""
        if self.is_on_customer():
            self._card.move_cursor(step)
        else:
            self._finder.move_cursor(step)

    def parts(self) -> tuple[Part, ...]:
        """The list, what is open, and what stands beside it."""
        found: list[Part] = [(self._finder, self.go_to_finder)]
        if self._stack.currentWidget() is self._card:
            found += self._card.parts()
        return tuple(found)
