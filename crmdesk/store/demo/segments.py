"""Four segments of the invented company; nothing of them is journaled: nobody made them."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from sqlalchemy import Table

from crmdesk.domain.segments import Condition, Group, Operator, Segment, encode
from crmdesk.store.columns import to_micros
from crmdesk.store.demo.rows import Row
from crmdesk.store.tables import segment

_SPACE = uuid.UUID("0c6f0f4e-5d0e-4f57-8d55-6d5b3e1f6a20")
_OPEN = Condition("open_tickets", Operator.AT_LEAST, ("1",))
_ANGRY = Condition("last_complaint", Operator.WITHIN_DAYS, ("90",))
_OWES = Condition("overdue_invoices", Operator.AT_LEAST, ("1",))
_GOLD = Condition("segment", Operator.ANY_OF, ("Gold",))
_QUIET = Condition("last_talk", Operator.LONGER_AGO, ("90",))
_HAPPY = Condition("satisfaction", Operator.AT_LEAST, ("4",))
_RECOMMENDS = Condition("nps", Operator.AT_LEAST, ("9",))
_CALM = Condition("open_tickets", Operator.AT_MOST, ("0",))


def _named(name: str, rule: Group, tone: str = "", *, is_on_pop: bool = True) -> Segment:
    return Segment(uuid.uuid5(_SPACE, name), name, rule, tone, is_on_pop)


SEGMENTS = (
    _named("Open complaint", Group((_OPEN, _ANGRY)), "bad"),
    _named("Owes money", Group((_OWES,)), "warn"),
    _named("Gold, quiet for long", Group((_GOLD, _QUIET))),
    _named(
        "Would recommend us",
        Group((Group((_HAPPY, _RECOMMENDS), is_any=True), _CALM)),
        "good",
        is_on_pop=False,
    ),
)


def segment_rows(now: datetime, desk: bytes) -> dict[Table, list[Row]]:
    """The rows of the segments.

    Args:
        now: The present moment of the demo.
        desk: Goes into `origin`.
    """
    at = to_micros(now)
    rows = [
        (one.id.bytes, at, at, None, desk, one.name, json.dumps(encode(one.rule)), one.tone, place,
         one.is_on_pop, None, None)
        for place, one in enumerate(SEGMENTS)
    ]  # fmt: skip
    return {segment: rows}
