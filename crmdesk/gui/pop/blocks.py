"""The parts of the card that a company may order and hide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from crmdesk.desk.planning.edits import all_blocks
from crmdesk.domain.planning import PlacedBlock

POP_BLOCKS: Mapping[str, str] = MappingProxyType({
    "since": "What is new since the last call",
    "promise": "The next promise",
    "tickets": "How many tickets are open",
})  # fmt: skip
"""Key in the company's plan and title, in the order they have before anybody moves them."""


def shown_blocks(placed: Iterable[PlacedBlock]) -> tuple[str, ...]:
    """Keys of those that are shown, in the company's order."""
    return tuple(one.block for one in all_blocks(placed, POP_BLOCKS) if one.is_shown)
