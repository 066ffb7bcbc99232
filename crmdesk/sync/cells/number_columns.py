"""The columns of phone numbers and e-mail addresses, with those beside them that say more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmdesk.sync.cells.record_cells import RecordCells
from crmdesk.sync.columns.names import meaning

_KINDS = {
    "number": "", "number_mobile": "mobile", "number_work": "work", "number_home": "home",
    "number_switchboard": "switchboard", "number_fax": "fax",
}  # fmt: skip
_ABSENT = -1


@dataclass(frozen=True, slots=True)
class ReachColumn:
    """A column of numbers or addresses.

    Attributes:
        kind: What its name says of them, "" where nothing.
        label, area_code, extension: Index of the column beside it that says it, -1 for none.
        is_direct: The extension is dialled behind the number ("Durchwahl"), not asked for.
    """

    index: int
    kind: str = ""
    label: int = _ABSENT
    area_code: int = _ABSENT
    extension: int = _ABSENT
    is_direct: bool = False

    def whole(self, cell: str, cells: RecordCells) -> str:
        """The number with the area code and the extension that stand in other cells."""
        if self.area_code != _ABSENT and cell[:1] not in "+0":
            cell = f"{cells.at(self.area_code)} {cell}".strip()
        extension = cells.at(self.extension).strip(" -")
        if self.is_direct and extension.isdecimal():
            return f"{cell.removesuffix('-0')}-{extension}"
        return f"{cell} ext. {extension}" if extension.isdecimal() else cell


def number_columns(columns: Sequence[tuple[str, str]]) -> tuple[ReachColumn, ...]:
    """The columns of numbers.

    Args:
        columns: Name and target of each column of the source.
    """
    targets = [target for _, target in columns]
    labels = _beside(targets, tuple(_KINDS), "label_of_number", (-1, 1, 2))
    codes = _beside(targets, tuple(_KINDS), "area_code", (-1,))
    extensions = _beside(targets, tuple(_KINDS), "extension", (1, 2))
    return tuple(
        ReachColumn(
            index,
            _KINDS[target],
            labels.get(index, _ABSENT),
            codes.get(index, _ABSENT),
            extensions.get(index, _ABSENT),
            is_direct=_is_direct(columns, extensions.get(index, _ABSENT)),
        )
        for index, target in enumerate(targets)
        if target in _KINDS
    )


def email_columns(columns: Sequence[tuple[str, str]]) -> tuple[ReachColumn, ...]:
    """The columns of e-mail addresses, as `number_columns`."""
    labels = _beside([target for _, target in columns], ("email",), "label_of_email", (-1, 1))
    return tuple(
        ReachColumn(index, _place(name), labels.get(index, _ABSENT))
        for index, (name, target) in enumerate(columns)
        if target == "email"
    )


def _is_direct(columns: Sequence[tuple[str, str]], extension: int) -> bool:
    return extension != _ABSENT and "durchwahl" in columns[extension][0].casefold()


def _place(name: str) -> str:
    place = meaning(name).place
    return place if place in {"home", "other"} else ""


def _beside(
    targets: Sequence[str], wanted: Sequence[str], other: str, places: Sequence[int]
) -> dict[int, int]:
    """For each column of `wanted` the one that belongs to it; each belongs to one.

    The kind of a number stands before it ("Phone 1 - Type", "Phone 1 - Value") or behind.
    """
    free = {index for index, target in enumerate(targets) if target == other}
    found: dict[int, int] = {}
    for steps in (places[:2], places[2:]):  # the nearest of all first
        for index, target in enumerate(targets):
            if target in wanted and index not in found:
                near = next((index + step for step in steps if index + step in free), _ABSENT)
                if near != _ABSENT and not _is_anothers(targets, index, near, wanted):
                    free.remove(near)
                    found[index] = near
    return found


def _is_anothers(targets: Sequence[str], index: int, near: int, wanted: Sequence[str]) -> bool:
    """Whether a column of the same sort stands between."""
    return any(target in wanted for target in targets[min(index, near) + 1 : max(index, near)])
