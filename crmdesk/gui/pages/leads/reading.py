"""What the page of leads asks the store; runs on its reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crmdesk.domain.leads import LeadPage, LeadPlace, StageForecast
from crmdesk.domain.planning import Picklists

if TYPE_CHECKING:
    from crmdesk.store import Reader

PAGE_ROWS = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which leads are shown.

    Attributes:
        stage: Key of the picklist `LEAD_STAGE`, "" for all.
        owner: Whose, None for everybody's.
        until: Only those expected by this day; None for all.
    """

    stage: str = ""
    owner: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Leads:
    """What the page shows.

    Attributes:
        forecast: Of all stages; None for a further page.
    """

    page: LeadPage
    lists: Picklists
    forecast: tuple[StageForecast, ...] | None = None


def read_first(reader: Reader, chosen: Chosen) -> Leads:
    """The first page, with the forecast."""
    lists = reader.picklists()
    found = reader.forecast(lists, chosen.until, chosen.owner)
    return Leads(_page(reader, chosen, None), lists, found)


def read_next(reader: Reader, chosen: Chosen, after: LeadPlace | None) -> Leads:
    """A further page."""
    return Leads(_page(reader, chosen, after), reader.picklists())


def _page(reader: Reader, chosen: Chosen, after: LeadPlace | None) -> LeadPage:
    return reader.open_leads(after, PAGE_ROWS, chosen.stage, chosen.owner, chosen.until)
