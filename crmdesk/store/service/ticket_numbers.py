"""Numbers of tickets, as people say them. Pure.

A desk that works alone counts: 1001, 1002... Desks that are apart would count alike, so each says
which it is as soon as it knows of another: 1043-K7QX. A number never changes afterwards; whatever
two desks gave while neither knew of the other stays, told apart by its customer. Nothing hangs on
the number: the key of a ticket is its UUID.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from crmdesk.store.fold import LAST_CHARACTER

FIRST = 1001

_LETTERS = "0123456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, which would make words, and no L, which is read as a 1."""

_PART_LENGTH = 4
_LONGEST_COUNT = 9
"""Digits; longer ones are another system's keys."""


def written(count: int, part: str = "") -> str:
    """The number of the ticket with a count, by a desk or by the only one."""
    return f"{count}-{part}" if part else str(count)


def desk_part(desk_id: uuid.UUID) -> str:
    """What a desk's numbers end with: one of 810,000."""
    rest, part = desk_id.int, ""
    for _ in range(_PART_LENGTH):
        rest, letter = divmod(rest, len(_LETTERS))
        part += _LETTERS[letter]
    return part


def count_of(number: str) -> int:
    """The count in a number of ours; what comes before `FIRST` for one of another system."""
    count, dash, part = number.partition("-")
    is_ours = not dash or (len(part) == _PART_LENGTH and set(part) <= set(_LETTERS))
    if not is_ours or len(count) > _LONGEST_COUNT or not (count.isascii() and count.isdecimal()):
        return FIRST - 1
    return int(count)


def is_shared(latest: Iterable[tuple[str, uuid.UUID]], desk_id: uuid.UUID) -> bool:
    """Whether other desks number tickets too, by the latest numbers and who gave them.

    Once it was so it stays so: a desk that says which it is goes on saying it.
    """
    part = f"-{desk_part(desk_id)}"
    return any(origin != desk_id or number.endswith(part) for number, origin in latest)


def all_with(count: str) -> tuple[str, str]:
    """The stretch of numbers of all desks that begin with a count and a dash, end excluded."""
    return f"{count}-", f"{count}-{LAST_CHARACTER}"
