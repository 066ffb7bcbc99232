"""What the customer allows, and what may be sent."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.outreach import Consent
from crmdesk.domain.planning import Picklists
from crmdesk.domain.records import RecordRef
from crmdesk.gui.models.outreach_words import consent_state, consent_title
from crmdesk.gui.outreach.consent_dialog import ask_for_consent
from crmdesk.gui.outreach.reading import Allowed
from crmdesk.gui.outreach.send_dialog import ask_to_send
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import joined, label


def write_down(desk: CustomerDesk, about: Consent | None = None) -> None:
    """Asks what the customer that is shown allows."""
    if desk.view is not None:
        ask_for_consent(desk.context, desk.window(), desk.view.customer, desk.wrote, about)


def write_to(desk: CustomerDesk) -> None:
    """Writes a message to the customer that is shown, and opens it."""
    customer_id = desk.customer_id()
    if customer_id is None:
        return

    def show(key: uuid.UUID, change: ChangeSet) -> None:
        desk.wrote(change)
        desk.open(RecordRef(TimelineKind.MESSAGE, key, customer_id))

    ask_to_send(desk.context, desk.window(), customer_id, show, desk.failed.emit)


class ConsentsBlock(Block):
    """What holds for each purpose and channel; a click opens how it came about."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "What they allow", "check-circle")
        self.add_action("mail", keys.WRITE_TO, partial(write_to, desk))
        self.add_action("plus", keys.CONSENT, partial(write_down, desk))

    def show_value(self, value: Allowed, view: CustomerView) -> None:
        """Shows what a customer allows."""
        if not value.consents:
            self.fill_empty(
                "Nothing was said yet, so no news may be sent."
                f" {keys.CONSENT.sequence} writes it down."
            )
            return
        self.fill(*(self._row(one, value.lists, view.now, view) for one in value.consents))

    def _row(self, one: Consent, lists: Picklists, now: datetime, view: CustomerView) -> QWidget:
        made = QWidget()
        words, tone = consent_state(one)
        name = button(consent_title(one, lists), "link")
        ref = RecordRef(TimelineKind.CONSENT, one.id, view.customer.id)
        name.clicked.connect(partial(self.desk.open, ref))
        about = joined((times.short(one.at, now), view.names.anybody(one.who)))
        made.setLayout(
            column(
                row(name, 1, chip(words, tone), spacing=Space.S),
                label(about, "small", "muted"),
                spacing=Space.HAIR,
            )
        )
        return made
