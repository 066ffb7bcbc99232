"""People whose numbers have a story: handed on, given up, shared, badly written.

Every thousand customers have them once, so that a demo of any size can show what becomes
of their calls, and the number clinic has something to mend.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from crmdesk.domain.customers import Customer, PhoneNumber

LAST_DAY = date(2023, 12, 31)
"""Of a number that was given up."""

FIRST_DAY = date(2024, 3, 1)
"""Of the next one who has it."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An agent's choice for a number that two share."""

    e164: str
    customer: Customer
    who: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that was somebody else's; calls up to a day are theirs."""

    e164: str
    former: Customer
    until: date = LAST_DAY


def given_up(person: Customer, new_number: str) -> Customer:
    """Had a number until 2023, and another one since."""
    old = replace(person.numbers[0], until=LAST_DAY)
    present = PhoneNumber(new_number, new_number, old.label, since=LAST_DAY)
    since = min(person.customer_since or FIRST_DAY, date(2021, 5, 3))
    return replace(person, numbers=(present, old, *person.numbers[1:]), customer_since=since)


def taken_over(person: Customer, e164: str) -> Customer:
    """Has a number that was somebody else's until 2023."""
    number = PhoneNumber(e164, e164, "home", since=FIRST_DAY)
    return replace(person, numbers=(number, *person.numbers[1:]), customer_since=FIRST_DAY)


def badly_written(people: list[Customer]) -> list[Customer]:
    """The same people, their first numbers as they are found in old lists; not normalised."""
    return [
        replace(person, numbers=(PhoneNumber(raw, None, "home"), *person.numbers[1:]))
        for person, raw in zip(people, _as_found(people), strict=True)
    ]


def _as_found(people: list[Customer]) -> list[str]:
    """Letters; an extension in the text; another country's national form; a part only."""
    first, second, third, fourth = (
        (person.numbers[0].e164 or "").removeprefix("+49").removeprefix("+44") for person in people
    )
    return [
        f"Tel. 0{first[:2]}/{first[2:7]}-{first[7:]} privat",
        f"0{second[:2]} {second[2:]} Durchwahl 12",
        f"0{third[:2]} {third[2:6]} {third[6:]}",
        f"{fourth[-3:]} (siehe Akte)",
    ]
