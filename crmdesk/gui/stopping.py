"""A log-out, a service manager or Ctrl+C ends the desk in order, and asks nobody."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def quit_on_signals(app: QCoreApplication) -> Iterator[None]:
    """Lets SIGINT and SIGTERM end the event loop while the block runs.

    Python runs handlers between its own instructions, so something of Python must run now
    and then: the timer of `GcGuard` does, every second. `exit` and not `quit`: that would ask
    every window first, and a form that is not saved would keep the desk from ending.
    """
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        signal.signal(number, lambda _number, _frame: app.exit())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
