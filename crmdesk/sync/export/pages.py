"""Pages of the store, one read while the one before is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from crmdesk.store import Reader, Store

Place = TypeVar("Place")
Item = TypeVar("Item")


def read_ahead(
    store: Store, read: Callable[[Place | None, Reader], tuple[Sequence[Item], Place | None]]
) -> Iterator[Sequence[Item]]:
    """The pages that a job reads.

    Args:
        store: Where they are.
        read: Gets where the page before ended, None for the first; returns a page, and where it
            ends, None for the last one.
    """
    waiting = store.read(partial(read, None))
    while True:
        found, place = waiting.result()
        if place is not None:
            waiting = store.read(partial(read, place))
        yield found
        if place is None:
            return
