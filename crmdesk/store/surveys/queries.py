"""Reads surveys and answers."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from crmdesk.domain.surveys import (
    Question,
    QuestionKind,
    Reply,
    Survey,
    SurveyAnswer,
    SurveyScale,
    SurveyTrend,
)
from crmdesk.store.columns import Key
from crmdesk.store.queries import Queries
from crmdesk.store.tables import survey, survey_answer, survey_question, survey_reply

_OF_TREND = 50
"""Answers of a trend."""

_wanted = bindparam("wanted", type_=Key)
_surveys = (
    select(
        survey.c.id,
        survey.c.name,
        survey.c.scale,
        survey.c.intro,
        survey.c.asks_after_calls,
        survey.c.is_active,
    )
    .where(survey.c.deleted_at.is_(None))
    .order_by(survey.c.position, survey.c.name, survey.c.id)
)
_questions = (
    select(
        survey_question.c.survey_id,
        survey_question.c.id,
        survey_question.c.kind,
        survey_question.c.text,
        survey_question.c.choices,
        survey_question.c.is_required,
    )
    .where(survey_question.c.deleted_at.is_(None))
    .order_by(survey_question.c.survey_id, survey_question.c.position, survey_question.c.id)
)
_ANSWER = (
    survey_answer.c.id,
    survey_answer.c.customer_id,
    survey_answer.c.at,
    survey_answer.c.scale,
    survey_answer.c.score,
    survey_answer.c.comment,
    survey_answer.c.survey_id,
    func.coalesce(survey.c.name, ""),
    survey_answer.c.call_id,
    survey_answer.c.who,
)
# The name of a survey that is gone still says what was asked.
_answers = (
    select(*_ANSWER)
    .select_from(survey_answer)
    .outerjoin(survey, survey.c.id == survey_answer.c.survey_id)
    .where(survey_answer.c.deleted_at.is_(None))
)
_one = _answers.where(survey_answer.c.id == _wanted)
_of_customer: Select[Any] = (
    _answers.where(survey_answer.c.customer_id == _wanted)
    .order_by(survey_answer.c.at.desc(), survey_answer.c.id.desc())
    .limit(bindparam("limit"))
)
_of_call = _answers.where(
    survey_answer.c.customer_id == _wanted, survey_answer.c.call_id == bindparam("call", type_=Key)
).limit(1)
_scores = (
    select(survey_answer.c.at, survey_answer.c.score)
    .where(
        survey_answer.c.customer_id == _wanted,
        survey_answer.c.scale == bindparam("scale"),
        survey_answer.c.deleted_at.is_(None),
    )
    .order_by(survey_answer.c.at.desc(), survey_answer.c.id.desc())
    .limit(_OF_TREND)
)
_replies = (
    select(
        survey_reply.c.question_id,
        survey_reply.c.question,
        survey_reply.c.text,
        survey_reply.c.score,
    )
    .where(survey_reply.c.answer_id == _wanted, survey_reply.c.deleted_at.is_(None))
    .order_by(survey_reply.c.position, survey_reply.c.id)
)
_SCALES, _KINDS = frozenset(map(str, SurveyScale)), frozenset(map(str, QuestionKind))


class SurveyQueries(Queries):
    """Reads surveys and answers."""

    def surveys(self) -> tuple[Survey, ...]:
        """All surveys with their questions, in the company's order."""
        questions: dict[uuid.UUID, list[Question]] = defaultdict(list)
        for survey_id, key, kind, text, choices, is_required in self._connection.execute(
            _questions
        ):
            known = QuestionKind(kind) if kind in _KINDS else QuestionKind.TEXT
            offered = tuple(map(str, json.loads(choices)))
            questions[survey_id].append(Question(key, known, text, offered, bool(is_required)))
        return tuple(
            Survey(
                key, name, _scale(scale), intro, tuple(questions[key]), bool(asks), bool(is_active)
            )
            for key, name, scale, intro, asks, is_active in self._connection.execute(_surveys)
        )

    def survey_answer(self, answer_id: uuid.UUID) -> SurveyAnswer | None:
        """An answer with its replies; None where it was removed or never was."""
        row = self._connection.execute(_one, {"wanted": answer_id}).one_or_none()
        if row is None:
            return None
        replies = self._connection.execute(_replies, {"wanted": answer_id})
        return _answer(row, tuple(Reply(*reply) for reply in replies))

    def survey_answers_of(
        self, customer_id: uuid.UUID, limit: int = 20
    ) -> tuple[SurveyAnswer, ...]:
        """A customer's answers, newest first, without their replies."""
        rows = self._connection.execute(_of_customer, {"wanted": customer_id, "limit": limit})
        return tuple(map(_answer, rows))

    def was_asked_in(self, customer_id: uuid.UUID, call_id: uuid.UUID) -> bool:
        """Whether the customer answered a survey of this call already."""
        values = {"wanted": customer_id, "call": call_id}
        return self._connection.execute(_of_call, values).first() is not None

    def survey_trend(self, customer_id: uuid.UUID, scale: SurveyScale) -> SurveyTrend:
        """How a customer's last answers on one scale go."""
        values = {"wanted": customer_id, "scale": scale.value}
        newest = self._connection.execute(_scores, values).all()
        return SurveyTrend(scale, tuple((at, score) for at, score in reversed(newest)))


def _scale(text: str) -> SurveyScale:
    """A scale of a newer CRMDesk has no figure here."""
    return SurveyScale(text) if text in _SCALES else SurveyScale.NONE


def _answer(row: Sequence[Any], replies: tuple[Reply, ...] = ()) -> SurveyAnswer:
    key, customer_id, at, scale, score, comment, survey_id, name, call_id, who = row
    figure = (_scale(scale), score)
    return SurveyAnswer(
        key, customer_id, at, *figure, comment, survey_id, name, call_id, who, replies
    )
