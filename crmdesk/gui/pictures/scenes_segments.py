"""Pictures of segments: the list in the settings, and a rule as it is edited."""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.desk.segments.belonging import Belonging
from crmdesk.domain.planning import Picklists
from crmdesk.domain.segments import Condition, Group, Operator, Segment, catalogue
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.pictures.scenes_pop import pop_with
from crmdesk.gui.segments.dialog import SegmentDialog
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.segments import SegmentsSection
from crmdesk.gui.settings.window import SettingsWindow

if TYPE_CHECKING:
    from crmdesk.store import Reader

_PAUSE_MS = 900
_SIZE = (860, 600)
_JANE = uuid.UUID(int=11)
_NAMES = (
    ("Vorzugskunden der Region Nord", "good"),
    ("Owes money", "warn"),
    ("Gold, quiet for long", ""),
    ("Open complaint", "bad"),
    ("لا تتصل به قبل الظهر", ""),
)


def _saved() -> tuple[Segment, ...]:
    return demo_desk().core.store.read(lambda reader: reader.segments()).result()


def _in_most(reader: Reader) -> uuid.UUID:
    """A customer of the demo who is in as many segments as anybody."""
    segments = reader.segments()
    asked = reader.membership(segments, UTC)
    hits = reader.customers(limit=100).customers
    return max(hits, key=lambda hit: len(reader.segments_of(hit.id, segments, asked))).id


@picture("settings-segments", size=_SIZE, pause_ms=_PAUSE_MS)
def segments() -> QWidget:
    """Some, counted."""
    window = SettingsWindow(SettingsBook(demo_desk().core, demo_desk().runtime, None))
    place = next(n for n, one in enumerate(window.sections) if isinstance(one, SegmentsSection))
    window.show_section(place)
    return window


@picture("segment", pause_ms=_PAUSE_MS)
def segment() -> QWidget:
    """A rule with a group, counted."""
    store = demo_desk().core.store
    return SegmentDialog(None, store, _saved()[3], catalogue(), Picklists())


@picture("segment-empty")
def segment_empty() -> QWidget:
    """A new one: what is missing is said."""
    store = demo_desk().core.store
    rule = Group((Condition("segment", Operator.ANY_OF),))
    return SegmentDialog(None, store, Segment(uuid.UUID(int=9), "", rule), catalogue(), Picklists())


@picture("segment-customers", size=(1120, 720), pause_ms=_PAUSE_MS)
def segment_customers() -> QWidget:
    """The list of customers narrowed to a segment."""
    window = demo_window()
    window.open_segment(_saved()[1].id)
    return window


@picture("segment-chips", size=(1120, 720), pause_ms=_PAUSE_MS)
def segment_chips() -> QWidget:
    """A customer in several segments."""
    window = demo_window()
    window.open_customer(demo_desk().core.store.read(_in_most).result())
    return window


@picture("pop-segments")
def pop_segments() -> QWidget:
    """The caller belongs to two of them."""
    window = pop_with()
    window.show_belonging(_JANE, Belonging(_saved()[:2]))
    return window


@picture("pop-many-segments")
def pop_many_segments() -> QWidget:
    """To many, with long names; one could not be told in time."""
    rule = Group((Condition("segment", Operator.FILLED),))
    many = tuple(
        Segment(uuid.UUID(int=20 + place), name, rule, tone)
        for place, (name, tone) in enumerate(_NAMES)
    )
    window = pop_with()
    window.show_belonging(_JANE, Belonging(many, _saved()[:1]))
    return window


@picture("segment-sums", pause_ms=_PAUSE_MS)
def segment_sums() -> QWidget:
    """Sums in a currency, and a number by its area code."""
    asked = (("order_total", "1,200 EUR"), ("open_amount", "50"))
    sums = (Condition(name, Operator.AT_LEAST, (value,)) for name, value in asked)
    rule = Group((*sums, Condition("number", Operator.BEGINS, ("+4930",))))
    store = demo_desk().core.store
    one = Segment(uuid.UUID(int=10), "Buys much in Berlin", rule)
    return SegmentDialog(None, store, one, catalogue(), Picklists())
