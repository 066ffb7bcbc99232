"""Writes what the company decides about its data; each step can be taken back."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.planning import (
    DEFAULTS,
    FIXED,
    BlockPlace,
    Choice,
    PicklistKey,
    PlacedBlock,
    Situation,
)
from crmdesk.store.changes import ChangeRecorder
from crmdesk.store.tables import custom_field, layout_block, picklist_entry, required_field

if TYPE_CHECKING:
    from crmdesk.store.writer import Writer

MOST_CHOICES = 200
MOST_FIELDS = 100
_LONGEST_TITLE = 60
_NEEDED_MEANINGS = {
    PicklistKey.TICKET_STAGE: ("open", "waiting", "solved"),
    PicklistKey.LEAD_STAGE: ("open", "won", "lost"),
}
"""What must be reachable by a choice that is still offered."""

_MEANINGS = {"open": "open", "waiting": "waiting for the customer", "solved": "solved"}


class PlanWriting:
    """Writes the plan.

    Args:
        writer: Of the transaction.
        who: Name or extension of the agent.
    """

    def __init__(self, writer: Writer, who: str) -> None:
        self._writer = writer
        self._who = who

    def save_picklist(self, key: PicklistKey, choices: Sequence[Choice]) -> ChangeSet:
        """Makes a list what is given, in this order.

        Raises:
            UserFacingError: Two choices are alike, one has no name, or one is missing that the
                program acts on.
        """
        refuse_choices(key, choices)
        title = f"Choices of {key.replace('_', ' ')}"
        with self._writer.change(ChangeKind.PLAN, title, self._who) as change:
            put_choices(self._writer, change, key, choices)
        return change.change

    def use_defaults(self, key: PicklistKey) -> ChangeSet:
        """Makes a list what the program offers by itself."""
        return self.save_picklist(key, DEFAULTS[key])

    def save_fields(self, fields: Sequence[CustomField]) -> ChangeSet:
        """Makes the company's own fields those that are given; values of one that is gone stay.

        A new field that is called like one that is gone has its values again where it is of
        the same kind, else a key of its own: a birthday is not what somebody wrote as text.

        Raises:
            UserFacingError: Two are alike, one has no name, or a choice offers nothing.
        """
        _refuse_fields(fields)
        with self._writer.change(ChangeKind.PLAN, "Own fields changed", self._who) as change:
            there = self._rows(custom_field, "key")
            for place, one in enumerate(self._with_own_keys(fields, there)):
                row = {
                    "title": kept_line(one.title, _LONGEST_TITLE),
                    "kind": one.kind.value,
                    "choices": json.dumps(list(map(kept_line, one.choices)), ensure_ascii=False),
                    "position": place,
                    "hint": kept_line(one.hint),
                    "is_retired": one.is_retired,
                }
                _put(change, custom_field, there.pop(one.key, None), {"key": one.key}, row)
            _remove(change, custom_field, there.values())
        return change.change

    def _with_own_keys(
        self, fields: Sequence[CustomField], there: Mapping[str, tuple[uuid.UUID, bool]]
    ) -> Iterator[CustomField]:
        """The fields; one that would revive a key of another kind has a new key."""
        taken = {one.key for one in fields}
        for one in fields:
            alike = self._rows(custom_field, "key", kind=one.kind.value)
            is_another = one.key in there and not there[one.key][1] and one.key not in alike
            free = (
                key
                for key in _keys_of_kind(one)
                if key not in taken and (key not in there or key in alike)
            )
            yield replace(one, key=next(free)) if is_another else one

    def save_required(self, situation: Situation, names: Collection[str]) -> ChangeSet:
        """Makes the fields that have to be filled in those that are given."""
        title = f"Required: {situation.replace('_', ' ')}"
        with self._writer.change(ChangeKind.PLAN, title, self._who) as change:
            there = self._rows(required_field, "field", situation=situation.value)
            for name in sorted(set(names)):
                key = {"situation": situation.value, "field": name}
                _put(change, required_field, there.pop(name, None), key, {})
            _remove(change, required_field, there.values())
        return change.change

    def save_blocks(self, place: BlockPlace, blocks: Sequence[PlacedBlock]) -> ChangeSet:
        """Makes the order of the blocks what is given."""
        title = f"Blocks of the {'customer page' if place is BlockPlace.PAGE else 'pop'}"
        with self._writer.change(ChangeKind.PLAN, title, self._who) as change:
            there = self._rows(layout_block, "block", place=place.value)
            for number, one in enumerate(blocks):
                names = {"place": place.value, "block": one.block}
                row = {"position": number, "is_shown": one.is_shown}
                _put(change, layout_block, there.pop(one.block, None), names, row)
            _remove(change, layout_block, there.values())
        return change.change

    def _rows(self, table: Table, name: str, **where: str) -> dict[str, tuple[uuid.UUID, bool]]:
        """Rows of a table by one of their columns, removed ones too: key, whether it is there."""
        return self._writer.named_rows(table, name, where)


def put_choices(
    writer: Writer, change: ChangeRecorder, key: PicklistKey, choices: Sequence[Choice]
) -> None:
    """Makes a list what is given, as part of a step; ask `refuse_choices` before."""
    there = writer.named_rows(picklist_entry, "key", {"list_key": key.value})
    for place, one in enumerate(choices):
        row = {
            "title": kept_line(one.title, _LONGEST_TITLE),
            "meaning": one.meaning,
            "tone": one.tone,
            "percent": one.percent,
            "position": place,
            "is_retired": one.is_retired,
        }
        names = {"list_key": key.value, "key": one.key}
        _put(change, picklist_entry, there.pop(one.key, None), names, row)
    _remove(change, picklist_entry, there.values())


def _put(
    change: ChangeRecorder,
    table: Table,
    there: tuple[uuid.UUID, bool] | None,
    names: Mapping[str, Any],
    row: Mapping[str, Any],
) -> None:
    """Adds a row, changes it, or brings it back: names are unique, removed ones included."""
    if there is None:
        change.insert(table, {**names, **row})
    elif there[1]:
        change.update(table, there[0], row)
    else:
        change.restore(table, there[0], row)


def _remove(change: ChangeRecorder, table: Table, rows: Collection[tuple[uuid.UUID, bool]]) -> None:
    for key, is_there in rows:
        if is_there:
            change.remove(table, key)


def refuse_choices(key: PicklistKey, choices: Sequence[Choice]) -> None:
    """Says why a list cannot be as it is given.

    Raises:
        UserFacingError: See `PlanWriting.save_picklist`.
    """
    if len(choices) > MOST_CHOICES:
        raise _wrong(f"A list has at most {MOST_CHOICES} choices.")
    offered = [one for one in choices if not one.is_retired]
    if not offered:
        raise _wrong("A list needs a choice that is offered.")
    _refuse_titles([one.title for one in offered])
    if len({one.key for one in choices}) < len(choices):
        raise _wrong("Two choices are alike.")
    if key in FIXED and {one.key for one in choices} != {one.key for one in DEFAULTS[key]}:
        raise _wrong("These choices can be renamed and moved, not added or removed.")
    for meaning in _NEEDED_MEANINGS.get(key, ()):
        if all(one.meaning != meaning for one in offered):
            words = _MEANINGS.get(meaning, meaning)
            raise _wrong(f"One choice has to mean “{words}”.")


def _keys_of_kind(field: CustomField) -> Iterator[str]:
    """E.g. "birthday_date", "birthday_date_2" and so on."""
    plain = f"{field.key}_{field.kind.value}"
    yield plain
    for number in itertools.count(2):
        yield f"{plain}_{number}"


def _refuse_fields(fields: Sequence[CustomField]) -> None:
    if len(fields) > MOST_FIELDS:
        raise _wrong(f"There can be at most {MOST_FIELDS} fields.")
    _refuse_titles([one.title for one in fields if not one.is_retired])
    if len({one.key for one in fields}) < len(fields):
        raise _wrong("Two fields are alike.")
    for one in fields:
        if one.kind is CustomFieldKind.CHOICE and not one.choices:
            raise _wrong(f"{one.title} needs something to choose from.")


def _refuse_titles(titles: Sequence[str]) -> None:
    shown = [kept_line(title, _LONGEST_TITLE).casefold() for title in titles]
    if not all(shown):
        raise _wrong("Every entry needs a name.")
    twice = next((title for title in titles if shown.count(title.strip().casefold()) > 1), None)
    if twice is not None:
        raise _wrong(f"“{twice}” is there twice.")


def _wrong(what: str) -> UserFacingError:
    return UserFacingError(what, "Nothing was saved.", "Correct it, then save again.")
