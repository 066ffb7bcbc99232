"""Pictures of segments: the list in the settings, and a rule as it is edited."""

from __future__ import annotations

import uuid
from functools import cache

from PySide6.QtWidgets import QWidget

from crmdesk.domain.planning import Picklists
from crmdesk.domain.segments import Condition, Group, Operator, Segment, catalogue
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.segments.dialog import SegmentDialog
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.segments import SegmentsSection
from crmdesk.gui.settings.window import SettingsWindow

_PAUSE_MS = 900
_SIZE = (860, 600)
_GOLD = Condition("segment", Operator.ANY_OF, ("Gold",))
_QUIET = Condition("last_call", Operator.LONGER_AGO, ("90",))
_OWES = Condition("open_invoices", Operator.AT_LEAST, ("1",))
_LATE = Condition("overdue_promises", Operator.AT_LEAST, ("1",))
_RULE = Group((_GOLD, Group((_QUIET, _OWES), is_any=True)))
_SEGMENTS = (
    Segment(uuid.UUID(int=1), "Gold, quiet or owing", _RULE, "warn"),
    Segment(uuid.UUID(int=2), "A promise is overdue", Group((_LATE,)), "bad"),
    Segment(uuid.UUID(int=3), "Owes money", Group((_OWES,))),
)


@cache
def _saved() -> None:
    demo_desk().core.store.write(lambda w: w.save_segments(_SEGMENTS, "Alice Adler")).result()


@picture("settings-segments", size=_SIZE, pause_ms=_PAUSE_MS)
def segments() -> QWidget:
    """Some, counted."""
    _saved()
    window = SettingsWindow(SettingsBook(demo_desk().core, demo_desk().runtime, None))
    place = next(n for n, one in enumerate(window.sections) if isinstance(one, SegmentsSection))
    window.show_section(place)
    return window


@picture("segment", pause_ms=_PAUSE_MS)
def segment() -> QWidget:
    """A rule with a group, counted."""
    store = demo_desk().core.store
    return SegmentDialog(None, store, _SEGMENTS[0], catalogue(), Picklists())


@picture("segment-empty")
def segment_empty() -> QWidget:
    """A new one: what is missing is said."""
    store = demo_desk().core.store
    rule = Group((Condition("segment", Operator.ANY_OF),))
    return SegmentDialog(None, store, Segment(uuid.UUID(int=9), "", rule), catalogue(), Picklists())


@picture("segment-customers", size=(1120, 720), pause_ms=_PAUSE_MS)
def segment_customers() -> QWidget:
    """The list of customers narrowed to a segment."""
    _saved()
    window = demo_window()
    window.show_page("customers")
    window.customers().finder.segments.chosen.emit(_SEGMENTS[2])
    return window
