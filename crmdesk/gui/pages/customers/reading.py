"""What the customers page asks the store; runs on its reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.segments.counting import Asked, ask, list_on
from crmdesk.domain.audit import CustomerStamp
from crmdesk.domain.call_log import CallFilter, Place
from crmdesk.domain.customer_pages import CustomerPage, CustomerPlace, TimelinePage
from crmdesk.domain.customers import (
    Customer,
    CustomerHit,
    CustomerKind,
    CustomerStory,
    TimelineKind,
)
from crmdesk.domain.records import RecordRef
from crmdesk.domain.segments import Segment
from crmdesk.gui.pages.customers.blocks.registry import BlockSpec
from crmdesk.gui.pages.customers.records.registry import spec_of

if TYPE_CHECKING:
    from crmdesk.store import Reader

HITS = 50
LIST_ROWS = 100
RECENT = 30
ENTRIES = 50
_RECENT_CALLS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page asks for in one visit.

    Attributes:
        now: The moment, aware UTC.
        kinds, text: What is chosen of the timeline.
        blocks: Those to be shown.
        ref: The record that is open in place of the timeline.
    """

    customer_id: uuid.UUID
    now: datetime
    kinds: tuple[TimelineKind, ...] = ()
    text: str = ""
    blocks: tuple[BlockSpec, ...] = ()
    ref: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A customer as the page shows it first.

    Attributes:
        blocks: What each block shows, in their order.
        record: What is open in place of the timeline; None where nothing is, or it is gone.
        custom: What fields of the company's own hold, by key.
        stamp: How new all of it is.
        kinds: Those the timeline has entries of; all where nobody looked.
    """

    story: CustomerStory
    timeline: TimelinePage
    blocks: Mapping[BlockSpec, Any] = field(default_factory=dict)
    record: Any = None
    custom: Mapping[str, str] = field(default_factory=dict)
    stamp: CustomerStamp = field(default_factory=CustomerStamp)
    kinds: frozenset[TimelineKind] = frozenset(TimelineKind)


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Members of a segment; `asked` is for the page behind."""

    page: CustomerPage
    asked: Asked


def read_opened(reader: Reader, wanted: Wanted) -> Opened | None:
    """All of it; None where there is no such customer."""
    story = reader.story(wanted.customer_id, wanted.now)
    if story is None:
        return None
    page = read_timeline(reader, wanted.customer_id, wanted.kinds, wanted.text)
    blocks = {spec: spec.read(reader, story, wanted.now) for spec in wanted.blocks}
    custom = reader.custom_values(wanted.customer_id)
    stamp = reader.customer_stamp(wanted.customer_id)
    kinds = reader.timeline_kinds(wanted.customer_id)
    return Opened(story, page, blocks, _record(reader, wanted), custom, stamp, kinds)


def _record(reader: Reader, wanted: Wanted) -> Any:  # noqa: ANN401  each kind its own
    spec = spec_of(wanted.ref.kind) if wanted.ref else None
    return spec.read(reader, wanted.ref.id, wanted.now) if spec and wanted.ref else None


def read_recent(reader: Reader, opened: Iterable[uuid.UUID]) -> CustomerPage:
    """Customers that were opened here or called last, newest first."""
    keys = dict.fromkeys(opened)
    for row in reader.calls(CallFilter(), limit=_RECENT_CALLS).rows:
        if row.customer_id is not None:
            keys.setdefault(row.customer_id)
    found = (reader.customer(key) for key in list(keys)[:RECENT])
    hits = tuple(hit_of(customer) for customer in found if customer is not None)
    return CustomerPage(hits) if hits else read_list(reader, None)


def read_list(reader: Reader, after: CustomerPlace | None) -> CustomerPage:
    """All customers by name."""
    return reader.customers(after=after, limit=LIST_ROWS)


def read_members(
    reader: Reader, segment: Segment, asked: Asked | None, after: CustomerPlace | None
) -> MembersPage:
    """The members of a segment in its next stretch; maybe none of them, and more behind."""
    rule = asked or ask(reader, segment.rule, OWN_ZONE)
    return MembersPage(list_on(reader, rule, after, LIST_ROWS), rule)


def hit_of(customer: Customer) -> CustomerHit:
    """A customer as a line of a list."""
    numbers = [number.e164 or number.raw for number in customer.numbers]
    mails = [email.address for email in customer.emails]
    return CustomerHit(
        customer.id,
        customer.kind,
        customer.name,
        customer.company_name,
        customer.segment,
        next(iter(numbers + mails), ""),
    )


def read_timeline(
    reader: Reader,
    customer_id: uuid.UUID,
    kinds: Collection[TimelineKind],
    text: str,
    before: Place | None = None,
) -> TimelinePage:
    """A page of a timeline, of some kinds, with a text in it.

    With a text it may come back with few entries and a `next`: the search goes on there.
    """
    wanted = tuple(kinds)
    if text.strip():
        return reader.search_timeline(customer_id, text, before, ENTRIES, wanted)
    return reader.timeline(customer_id, before=before, limit=ENTRIES, kinds=wanted)


def find_company(reader: Reader, name: str) -> uuid.UUID | None:
    """The company of exactly this name, None where there is none."""
    wanted = name.strip().casefold()
    for hit in reader.search(name, HITS):
        if hit.kind is CustomerKind.COMPANY and hit.name.casefold() == wanted:
            return hit.id
    return None
