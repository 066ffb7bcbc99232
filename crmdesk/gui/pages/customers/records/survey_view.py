"""A survey answer, opened: the figure, the words, every question with its answer."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from crmdesk.domain.surveys import Reply, SurveyAnswer
from crmdesk.gui.models.survey_words import answer_title, score_words
from crmdesk.gui.pages.customers.customer_desk import CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import wrapped
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import chip, rule
from crmdesk.gui.widgets.text import joined, label


class SurveyRecordView(RecordView):
    """What was asked and answered."""

    def title(self, value: SurveyAnswer) -> str:
        """What was asked."""
        return answer_title(value)

    def show_value(self, value: SurveyAnswer, view: CustomerView) -> None:
        """Shows an answer."""
        self.fill(self._parts(value, view))

    def _parts(self, value: SurveyAnswer, view: CustomerView) -> Iterator[QWidget]:
        words, tone = score_words(value.scale, value.score)
        about = joined((times.full(value.at), view.names.anybody(value.who)))
        head = QWidget()
        head.setLayout(row(chip(words, tone or "neutral"), label(about, "small", "muted"), 1))
        yield head
        if value.comment:
            yield wrapped(f"“{value.comment}”")
        if value.replies:
            yield rule()
        for reply in value.replies:
            yield _reply(reply)


def _reply(reply: Reply) -> QWidget:
    made = QWidget()
    score = f"{reply.score} of 5" if reply.score is not None and not reply.text else ""
    answer = wrapped(reply.text or score or "Not answered.")
    made.setLayout(column(wrapped(reply.question, "small", "muted"), answer, spacing=Space.HAIR))
    return made
