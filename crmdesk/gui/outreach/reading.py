"""What consents and messages need of the store; runs on its reader thread."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crmdesk.domain.customers import Customer, CustomerStory
from crmdesk.domain.outreach import Consent, Message, MessageTemplate
from crmdesk.domain.planning import Picklists

if TYPE_CHECKING:
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a customer allows now."""

    consents: tuple[Consent, ...]
    lists: Picklists


@dataclass(frozen=True, slots=True)
class OpenedConsent:
    """One consent with all that was said before and after it of the same thing."""

    consent: Consent
    history: tuple[Consent, ...]
    lists: Picklists


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """One message and what its purpose is called."""

    message: Message
    lists: Picklists


@dataclass(frozen=True, slots=True)
class SendingForm:
    """What there is to choose from when a message is written."""

    customer: Customer
    templates: tuple[MessageTemplate, ...]
    consents: tuple[Consent, ...]
    lists: Picklists


def read_allowed(reader: Reader, story: CustomerStory, _now: datetime) -> Allowed:
    """What holds for a customer, newest first."""
    return Allowed(reader.consents(story.customer.id), reader.picklists())


def read_consent(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedConsent | None:
    """One consent; None where it was removed."""
    one = reader.consent(key)
    if one is None:
        return None
    history = reader.consent_history(one.customer_id)
    alike = tuple(
        other for other in history if (other.channel, other.purpose) == (one.channel, one.purpose)
    )
    return OpenedConsent(one, alike, reader.picklists())


def read_message(reader: Reader, key: uuid.UUID, _now: datetime) -> OpenedMessage | None:
    """One message; None where it was taken back."""
    one = reader.message(key)
    return OpenedMessage(one, reader.picklists()) if one else None


def read_form(reader: Reader, customer_id: uuid.UUID) -> SendingForm | None:
    """What a message to a customer needs; None where there is no such customer."""
    customer = reader.customer(customer_id)
    if customer is None:
        return None
    templates = tuple(one for one in reader.message_templates() if one.is_active)
    return SendingForm(customer, templates, reader.consents(customer_id), reader.picklists())
