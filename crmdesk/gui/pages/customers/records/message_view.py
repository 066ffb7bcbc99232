"""A message to the customer, opened: its text, and whether it went out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from crmdesk.domain.outreach import Message, MessageState
from crmdesk.gui.models.outreach_words import STATES, message_meaning, purpose
from crmdesk.gui.outreach.reading import OpenedMessage
from crmdesk.gui.pages.customers.customer_desk import CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import chip, rule
from crmdesk.gui.widgets.text import joined, label

if TYPE_CHECKING:
    from crmdesk.store import Writer

_AGAIN = {MessageState.FAILED, MessageState.DOUBTFUL}
_STOPPABLE = {MessageState.QUEUED, *_AGAIN}


class MessageRecordView(RecordView):
    """What was written, to which address, and what became of it."""

    def title(self, value: OpenedMessage) -> str:
        """Its subject."""
        return value.message.subject or "Message"

    def show_value(self, value: OpenedMessage, view: CustomerView) -> None:
        """Shows a message."""
        self.fill(self._parts(value, view))

    def _parts(self, value: OpenedMessage, view: CustomerView) -> Iterator[QWidget]:
        one = value.message
        words, tone = STATES[one.state]
        about = (one.address, view.names.anybody(one.who), times.full(one.sent_at or one.at))
        head = QWidget()
        head.setLayout(row(chip(words, tone or "neutral"), 1))
        yield head
        yield wrapped(joined(about), "small", "muted")
        if meaning := message_meaning(one):
            yield wrapped(meaning, "small", tone or "muted")
        if one.state in _STOPPABLE:
            yield self._buttons(one)
        yield rule()
        yield wrapped(one.subject, "lead-strong")
        yield label(purpose(one.purpose, value.lists), "small", "muted")
        text = wrapped(one.body or "No text.", tone="text" if one.body else "muted")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        yield text

    def _buttons(self, one: Message) -> QWidget:
        made = QWidget()
        items: list[QPushButton] = []
        if one.state in _AGAIN:
            again = button("Send again", icon="refresh")
            again.clicked.connect(partial(self._do, one.id, lambda w: w.send_again(one.id)))
            items.append(again)
        stop = button("Do not send", icon="close")
        stop.clicked.connect(partial(self._do, one.id, lambda w: w.cancel_message(one.id)))
        made.setLayout(row(*items, stop, 1))
        return made

    def _do(self, _key: uuid.UUID, job: Callable[[Writer], bool]) -> None:
        await_future(self.desk.context.store.write(job), self, self._done, self.desk.failed.emit)

    def _done(self, _changed: bool) -> None:
        self.desk.context.wake_outbox()
        self.desk.wrote()
