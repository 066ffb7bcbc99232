"""Requests as bytes: JSON objects with the fields of `DeskRequest`, all strings."""

from __future__ import annotations

import json

from crmdesk.desk.handover.place import MAX_MESSAGE
from crmdesk.domain.requests import DeskRequest, PhoneEvent, RequestVerb
from crmdesk.domain.text import sanitise_external

_NUMBER_MAX = 512
_FIELDS = frozenset({"verb", "number", "name", "called", "event"})


class BadRequestError(ValueError):
    """The bytes are no request."""


def parse_request(data: bytes) -> DeskRequest:
    """Reads a request.

    Raises:
        BadRequestError: Too long, no JSON, unknown fields or verbs, text instead of values.
    """
    if len(data) > MAX_MESSAGE:
        raise BadRequestError("too long")
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("not JSON") from error
    if not isinstance(fields, dict) or not fields.keys() <= _FIELDS:
        raise BadRequestError("unknown fields")
    if not all(isinstance(value, str) for value in fields.values()):
        raise BadRequestError("all values are texts")
    return _request(fields)


def _request(fields: dict[str, str]) -> DeskRequest:
    try:
        verb = RequestVerb(fields.get("verb", ""))
        event = PhoneEvent(fields.get("event", PhoneEvent.RING))
    except ValueError as error:
        raise BadRequestError("unknown verb") from error
    return DeskRequest(
        verb=verb,
        number=sanitise_external(fields.get("number", ""), _NUMBER_MAX),
        name=sanitise_external(fields.get("name", "")),
        called=sanitise_external(fields.get("called", "")),
        event=event,
    )
