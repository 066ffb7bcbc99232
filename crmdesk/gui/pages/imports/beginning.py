"""The profile an import begins with: what the program guesses, or what was saved before."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crmdesk.gui.pages.imports.answers import Looked
from crmdesk.gui.pages.imports.holdings import is_of_records
from crmdesk.gui.pages.imports.origin import Origin, ServerOrigin
from crmdesk.sync.profile import ImportProfile
from crmdesk.sync.profile_targets import CUSTOMERS, is_many
from crmdesk.sync.records.kinds import RecordKind


def beginning(
    looked: Looked, origin: Origin, edited: ImportProfile | None, holds: str = CUSTOMERS
) -> ImportProfile:
    """What the columns become at first.

    Args:
        looked: What a look found.
        origin: Where from.
        edited: The profile of a server that is edited, None for a new one.
        holds: What the rows are.
    """
    if is_of_records(holds):
        from crmdesk.sync.records.guessing import guessed_records  # late: it brings SQLAlchemy

        made = guessed_records(RecordKind(holds), looked.facts)
        return msgspec.structs.replace(made, options=dict(origin.options))
    from crmdesk.sync.importing import guessed_profile  # late: it brings SQLAlchemy

    guessed = guessed_profile(looked.facts)
    targets = guessed.columns | dict(looked.guessed)
    first = msgspec.structs.replace(guessed, columns=targets, options=dict(origin.options))
    if not isinstance(origin, ServerOrigin):
        return first
    if edited is None:
        return msgspec.structs.replace(first, name=origin.name, source_name=origin.name)
    columns = _kept(edited.columns, targets)
    return msgspec.structs.replace(edited, columns=columns, options=dict(origin.options))


def _kept(saved: Mapping[str, str], guessed: Mapping[str, str]) -> dict[str, str]:
    """The saved targets of the columns that are there; a guess yields where one is taken."""
    taken = {saved[name] for name in guessed if name in saved and not is_many(saved[name])}
    return {
        name: saved.get(name, "" if target in taken else target) for name, target in guessed.items()
    }
