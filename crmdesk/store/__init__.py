"""The customer store: the only room with SQLAlchemy. Import it late, it takes a while."""

from __future__ import annotations

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
