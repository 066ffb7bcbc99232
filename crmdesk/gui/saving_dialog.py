"""A form whose answer goes into the store; what was typed stays where the store refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.text import set_window_title

if TYPE_CHECKING:
    from crmdesk.store import Writer

WIDTH = 560
_SAVING = "Saving…"


class SavingDialog(FittedDialog):
    """Checks as one types, writes once, and says why the store refused.

    It stays open until the store has answered: closed before, it would be written all the same.

    Args:
        parent: The window.
        context: The desk.
        title: Of the window.
        answer: On the button that saves.
        width: In pixels.

    Attributes:
        trouble: Hidden; to be placed over the fields.
        save_button: Enabled while it is complete and nothing is being written.

    Signals:
        wrote: The `ChangeSet`; it is in the store.
    """

    wrote = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        title: str,
        answer: str,
        width: int = WIDTH,
    ) -> None:
        super().__init__(parent, width)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, title)
        self.context = context
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._answer, self._is_saving = answer, False
        self.save_button = saving_button(self, answer, self.save)

    def is_complete(self) -> bool:
        """Whether it can be saved as it stands."""
        return True

    def begin(self) -> None:
        """Writes what was typed, by `write`; called while it is complete."""
        raise NotImplementedError

    @Slot()
    def check(self) -> None:
        """Something was typed."""
        self.save_button.setEnabled(self.is_complete() and not self._is_saving)

    @Slot()
    def save(self) -> None:
        """Saves, where that is possible."""
        if self.save_button.isEnabled():
            self.begin()

    def write(
        self,
        job: Callable[[Writer], ChangeSet],
        stored: Callable[[ChangeSet], None] | None = None,
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        """Writes; the form can be saved again only where the store refused.

        Args:
            job: What is written.
            stored: Told when it is in the store, else `stored`.
            refused: Told why not, else `refused`.
        """
        self.trouble.hide()
        self._show_saving(True)
        saving = self.context.store.write(job)
        await_future(saving, self, stored or self.stored, refused or self.refused)

    def _show_saving(self, is_saving: bool) -> None:
        self._is_saving = is_saving
        self.save_button.setText(_SAVING if is_saving else self._answer)
        self.check()

    def reject(self) -> None:
        """Closes it unsaved; not while it is being saved."""
        if not self._is_saving:
            super().reject()

    def stored(self, change: ChangeSet) -> None:
        """It is in the store: tells and closes."""
        self.wrote.emit(change)
        self.accept()

    def refused(self, error: Exception) -> None:
        """Says why it is not in the store; what was typed can be saved again."""
        self._show_saving(False)
        if not isinstance(error, UserFacingError):
            raise error
        self.tell(error)

    def tell(self, error: UserFacingError) -> None:
        """Shows an error over the fields."""
        self.trouble.tell_error(error)
        self.trouble.show()
