"""The store or the settings cannot be opened: what, what it means, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_label
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import ElidedLabel, label, set_window_title


class TroubleDialog(FittedDialog):
    """A calm message with the ways out; closing it is "Quit".

    Args:
        place: The file it is about, "" for none.
        choose: Offer another store.
        recover: Offer the recovery key.

    Signals:
        retry_wanted, other_store_wanted, recovery_wanted: What was chosen.
    """

    retry_wanted = Signal()
    other_store_wanted = Signal()
    recovery_wanted = Signal()

    def __init__(
        self, error: UserFacingError, place: str = "", *, choose: bool = True, recover: bool = False
    ) -> None:
        super().__init__(None, Size.DIALOG + 2 * Space.XXL)
        set_window_title(self, "CRMDesk cannot start yet")
        self.retry = button("Try again", "primary")
        self.retry.setDefault(True)
        self.retry.clicked.connect(self.retry_wanted)
        self.choose = button("Choose another store…")
        self.choose.clicked.connect(self.other_store_wanted)
        self.choose.setVisible(choose)
        self.recover = button("Use the recovery key")
        self.recover.clicked.connect(self.recovery_wanted)
        self.recover.setVisible(recover)
        self.quit = button("Quit")
        self.quit.clicked.connect(self.reject)
        head = row(spacing=Space.M)
        head.addWidget(icon_label("warning", "warn", Size.ICON_LARGE), 0, Qt.AlignmentFlag.AlignTop)
        texts = column(spacing=Space.S)
        texts.addWidget(label(error.what, "lead-strong", wrap=True, selectable=True))
        for text, tone in ((error.meaning, "muted"), (error.remedy, "text")):
            if text:
                texts.addWidget(label(text, "body", tone, wrap=True, selectable=True))
        if place:
            texts.addWidget(ElidedLabel(place, "small", "faint"))
        head.addLayout(texts, 1)
        buttons = row(self.quit, 1, self.recover, self.choose, self.retry)
        self.setLayout(column(head, buttons, spacing=Space.XL, margin=Space.XL))
        self.retry.setFocus()
