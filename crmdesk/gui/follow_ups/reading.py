"""What the windows of follow-ups read from the store; runs on the reader thread."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.audit import HistoryStep
from crmdesk.domain.customers import CustomerStory
from crmdesk.domain.follow_ups import FollowUp, FollowUpFilter

if TYPE_CHECKING:
    from crmdesk.store import Reader

OPEN_OF_ONE = 8
"""Open ones that the block shows; the page of what is due has them all."""

_STEPS = 200


@dataclass(frozen=True, slots=True)
class FollowUpForm:
    """What the dialog needs.

    Attributes:
        numbers: The customer's, as they are stored.
        people: Names of colleagues known from the store.
    """

    customer_id: uuid.UUID
    customer_name: str
    numbers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenFollowUps:
    """The open ones of a customer, for the block; `more` where it does not show all."""

    follow_ups: tuple[FollowUp, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class OpenedFollowUp:
    """One, opened.

    Attributes:
        steps: What was done with it, newest first.
    """

    follow_up: FollowUp
    steps: tuple[HistoryStep, ...] = ()
    form: FollowUpForm | None = None


def read_form(reader: Reader, customer_id: uuid.UUID) -> FollowUpForm | None:
    """What is asked of a new one; None where the customer is gone."""
    customer = reader.customer(customer_id)
    if customer is None:
        return None
    numbers = tuple(dict.fromkeys(one.e164 for one in customer.numbers if one.e164))
    return FollowUpForm(customer_id, customer.name, numbers, reader.ticket_people())


def read_open(reader: Reader, story: CustomerStory, _now: datetime) -> OpenFollowUps:
    """The open ones of a customer, due first."""
    wanted = FollowUpFilter(customer_id=story.customer.id)
    page = reader.open_follow_ups(wanted, limit=OPEN_OF_ONE)
    return OpenFollowUps(page.follow_ups, page.next is not None)


def read_opened(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedFollowUp | None:
    """One with its history; None where it is gone."""
    one = reader.follow_up(key)
    if one is None:
        return None
    history = reader.customer_history(one.customer_id, limit=_STEPS, table="follow_up")
    steps = (step for step in history.steps if any(row.row_id == key for row in step.rows))
    return OpenedFollowUp(one, tuple(steps), read_form(reader, one.customer_id))
