"""Steps of the settings that change the plan; each is a job for the writer and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from crmdesk.desk.planning.edits import Edit, all_blocks
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.importing import CustomField
from crmdesk.domain.planning import BlockPlace, Choice, PicklistKey, PlacedBlock, Situation
from crmdesk.store.planning.writing import PlanWriting

if TYPE_CHECKING:
    from crmdesk.store import Writer

Job = Callable[["Writer"], ChangeSet]


def change_choices(key: PicklistKey, edit: Edit[Choice], who: str) -> Job:
    """Edits a picklist as it is in the store."""

    def job(writer: Writer) -> ChangeSet:
        present = writer.picklists().lists[key]
        return PlanWriting(writer, who).save_picklist(key, edit(present))

    return job


def use_own_choices(key: PicklistKey, who: str) -> Job:
    """Makes a picklist what the program offers by itself."""
    return lambda writer: PlanWriting(writer, who).use_defaults(key)


def change_fields(edit: Edit[CustomField], who: str) -> Job:
    """Edits the company's own fields as they are in the store."""

    def job(writer: Writer) -> ChangeSet:
        present = writer.custom_fields(with_retired=True)
        return PlanWriting(writer, who).save_fields(edit(present))

    return job


def require(situation: Situation, name: str, who: str, *, is_required: bool) -> Job:
    """Has a field to be filled in, or not; other fields of the situation stay as they are."""

    def job(writer: Writer) -> ChangeSet:
        present = set(writer.company_plan().required.get(situation, frozenset()))
        wanted = present | {name} if is_required else present - {name}
        return PlanWriting(writer, who).save_required(situation, wanted)

    return job


def change_blocks(
    place: BlockPlace, known: Iterable[str], edit: Edit[PlacedBlock], who: str
) -> Job:
    """Edits the order of the blocks as it is in the store.

    Args:
        place: Page or pop.
        known: The blocks there are, in the program's own order.
        edit: Gets all of them.
        who: Name or extension of the agent.
    """
    keys = tuple(known)

    def job(writer: Writer) -> ChangeSet:
        present = writer.company_plan().blocks.get(place, ())
        return PlanWriting(writer, who).save_blocks(place, edit(all_blocks(present, keys)))

    return job
