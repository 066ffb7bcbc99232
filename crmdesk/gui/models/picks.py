"""Picklists as combo boxes want them. Pure."""

from __future__ import annotations

from crmdesk.domain.planning import PicklistKey, Picklists


def picks(
    lists: Picklists, key: PicklistKey, present: str = "", none: str = ""
) -> list[tuple[str, object]]:
    """Title and value of what may be chosen.

    Args:
        lists: The choices in force.
        key: Which list.
        present: What is chosen now; offered whatever became of it.
        none: Text of the choice of nothing, "" where something must be chosen.
    """
    offered = [(one.title, one.key) for one in lists.offered(key, present)]
    return [(none, ""), *offered] if none else [*offered]
