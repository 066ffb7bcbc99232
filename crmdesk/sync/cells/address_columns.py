"""Which columns of a source are one address: home and work, billing and shipping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crmdesk.sync.columns.names import ADDRESS_PARTS, Meaning, meaning

LABEL = "label_of_address"

_TOWNS = frozenset({"postcode", "city"})


@dataclass(slots=True)
class AddressColumns:
    """The columns of one address.

    Attributes:
        place: home, work, billing, shipping, other; "" where no name says it.
        ordinal: Of several, 0 for the first.
        parts: Part to the indexes of its columns.
    """

    place: str
    ordinal: int
    parts: dict[str, list[int]] = field(default_factory=dict)

    def takes(self, part: str) -> bool:
        """Whether a column of that part has a place here."""
        return part == "street_more" or part not in self.parts

    def fits(self, other: AddressColumns) -> bool:
        """Whether both are halves of one: "Mailing street" beside "City"."""
        is_near = self.place == other.place or "" in (self.place, other.place)
        return is_near and not self.parts.keys() & other.parts.keys() - {"street_more"}


def grouped(columns: Sequence[tuple[str, str]]) -> tuple[AddressColumns, ...]:
    """The addresses that columns make.

    Args:
        columns: Name and target of each column of the source.
    """
    groups: list[AddressColumns] = []
    for index, (name, target) in enumerate(columns):
        if target in ADDRESS_PARTS or target == LABEL:
            said = meaning(name)
            ordinal = 0 if target == "street_more" and not said.line else said.ordinal
            group = _group_of(groups, said.place, ordinal, target)
            group.parts.setdefault(target, []).append(index)
    return tuple(_joined(groups))


def _group_of(groups: list[AddressColumns], place: str, ordinal: int, part: str) -> AddressColumns:
    for group in groups:
        if (group.place, group.ordinal) == (place, ordinal) and group.takes(part):
            return group
    groups.append(AddressColumns(place, ordinal))
    return groups[-1]


def _joined(groups: list[AddressColumns]) -> Iterator[AddressColumns]:
    """Halves put together; what is no address by itself goes."""
    kept: list[AddressColumns] = []
    for group in groups:
        home = next((one for one in kept if one.fits(group)), None)
        if home is None:
            kept.append(group)
        else:
            home.place = home.place or group.place
            for part, places in group.parts.items():
                home.parts.setdefault(part, []).extend(places)
    return (group for group in kept if group.parts.keys() - {LABEL})


def settled(found: dict[str, Meaning]) -> dict[str, str]:
    """The targets of the columns of addresses.

    "Street 2" is a further line where there is no "City 2"; "Address" is left out where its
    street has a column of its own; the second of two columns for one part is left out.

    Args:
        found: What each name says.
    """
    parts = {name: said for name, said in found.items() if said.target in ADDRESS_PARTS}
    towns = {(said.place, said.ordinal) for said in parts.values() if said.target in _TOWNS}
    streets = {
        said.place
        for said in parts.values()
        if said.target == "street" and not said.is_whole and not _is_line(said, towns)
    }
    taken: set[tuple[str, int, str]] = set()
    targets: dict[str, str] = {}
    for name in sorted(parts, key=lambda name: _yields(name, parts[name])):
        said = parts[name]
        target = said.target
        if target == "street" and said.is_whole and said.place in streets:
            target = ""
        elif target == "street" and _is_line(said, towns):
            target = "street_more"
        key = (said.place, said.ordinal, target)
        targets[name] = "" if key in taken and target != "street_more" else target
        taken.add(key)
    return targets


def _is_line(said: Meaning, towns: set[tuple[str, int]]) -> bool:
    if said.line > 1:
        return True
    return said.ordinal > 1 and not said.line and (said.place, said.ordinal) not in towns


def _yields(name: str, said: Meaning) -> tuple[bool, bool]:
    """Codes go behind names: "Country" before "Country code"."""
    return name.casefold().endswith(("code", "iso", "iso2", "id")), not said.is_exact
