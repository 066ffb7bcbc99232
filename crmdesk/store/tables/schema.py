"""The collection all tables belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, MetaData, Text

metadata = MetaData()


def text_column(name: str) -> Column[Any]:
    """Text that is never NULL: unknown is ""."""
    return Column(name, Text, nullable=False, server_default="")
