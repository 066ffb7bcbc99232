"""What surveys need of the store; runs on its reader thread."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crmdesk.domain.customers import Customer, CustomerStory, TimelineKind
from crmdesk.domain.surveys import Survey, SurveyAnswer, SurveyScale, SurveyTrend

if TYPE_CHECKING:
    from crmdesk.store import Reader

_JUST_NOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer answered so far."""

    trends: tuple[SurveyTrend, ...]
    last: SurveyAnswer | None


@dataclass(frozen=True, slots=True)
class AskForm:
    """What there is to ask.

    Attributes:
        call_id: The call that goes on or ended just now, None for none.
    """

    customer: Customer
    surveys: tuple[Survey, ...]
    call_id: uuid.UUID | None


def read_asked(reader: Reader, story: CustomerStory, _now: datetime) -> Asked:
    """The trends and the last answer of a customer."""
    key = story.customer.id
    trends = (reader.survey_trend(key, scale) for scale in (SurveyScale.CSAT, SurveyScale.NPS))
    last = next(iter(reader.survey_answers_of(key, 1)), None)
    return Asked(tuple(trend for trend in trends if trend.scores), last)


def read_answer(reader: Reader, key: uuid.UUID, _now: datetime) -> SurveyAnswer | None:
    """One answer with its replies."""
    return reader.survey_answer(key)


def read_form(reader: Reader, customer_id: uuid.UUID, now: datetime) -> AskForm | None:
    """The surveys that are offered: those of calls first; None without such a customer."""
    customer = reader.customer(customer_id)
    if customer is None:
        return None
    surveys = sorted(
        (one for one in reader.surveys() if one.is_active), key=lambda one: not one.asks_after_calls
    )
    page = reader.timeline(customer_id, limit=1, kinds=(TimelineKind.CALL,))
    call = next((one.id for one in page.entries if now - one.at < _JUST_NOW), None)
    return AskForm(customer, tuple(surveys), call)
