"""Surveys in words. Pure."""

from __future__ import annotations

from crmdesk.domain.surveys import Mood, SurveyAnswer, SurveyScale, SurveyTrend, mood_of

MOODS = {Mood.GOOD: ("happy", "good"), Mood.FAIR: ("content", "warn"), Mood.BAD: ("unhappy", "bad")}
"""What a score says, and the tone of it."""

_MOST = {SurveyScale.CSAT: 5, SurveyScale.NPS: 10}
_NAMES = {SurveyScale.CSAT: "Satisfaction", SurveyScale.NPS: "Would recommend us"}
_SHOWN = 8


def scale_name(scale: SurveyScale) -> str:
    """What is measured."""
    return _NAMES.get(scale, "Answers")


def score_words(scale: SurveyScale, score: int) -> tuple[str, str]:
    """A score in words and its tone, e.g. "4 of 5, happy"."""
    mood = mood_of(scale, score)
    if mood is None:
        return "answered", ""
    word, tone = MOODS[mood]
    return f"{score} of {_MOST[scale]}, {word}", tone


def trend_words(trend: SurveyTrend) -> tuple[str, str]:
    """The last scores, oldest first, and where they go: "3, 2, 5 · better by 3"."""
    shown = ", ".join(str(score) for _, score in trend.scores[-_SHOWN:])
    if trend.step > 0:
        return f"{shown} · better by {trend.step}", "good"
    if trend.step < 0:
        return f"{shown} · worse by {-trend.step}", "bad"
    return shown, ""


def answer_title(one: SurveyAnswer) -> str:
    """What was asked, for the bar."""
    return one.survey_name or scale_name(one.scale)
