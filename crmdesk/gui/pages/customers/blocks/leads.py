"""The leads of a customer that may still come off."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import CustomerStory, TimelineKind
from crmdesk.domain.leads import Lead, LeadState
from crmdesk.domain.records import RecordRef
from crmdesk.gui.leads.opening import new_lead
from crmdesk.gui.models import lead_words
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.sales import pieces
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import joined

if TYPE_CHECKING:
    from crmdesk.store import Reader

_LATEST = 20
_SHOWN_CLOSED = 1


def read(reader: Reader, story: CustomerStory, _now: datetime) -> tuple[Lead, ...]:
    """Open leads first, then those that ended last."""
    return reader.leads_of(story.customer.id, _LATEST)


class LeadsBlock(Block):
    """Open leads; a click opens one in place of the timeline."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Leads", "star")
        self.add_action("plus", keys.LEAD, partial(new_lead, desk))

    def show_value(self, value: tuple[Lead, ...], view: CustomerView) -> None:
        """Shows the leads of a customer."""
        still_open = [one for one in value if one.state is LeadState.OPEN]
        closed = [one for one in value if one.state is not LeadState.OPEN]
        rows = [self._open(one, view) for one in still_open]
        if not rows and not closed:
            self.fill_empty(f"No lead. {keys.LEAD.sequence} writes one down.")
            return
        rows += [self._closed(one, view) for one in closed[:_SHOWN_CLOSED]]
        self.fill(*rows, count=len(still_open) or None)

    def _name(self, lead: Lead, view: CustomerView) -> QWidget:
        made = QWidget()
        ref = RecordRef(TimelineKind.LEAD, lead.id, view.customer.id)
        name = pieces.link_button(lead.title, partial(self.desk.open, ref), lead.title)
        stage = chip(*lead_words.stage(lead, view.names.lists))
        made.setLayout(row(name, 1, stage, spacing=Space.S))
        return made

    def _open(self, lead: Lead, view: CustomerView) -> QWidget:
        made = QWidget()
        expected = lead_words.expected(lead, view.now)
        worth = lead_words.worth(lead, view.names.lists)
        items = column(self._name(lead, view), spacing=Space.HAIR)
        items.addWidget(wrapped(joined((worth, expected.text)), "small", expected.tone))
        items.addWidget(pieces.said(lead_words.next_step(lead, view.now), "small"))
        made.setLayout(items)
        return made

    def _closed(self, lead: Lead, view: CustomerView) -> QWidget:
        made = QWidget()
        ended = wrapped(lead_words.closing(lead, view.names.lists), "small", "muted")
        made.setLayout(column(self._name(lead, view), ended, spacing=Space.HAIR))
        return made
