"""What the columns of a history hold where it is no list of the company's, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from crmdesk.domain.matches import MatchRule
from crmdesk.domain.repeats import read_repeat
from crmdesk.domain.surveys import SurveyScale
from crmdesk.domain.tickets import TicketEntryKind
from crmdesk.gui.models import follow_up_words, outreach_words, sales_words, survey_words, why
from crmdesk.gui.models.timeline_items import WORDS

_E = TicketEntryKind

_ENTRIES = {
    _E.ANSWER: "Told to the customer",
    _E.NOTE: "Comment",
    _E.OWNER: "In charge",
    _E.DETAIL: "Description",
    _E.BREACH: "Not in time",
    _E.UNLINKED: "Link removed",
}
_OUTCOMES = {"late": "Kept late", "broken": "Not kept"}
_CHANNELS = {key.value: words for key, words in outreach_words.CHANNELS.items()}
_SCALES = {one.value: survey_words.scale_name(one) for one in SurveyScale}
_RULES = {one.value: why.rule_words(one) for one in MatchRule}

_WORDS: Mapping[tuple[str, str], Mapping[str, str]] = MappingProxyType({
    ("consent", "channel"): _CHANNELS,
    ("message", "channel"): _CHANNELS,
    ("message", "state"): {key.value: said for key, (said, _) in outreach_words.STATES.items()},
    ("follow_up", "kind"): {key.value: said for key, said in follow_up_words.KINDS.items()},
    ("follow_up", "outcome"): _OUTCOMES,
    ("interaction", "kind"): {key.value: said for key, said in WORDS.items()},
    ("ticket_entry", "kind"): {key.value: said for key, said in _ENTRIES.items()},
    ("payment_method", "kind"): {key.value: said for key, said in sales_words.KIND_TITLES.items()},
    ("survey_answer", "scale"): _SCALES,
    ("call", "match_rule"): _RULES,
})  # fmt: skip
_PLAIN = frozenset({"kind", "status", "state", "channel", "outcome", "match_state", "direction"})
"""Columns whose own words are nearly those of people."""


def _repeat(text: str) -> str:
    return follow_up_words.repeats(read_repeat(text)) or text


_READ: Mapping[tuple[str, str], Callable[[str], str]] = MappingProxyType(
    {("follow_up", "repeats"): _repeat}
)


def value_words(table: str, column: str, text: str) -> str:
    """A value as people say it; what is written by people stays as it is."""
    known = _WORDS.get((table, column), {}).get(text)
    if known is not None:
        return known
    if (read := _READ.get((table, column))) is not None:
        return read(text)
    return text.replace("_", " ").capitalize() if column in _PLAIN else text
