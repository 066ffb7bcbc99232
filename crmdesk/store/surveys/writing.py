"""Writes surveys and answers; each step can be taken back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.surveys import SCORES, Reply, Survey, SurveyAnswer
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.tables import survey, survey_answer, survey_question, survey_reply

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

_LONGEST_QUESTION = 4_000


class SurveyWriting:
    """Writes surveys.

    Args:
        writer: Of the transaction.
        who: Name or extension of the agent.
    """

    def __init__(self, writer: Writer, who: str) -> None:
        self._writer = writer
        self._who = who

    def save(self, surveys: Sequence[Survey]) -> ChangeSet:
        """Makes the surveys those that are given, in this order; answers keep what was asked."""
        known = {one.id: one for one in self._writer.surveys()}
        with self._writer.change(ChangeKind.PLAN, "Surveys changed", self._who) as change:
            for place, one in enumerate(surveys):
                row = {
                    "name": kept_line(one.name),
                    "scale": one.scale.value,
                    "intro": kept_text(one.intro),
                    "position": place,
                    "asks_after_calls": one.asks_after_calls,
                    "is_active": one.is_active,
                }
                before = known.pop(one.id, None)
                if before is None:
                    change.insert(survey, row, one.id)
                else:
                    change.update(survey, one.id, row)
                _save_questions(change, before, one)
            for gone in known.values():
                change.remove(survey, gone.id)
        return change.change

    def answer(self, given: SurveyAnswer) -> ChangeSet:
        """Adds what a customer answered.

        Raises:
            UserFacingError: The figure is none of the scale, or the customer was removed.
        """
        if given.score not in SCORES[given.scale]:
            scores = SCORES[given.scale]
            raise UserFacingError(
                f"{given.score} is no answer here.",
                "Nothing was saved.",
                f"Choose a figure from {scores.start} to {scores.stop - 1}.",
            )
        customer_id = self._writer.living_customer(given.customer_id)
        title = f"Survey answered: {kept_line(given.survey_name)}".rstrip(": ")
        with self._writer.change(ChangeKind.SURVEY, title, self._who) as change:
            row = {
                "customer_id": customer_id,
                "at": given.at,
                "scale": given.scale.value,
                "score": given.score,
                "comment": kept_text(given.comment),
                "survey_id": given.survey_id,
                "call_id": given.call_id,
                "who": kept_line(given.who),
            }
            change.insert(survey_answer, row, given.id)
            for place, reply in enumerate(given.replies):
                change.insert(survey_reply, _reply_row(reply, given.id, place))
        return change.change


def _save_questions(change: ChangeRecorder, before: Survey | None, after: Survey) -> None:
    known = {one.id for one in before.questions} if before else set()
    for place, one in enumerate(after.questions):
        row = {
            "survey_id": after.id,
            "position": place,
            "kind": one.kind.value,
            "text": kept_line(one.text, _LONGEST_QUESTION),
            "choices": json.dumps([kept_line(text) for text in one.choices]),
            "is_required": one.is_required,
        }
        if one.id in known:
            change.update(survey_question, one.id, row)
        else:
            change.insert(survey_question, row, one.id)
    for gone in known - {one.id for one in after.questions}:
        change.remove(survey_question, gone)


def _reply_row(reply: Reply, answer_id: uuid.UUID, place: int) -> dict[str, object]:
    return {
        "answer_id": answer_id,
        "position": place,
        "question_id": reply.question_id,
        "question": kept_line(reply.question, _LONGEST_QUESTION),
        "text": kept_text(reply.text),
        "score": reply.score,
    }
