"""Business that may come: leads, their stages, and what to expect of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class LeadState(StrEnum):
    """How it stands; stages are the company's own and mean one of these."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Lead:
    """One chance of business with a customer.

    Attributes:
        at: When it was written down.
        source: Key of the picklist `SOURCE`: how they found us.
        stage: Key of the picklist `LEAD_STAGE`.
        percent: How likely, where it differs from what the stage says.
        expected_on: When it is expected to close.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    title: str
    stage: str
    state: LeadState = LeadState.OPEN
    source: str = ""
    value_cents: int = 0
    currency: str = "EUR"
    percent: int | None = None
    expected_on: date | None = None
    next_step: str = ""
    next_step_at: datetime | None = None
    owner: str = ""
    closed_at: datetime | None = None
    lost_reason: str = ""
    customer_name: str = ""


@dataclass(frozen=True, slots=True)
class LeadPlace:
    """Where a page ended. None as `expected_on` is behind all days."""

    expected_on: date | None
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A page of open leads, the earliest expected first; `next` is None on the last."""

    leads: tuple[Lead, ...] = ()
    next: LeadPlace | None = None


@dataclass(frozen=True, slots=True)
class StageForecast:
    """What the open leads of one stage and currency are worth.

    Attributes:
        weighted_cents: Each value times its percentage.
    """

    stage: str
    currency: str
    count: int
    value_cents: int
    weighted_cents: int
