"""Customers of the demo store for pictures: one with much to tell, a long-winded one, a new one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import cache, partial

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.blocks.registry import arranged
from crmdesk.gui.pages.customers.card import CustomerCard
from crmdesk.gui.pages.customers.customer_desk import CustomerView
from crmdesk.gui.pages.customers.reading import Wanted, read_opened
from crmdesk.gui.pages.customers.records.registry import spec_of
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.store import Reader, Writer

_LOOKED_AT = 100
_TEXT = "Sehr geehrte Damen und Herren, " * 12
_RTL = "שלום, ההזמנה לא הגיעה. <b>bold</b> &amp; <script>alert(1)</script> 客户投诉了发票。 "


def record_of(customer_id: uuid.UUID, kind: TimelineKind) -> CustomerCard:
    """The newest record of a kind, opened in place of the timeline."""
    store, now = demo_desk().core.store, demo_values.NOW
    page = store.read(lambda reader: reader.timeline(customer_id, limit=1, kinds=(kind,))).result()
    ref = RecordRef.of(page.entries[0], customer_id)
    made = card_of(customer_id)
    spec, view = spec_of(kind), demo_window().customers().desk.view
    if spec is None or view is None:
        raise LookupError(f"no view of {kind}")
    value = store.read(lambda reader: spec.read(reader, ref.id, now)).result()
    made.show_record(ref, value, view)
    return made


def card_of(customer_id: uuid.UUID) -> CustomerCard:
    """A customer of the demo store as the page shows it."""
    desk, now = demo_desk(), demo_values.NOW
    made = CustomerCard(demo_window().customers().desk)
    made.setProperty("kind", "page")
    wanted = Wanted(customer_id, now, blocks=arranged())
    opened = desk.core.store.read(partial(read_opened, wanted=wanted)).result()
    if opened is None:
        raise LookupError("the demo store has no such customer")
    made.show_customer(opened, CustomerView(opened.story, Names(demo_values.SETTINGS), now))
    return made


@cache
def busiest() -> uuid.UUID:
    """The customer with most to tell."""
    return demo_desk().core.store.read(_busiest).result()


def _busiest(reader: Reader) -> uuid.UUID:
    keys = [hit.id for hit in reader.customers(limit=_LOOKED_AT).customers]

    def weight(key: uuid.UUID) -> int:
        story = reader.story(key, demo_values.NOW)
        if story is None:
            return 0
        kinds = {entry.kind for entry in reader.timeline(key, limit=_LOOKED_AT).entries}
        return len(story.since) + 3 * len(kinds) + 5 * bool(story.open_tickets)

    return max(keys, key=weight)


@cache
def long_winded() -> uuid.UUID:
    """One whose names and texts do not fit, in several scripts."""
    demo_desk().core.store.write(_add_long).result()
    return demo_values.LONG.id


def _add_long(writer: Writer) -> None:
    key, now = demo_values.LONG.id, demo_values.NOW
    writer.save_customer(demo_values.LONG)
    for place, kind in enumerate((TimelineKind.NOTE, TimelineKind.EMAIL, TimelineKind.WEB_FORM)):
        at = now - timedelta(days=place * 40)
        writer.add_interaction(key, kind, at, who="1003", title=_TEXT, detail=_TEXT)
    writer.add_note(key, _RTL * 3, "1003", now - timedelta(hours=1))
    for place in range(2):
        writer.add_ticket(
            key, now - timedelta(days=30), number=f"77{place}", kind="complaint",
            subject="Lieferung fehlt, " * 12, priority="urgent", due_at=now - timedelta(days=2),
        )  # fmt: skip
    writer.add_order(
        key, now - timedelta(days=500), number="88-" * 12, title=_TEXT, total_cents=10**13
    )


@cache
def brand_new() -> uuid.UUID:
    """One of whom nothing is known yet."""
    one = demo_values.EMPTY_STORY.customer
    demo_desk().core.store.write(lambda writer: writer.save_customer(one)).result()
    return one.id
