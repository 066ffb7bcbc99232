"""Pictures of the main window and what opens above it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.store_health import StoreHealth, StoreState
from crmdesk.gui.help.viewer import HelpViewer
from crmdesk.gui.main_window.line_strip import LineStrip
from crmdesk.gui.main_window.status_line import StatusLine
from crmdesk.gui.main_window.window import SMALLEST
from crmdesk.gui.palette.palette import CommandPalette
from crmdesk.gui.pictures.demo_desk import demo_desk, demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.shortcuts.sheet import ShortcutSheet
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.layouts import column

if TYPE_CHECKING:
    from crmdesk.store import Reader

_PAUSE_MS = 900


@picture("main-window-calls", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def calls() -> QWidget:
    """The calls page with a call opened."""
    window = demo_desk().window()
    page = demo_desk().core.store.read(lambda reader: reader.calls(CallFilter(), limit=2))
    window.open_call(page.result().rows[-1].call.id)
    return window


@picture("main-window-customer", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def customer() -> QWidget:
    """The customers page with a customer opened."""
    window = demo_desk().window()
    window.open_customer(demo_desk().core.store.read(_busiest).result())
    return window


@picture("main-window-small", size=SMALLEST, pause_ms=_PAUSE_MS)
def small() -> QWidget:
    """The same in the smallest window."""
    return customer()


@picture("palette", pause_ms=_PAUSE_MS)
def palette() -> QWidget:
    """The search over everything, with customers and a number found."""
    window = demo_window()
    made = CommandPalette(window, window.context, window.commands())
    made.search.setText("030 23125 1")
    made.search.returnPressed.emit()
    return made


@picture("palette-records", pause_ms=_PAUSE_MS)
def palette_records() -> QWidget:
    """The same with records of several kinds."""
    window = demo_window()
    made = CommandPalette(window, window.context, window.commands())
    made.search.setText("monitor")
    made.search.returnPressed.emit()
    return made


@picture("keys")
def keys() -> QWidget:
    """All keys."""
    return ShortcutSheet(None)


@picture("help")
def help_pages() -> QWidget:
    """The help."""
    return HelpViewer(None)


@picture("status-line-trouble", size=(Size.WINDOW[0], 4 * Size.ROW))
def trouble() -> QWidget:
    """Lines that do not work, a locked store, calls that wait, work that takes long."""
    strip, status, made = LineStrip(), StatusLine(), QWidget()
    for number, state in enumerate(LineState):
        name = f"Line {number} of the office in Berlin"
        strip.show_health(LineHealth(str(number), name, state, datetime.now(UTC), "Down.", "Wait."))
    health = StoreHealth(StoreState.LOCKED, "crmdesk.db", encrypted=True, schema="0001")
    status.show_agent("Alice Adler", "1001", ())
    status.show_store(health)
    status.show_waiting(3)
    status.show_work("Importing customers: 48,200 of 100,000, 2,900 a second, 18 s left", 0.48)
    made.setLayout(column(strip, 1, status))
    return made


def _busiest(reader: Reader) -> uuid.UUID:
    """A customer with much to tell."""
    now = datetime.now(UTC)
    keys_of = [hit.id for hit in reader.customers(limit=100).customers]

    def weight(key: uuid.UUID) -> int:
        story = reader.story(key, now)
        return len(story.since) + len(story.open_tickets) if story else 0

    return max(keys_of, key=weight)
