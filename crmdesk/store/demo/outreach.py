"""Invented consents, templates and messages, for the first customers of a demo."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Table

from crmdesk.domain.customers import Customer
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import DAY, Row
from crmdesk.store.tables import consent, message, message_template

CUSTOMERS = 60
"""So many customers said something; a demo of a million needs no more."""

_SPACE = uuid.UUID("a5a0ff54-35b6-4df5-9a7e-3c1f0f2b6a10")
_TEMPLATES = (
    (
        "Monthly news",
        "News for {{ customer.company|default('you', true) }}",
        "Dear {{ customer.address }},\n\nthree things are new this month, and one is cheaper.\n\n"
        "Kind regards\n{{ agent.name }}",
        "updates",
    ),
    (
        "Answer to a question",
        "Your question",
        "Dear {{ customer.address }},\n\nthank you for your call.\n\n"
        "Kind regards\n{{ agent.name }}",
        "",
    ),
    (
        "Offer",
        "An offer{% if customer.segment == 'Gold' %} for our gold customers{% endif %}",
        "Dear {{ customer.address }},\n\nthis week chairs cost less.\n\n"
        "Kind regards\n{{ agent.name }}",
        "offers",
    ),
)
_WORDING = "May we send you news about our products by e-mail, until you say stop?"
_Rows = dict[Table, list[Row]]


def outreach_rows(customers: Iterable[Customer], now: datetime, desk: bytes) -> _Rows:
    """Templates, and what some customers allow and were sent.

    Args:
        customers: The first of a demo, at most `CUSTOMERS`.
        now: The present moment of the demo.
        desk: Goes into `origin`.
    """
    at = to_micros(now)
    rows: _Rows = {consent: [], message: [], message_template: []}
    for place, template in enumerate(_TEMPLATES):
        name, subject, body, purpose = template
        rows[message_template].append(
            (*_stamps("template", place, at, desk), name, "", subject, body, purpose, place, 1)
        )
    for place, one in enumerate(customers):
        key = one.id.bytes
        said_at = at - (30 + place) * DAY
        for number, (purpose, is_given) in enumerate(_said(place)):
            stamps = _stamps(f"consent {number}", place, said_at, desk)
            rows[consent].append(
                (*stamps, key, said_at, "email", purpose, is_given, "call", _WORDING,
                 "Nora Lindqvist", None)
            )  # fmt: skip
        if place % 3 == 0 and one.emails:
            sent_at = at - (7 + place) * DAY
            made = _stamps("message", place, sent_at, desk)
            mail_id = f"<{uuid.uuid5(_SPACE, f'{place}')}@crmdesk.invalid>"
            text = f"Dear {one.salutation or one.name},\n\nthree things are new this month."
            rows[message].append(
                (*made, key, sent_at, None, "email", "updates", one.emails[0].address,
                 "News of this month", text, "Nora Lindqvist", "sent", mail_id, 1, None, sent_at,
                 "")
            )  # fmt: skip
    return rows


def _said(place: int) -> tuple[tuple[str, int], ...]:
    """What the customer at a place of the list allows, and does not."""
    return ((("updates", 1), ("offers", 0)), (("updates", 0),), (("updates", 1),))[place % 3]


def _stamps(what: str, place: int, at: int, desk: bytes) -> Row:
    return (uuid.uuid5(_SPACE, f"{what} {place}").bytes, at, at, None, desk)
