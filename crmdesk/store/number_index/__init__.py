"""All numbers in memory, for a million look-ups in a program of its own."""

from __future__ import annotations

from crmdesk.store.number_index.index import NumberIndex

__all__ = ["NumberIndex"]
