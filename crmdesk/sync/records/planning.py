"""What becomes of one record, and why. Pure but for the answers of the store."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from crmdesk.domain.importing import FieldChange, RowAction, RowPlan
from crmdesk.store.importing.records import RecordRow
from crmdesk.sync.records.answers import Answers
from crmdesk.sync.records.kinds import SHAPES, RecordKind, cells_of
from crmdesk.sync.records.news import Values, are_same, followed, is_same, shown
from crmdesk.sync.records.reading import BadDraft, RecordDraft

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of a record, and the row of it where one is written."""

    plan: RowPlan
    row: RecordRow | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A record, whose it is and by what, and the row that is known."""

    draft: RecordDraft
    owner: uuid.UUID
    why: str
    key: uuid.UUID | None
    present: Mapping[str, Any] | None

    def plan(self, action: RowAction, changes: list[FieldChange]) -> RowPlan:
        """The same as a row of the plan."""
        place, title = self.draft.place, self.draft.title
        return RowPlan(place, action, title, self.owner, (self.why,), tuple(changes))


class RecordPlanner:
    """Plans the records of one part.

    Args:
        kind: What they are.
        zone: In which moments are shown and compared.
        asked: What the store knows of them.
    """

    def __init__(self, kind: RecordKind, zone: tzinfo, asked: Answers) -> None:
        self._kind, self._zone, self._asked = kind, zone, asked
        self._cells = cells_of(kind)

    def planned(self, draft: RecordDraft | BadDraft) -> Planned:
        """What becomes of one."""
        if isinstance(draft, BadDraft):
            return _bad(draft.place, "", draft.reason)
        found = self._found(draft)
        if isinstance(found, Planned):
            return found
        links, wrong = self._asked.linked(draft, found.owner, (found.present or {}).values())
        if wrong:
            return _bad(draft.place, draft.title, wrong)
        values = followed(
            self._kind, {**draft.values, **links}, found.present, self._asked.now,
            has_receipts=found.key in self._asked.paid_on,
        )  # fmt: skip
        return self._new(found, values) if found.key is None else self._known(found, values)

    def _found(self, draft: RecordDraft) -> _Found | Planned:
        """Whose it is, or what becomes of it where that does not matter."""
        key = self._asked.known.get(draft.external_id)
        present = self._asked.present.get(key) if key else None
        if key is not None and present is None:
            gone = ("it was removed here",)
            return Planned(RowPlan(draft.place, RowAction.SKIP, draft.title, None, gone))
        owner, why = self._asked.owner(draft)
        if present is not None and not draft.owner:
            owner, why = present["customer_id"], "its id"
        if owner is None:
            return _bad(draft.place, draft.title, why)
        if key is None and draft.missing:
            return _bad(draft.place, draft.title, draft.missing)
        return _Found(draft, owner, why, key, present)

    def _new(self, found: _Found, values: Values) -> Planned:
        draft = found.draft
        defaults = {"at": self._asked.now, **SHAPES[self._kind].defaults}
        row = RecordRow(draft.external_id, found.owner, values, defaults, draft.lines)
        changes = [self._change(name, None, value) for name, value in values.items()
                   if value is not None]  # fmt: skip
        if draft.lines:
            changes.append(FieldChange("lines", "", str(len(draft.lines))))
        return Planned(found.plan(RowAction.CREATE, changes), row)

    def _known(self, found: _Found, values: Values) -> Planned:
        """What is new of a record that is there; the rest is neither written nor told."""
        present = found.present or {}
        new = {
            name: value
            for name, value in values.items()
            if not is_same(self._cells.get(name), present.get(name), value, self._zone)
        }
        changes = [self._change(name, present.get(name), value) for name, value in new.items()]
        if present["customer_id"] != found.owner:
            changes.append(
                FieldChange("customer", self._asked.name(present["customer_id"]), found.why)
            )
        lines, before = found.draft.lines, self._asked.lines.get(found.key or found.owner, [])
        if lines is not None and are_same(before, lines):
            lines = None
        if lines is not None:
            changes.append(FieldChange("lines", str(len(before)), str(len(lines))))
        if not changes:
            return Planned(found.plan(RowAction.SAME, []))
        row = RecordRow("", found.owner, new, {}, lines, found.key)
        return Planned(found.plan(RowAction.UPDATE, changes), row)

    def _change(self, name: str, before: object, after: object) -> FieldChange:
        cell = self._cells.get(name)
        texts = (shown(value, self._zone, cell)[:_SHOWN] for value in (before, after))
        return FieldChange(name, *texts)


def _bad(place: int, title: str, reason: str) -> Planned:
    return Planned(RowPlan(place, RowAction.BAD, title, None, (reason,)))
