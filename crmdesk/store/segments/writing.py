"""Writes segments."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.kept_text import kept_line
from crmdesk.domain.segments import DEEPEST, MOST_SEGMENTS, Segment, encode, is_too_deep
from crmdesk.store.changes import ChangeUndoing
from crmdesk.store.columns import Instant, Key
from crmdesk.store.segments.queries import SegmentQueries
from crmdesk.store.tables import segment

_LONGEST_NAME = 80
# What was counted is no decision of anybody: it is not journaled.
_counted = (
    update(segment)
    .where(segment.c.id == bindparam("wanted", type_=Key))
    .values(counted=bindparam("count"), counted_at=bindparam("at", type_=Instant))
)


class SegmentWriting(ChangeUndoing, SegmentQueries):
    """Writes segments; each call is a step that can be taken back."""

    def save_segments(self, segments: Sequence[Segment], who: str) -> ChangeSet:
        """Makes the segments those that are given, in this order.

        Raises:
            UserFacingError: There are too many, or groups nested too deep.
        """
        _refuse_too_many(segments)
        known = {one.id for one in self.segments()}
        with self.change(ChangeKind.SEGMENT, "Segments changed", who) as change:
            for place, one in enumerate(segments):
                values = {
                    "name": kept_line(one.name, _LONGEST_NAME),
                    "rule": json.dumps(_kept(encode(one.rule)), ensure_ascii=False),
                    "tone": one.tone,
                    "is_on_pop": one.is_on_pop,
                    "position": place,
                }
                if one.id in known:
                    change.update(segment, one.id, values)
                else:
                    change.insert(segment, values, one.id)
            for gone in known - {one.id for one in segments}:
                change.remove(segment, gone)
        return change.change

    def keep_count(self, segment_id: uuid.UUID, count: int, at: datetime) -> None:
        """Keeps how many customers a segment had at a moment."""
        self._connection.execute(_counted, {"wanted": segment_id, "count": count, "at": at})


def _refuse_too_many(segments: Sequence[Segment]) -> None:
    if len(segments) > MOST_SEGMENTS:
        raise UserFacingError(
            f"There can be at most {MOST_SEGMENTS} segments.",
            "Each is asked for every customer that is shown.",
            "Remove segments that are not needed any more.",
        )
    for one in segments:
        if is_too_deep(one.rule):
            raise UserFacingError(
                f"Groups of {one.name} are nested more than {DEEPEST} deep.",
                "Nothing was saved.",
                "Take conditions out of the inner groups.",
            )


def _kept(part: Any) -> Any:  # noqa: ANN401  what JSON holds
    """A rule with every text that somebody typed as it may be kept."""
    if isinstance(part, str):
        return kept_line(part)
    if isinstance(part, dict):
        return {key: _kept(value) for key, value in part.items()}
    return [_kept(one) for one in part] if isinstance(part, list | tuple) else part
