"""The tables of the store. Every change here needs a migration; a test compares the two."""

from __future__ import annotations

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
from crmdesk.store.tables.desk import ledger_line, meta, search_row, secret
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
from crmdesk.store.tables.schema import metadata

__all__ = [
    "address",
    "call",
    "call_offer",
    "call_pop",
    "call_transfer",
    "change_row",
    "change_set",
    "custom_field",
    "custom_value",
    "customer",
    "customer_number",
    "email",
    "external_ref",
    "follow_up",
    "ignored_number",
    "interaction",
    "ledger_line",
    "meta",
    "metadata",
    "number_claim",
    "payment",
    "sales_order",
    "search_row",
    "secret",
    "survey_answer",
    "sync_state",
    "ticket",
]
