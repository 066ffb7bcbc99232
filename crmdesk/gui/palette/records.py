"""Records in the palette: grouped by what they are, with the line that was found. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordHit
from crmdesk.gui.models.timeline_items import ICONS
from crmdesk.gui.palette.commands import Choice
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.text import joined

_K = TimelineKind
_GROUPS: tuple[tuple[str, tuple[TimelineKind, ...]], ...] = (
    ("Tickets", (_K.TICKET,)),
    ("Orders", (_K.ORDER,)),
    ("Invoices and payments", (_K.PAYMENT, _K.RECEIPT)),
    ("Leads", (_K.LEAD,)),
    ("Notes, e-mails and visits", (_K.NOTE, _K.EMAIL, _K.MESSAGE, _K.VISIT, _K.WEB_FORM)),
    ("Follow-ups", (_K.FOLLOW_UP,)),
    ("Surveys and consents", (_K.SURVEY, _K.CONSENT)),
)
_OF_A_GROUP = 5
_WORD = re.compile(r"[^\s:,]+")


def heading(text: str) -> Choice:
    """A row over a group; it cannot be chosen."""
    return Choice(Cell(text, tone="muted"), is_heading=True)


def record_choices(hits: Iterable[RecordHit], now: datetime) -> list[Choice]:
    """Records that were found, each group under its heading."""
    every = tuple(hits)
    choices: list[Choice] = []
    for title, kinds in _GROUPS:
        found = [hit for hit in every if hit.ref.kind in kinds]
        found.sort(key=lambda hit: hit.entry.at, reverse=True)
        if found:
            choices += [heading(title), *(_choice(hit, now) for hit in found[:_OF_A_GROUP])]
    return choices


def named_exactly(
    hits: Iterable[RecordHit], typed: str, now: datetime
) -> tuple[list[Choice], list[RecordHit]]:
    """The records that have exactly the number that was typed, and the others."""
    wanted = typed.casefold().split()[-1:]
    numbered: list[Choice] = []
    others: list[RecordHit] = []
    for hit in hits:
        words = _WORD.findall(hit.entry.title.casefold())
        if wanted and any(map(str.isdigit, wanted[0])) and wanted[0] in words[:2]:
            numbered.append(_choice(hit, now))
        else:
            others.append(hit)
    return numbered, others


def _choice(hit: RecordHit, now: datetime) -> Choice:
    entry = hit.entry
    excerpt = hit.excerpt if hit.excerpt and hit.excerpt not in entry.title else ""
    cell = Cell(
        entry.title,
        joined((hit.customer_name, excerpt)),
        times.short(entry.at, now),
        icon=ICONS[entry.kind],
        icon_tone=entry.tone or "muted",
        tip=joined((entry.title, hit.customer_name, excerpt, times.full(entry.at))),
    )
    return Choice(cell, record=hit.ref)
