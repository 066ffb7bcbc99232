"""What customers allow, and messages that are sent to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """How somebody may be reached."""

    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    MESSENGER = "messenger"


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody said yes or no to something, at a time.

    Attributes:
        purpose: Key of the picklist `CONSENT_PURPOSE`, e.g. "updates".
        source: Key of the picklist `CONSENT_SOURCE`: where it was said.
        wording: What was asked or signed, word for word.
        who: Agent who wrote it down.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    channel: Channel
    purpose: str
    is_given: bool
    source: str = ""
    wording: str = ""
    who: str = ""
    call_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A text with placeholders.

    Attributes:
        language: BCP 47, "" for any.
        purpose: What needs a consent by e-mail; "" for answers to what was asked.
    """

    id: uuid.UUID
    name: str
    subject: str
    body: str
    language: str = ""
    purpose: str = ""
    is_active: bool = True


class MessageState(StrEnum):
    """Where a message is.

    DOUBTFUL: the connection broke before the mail server said whether it took it; it is never
    sent again by itself. HANDED_OVER: opened in the mail program of the agent.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DOUBTFUL = "doubtful"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one customer.

    Attributes:
        at: When it was written.
        message_id: Of RFC 5322 with its brackets; the same at each try.
        tries: How often a mail server was asked to take it.
        next_try_at: While QUEUED.
        trouble: Why it was not sent so far, in words.
    """

    id: uuid.UUID
    customer_id: uuid.UUID
    at: datetime
    address: str
    subject: str
    body: str
    message_id: str
    state: MessageState = MessageState.QUEUED
    template_id: uuid.UUID | None = None
    purpose: str = ""
    who: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    trouble: str = ""
    customer_name: str = ""
