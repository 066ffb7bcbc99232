"""The kinds of records that open in place of the timeline.

Adding one is a file in this folder and a line here. Of each kind the page asks:

- `read`, on the reader thread: the record by its key as a frozen value, None where it is gone.
- `make`, once, when the first record of the kind is opened: its `RecordView`.

A record is opened by `desk.open(RecordRef(kind, id, customer_id))` in blocks and records, by
`Page.go_to("customers", ref)` on other pages; it goes into the history of the window, so that
back and forward work as in a browser. Esc closes it. What writes goes through `desk.do` or
`desk.wrote`, as in blocks: the page then reads record and customer again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import CustomerPart
from crmdesk.gui.follow_ups.reading import read_opened
from crmdesk.gui.history.reading import read_history
from crmdesk.gui.outreach.reading import read_consent, read_message
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk
from crmdesk.gui.pages.customers.records import (
    call_view,
    consent_view,
    follow_up_view,
    history_view,
    interaction_view,
    invoice_view,
    lead_view,
    message_view,
    order_view,
    survey_view,
    ticket_view,
)
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.sales import reading as sales
from crmdesk.gui.surveys.reading import read_answer
from crmdesk.gui.tickets.reading import read_ticket

if TYPE_CHECKING:
    from crmdesk.store import Reader

Read = Callable[["Reader", uuid.UUID, datetime], Any]
"""Reads a record: reader, its key, the moment (aware UTC); None where there is no such one."""

_K = TimelineKind


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """How the page knows a kind of record.

    Attributes:
        kinds: Whose records it shows; a kind has one spec at most.
        read: The record; see `Read`.
        make: Its view.
    """

    kinds: tuple[TimelineKind | CustomerPart, ...]
    read: Read
    make: Callable[[CustomerDesk], RecordView]


RECORDS: tuple[RecordSpec, ...] = (
    RecordSpec((_K.CALL,), call_view.read, call_view.CallRecordView),
    RecordSpec(
        (_K.NOTE, _K.EMAIL, _K.VISIT, _K.WEB_FORM),
        interaction_view.read,
        interaction_view.InteractionView,
    ),
    RecordSpec((_K.ORDER,), sales.read_order, order_view.OrderView),
    RecordSpec((_K.PAYMENT,), sales.read_invoice, invoice_view.InvoiceView),
    RecordSpec((_K.RECEIPT,), sales.read_receipt, invoice_view.ReceiptView),
    RecordSpec((_K.LEAD,), sales.read_lead, lead_view.LeadView),
    RecordSpec((_K.TICKET,), read_ticket, ticket_view.TicketRecordView),
    RecordSpec((_K.FOLLOW_UP,), read_opened, follow_up_view.FollowUpRecordView),
    RecordSpec((_K.SURVEY,), read_answer, survey_view.SurveyRecordView),
    RecordSpec((_K.CONSENT,), read_consent, consent_view.ConsentRecordView),
    RecordSpec((_K.MESSAGE,), read_message, message_view.MessageRecordView),
    RecordSpec((CustomerPart.HISTORY,), read_history, history_view.HistoryView),
)
"""All kinds that can be opened; entries of others show what they have in the timeline."""


def spec_of(kind: TimelineKind | CustomerPart) -> RecordSpec | None:
    """How records of a kind are shown, None where they are not."""
    return next((spec for spec in RECORDS if kind in spec.kinds), None)


def openable_kinds() -> frozenset[TimelineKind]:
    """The kinds whose records can be opened."""
    kinds = (kind for spec in RECORDS for kind in spec.kinds)
    return frozenset(kind for kind in kinds if isinstance(kind, TimelineKind))
