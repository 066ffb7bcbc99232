"""Where the attributes of directories go: their names are fixed, and some mean something else.

`title` is the title of a job (RFC 4519, 2.38), not one before a name; `o` and `company`, `street`
and `streetAddress` are two servers' names for one thing, and only one of the two has values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmdesk.domain.importing import SourceColumn

_ONE_OF = {
    "name": ("cn", "displayname"),
    "role": ("title", "department"),
    "company": ("company", "o"),
    "street": ("streetaddress", "street"),
    "country": ("c", "co"),
}
"""Target to the attributes that have it, the usual one first."""

_PREFIXES = {"proxyaddresses": "email", "othermailbox": "email"}


def guess_attributes(columns: Sequence[SourceColumn], guessed: Mapping[str, str]) -> dict[str, str]:
    """Where each column goes.

    Args:
        columns: Of a directory.
        guessed: What their names say to somebody who does not know that they are of one.
    """
    found = dict(guessed)
    by_name = {column.name.lower(): column for column in columns}
    for target, names in _ONE_OF.items():
        there = [by_name[name] for name in names if name in by_name]
        found |= {column.name: "" for column in there}
        filled = [column for column in there if column.samples] or there
        if filled and target not in found.values():
            found[filled[0].name] = target
    for column in columns:
        first = column.name.lower().partition(" ")[0]
        found[column.name] = _PREFIXES.get(first, found.get(column.name, ""))
    return found
