"""What the palette offers: commands, customers, records, what can be done with a number. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crmdesk.domain.customers import CustomerHit
from crmdesk.domain.records import RecordRef
from crmdesk.gui.models.hit_list import hit_cell
from crmdesk.gui.models.names import Names
from crmdesk.gui.widgets.buttons import shown_key
from crmdesk.gui.widgets.cells import Cell
from crmdesk.matching.numbers import LineRules, normalise

_MIN_DIGITS = 3


@dataclass(frozen=True)
class Command:
    """Something that can be done from anywhere."""

    title: str
    icon: str
    key: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Choice:
    """One row: a command, a customer, a record or a number.

    Attributes:
        number: To call (or, with `is_new`, to make a customer of).
        record: A ticket, order, note or the like, to be opened at its customer.
        is_heading: Stands over a group and cannot be chosen.
    """

    cell: Cell
    command: Command | None = None
    customer_id: uuid.UUID | None = None
    number: str = ""
    is_new: bool = False
    record: RecordRef | None = None
    is_heading: bool = False


def command_choices(commands: Iterable[Command], text: str) -> list[Choice]:
    """Commands whose words begin with what was typed; all of them for nothing."""
    wanted = text.casefold().split()
    return [
        Choice(Cell(one.title, trailing=shown_key(one.key), icon=one.icon), command=one)
        for one in commands
        if all(_begins(one.title, word) for word in wanted)
    ]


def _begins(title: str, start: str) -> bool:
    return any(word.startswith(start) for word in title.casefold().split())


def customer_choices(hits: Iterable[CustomerHit], names: Names) -> list[Choice]:
    """Customers that were found."""
    return [Choice(hit_cell(hit, names), customer_id=hit.id) for hit in hits]


def number_choices(text: str, rules: LineRules, shown: Callable[[str], str]) -> list[Choice]:
    """What can be done with a number that was typed; nothing where it is none."""
    if sum(map(str.isdigit, text)) < _MIN_DIGITS or any(map(str.isalpha, text)):
        return []
    number = normalise(text, rules).e164
    if number is None:
        return []
    return [
        Choice(Cell(f"Call {shown(number)}", icon="phone"), number=number),
        Choice(
            Cell(f"New customer with {shown(number)}", icon="user-add"), number=number, is_new=True
        ),
    ]
