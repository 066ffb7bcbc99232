"""Where the values of picklists stand in the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column

from crmdesk.domain.planning import PicklistKey
from crmdesk.store.tables import (
    consent,
    customer,
    customer_number,
    email,
    message_template,
    opportunity,
    payment,
    receipt,
    sales_order,
    sla_policy,
    ticket,
)

PLACES: Mapping[PicklistKey, tuple[Column[Any], ...]] = {
    PicklistKey.SEGMENT: (customer.c.segment, sla_policy.c.segment),
    PicklistKey.SOURCE: (customer.c.source, opportunity.c.source),
    PicklistKey.CUSTOMER_STATUS: (customer.c.status,),
    PicklistKey.NUMBER_LABEL: (customer_number.c.label,),
    PicklistKey.EMAIL_LABEL: (email.c.label,),
    PicklistKey.LANGUAGE: (customer.c.language,),
    PicklistKey.TICKET_KIND: (ticket.c.kind, sla_policy.c.ticket_kind),
    PicklistKey.TICKET_PRIORITY: (ticket.c.priority, sla_policy.c.priority),
    PicklistKey.TICKET_STAGE: (ticket.c.stage,),
    PicklistKey.ORDER_STATUS: (sales_order.c.status,),
    PicklistKey.PAYMENT_METHOD: (payment.c.method, receipt.c.method),
    PicklistKey.LEAD_STAGE: (opportunity.c.stage,),
    PicklistKey.LOST_REASON: (opportunity.c.lost_reason,),
    PicklistKey.CONSENT_PURPOSE: (consent.c.purpose, message_template.c.purpose),
    PicklistKey.CONSENT_SOURCE: (consent.c.source,),
}
"""The columns that hold a value of each list. What was said once (a consent) is among them: a
value that is in use there is retired, never replaced."""

NEVER_REPLACED = frozenset({PicklistKey.CONSENT_PURPOSE, PicklistKey.CONSENT_SOURCE})
