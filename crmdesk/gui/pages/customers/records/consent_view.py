"""A consent, opened: what was said, in which words, and all that was ever said of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.outreach import Consent
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.outreach_words import consent_state, consent_title
from crmdesk.gui.outreach.reading import OpenedConsent
from crmdesk.gui.pages.customers.blocks.consents import write_down
from crmdesk.gui.pages.customers.customer_desk import CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import SectionHeader, chip, rule
from crmdesk.gui.widgets.text import joined, label


class ConsentRecordView(RecordView):
    """Yes or no, to what, where and in which words."""

    def title(self, value: OpenedConsent) -> str:
        """What it is about."""
        return consent_title(value.consent, value.lists)

    def show_value(self, value: OpenedConsent, view: CustomerView) -> None:
        """Shows a consent."""
        self.fill(self._parts(value, view))

    def _parts(self, value: OpenedConsent, view: CustomerView) -> Iterator[QWidget]:
        latest = value.history[0] if value.history else value.consent
        yield _line(value.consent, value, view)
        wording = value.consent.wording or "The wording was not written down."
        yield wrapped(wording, tone="text" if value.consent.wording else "muted")
        change = button("Withdraw…" if latest.is_given else "Allow again…", icon="edit")
        change.clicked.connect(partial(write_down, self.desk, latest))
        made = QWidget()
        made.setLayout(row(change, 1))
        yield made
        yield rule()
        yield SectionHeader("All that was said of it", "clock")
        for one in value.history:
            yield _line(one, value, view)


def _line(one: Consent, value: OpenedConsent, view: CustomerView) -> QWidget:
    made = QWidget()
    words, tone = consent_state(one)
    source = value.lists.title(PicklistKey.CONSENT_SOURCE, one.source)
    about = joined((times.full(one.at), source, view.names.anybody(one.who)))
    made.setLayout(
        column(row(chip(words, tone), label(about, "small", "muted"), 1), spacing=Space.HAIR)
    )
    return made
