"""A note, an e-mail, a visit or a web form, opened."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import Interaction, RecordRef
from crmdesk.gui.models import call_words
from crmdesk.gui.models.timeline_items import WORDS
from crmdesk.gui.pages.customers.customer_desk import CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import row
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.text import joined, label

if TYPE_CHECKING:
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was written down, and the call it was written in."""

    interaction: Interaction
    call: CallRow | None = None


def read(reader: Reader, key: uuid.UUID, _now: datetime) -> Written | None:
    """The text with its call."""
    found = reader.interaction(key)
    if found is None:
        return None
    return Written(found, reader.call_row(found.call_id) if found.call_id else None)


class InteractionView(RecordView):
    """The whole text, by whom, when, and in which call."""

    def title(self, value: Written) -> str:
        """Its kind and its day."""
        one = value.interaction
        return joined((WORDS[one.kind], f"{times.local(one.at):%d %b %Y}"))

    def show_value(self, value: Written, view: CustomerView) -> None:
        """Shows a text."""
        self.fill(self._parts(value, view))

    def _parts(self, value: Written, view: CustomerView) -> Iterator[QWidget]:
        one = value.interaction
        if one.title:
            yield wrapped(one.title, "lead-strong")
        who = view.names.anybody(one.who)
        yield label(joined((who, times.full(one.at))), "small", "muted", wrap=True)
        if value.call is not None:
            yield self._call_line(value.call, view)
        yield rule()
        text = wrapped(one.detail or "No text was written.", tone="text" if one.detail else "muted")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        yield text

    def _call_line(self, called: CallRow, view: CustomerView) -> QWidget:
        made = QWidget()
        words = joined((call_words.title(called.call), times.full(called.call.started_at)))
        link = button(words, "link", icon="phone")
        ref = RecordRef(TimelineKind.CALL, called.call.id, view.customer.id)
        link.clicked.connect(partial(self.desk.open, ref))
        made.setLayout(row(link, 1))
        return made
