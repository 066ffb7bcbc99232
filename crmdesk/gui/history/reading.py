"""What the history of a customer asks the store; runs on its reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.audit import HistoryPage, HistoryPlace
from crmdesk.domain.edits import CUSTOM

if TYPE_CHECKING:
    from crmdesk.store import Reader

ROWS = 60
"""Rows of the journal on a page; a step may go on on the next one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of a history is wanted.

    Attributes:
        about: A field as `RecordRef.about` names it, or only a table ("ticket"); "" for all.
        who: Only what this person did, None for everybody.
    """

    about: str = ""
    who: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """A page of a history.

    Attributes:
        names: What rows and customers are called, by key.
        people: Who changed anything lately.
        gone_on: It is a later page than the first.
    """

    customer_id: uuid.UUID
    page: HistoryPage
    names: Mapping[uuid.UUID, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    gone_on: bool = False


def read_history(reader: Reader, customer_id: uuid.UUID, _now: datetime) -> HistoryRead | None:
    """The newest of all; None where there is no such customer."""
    if reader.customer(customer_id) is None:
        return None
    return read_page(reader, customer_id, Chosen())


def read_page(
    reader: Reader, customer_id: uuid.UUID, chosen: Chosen, before: HistoryPlace | None = None
) -> HistoryRead:
    """A page of what is chosen."""
    table, _, column = chosen.about.partition(".")
    rows: tuple[uuid.UUID, ...] = ()
    if chosen.about.startswith(CUSTOM):
        table, column = "custom_value", ""
        rows = reader.own_field_rows(customer_id, chosen.about.removeprefix(CUSTOM))
        rows = rows or (customer_id,)  # no row has that key: nothing is found
    page = reader.customer_history(
        customer_id, before, ROWS, table=table, field=column, who=chosen.who, rows=rows
    )
    names = reader.history_names(page)
    people = () if before else reader.history_people(customer_id)
    return HistoryRead(customer_id, page, names, people, gone_on=before is not None)
