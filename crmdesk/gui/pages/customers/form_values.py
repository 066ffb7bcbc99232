"""What is typed into the customer form, checked and read. Pure but for new keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.ids import uuid7
from crmdesk.gui.models.typed_days import typed_day
from crmdesk.gui.widgets.times import date_text
from crmdesk.matching.display import format_number
from crmdesk.matching.number_kind import usual_label
from crmdesk.matching.numbers import LineRules, normalise

# One "@", a dot in what follows, no blanks: finer rules refuse addresses that exist.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_RANDOM_BYTES = 10
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What became of a typed number.

    Attributes:
        note: What is shown beside the field.
        tone: Of the note: "good", "warn" (kept, but not recognised when it calls), "bad".
    """

    number: PhoneNumber | None
    note: str
    tone: str


def blank(now: datetime, number: str = "", name: str = "") -> Customer:
    """A customer that does not exist yet, with a key, and number and name that called."""
    key = uuid7(int(now.timestamp() * 1000), os.urandom(_RANDOM_BYTES))
    numbers = (PhoneNumber(number, None, usual_label(number)),) if number else ()
    return Customer(key, CustomerKind.PERSON, name, customer_since=now.date(), numbers=numbers)


def read_number(text: str, label: str, rules: LineRules) -> NumberReading:
    """Reads a number as it would be read when it calls."""
    raw = text.strip()
    if not raw:
        return NumberReading(None, "", "muted")
    found = normalise(raw, rules)
    if found.withheld:
        return NumberReading(None, "That word means a withheld number.", "bad")
    if not any(map(str.isdigit, raw)):
        return NumberReading(None, "A number has digits, e.g. +49 30 23125 200.", "bad")
    number = PhoneNumber(raw, found.e164, label, found.extension)
    if found.e164 is None:
        return NumberReading(number, "Kept, but not recognised when it calls.", "warn")
    return NumberReading(number, _shown(found.e164, found.extension), "good")


def reread_number(
    text: str, label: str, stored: Iterable[PhoneNumber], rules: LineRules
) -> NumberReading:
    """Reads a number of the form; one that was not touched means what it meant before.

    It may have come from another country's line or an import, and read here it would become
    another number.
    """
    before = next((one for one in stored if one.raw == text.strip() and one.e164), None)
    if before is None or before.e164 is None:
        return read_number(text, label, rules)
    return NumberReading(
        replace(before, label=label), _shown(before.e164, before.extension), "good"
    )


def _shown(e164: str, extension: str) -> str:
    shown = format_number(e164)
    return f"{shown} ext. {extension}" if extension else shown


def email_error(text: str) -> str:
    """What is wrong with an e-mail address, "" where nothing."""
    if not text.strip() or _EMAIL.fullmatch(text.strip()):
        return ""
    return "Write it like name@example.com."


def name_error(text: str) -> str:
    """What is wrong with a name, "" where nothing."""
    if not text.strip():
        return "A customer needs a name."
    too_long = len(text.strip()) > _LONGEST_NAME
    return f"At most {_LONGEST_NAME} characters." if too_long else ""


def shown_date(stored: str) -> str:
    """A day of the store as it is read and typed: "31 May 2019"; what is no day as it is."""
    try:
        return date_text(date.fromisoformat(stored))
    except ValueError:
        return stored


def date_error(text: str, now: datetime) -> str:
    """What is wrong with a day, "" where nothing."""
    if not text.strip() or typed_day(text, now):
        return ""
    return "This is no day. Write it like 31 May 2019, 31.5.2019 or 2019-05-31."
