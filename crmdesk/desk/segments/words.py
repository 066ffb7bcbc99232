"""A rule of a segment as people read it."""

from __future__ import annotations

from collections.abc import Mapping

from crmdesk.domain.money import figure_words, money_words
from crmdesk.domain.planning import Picklists
from crmdesk.domain.segment_values import read_number, read_sum
from crmdesk.domain.segments import Condition, FieldKind, Group, Operator, SegmentField

OPERATOR_WORDS: Mapping[Operator, str] = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.CONTAINS: "contains",
    Operator.BEGINS: "begins with",
    Operator.ANY_OF: "is",
    Operator.NONE_OF: "is not",
    Operator.EMPTY: "is empty",
    Operator.FILLED: "is filled",
    Operator.AT_LEAST: "at least",
    Operator.AT_MOST: "at most",
    Operator.WITHIN_DAYS: "in the last days",
    Operator.LONGER_AGO: "longer ago than days, or never",
    Operator.SINCE: "since",
    Operator.BEFORE: "before",
    Operator.YES: "yes",
    Operator.NO: "no",
}
"""As one chooses them beside a field."""

_BEGINS = " begins with"


def rule_words(rule: Group, fields: Mapping[str, SegmentField], lists: Picklists) -> str:
    """A whole rule in one sentence, e.g. "Segment is Gold, and open invoices at least 1"."""
    words = _group(rule, fields, lists)
    return words[:1].upper() + words[1:]


def _group(group: Group, fields: Mapping[str, SegmentField], lists: Picklists) -> str:
    parts = (
        condition_words(one, fields, lists)
        if isinstance(one, Condition)
        else f"({_group(one, fields, lists)})"
        for one in group.items
    )
    return (", or " if group.is_any else ", and ").join(parts)


def condition_words(one: Condition, fields: Mapping[str, SegmentField], lists: Picklists) -> str:
    """One condition; a field that is gone is said to be so."""
    known = fields.get(one.field)
    if known is None:
        return "a field that is gone"
    title = _lowered(known.title)
    value = " or ".join(_shown(text, known, lists) for text in one.values) or "…"
    match one.operator:
        case Operator.YES:
            return title
        case Operator.NO:
            return f"not: {title}"
        case Operator.EMPTY | Operator.FILLED:
            return f"{title} {OPERATOR_WORDS[one.operator]}"
        case Operator.WITHIN_DAYS:
            return f"{title} in the last {value} days"
        case Operator.LONGER_AGO:
            return f"{title} longer ago than {value} days"
        case Operator.BEGINS if title.endswith(_BEGINS):
            return f"{title} {value}"
    return f"{title.removesuffix(_BEGINS)} {OPERATOR_WORDS[one.operator]} {value}"


def _lowered(title: str) -> str:
    """In the middle of a sentence; what is written in capitals stays so."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _shown(text: str, known: SegmentField, lists: Picklists) -> str:
    if known.kind is FieldKind.CHOICE and known.picklist is not None:
        return lists.title(known.picklist, text) or text
    if known.kind is FieldKind.MONEY:
        return _sum_words(text)
    if known.kind is FieldKind.NUMBER and (figure := read_number(text)) is not None:
        return f"{figure:,f}"  # as it was read: "1.234" is a thousand
    return text


def _sum_words(text: str) -> str:
    found = read_sum(text)
    if found is None:
        return text
    cents, currency = found
    return (
        money_words(cents, currency)
        if currency
        else f"{figure_words(cents, '')} in any one currency"
    )
