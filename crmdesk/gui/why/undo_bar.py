"""The bar that says what was done last with a number, and offers to undo it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QSizePolicy

from crmdesk.domain.changes import ChangeSet, UndoResult
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.steps import NumberSteps, is_large
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import ElidedLabel

_STAYS_MS = 30_000
"""Long enough to think again."""


class UndoBar(QFrame):
    """One line; hidden where nothing was done.

    Args:
        steps: Whose steps it tells of and takes back.
    """

    def __init__(self, steps: NumberSteps) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("banner", "good")
        self._steps = steps
        self._taking_back: ChangeSet | None = None
        self._text = ElidedLabel("", "strong")
        self._undo = button("Undo", tip=f"Undo  ({shown_key(keys.UNDO.sequence)})")
        self._undo.clicked.connect(self.undo)
        close = icon_button("close", "Close this message")
        close.clicked.connect(self.hide)
        items = row(icon_label("check-circle", "good"), spacing=Space.S, margin=Space.S)
        items.addWidget(self._text, 1)
        items.addWidget(self._undo)
        items.addWidget(close)
        self.setLayout(items)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._leaves = QTimer(self)
        self._leaves.setSingleShot(True)
        self._leaves.setInterval(_STAYS_MS)
        self._leaves.timeout.connect(self.hide)
        self.hide()
        self.follow(steps)

    def follow(self, steps: NumberSteps) -> None:
        """Tells of these steps too; "Undo" takes back what was told last."""
        steps.done.connect(partial(self._tell_done, steps))
        steps.undone.connect(self._tell_undone)
        steps.failed.connect(self._undo_failed)

    def text(self) -> str:
        """What it says."""
        return self._text.full_text()

    def offered(self) -> ChangeSet | None:
        """The step that "Undo" takes back now; None where it is not offered."""
        return None if self.isHidden() or self._undo.isHidden() else self._steps.last

    def undo(self) -> None:
        """Takes the last step back, where there is one to take back."""
        change = self.offered()
        if change is None:
            return
        self._undo.hide()
        self._taking_back = change if is_large(change) else None
        if self._taking_back is not None:
            self._tell(f"Taking back: {change.title}…", can_undo=False)
            self._leaves.stop()
        self._steps.undo()

    def _undo_failed(self, _error: object) -> None:
        """Why is told elsewhere."""
        if self._taking_back is not None:
            self._taking_back = None
            self.hide()

    def _tell_done(self, steps: NumberSteps, change: ChangeSet, _call_id: object) -> None:
        self._steps = steps
        self._tell(f"Done. {change.title}", can_undo=bool(change.rows))

    def _tell_undone(self, change: ChangeSet, result: UndoResult) -> None:
        self._taking_back = None
        kept = " Some of it was changed since and stays as it is." if result.kept else ""
        self._tell(f"Taken back: {change.title}.{kept}", can_undo=False)

    def _tell(self, text: str, *, can_undo: bool) -> None:
        self._text.set_full_text(text)
        self.setAccessibleName(text)
        self._undo.setVisible(can_undo)
        self.show()
        self._leaves.start()
