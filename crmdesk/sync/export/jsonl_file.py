"""Customers and calls as JSON lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from json import JSONEncoder
from typing import Any, BinaryIO

from crmdesk.domain.customers import PhoneNumber
from crmdesk.domain.exporting import CustomerRecord
from crmdesk.sync.export.columns import former_text, number_text, present_and_former

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NO_UTF8 = re.compile("[\ud800-\udfff]")


class JsonLinesFile:
    """Objects, one on each line."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, value: Mapping[str, Any]) -> None:
        """One object."""
        self._out.write(_NO_UTF8.sub("\ufffd", _encode(value)).encode() + b"\n")


def customer_object(record: CustomerRecord, today: date) -> dict[str, Any]:
    """One customer as a JSON object; an import knows its names again.

    Former numbers are words: an import must not take them for numbers of today.
    """
    one = record.customer
    present, former = present_and_former(one.numbers, today)
    return {
        "id": str(one.id),
        "kind": one.kind,
        "name": one.name,
        "company": one.company_name or None,
        "company_key": str(one.company_id) if one.company_id else None,
        "role": one.role or None,
        "customer_number": one.account_id or None,
        "segment": one.segment or None,
        "status": one.status,
        "owner": one.owner or None,
        "customer_since": one.customer_since.isoformat() if one.customer_since else None,
        "language": one.language or None,
        "salutation": one.salutation or None,
        "source": one.source or None,
        "do_not_call": one.do_not_call,
        "phone": [_number(number) for number in present],
        "former_phones": [former_text(number) for number in former],
        "email": [{"type": email.label, "value": email.address} for email in one.emails],
        "address": [
            {
                "type": address.kind,
                "street": address.street,
                "postal_code": address.postcode,
                "city": address.city,
                "country": address.country,
            }
            for address in one.addresses
        ],
        "custom": dict(record.custom),
        "added_at": record.created_at.isoformat(),
        "changed_at": record.changed_at.isoformat(),
    }


def _number(number: PhoneNumber) -> dict[str, Any]:
    return {
        "type": number.label,
        "value": number_text(number),
        "from": number.since.isoformat() if number.since else None,
        "until": number.until.isoformat() if number.until else None,
    }
