"""Reads what the company decided about its data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from crmdesk.domain.planning import (
    BlockPlace,
    CompanyPlan,
    Picklists,
    PlacedBlock,
    Situation,
)
from crmdesk.store.importing.custom_fields import CustomFieldQueries
from crmdesk.store.planning.picklists import read_picklists
from crmdesk.store.tables import layout_block, required_field

_required = select(required_field.c.situation, required_field.c.field).where(
    required_field.c.deleted_at.is_(None)
)
_blocks = (
    select(layout_block.c.place, layout_block.c.block, layout_block.c.is_shown)
    .where(layout_block.c.deleted_at.is_(None))
    .order_by(layout_block.c.place, layout_block.c.position, layout_block.c.block)
)

# A newer CRMDesk may have written others; they are its business.
_SITUATIONS, _PLACES = (frozenset(map(str, names)) for names in (Situation, BlockPlace))


class PlanningQueries(CustomFieldQueries):
    """Reads the plan."""

    def picklists(self) -> Picklists:
        """The choices in force: a list the company changed, else the program's own."""
        return read_picklists(self._connection)

    def company_plan(self) -> CompanyPlan:
        """Everything the company decided."""
        return CompanyPlan(
            picklists=self.picklists(),
            fields=self.custom_fields(with_retired=True),
            required=self._required_fields(),
            blocks=self._placed_blocks(),
        )

    def _required_fields(self) -> Mapping[Situation, frozenset[str]]:
        found: dict[Situation, set[str]] = defaultdict(set)
        for situation, name in self._connection.execute(_required):
            if situation in _SITUATIONS:
                found[Situation(situation)].add(name)
        return {situation: frozenset(names) for situation, names in found.items()}

    def _placed_blocks(self) -> Mapping[BlockPlace, tuple[PlacedBlock, ...]]:
        found: dict[BlockPlace, list[PlacedBlock]] = defaultdict(list)
        for place, block, is_shown in self._connection.execute(_blocks):
            if place in _PLACES:
                found[BlockPlace(place)].append(PlacedBlock(block, is_shown=bool(is_shown)))
        return {place: tuple(blocks) for place, blocks in found.items()}
