"""Says quietly that somebody else changed the customer, and offers to read again."""

from __future__ import annotations

import uuid

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from crmdesk.domain.audit import CustomerStamp
from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label, shown_key
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.text import ElidedLabel, isolate

_LOOKS_EVERY_MS = 4_000
"""Another window, an import or another program may write at any time; asking takes far less
than a millisecond."""


class CustomerWatch(QObject):
    """Looks now and then whether a customer is still as it was read.

    Signals:
        changed: It is not; carries the `CustomerStamp` of now. Told once for each news.
    """

    changed = Signal(object)

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._customer_id: uuid.UUID | None = None
        self._seen = CustomerStamp()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOKS_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def follow(self, customer_id: uuid.UUID, seen: CustomerStamp) -> None:
        """This customer from now on, as it was read with `seen`."""
        self._customer_id, self._seen = customer_id, seen
        self._timer.start()

    def stop(self) -> None:
        """Nobody is shown."""
        self._customer_id = None
        self._timer.stop()

    def look(self) -> None:
        """Looks now."""
        customer_id = self._customer_id
        if customer_id is None:
            return

        def told(stamp: CustomerStamp) -> None:
            if customer_id == self._customer_id and stamp != self._seen:
                self._seen = stamp
                self.changed.emit(stamp)

        job = self._context.store.read(lambda reader: reader.customer_stamp(customer_id))
        await_future(job, self, told, self._failed)

    def _failed(self, error: Exception) -> None:
        """Whatever ails the store is told by those who read for people."""
        if not isinstance(error, UserFacingError):
            raise error


class NewsBar(QFrame):
    """One quiet line with a button; hidden where there are no news.

    Args:
        context: The desk.
        remark: What is true of what stands here, e.g. "What you typed stays."

    Signals:
        wanted: It shall be read again.
    """

    wanted = Signal()

    def __init__(self, context: PageContext, remark: str = "") -> None:
        super().__init__()
        self.watch = CustomerWatch(context, self)
        self.watch.changed.connect(self._somebody_wrote)
        self.setProperty("kind", "banner")
        self.setProperty("banner", "neutral")
        self._remark = remark
        self._text = ElidedLabel("", "strong")
        self.again = button("Read again", tip=f"Read again  ({shown_key(keys.REFRESH.sequence)})")
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self.wanted)
        close = icon_button("close", "Close this message")
        close.clicked.connect(self.hide)
        items = row(icon_label("info", "muted"), spacing=Space.S, margin=Space.S)
        items.addWidget(self._text, 1)
        items.addWidget(self.again)
        items.addWidget(close)
        self.setLayout(items)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text.full_text()

    def follow(self, customer_id: uuid.UUID, seen: CustomerStamp) -> None:
        """Tells of news of this customer from now on; it was read when it was `seen`."""
        self.hide()
        self.watch.follow(customer_id, seen)

    def stop(self) -> None:
        """There is nobody to tell of."""
        self.hide()
        self.watch.stop()

    def _somebody_wrote(self, stamp: CustomerStamp) -> None:
        somebody = isolate(stamp.who) or "Somebody"
        text = f"{somebody} changed this customer just now. {self._remark}".strip()
        self._text.set_full_text(text)
        self.setAccessibleName(text)
        self.show()
