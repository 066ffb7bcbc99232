"""Who changed what of some customers of the demo: a history to look at."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.customers import Customer, CustomerStatus, Email
from crmdesk.store.audit.editing import CustomerEdits, opened_customer
from crmdesk.store.audit.notes import NoteWriting

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

EDITED_CUSTOMERS = 8
"""So many of the list's first ones have a history."""

_AN_HOUR = timedelta(hours=1)


def add_edits(writer: Writer, people: list[uuid.UUID]) -> None:
    """Two colleagues changed things of each, and one wrote a note."""
    for key in people:
        _edit(writer, key, "Ben Brandt", _promoted)
        _edit(writer, key, "Carla Conti", _reached_by_mail)
        note = "Asked for the yearly invoice by e-mail."
        NoteWriting(writer, "Carla Conti").add(key, note, writer.moment() - _AN_HOUR)


def _edit(writer: Writer, key: uuid.UUID, who: str, change: Callable[[Customer], Customer]) -> None:
    base = opened_customer(writer, key)
    if base is not None:
        edited = EditedCustomer(change(base.customer), base.custom)
        CustomerEdits(writer).edit(base, edited, who)


def _promoted(one: Customer) -> Customer:
    segment = "Gold" if one.segment != "Gold" else "Silver"
    return replace(one, segment=segment, status=CustomerStatus.ACTIVE, source="Recommendation")


def _reached_by_mail(one: Customer) -> Customer:
    return replace(one, emails=(*one.emails, Email("invoices@example.com", "work")))
