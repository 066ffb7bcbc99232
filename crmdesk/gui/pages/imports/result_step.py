"""Last step: what was done, and how to take it back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal

from crmdesk.gui.pages.imports.answers import Outcome
from crmdesk.gui.pages.imports.holdings import HOLDINGS
from crmdesk.gui.pages.imports.outcome_view import OutcomeView
from crmdesk.gui.pages.imports.words import did_words
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.sync.profile_targets import CUSTOMERS


class ResultStep(OutcomeView):
    """The figures of an import that is done.

    Signals:
        undo_wanted: The import shall be taken back.
        shown_wanted: Somebody wants to see them: a page of the window.
        again_wanted: Another file.
    """

    undo_wanted = Signal()
    shown_wanted = Signal(str)
    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._holding = HOLDINGS[CUSTOMERS]
        self.undone = Banner("good", closable=False)
        self.undone.hide()
        self.undo = button("Undo import")
        self.customers = button("Show customers", "primary")
        self.again = button("Import more")
        self.undo.clicked.connect(self.undo_wanted)
        self.customers.clicked.connect(lambda: self.shown_wanted.emit(self._holding.page))
        self.again.clicked.connect(self.again_wanted)
        buttons = row(self.customers, self.again, self.undo, 1, spacing=Space.S)
        self.head.insertLayout(1, buttons)
        self.head.insertWidget(0, self.undone)

    def show_result(
        self, outcome: Outcome, plan: Path | None = None, holds: str = CUSTOMERS
    ) -> None:
        """Shows what an import did; arguments as for `show_outcome`."""
        self._holding = HOLDINGS[holds]
        self.undone.hide()
        self.heading.show()
        self.customers.setText(self._holding.shows)
        self.show_outcome(did_words(outcome.summary, holds), outcome, plan, holds)
        self.undo.setVisible(outcome.summary.batch is not None)

    def show_undone(self, what: str, meaning: str) -> None:
        """The import was taken back."""
        self.undo.hide()
        self.heading.hide()  # it is not so any more
        self.undone.tell(what, meaning)
        self.undone.show()

    def focus_first(self) -> None:
        """The keyboard on what comes next."""
        self.customers.setFocus(Qt.FocusReason.OtherFocusReason)
