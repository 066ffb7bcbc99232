"""The NET thread: one standard asyncio loop in the background of the GUI.

The GUI hands coroutines in with `submit` and never blocks on the result; what comes back
goes through listeners. The command line runs the same core with `asyncio.run` instead.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

T = TypeVar("T")

log = logging.getLogger(__name__)

STOP_DEADLINE_S = 5.0
"""How long a stop may take; a phone system that does not answer must not hold the exit."""


class Runtime:
    """Owns the loop and its thread.

    `submit` and `call_soon` may be called from any thread, after `start`.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="crmdesk-net", daemon=True)

    def start(self) -> None:
        """Starts the thread; returns when the loop runs."""
        started = threading.Event()
        self._loop.call_soon(started.set)
        self._thread.start()
        started.wait()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Runs a coroutine on the loop; the future belongs to any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def call_soon(self, function: Callable[..., object], *args: object) -> None:
        """Runs a plain function on the loop; silently nothing once the loop is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)

    def stop(self) -> None:
        """Cancels what runs, stops the loop and joins the thread. Idempotent."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            cancelled = asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop)
            try:
                cancelled.result(STOP_DEADLINE_S)
            except TimeoutError:
                log.warning("something on the NET thread did not end in time")
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_DEADLINE_S)
        if not self._thread.is_alive():
            self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


async def _cancel_all() -> None:
    """Cancels every task but the one that runs this and waits for their end."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
