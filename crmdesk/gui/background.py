"""Work that takes long and belongs to no other thread: opening a store, asking a keyring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_background(work: Callable[[], T], name: str = "crmdesk-work") -> Future[T]:
    """Runs a function on a thread of its own; bring the answer back with `await_future`.

    The thread ends with its work and does not keep the program from ending.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001  the border of the thread: the asker hears it
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
