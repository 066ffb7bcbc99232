"""A desk on a small demo store, for pictures of whole windows."""

from __future__ import annotations

import atexit
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from PySide6.QtCore import QTemporaryDir

from crmdesk.bootstrap.core import Core
from crmdesk.desk.caller import LookUp, occasion_of
from crmdesk.desk.runtime import Runtime
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.bridge import Bridge
from crmdesk.gui.main_window import MainWindow
from crmdesk.gui.pictures.demo_values import (
    NOW,
    SETTINGS,
    answered,
    key,
    missed_by_several,
    shifted,
    withheld,
)
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import normalise
from crmdesk.store import Writer, keys, open_store
from crmdesk.store.demo import make_demo

_CUSTOMERS = 120
_CALLERS = 9


@dataclass(frozen=True)
class DemoDesk:
    """Core, runtime and bridge of a desk that nobody calls."""

    core: Core
    runtime: Runtime
    bridge: Bridge

    def window(self) -> MainWindow:
        """A main window on it."""
        return MainWindow(self.core, self.runtime, self.bridge)


@cache
def demo_desk() -> DemoDesk:
    """The one desk of all pictures; it ends with the program."""
    folder = QTemporaryDir()
    store = open_store(Path(folder.path()) / "demo.db", keys.DEMO_KEY)
    make_demo(store, _CUSTOMERS, now=NOW - timedelta(hours=1))
    store.write(_todays_calls).result()
    core, runtime = Core(SETTINGS, store, None), Runtime()
    line = SETTINGS.lines[0]
    core.health[line.id] = LineHealth(line.id, line.name, LineState.READY, NOW)
    runtime.start()
    atexit.register(folder.remove)
    atexit.register(store.close)
    atexit.register(runtime.stop)
    return DemoDesk(core, runtime, Bridge())


def _todays_calls(writer: Writer) -> None:
    """Calls of the last hour, from people of the demo and from strangers."""
    look_up = LookUp.of(SETTINGS.lines[0], SETTINGS)
    people = [writer.customer(hit.id) for hit in writer.search("e", _CALLERS)]
    known = [number.raw for one in people if one for number in one.numbers[:1]]
    numbers = [*known, "+493023125777", ""]
    templates = (answered(), missed_by_several(), withheld())
    for place, raw in enumerate(numbers):
        base = templates[place % 2 if raw else 2].row.call
        number = normalise(raw, look_up.numbers)
        moved = shifted(base, timedelta(minutes=40 - 4 * place))
        call = replace(moved, id=key(500 + place), caller_raw=raw, caller_name="")
        writer.save_call(call, number.e164)
        found = find(number, writer, occasion_of(call, look_up))
        writer.link_call(call.id, found if raw else withheld().caller.match)


@cache
def demo_window() -> MainWindow:
    """A window that dialogs can stand over; it lives as long as the program."""
    return demo_desk().window()
