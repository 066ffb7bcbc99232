"""What the page of what is due asks the store; runs on its reader thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.spans import Span, stretch
from crmdesk.domain.call_log import CALL_BACK_DAYS, CallRow, is_about
from crmdesk.domain.follow_ups import DuePlace, FollowUp, FollowUpFilter, FollowUpKind

if TYPE_CHECKING:
    from crmdesk.store import Reader

PAGE_ROWS = 100
COUNT_LIMIT = 200
"""Counts beside the views stop here: "200+" tells enough, and a pop waits behind no more."""


class View(StrEnum):
    """What is shown."""

    ALL = "all"
    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    LATER = "later"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page asks for.

    Attributes:
        responsible: Whose, None for everybody's.
        kind: Only of this one, None for all.
        text: Words in title or name.
    """

    view: View = View.ALL
    responsible: str | None = None
    kind: FollowUpKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A page.

    Attributes:
        calls: Lost calls nobody has called back, on the first page only.
        next: Where the next page goes on, None on the last.
        counts: Of the chips; empty for a further page.
    """

    calls: tuple[CallRow, ...]
    follow_ups: tuple[FollowUp, ...]
    next: DuePlace | None = None
    counts: Mapping[View, int] = field(default_factory=dict)


def read_first(reader: Reader, chosen: Chosen, now: datetime) -> Due:
    """The first page, with the counts of the chips."""
    lost = reader.missed_to_call_back(now - timedelta(days=CALL_BACK_DAYS), COUNT_LIMIT)
    counts = {**_counts(reader, chosen.responsible, now), View.CALLS: len(lost)}
    shown = _calls(lost, chosen)
    if chosen.view is View.CALLS:
        return Due(shown, (), None, counts)
    page = reader.open_follow_ups(wanted(chosen, now), None, PAGE_ROWS)
    return Due(shown, page.follow_ups, page.next, counts)


def read_next(reader: Reader, chosen: Chosen, now: datetime, after: DuePlace | None) -> Due:
    """A further page."""
    page = reader.open_follow_ups(wanted(chosen, now), after, PAGE_ROWS)
    return Due((), page.follow_ups, page.next)


def wanted(chosen: Chosen, now: datetime) -> FollowUpFilter:
    """The filter of the page."""
    is_span = chosen.view not in {View.ALL, View.CALLS}
    since, before = stretch(Span(chosen.view), now, OWN_ZONE) if is_span else (None, None)
    return FollowUpFilter(
        responsible=chosen.responsible,
        kinds=frozenset({chosen.kind} if chosen.kind else ()),
        due_from=since,
        due_before=before,
        text=chosen.text,
    )


def _calls(lost: tuple[CallRow, ...], chosen: Chosen) -> tuple[CallRow, ...]:
    """Lost calls stand on top of everything, and wherever call-backs are asked for."""
    is_shown = chosen.view in {View.ALL, View.CALLS}
    if not is_shown or chosen.kind not in {None, FollowUpKind.CALL_BACK}:
        return ()
    return tuple(row for row in lost if is_about(row, chosen.text))


def _counts(reader: Reader, responsible: str | None, now: datetime) -> dict[View, int]:
    people = None if responsible is None else (responsible,)
    counts = {}
    for span in Span:
        since, before = stretch(span, now, OWN_ZONE)
        counts[View(span)] = reader.count_due(before, people, COUNT_LIMIT, since)
    return counts
