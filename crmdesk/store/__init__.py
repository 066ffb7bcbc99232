"""The customer store: the only room with SQLAlchemy.

It takes half a second and 30 MB, so it comes with the first of the names here that is asked for:
who only folds a name or reads a record (`sync.reading_worker`) goes without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmdesk.store.errors import (
        StoreCorrupt,
        StoreError,
        StoreFull,
        StoreKeyWrong,
        StoreLocked,
        StoreNewer,
    )
    from crmdesk.store.reader import Reader
    from crmdesk.store.store import Store, open_store
    from crmdesk.store.writer import Writer

__all__ = [
    "Reader",
    "Store",
    "StoreCorrupt",
    "StoreError",
    "StoreFull",
    "StoreKeyWrong",
    "StoreLocked",
    "StoreNewer",
    "Writer",
    "open_store",
]

_MODULES = {"Reader": "reader", "Store": "store", "Writer": "writer", "open_store": "store"}
"""Where the names are; the others are in `errors`."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
