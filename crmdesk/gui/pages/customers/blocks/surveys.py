"""How content the customer is, and where that goes."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.surveys import SurveyTrend
from crmdesk.gui.models.survey_words import scale_name, score_words, trend_words
from crmdesk.gui.pages.customers.blocks.block import Block
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.surveys.ask_dialog import ask_survey
from crmdesk.gui.surveys.reading import Asked
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip
from crmdesk.gui.widgets.text import label


def ask(desk: CustomerDesk) -> None:
    """Asks the customer that is shown."""
    customer_id = desk.customer_id()
    if customer_id is not None:
        ask_survey(desk.context, desk.window(), customer_id, desk.wrote, desk.failed.emit)


class SurveysBlock(Block):
    """The last scores of each scale, and the last words."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk, "Surveys", "survey")
        self.add_action("plus", keys.ASK, partial(ask, desk))

    def show_value(self, value: Asked, view: CustomerView) -> None:
        """Shows what a customer answered."""
        if value.last is None:
            self.fill_empty(f"Never asked. {keys.ASK.sequence} asks.")
            return
        parts = [_trend(one) for one in value.trends]
        if value.last.comment:
            more = button("The last answer", "link")
            ref = RecordRef(TimelineKind.SURVEY, value.last.id, view.customer.id)
            more.clicked.connect(partial(self.desk.open, ref))
            said = QWidget()
            words = wrapped(f"“{value.last.comment.splitlines()[0][:120]}”", "small", "muted")
            said.setLayout(column(words, row(more, 1), spacing=Space.HAIR))
            parts.append(said)
        self.fill(*parts)


def _trend(trend: SurveyTrend) -> QWidget:
    made = QWidget()
    words, tone = score_words(trend.scale, trend.latest or 0)
    history, direction = trend_words(trend)
    lines = [row(label(scale_name(trend.scale)), 1, chip(words, tone or "neutral"))]
    items = column(*lines, spacing=Space.HAIR)
    if len(trend.scores) > 1:
        items.addWidget(wrapped(history, "small", direction or "muted"))
    made.setLayout(items)
    return made
