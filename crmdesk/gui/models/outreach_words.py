"""Consents and messages in words. Pure: the picklists are an argument."""

from __future__ import annotations

from crmdesk.domain.outreach import Channel, Consent, Message, MessageState
from crmdesk.domain.planning import PicklistKey, Picklists

CHANNELS = {
    Channel.PHONE: "By phone",
    Channel.EMAIL: "By e-mail",
    Channel.SMS: "By text message",
    Channel.POST: "By post",
    Channel.MESSENGER: "By messenger",
}
STATES: dict[MessageState, tuple[str, str]] = {
    MessageState.QUEUED: ("Waits to be sent", "warn"),
    MessageState.SENDING: ("Is being sent", ""),
    MessageState.SENT: ("Sent", "good"),
    MessageState.FAILED: ("Not sent", "bad"),
    MessageState.DOUBTFUL: ("Perhaps sent", "warn"),
    MessageState.CANCELLED: ("Cancelled", ""),
    MessageState.HANDED_OVER: ("Opened in the mail program", ""),
}
"""What is said of a message, and the tone of it."""

_MEANINGS = {
    MessageState.QUEUED: "It goes out as soon as the mail server takes it.",
    MessageState.FAILED: "The mail server refused it; it is not tried again by itself.",
    MessageState.DOUBTFUL: "The connection broke while it was handed over, so nobody knows"
    " whether it arrived. It is never sent twice by itself.",
    MessageState.CANCELLED: "It was not sent.",
    MessageState.HANDED_OVER: "Whether it was sent, only the mail program knows.",
}


def purpose(key: str, lists: Picklists) -> str:
    """What it is for, e.g. "Product updates"; an answer needs no purpose."""
    return lists.title(PicklistKey.CONSENT_PURPOSE, key) or "Answer to the customer"


def consent_title(one: Consent, lists: Picklists) -> str:
    """What somebody allowed or refused, e.g. "Product updates by e-mail"."""
    return f"{purpose(one.purpose, lists)} {CHANNELS[one.channel].lower()}"


def consent_state(one: Consent) -> tuple[str, str]:
    """Whether it is allowed, and the tone of it."""
    return ("allowed", "good") if one.is_given else ("not allowed", "bad")


def message_meaning(one: Message) -> str:
    """What a state means for the agent; the trouble the server had stands in front."""
    return " ".join(filter(None, (one.trouble, _MEANINGS.get(one.state, ""))))
