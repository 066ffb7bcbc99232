"""Whose number is it? The first question of every pop."""

from __future__ import annotations

from crmdesk.store.owners.lookups import OwnerQueries

__all__ = ["OwnerQueries"]
