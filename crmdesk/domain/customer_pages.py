"""Pages of long lists about customers. All lists are paged by key, never by offset."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from crmdesk.domain.call_log import Place
from crmdesk.domain.customers import CustomerHit, TimelineEntry


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A page of a customer's timeline, newest first; `next` is None on the last one."""

    entries: tuple[TimelineEntry, ...] = ()
    next: Place | None = None


@dataclass(frozen=True, slots=True)
class CustomerPlace:
    """Where a page of the customer list ended."""

    sort_key: str
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page of the customer list, by family or company name; `next` is None on the last."""

    customers: tuple[CustomerHit, ...] = ()
    next: CustomerPlace | None = None
