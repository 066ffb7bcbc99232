"""A call of the customer, opened: what happened, and what was written of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.records import Interaction
from crmdesk.gui.models import call_words
from crmdesk.gui.models.call_steps import call_steps
from crmdesk.gui.pages.calls.steps_view import StepsView
from crmdesk.gui.pages.customers.customer_desk import CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, rule
from crmdesk.gui.widgets.text import joined, label

if TYPE_CHECKING:
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call, and what was written down of it."""

    row: CallRow
    notes: tuple[Interaction, ...] = ()


def read(reader: Reader, key: uuid.UUID, _now: datetime) -> CallRecord | None:
    """The call with its offers, transfers and notes."""
    found = reader.call_row(key)
    return CallRecord(found, reader.interactions_of_call(key)) if found else None


class CallRecordView(RecordView):
    """Who spoke, every step, every note."""

    def title(self, value: CallRecord) -> str:
        """What the call was, and its day."""
        call = value.row.call
        return joined((call_words.title(call), f"{times.local(call.started_at):%d %b %Y}"))

    def show_value(self, value: CallRecord, view: CustomerView) -> None:
        """Shows a call."""
        self.fill(self._parts(value, view))

    def _parts(self, value: CallRecord, view: CustomerView) -> Iterator[QWidget]:
        call = value.row.call
        number, names = call_words.number(value.row, view.names), view.names
        about = (call_words.agent(call, names), number, times.full(call.started_at))
        yield wrapped(joined(about), "small", "muted")
        yield self._buttons(value.row)
        yield rule()
        yield SectionHeader("What happened", "clock")
        steps = StepsView()
        steps.show_steps(call_steps(call, names))
        yield steps
        yield rule()
        yield SectionHeader("Notes of this call", "note")
        if not value.notes:
            yield label("Nothing was written. N writes a note.", tone="muted", wrap=True)
        for note in value.notes:
            yield _note(note, view)

    def _buttons(self, called: CallRow) -> QWidget:
        made = QWidget()
        again = button("Call back", icon="phone")
        number = called.caller_e164 or called.call.caller_raw
        again.setEnabled(bool(number))
        again.clicked.connect(partial(self.desk.call_wanted.emit, number))
        log = button("Open in the call log", "link", icon="external")
        log.clicked.connect(partial(self.desk.go_to.emit, "calls", called.call.id))
        made.setLayout(row(again, log, 1))
        return made


def _note(note: Interaction, view: CustomerView) -> QWidget:
    made = QWidget()
    about = joined((view.names.anybody(note.who), times.full(note.at)))
    text = "\n".join(filter(None, (note.title, note.detail)))
    made.setLayout(column(wrapped(text), wrapped(about, "small", "muted"), spacing=Space.HAIR))
    return made
