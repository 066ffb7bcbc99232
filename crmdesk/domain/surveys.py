"""What customers are asked, and what they answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SurveyScale(StrEnum):
    """The figure of a survey. CSAT: 1 (bad) to 5 (good). NPS: 0 to 10. NONE: no figure."""

    CSAT = "csat"
    NPS = "nps"
    NONE = "none"


SCORES = {SurveyScale.CSAT: range(1, 6), SurveyScale.NPS: range(11), SurveyScale.NONE: range(1)}
"""What may be answered; NONE stands as 0."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCORE = "score"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The figure of the survey is asked beside these, in the intro's words."""

    id: uuid.UUID
    kind: QuestionKind
    text: str
    choices: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """A set of questions.

    Attributes:
        intro: What the agent says, the question of the figure included.
        asks_after_calls: Offered by itself at the end of a call.
    """

    id: uuid.UUID
    name: str
    scale: SurveyScale
    intro: str = ""
    questions: tuple[Question, ...] = ()
    asks_after_calls: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question.

    Attributes:
        question: Its words when it was asked.
        score: Of SCORE (1 to 5) and YES_NO (1 or 0), None for others.
    """

    question_id: uuid.UUID | None
    question: str
    text: str = ""
    score: int | None = None


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What a customer answered to one survey.

    Attributes:
        score: On the scale, 0 where that is NONE.
        survey_id: None for answers of older stores and of imports.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    scale: SurveyScale
    score: int
    comment: str = ""
    survey_id: uuid.UUID | None = None
    survey_name: str = ""
    call_id: uuid.UUID | None = None
    who: str = ""
    replies: tuple[Reply, ...] = ()


class Mood(StrEnum):
    """What a score says. Of NPS: 9 and 10 good, 7 and 8 fair, the rest bad."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


def mood_of(scale: SurveyScale, score: int) -> Mood | None:
    """What a score says; None where there is no figure."""
    if scale is SurveyScale.NONE:
        return None
    good, fair = (4, 3) if scale is SurveyScale.CSAT else (9, 7)
    return Mood.GOOD if score >= good else Mood.FAIR if score >= fair else Mood.BAD


@dataclass(frozen=True, slots=True)
class SurveyTrend:
    """How the answers of one customer on one scale go.

    Attributes:
        scores: Oldest first, with their moments.
    """

    scale: SurveyScale
    scores: tuple[tuple[datetime, int], ...] = ()

    @property
    def latest(self) -> int | None:
        """The last score."""
        return self.scores[-1][1] if self.scores else None

    @property
    def mean(self) -> float | None:
        """The mean of all; None where nobody was asked."""
        return sum(score for _, score in self.scores) / len(self.scores) if self.scores else None

    @property
    def step(self) -> int:
        """How much better the last one is than the one before; 0 where there are not two."""
        return self.scores[-1][1] - self.scores[-2][1] if len(self.scores) > 1 else 0


def missing(survey: Survey, replies: Sequence[Reply]) -> tuple[Question, ...]:
    """Questions that have to be answered and were not."""
    answered = {one.question_id for one in replies if one.text or one.score is not None}
    return tuple(one for one in survey.questions if one.is_required and one.id not in answered)
