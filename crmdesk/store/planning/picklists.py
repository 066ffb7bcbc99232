"""The choices in force, and what people read where a row holds one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from crmdesk.domain.planning import DEFAULTS, Choice, PicklistKey, Picklists
from crmdesk.store.prepared import Prepared
from crmdesk.store.tables import picklist_entry

_entries = Prepared(
    select(
        picklist_entry.c.list_key,
        picklist_entry.c.key,
        picklist_entry.c.title,
        picklist_entry.c.meaning,
        picklist_entry.c.tone,
        picklist_entry.c.percent,
        picklist_entry.c.is_retired,
    )
    .where(picklist_entry.c.deleted_at.is_(None))
    .order_by(picklist_entry.c.list_key, picklist_entry.c.position, picklist_entry.c.key)
)
_LISTS = frozenset(map(str, PicklistKey))
"""A newer CRMDesk may have written others; they are its business."""


def read_picklists(connection: Connection) -> Picklists:
    """A list the company changed, else the program's own."""
    changed: dict[PicklistKey, list[Choice]] = defaultdict(list)
    for name, *values in _entries.rows(connection, {}):
        if name in _LISTS:
            changed[PicklistKey(name)].append(Choice(*values))
    if not changed:
        return Picklists()
    return Picklists({key: tuple(changed.get(key, DEFAULTS[key])) for key in PicklistKey})


@dataclass(frozen=True, slots=True)
class Telling:
    """By what rows are told in words.

    Attributes:
        now: The moment it is told at; its zone says which day it is at the desk.
        lists: What the values of picklists are called.
    """

    now: datetime
    lists: Picklists

    def title(self, key: PicklistKey, value: str) -> str:
        """What people read for a value; of one that is in no list, the value as a word."""
        is_known = any(one.key == value for one in self.lists.lists[key])
        return self.lists.title(key, value) if is_known else capital(value)

    def inside(self, key: PicklistKey, value: str) -> str:
        """The same inside a sentence: "Shipped" becomes "shipped", "RMA" stays."""
        title = self.title(key, value)
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]

    def numbered(self, key: PicklistKey, name: str) -> str:
        """A value and a number on two lines, as a title: "Complaint 1042"."""
        value, _, number = name.partition(NUMBER)
        return f"{self.title(key, value)} {number}"


NUMBER = "\n"
"""Between a value and a number in a column; no value has it."""


def capital(text: str) -> str:
    """A key as a word: "waiting_long" becomes "Waiting long"."""
    return text[:1].upper() + text[1:].replace("_", " ")
