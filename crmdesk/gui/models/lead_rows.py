"""Rows of the list of leads. Pure: now, names and picklists are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.leads import Lead
from crmdesk.domain.planning import Picklists
from crmdesk.gui.models import lead_words
from crmdesk.gui.models.customer_words import money
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.placed_line import PlacedLine
from crmdesk.gui.models.row_table import Column
from crmdesk.gui.models.sales_words import day
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined

COLUMNS = (
    Column("Expected", 122),
    Column("Lead", 0),
    Column("Customer", 120),
    Column("Stage", 85),
    Column("Value", 128, right=True),
    Column("Likely", 60, right=True),
    Column("Next step", 140),
    Column("Step due", 122),
    Column("Owner", 105),
)
_TEXT_TONES = {"accent": "text", "neutral": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLine(PlacedLine):
    """The row of a lead."""

    lead: Lead


def line(lead: Lead, place: int, lists: Picklists, names: Names, now: datetime) -> LeadLine:
    """The row of a lead; `place` counts from the top."""
    expected, step = lead_words.expected(lead, now), lead_words.next_step(lead, now)
    stage, tone = lead_words.stage(lead, lists)
    value = money(lead.value_cents, lead.currency) if lead.value_cents else "–"
    owner = names.anybody(lead.owner)
    is_late = expected.tone == "warn"
    when = day(lead.expected_on) if lead.expected_on else "–"
    icon = expected.icon if is_late else ""
    cells = (
        Cell(when, tone=expected.tone, icon=icon, icon_tone=expected.tone, tip=expected.text),
        Cell(lead.title, tip=lead.title),
        Cell(lead.customer_name, tone="muted", tip=lead.customer_name),
        Cell(stage, tone=_TEXT_TONES.get(tone, tone)),
        Cell(value, right=True),
        Cell(f"{lead_words.percent(lead, lists)} %", tone="muted", right=True),
        Cell(lead.next_step or "–", tone="text" if lead.next_step else "warn", tip=step.text),
        _due(lead, now),
        Cell(owner or "–", tone="text" if owner else "warn", tip=owner or "Nobody's yet"),
    )
    spoken = joined((lead.title, lead.customer_name, stage, value, expected.text, step.text), ", ")
    return LeadLine(lead=lead, key=lead.id, place=place, cells=cells, spoken=spoken)


def _due(lead: Lead, now: datetime) -> Cell:
    """When the next step is due: its own column, so that no long step hides it."""
    at = lead.next_step_at
    if at is None:
        return Cell("–", tone="muted")
    is_late = at < now
    icon, tone = ("warning", "bad") if is_late else ("", "text")
    return Cell(times.due(at, now), tone=tone, icon=icon, icon_tone=tone, tip=times.full(at))
