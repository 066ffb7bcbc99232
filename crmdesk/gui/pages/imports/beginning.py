"""The profile an import begins with: what the program guesses, or what was saved before."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crmdesk.gui.pages.imports.answers import Looked
from crmdesk.gui.pages.imports.origin import Origin, ServerOrigin
from crmdesk.sync.columns.targets import TARGETS
from crmdesk.sync.profile import ImportProfile


def beginning(looked: Looked, origin: Origin, edited: ImportProfile | None) -> ImportProfile:
    """What the columns become at first.

    Args:
        looked: What a look found.
        origin: Where from.
        edited: The profile of a server that is edited, None for a new one.
    """
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
    taken = {saved[name] for name in guessed if name in saved and not _is_many(saved[name])}
    return {
        name: saved.get(name, "" if target in taken else target) for name, target in guessed.items()
    }


def _is_many(target: str) -> bool:
    return target in TARGETS and TARGETS[target].is_many
