"""What the calls page asks the store; runs on its reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from crmdesk.desk.caller import Caller, LookUp, read_caller
from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.domain.call_log import (
    CALL_BACK_DAYS,
    CallFilter,
    CallPage,
    CallRow,
    Place,
    is_about,
)
from crmdesk.domain.segments import Members, Segment
from crmdesk.gui.exports.choices import Scope
from crmdesk.gui.widgets.times import local

if TYPE_CHECKING:
    from crmdesk.store import Reader

PAGE_ROWS = 100
COUNT_LIMIT = 200
"""Counts beside the views stop here: "200+" tells enough, and a pop waits behind no more."""


class View(Enum):
    """The three lists of the page."""

    TODAY = "today"
    CALL_BACK = "call back"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class CallDetail:
    """One opened call.

    Attributes:
        caller: Who has this number today, for the candidates.
    """

    row: CallRow
    caller: Caller


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers beside the views."""

    today: int
    call_back: int


def start_of_day(now: datetime) -> datetime:
    """Local midnight, as UTC."""
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(now.tzinfo)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which calls the page shows."""

    view: View
    text: str = ""
    segment: Segment | None = None

    @property
    def members(self) -> Members | None:
        """Whose calls; None for everybody's."""
        return Members(self.segment.rule, OWN_ZONE) if self.segment else None


def read_page(reader: Reader, shown: Shown, now: datetime, before: Place | None = None) -> CallPage:
    """A page of a view; of a segment it may be short and still have a `next`."""
    if shown.view is View.CALL_BACK:
        rows = reader.missed_to_call_back(now - timedelta(days=CALL_BACK_DAYS), COUNT_LIMIT)
        about = tuple(row for row in rows if is_about(row, shown.text))
        return CallPage(reader.calls_of(about, shown.members))
    since = start_of_day(now) if shown.view is View.TODAY else None
    chosen = CallFilter(text=shown.text, since=since, members=shown.members)
    return reader.calls(chosen, before=before, limit=PAGE_ROWS)


def read_counts(reader: Reader, now: datetime) -> Counts:
    """How many calls the views hold."""
    today = reader.calls(CallFilter(since=start_of_day(now)), limit=COUNT_LIMIT)
    lost = reader.missed_to_call_back(now - timedelta(days=CALL_BACK_DAYS), COUNT_LIMIT)
    return Counts(len(today.rows), len(lost))


def read_detail(
    reader: Reader, call_id: uuid.UUID, look_ups: Mapping[str, LookUp], now: datetime
) -> CallDetail | None:
    """A call with its offers, and who has the number today; None where unknown.

    `look_ups` says how callers are looked up, by line; "" for calls of lines that are gone.
    """
    row = reader.call_row(call_id)
    if row is None:
        return None
    look_up = look_ups.get(row.call.line_id, look_ups[""])
    return CallDetail(row, read_caller(reader, row.call, look_up, now))


def shown_scope(shown: Shown, now: datetime) -> Scope:
    """What `read_page` shows, for an export."""
    view, text = shown.view, shown.text
    titles = {View.TODAY: "calls of today", View.CALL_BACK: "calls to call back"}
    title = titles.get(view, "all calls") + (f" that match “{text}”" if text else "")
    words = [f"--text={text}"] if text else []
    if shown.segment is not None:
        title += f" of the segment “{shown.segment.name}”"
        words.append(f"--segment={shown.segment.name}")
    if view is View.CALL_BACK:
        words.append("--to-call-back")
    if view is View.TODAY:
        words.append(f"--since={start_of_day(now).isoformat()}")
    return Scope("calls", title, tuple(words))


def empty_words(shown: Shown, extension: str) -> tuple[str, str]:
    """What stands where there is no call, and the next step.

    Args:
        shown: Which calls.
        extension: Whose calls appear, "" for everybody's.
    """
    if shown.segment is not None:
        words = f" that matches “{shown.text}”" if shown.text else ""
        return f"No call here{words} of a customer in “{shown.segment.name}”.", "Look in All."
    if shown.text:
        return f"No call matches “{shown.text}”.", "Type less, or look in All."
    if shown.view is View.CALL_BACK:
        return "Nobody is waiting for a call back.", "Missed and abandoned calls stand here."
    calls = f"Calls to {extension}" if extension else "Calls"
    when = " today" if shown.view is View.TODAY else ""
    return f"No calls yet{when}.", f"{calls} appear here as they ring."
