"""Rows of the page of what is due. Pure: now and names are arguments."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
from crmdesk.desk.follow_ups.spans import Span, span_of
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.follow_ups import FollowUp
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.placed_line import PlacedLine
from crmdesk.gui.models.row_table import Column
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined

COLUMNS = (
    Column("", 96),
    Column("When", 180),
    Column("What", 0),
    Column("Customer", 180),
    Column("Kind", 130),
    Column("Owner", 120),
)
SPANS = {
    Span.OVERDUE: "Overdue",
    Span.TODAY: "Today",
    Span.TOMORROW: "Tomorrow",
    Span.WEEK: "This week",
    Span.LATER: "Later",
}
CALLS = "Call back"
"""Heading of the lost calls nobody has called back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine(PlacedLine):
    """The row of what is due.

    Attributes:
        follow_up: What is to be done, None for a lost call.
        call: The lost call, None for a follow-up.
        group: Heading of the group it is in.
    """

    group: str
    follow_up: FollowUp | None = None
    call: CallRow | None = None

    @property
    def customer_id(self) -> uuid.UUID | None:
        """Whose it is, None for a stranger's call."""
        return self.follow_up.customer_id if self.follow_up else self._caller()

    def _caller(self) -> uuid.UUID | None:
        return self.call.customer_id if self.call else None


def lines(
    found: Iterable[CallRow | FollowUp], before: Sequence[DueLine], names: Names, now: datetime
) -> list[DueLine]:
    """Rows that follow others; the first of each group bears its heading."""
    made: list[DueLine] = []
    group = before[-1].group if before else ""
    for place, one in enumerate(found, len(before)):
        heading = group_of(one, now)
        shown = "" if heading == group else heading
        group = heading
        if isinstance(one, FollowUp):
            made.append(_follow_up(one, place, group, shown, names, now))
        else:
            made.append(_call(one, place, group, shown, names, now))
    return made


def group_of(one: CallRow | FollowUp, now: datetime) -> str:
    """The heading under which it stands."""
    return SPANS[span_of(one.due_at, now, OWN_ZONE)] if isinstance(one, FollowUp) else CALLS


def _follow_up(
    one: FollowUp, place: int, group: str, shown: str, names: Names, now: datetime
) -> DueLine:
    due = follow_up_words.due(one, now)
    owner = names.anybody(one.responsible)
    kind = follow_up_words.KINDS[one.kind]
    cells = (
        _heading(shown),
        Cell(due.text, tone=due.tone, icon=due.icon, icon_tone=due.tone, tip=due.tip),
        Cell(
            one.title,
            strong=due.tone == "bad",
            tip="\n".join(filter(None, (one.title, one.detail))),
        ),
        Cell(one.customer_name, tone="muted", tip=one.customer_name),
        Cell(kind, icon=follow_up_words.ICONS[one.kind], tip=follow_up_words.repeats(one.repeat)),
        Cell(owner or "–", tone="text" if owner else "warn", tip=owner or "Nobody's yet"),
    )
    spoken = joined((group, kind, one.title, one.customer_name, due.text, owner), ", ")
    return DueLine(key=one.id, place=place, group=group, cells=cells, spoken=spoken, follow_up=one)


def _call(row: CallRow, place: int, group: str, shown: str, names: Names, now: datetime) -> DueLine:
    call = row.call
    number = names.number(row.caller_e164 or call.caller_raw, call.line_id)
    name = row.customer_name or number
    when = f"Called {times.ago(call.started_at, now)}"
    called = names.called(call)
    what = joined(("Missed call", called))
    cells = (
        _heading(shown),
        Cell(
            when,
            tone="warn",
            icon="phone-missed",
            icon_tone="warn",
            tip=times.full(call.started_at),
        ),
        Cell(what, tip=joined((what, number))),
        Cell(name, tone="muted", tip=joined((name, number))),
        Cell("Missed call", icon="phone-missed"),
        Cell("Anybody", tone="muted"),
    )
    spoken = joined((group, name, when, called), ", ")
    return DueLine(key=call.id, place=place, group=group, cells=cells, spoken=spoken, call=row)


def _heading(text: str) -> Cell:
    return Cell(text, strong=True, tone="bad" if text == SPANS[Span.OVERDUE] else "text")
