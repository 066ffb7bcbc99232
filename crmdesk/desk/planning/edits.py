"""Edits of lists that somebody else may have changed meanwhile. Pure.

Two desks may have the same list open. What is written is therefore never the list as one of
them shows it, but its edit, done to the list as it is in the store then: nothing that the other
one added, renamed or moved is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.planning import Choice, PicklistKey, PlacedBlock

Keyed = TypeVar("Keyed", Choice, CustomField)
Item = TypeVar("Item")
Edit = Callable[[Sequence[Item]], list[Item]]

_NAMED_BY_TITLE = frozenset({PicklistKey.SEGMENT, PicklistKey.SOURCE, PicklistKey.LOST_REASON})
"""Rows hold the words of these lists: what an import brings is then a choice by itself."""

_LONGEST_KEY = 60


def added(items: Sequence[Keyed], item: Keyed) -> list[Keyed]:
    """The list with one more at its end."""
    return list(items) + [item]  # noqa: RUF005  mypy reads the other way as two types


def edited(items: Sequence[Keyed], before: Keyed, after: Keyed) -> list[Keyed]:
    """The list with what was changed of one item; what somebody else changed of it stays.

    Raises:
        UserFacingError: It is not there any more.
    """
    changed = {
        one.name: getattr(after, one.name)
        for one in fields(before)
        if getattr(before, one.name) != getattr(after, one.name)
    }
    place = _place(items, before.key, before.title)
    made = list(items)
    made[place] = replace(made[place], **changed)
    return made


def removed(items: Sequence[Keyed], item: Keyed) -> list[Keyed]:
    """The list without one item; nothing where it is gone already."""
    return [one for one in items if one.key != item.key]


def moved(items: Sequence[Keyed], item: Keyed, beside: Keyed) -> list[Keyed]:
    """The list with one item in the place of another, which makes room."""
    return _moved(items, [one.key for one in items], item.key, beside.key, item.title)


def moved_block(blocks: Sequence[PlacedBlock], block: str, beside: str) -> list[PlacedBlock]:
    """The blocks with one of them in the place of another."""
    return _moved(blocks, [one.block for one in blocks], block, beside, block)


def shown_block(blocks: Sequence[PlacedBlock], block: str, *, is_shown: bool) -> list[PlacedBlock]:
    """The blocks with one of them shown or hidden."""
    return [replace(one, is_shown=is_shown) if one.block == block else one for one in blocks]


def all_blocks(placed: Iterable[PlacedBlock], known: Iterable[str]) -> list[PlacedBlock]:
    """Every block there is: those that were placed in their order, then the rest, shown."""
    keys = list(known)
    made = [one for one in placed if one.block in keys]
    named = {one.block for one in made}
    return [*made, *(PlacedBlock(key) for key in keys if key not in named)]


def new_key(title: str, taken: Collection[str], key: PicklistKey | None = None) -> str:
    """What rows hold for something new; it never changes, whatever its title becomes.

    Args:
        title: Its first title.
        taken: What is used already.
        key: The picklist it is for, None for a field.
    """
    plain = kept_line(title, _LONGEST_KEY)
    if key not in _NAMED_BY_TITLE:
        plain = re.sub(r"[\W_]+", "_", plain.casefold()).strip("_") or "choice"
    number, made = 2, plain
    while made in taken:
        number, made = number + 1, f"{plain}_{number}"
    return made


def _moved(
    items: Sequence[Item], keys: list[str], item: str, beside: str, title: str
) -> list[Item]:
    if item not in keys:
        raise _gone(title)
    made, start = list(items), keys.index(item)
    end = keys.index(beside) if beside in keys else start
    made.insert(end, made.pop(start))
    return made


def _place(items: Sequence[Keyed], key: str, title: str) -> int:
    for place, one in enumerate(items):
        if one.key == key:
            return place
    raise _gone(title)


def _gone(title: str) -> UserFacingError:
    return UserFacingError(
        f"“{title}” is not there any more.",
        "Somebody removed it meanwhile. Nothing was changed.",
        "Take their step back under Changes, or add it again.",
    )
