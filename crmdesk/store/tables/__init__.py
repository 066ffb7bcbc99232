"""The tables of the store. Every change here needs a migration; a test compares the two."""

from __future__ import annotations

from crmdesk.store.tables.asking import survey, survey_question, survey_reply
from crmdesk.store.tables.calls import call, call_offer, call_pop, call_transfer
from crmdesk.store.tables.changes import change_row, change_set
from crmdesk.store.tables.customers import (
    address,
    customer,
    customer_number,
    email,
    ignored_number,
    number_claim,
)
from crmdesk.store.tables.desk import ledger_line, meta, search_record, search_row, secret
from crmdesk.store.tables.history import (
    follow_up,
    interaction,
    payment,
    sales_order,
    survey_answer,
    ticket,
)
from crmdesk.store.tables.importing import (
    custom_field,
    custom_value,
    external_ref,
    sync_state,
)
from crmdesk.store.tables.outreach import consent, message, message_template
from crmdesk.store.tables.planning import (
    layout_block,
    picklist_entry,
    record_ref,
    required_field,
    segment,
)
from crmdesk.store.tables.sales import opportunity, order_line, payment_method, receipt
from crmdesk.store.tables.schema import metadata
from crmdesk.store.tables.service import (
    sla_policy,
    ticket_entry,
    ticket_link,
    work_calendar,
    work_holiday,
    work_hours,
)

__all__ = [
    "address",
    "call",
    "call_offer",
    "call_pop",
    "call_transfer",
    "change_row",
    "change_set",
    "consent",
    "custom_field",
    "custom_value",
    "customer",
    "customer_number",
    "email",
    "external_ref",
    "follow_up",
    "ignored_number",
    "interaction",
    "layout_block",
    "ledger_line",
    "message",
    "message_template",
    "meta",
    "metadata",
    "number_claim",
    "opportunity",
    "order_line",
    "payment",
    "payment_method",
    "picklist_entry",
    "receipt",
    "record_ref",
    "required_field",
    "sales_order",
    "search_record",
    "search_row",
    "secret",
    "segment",
    "sla_policy",
    "survey",
    "survey_answer",
    "survey_question",
    "survey_reply",
    "sync_state",
    "ticket",
    "ticket_entry",
    "ticket_link",
    "work_calendar",
    "work_holiday",
    "work_hours",
]
