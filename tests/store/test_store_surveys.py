"""Surveys are kept with their questions; answers keep what was asked, and show a trend."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.surveys import (
    SCORES,
    Mood,
    Question,
    QuestionKind,
    Reply,
    Survey,
    SurveyAnswer,
    SurveyScale,
    missing,
    mood_of,
)
from crmdesk.store.surveys.writing import SurveyWriting


@pytest.fixture
def anna(write, make_person):
    someone = make_person("Anna Groß")
    write(lambda w: w.save_customer(someone))
    return someone.id


@pytest.fixture
def surveys(write):
    return lambda work: write(lambda w: work(SurveyWriting(w, "Ben")))


WHY = Question(uuid.uuid4(), QuestionKind.TEXT, "Why?", is_required=True)
HOW = Question(uuid.uuid4(), QuestionKind.CHOICE, "How did you order?", ("Phone", "Web"))
CALL = Survey(
    uuid.uuid4(), "After a call", SurveyScale.CSAT, "How was it,\nfrom 1 to 5?", (HOW, WHY), True
)
YEARLY = Survey(uuid.uuid4(), "Yearly", SurveyScale.NPS, "Would you recommend us?")


def answer(anna, now, score, **facts) -> SurveyAnswer:
    facts = {"scale": SurveyScale.CSAT, **facts}
    return SurveyAnswer(uuid.uuid4(), anna, now, score=score, **facts)


def test_surveys_are_kept_in_order_with_their_questions(read, write, surveys):
    surveys(lambda s: s.save((CALL, YEARLY)))
    assert read(lambda r: r.surveys()) == (CALL, YEARLY)
    changed = replace(CALL, questions=(WHY, replace(HOW, choices=("Web",))), is_active=False)
    step = surveys(lambda s: s.save((YEARLY, changed)))
    assert read(lambda r: r.surveys()) == (YEARLY, changed)
    surveys(lambda s: s.save((YEARLY, replace(changed, questions=(WHY,)))))
    assert read(lambda r: r.surveys())[1].questions == (WHY,)
    assert step.rows == 4


def test_answer_keeps_what_was_asked_whatever_becomes_of_the_survey(read, surveys, anna, now):
    surveys(lambda s: s.save((CALL,)))
    replies = (Reply(HOW.id, HOW.text, "Web"), Reply(WHY.id, WHY.text, "Quick\nand kind"))
    call_id = uuid.uuid4()
    given_one = answer(
        anna, now, 5, comment="Fine", survey_id=CALL.id, survey_name=CALL.name, call_id=call_id,
        who="Ben", replies=replies,
    )  # fmt: skip
    surveys(lambda s: s.answer(given_one))
    surveys(lambda s: s.save(()))
    assert read(lambda r: r.surveys()) == ()
    assert read(lambda r: r.survey_answer(given_one.id)) == given_one
    assert read(lambda r: r.was_asked_in(anna, call_id))
    assert not read(lambda r: r.was_asked_in(anna, uuid.uuid4()))


@pytest.mark.parametrize(
    ("scale", "score"),
    [(SurveyScale.CSAT, 0), (SurveyScale.CSAT, 6), (SurveyScale.NPS, 11), (SurveyScale.NONE, 1)],
)
def test_figure_that_is_none_of_the_scale_is_refused(read, surveys, anna, now, scale, score):
    with pytest.raises(UserFacingError, match="no answer"):
        surveys(lambda s: s.answer(answer(anna, now, score, scale=scale)))
    assert read(lambda r: r.survey_answers_of(anna)) == ()


def test_trend_of_each_scale(read, surveys, anna, now):
    for days, score in enumerate((5, 2, 4)):
        surveys(lambda s, d=days, n=score: s.answer(answer(anna, now - timedelta(days=d), n)))
    surveys(lambda s: s.answer(answer(anna, now, 9, scale=SurveyScale.NPS)))
    trend = read(lambda r: r.survey_trend(anna, SurveyScale.CSAT))
    assert [score for _, score in trend.scores] == [4, 2, 5]
    assert (trend.latest, trend.step) == (5, 3)
    assert trend.mean == pytest.approx(11 / 3)
    assert read(lambda r: r.survey_trend(anna, SurveyScale.NPS)).latest == 9
    empty = read(lambda r: r.survey_trend(uuid.uuid4(), SurveyScale.NPS))
    assert (empty.latest, empty.mean, empty.step) == (None, None, 0)


def test_required_questions_that_were_not_answered():
    assert missing(CALL, ()) == (WHY,)
    assert missing(CALL, (Reply(WHY.id, WHY.text, ""),)) == (WHY,)
    assert missing(CALL, (Reply(WHY.id, WHY.text, "Because"),)) == ()


def test_card_number_in_an_answer_is_masked(read, surveys, anna, now):
    number = "4111 1111 1111 1111"
    one = answer(anna, now, 1, comment=number, replies=(Reply(None, "Why?", number),))
    surveys(lambda s: s.answer(one))
    assert "4111" not in str(read(lambda r: r.survey_answer(one.id)))


@given(st.sampled_from([SurveyScale.CSAT, SurveyScale.NPS]), st.data())
def test_better_score_is_no_worse_a_mood(scale, data):
    order = [Mood.BAD, Mood.FAIR, Mood.GOOD]
    low, high = sorted(data.draw(st.tuples(*(st.sampled_from(SCORES[scale]),) * 2)))
    assert order.index(mood_of(scale, low)) <= order.index(mood_of(scale, high))
