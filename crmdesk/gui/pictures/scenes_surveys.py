"""Pictures of surveys: asked, answered, made."""

from __future__ import annotations

import uuid

from PySide6.QtWidgets import QWidget

from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.records import RecordRef
from crmdesk.domain.surveys import (
    Question,
    QuestionKind,
    Reply,
    Survey,
    SurveyAnswer,
    SurveyScale,
)
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_customers import busiest, card_of
from crmdesk.gui.pictures.demo_desk import demo_window
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.settings.survey_dialog import SurveyDialog
from crmdesk.gui.surveys.ask_dialog import AskDialog
from crmdesk.gui.surveys.reading import AskForm

_HOW = Question(uuid.UUID(int=2), QuestionKind.CHOICE, "How did you order?", ("Phone", "Web"))
_WHY = Question(uuid.UUID(int=3), QuestionKind.TEXT, "What could we do better?", is_required=True)
_CALL = Survey(
    uuid.UUID(int=1),
    "After a call",
    SurveyScale.CSAT,
    "How content were you with this call, from 1, not at all, to 5, very much?",
    (_HOW, _WHY),
    asks_after_calls=True,
)
_YEARLY = Survey(
    uuid.UUID(int=4),
    "Yearly",
    SurveyScale.NPS,
    "How likely is it that you recommend us, from 0 to 10?",
)


def _dialog(*surveys: Survey) -> AskDialog:
    form = AskForm(demo_values.JANE, surveys, None)
    return AskDialog(None, demo_window().context, form)


@picture("survey-ask")
def survey_ask() -> QWidget:
    """A figure is chosen, a question is still open."""
    made = _dialog(_CALL, _YEARLY)
    if made.scores:
        made.scores.choose(4)
    return made


@picture("survey-ask-nps")
def survey_ask_nps() -> QWidget:
    """Eleven figures."""
    made = _dialog(_YEARLY)
    if made.scores:
        made.scores.choose(9)
    return made


@picture("survey-answer", size=(900, 700))
def survey_answer() -> QWidget:
    """An answer with its questions."""
    key = busiest()
    made = card_of(key)
    replies = (
        Reply(_HOW.id, _HOW.text, "Phone"),
        Reply(_WHY.id, _WHY.text, "Call back when you say you will."),
    )
    answer = SurveyAnswer(
        uuid.UUID(int=5), key, demo_values.NOW, SurveyScale.CSAT, 2, "Nobody called back.",
        _CALL.id, _CALL.name, None, "Ben Brandt", replies,
    )  # fmt: skip
    view = demo_window().customers().desk.view
    if view is not None:
        made.show_record(RecordRef(TimelineKind.SURVEY, answer.id, key), answer, view)
    return made


@picture("survey-form")
def survey_form() -> QWidget:
    """A survey with its questions."""
    return SurveyDialog(None, _CALL)
