"""A survey of the invented company for the end of a call; not journaled: nobody made it."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from sqlalchemy import Table

from crmdesk.domain.surveys import Question, QuestionKind, Survey, SurveyScale
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import Row
from crmdesk.store.tables import survey, survey_question

SURVEY = Survey(
    uuid.UUID("6a0c52a4-40f5-4f0d-9a86-0d3a5d1c7e10"),
    "After a call",
    SurveyScale.CSAT,
    "How content were you with this call, from 1 to 5?",
    (
        Question(
            uuid.UUID("6a0c52a4-40f5-4f0d-9a86-0d3a5d1c7e11"),
            QuestionKind.YES_NO,
            "Could we help you at once?",
        ),
        Question(
            uuid.UUID("6a0c52a4-40f5-4f0d-9a86-0d3a5d1c7e12"),
            QuestionKind.TEXT,
            "What should we do better?",
        ),
    ),
    asks_after_calls=True,
)


def survey_rows(now: datetime, desk: bytes) -> dict[Table, list[Row]]:
    """The rows of the survey and its questions.

    Args:
        now: The present moment of the demo.
        desk: Goes into `origin`.
    """
    stamps = (to_micros(now), to_micros(now), None, desk)
    questions = [
        (one.id.bytes, *stamps, SURVEY.id.bytes, place, one.kind.value, one.text,
         json.dumps(one.choices), one.is_required)
        for place, one in enumerate(SURVEY.questions)
    ]  # fmt: skip
    whole = (SURVEY.id.bytes, *stamps, SURVEY.name, SURVEY.scale.value, SURVEY.intro, 0,
             SURVEY.asks_after_calls, SURVEY.is_active)  # fmt: skip
    return {survey: [whole], survey_question: questions}
