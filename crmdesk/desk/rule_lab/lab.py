"""The rule lab: what other rules would have found in the calls of the past.

Each number of the call log is looked up twice, with the rules in force and with those that
are tried, as if it rang today; nothing is written. Calls are counted by number, so a log of
ten million calls costs as many look-ups as it has numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from typing import TYPE_CHECKING, Final, NamedTuple

from crmdesk.desk.matching.quick_find import QuickFinder
from crmdesk.desk.rule_lab.report import CHANGES, Found, LabCount, LabExample, LabKind, LabReport
from crmdesk.domain.call_log import CallerRow, CallerSort
from crmdesk.domain.matches import Match, MatchRule, MatchState, NormalisedNumber, Occasion
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import LineRules, clear_cache, line_rules, normalise
from crmdesk.settings.model import MatchingSettings, Rung, Settings

if TYPE_CHECKING:
    from crmdesk.matching.lookup import OwnerLookup

_RUNG_OF: Final[dict[MatchRule, Rung]] = {
    MatchRule.ACCOUNT_ID: "account",
    MatchRule.E164_EXTENSION: "e164",
    MatchRule.E164: "e164",
    MatchRule.NATIONAL: "national",
    MatchRule.BLOCK: "block",
    MatchRule.SUFFIX: "suffix",
}
_FIGURE_OF: Final[dict[Rung, str]] = {"block": "block_digits", "suffix": "suffix_digits"}
_NOBODY: Final = frozenset({MatchState.NONE, MatchState.SUGGESTED})
_UNSURE: Final = frozenset({MatchState.SEVERAL, MatchState.SUGGESTED})


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What decides who is found.

    Attributes:
        lines: How numbers of each line are read.
        usual: The same for lines that are gone.
    """

    matching: MatchingSettings
    lines: Mapping[str, LineRules] = field(default_factory=dict)
    usual: LineRules = field(default_factory=LineRules)

    def line(self, line_id: str) -> LineRules:
        """How numbers of a line are read."""
        return self.lines.get(line_id, self.usual)


def rule_set(settings: Settings) -> RuleSet:
    """The rules of the settings; numbers of lines that are gone are read as on the first."""
    lines = {line.id: line_rules(line) for line in settings.lines}
    return RuleSet(settings.matching, lines, next(iter(lines.values()), LineRules()))


class _Verdict(NamedTuple):
    """What becomes of a number; there are few, so each has a place in a list."""

    kind: LabKind
    linked_before: bool
    linked_after: bool
    withheld: bool


_VERDICTS: Final = tuple(
    _Verdict(kind, before, after, withheld)
    for kind in LabKind
    for before in (False, True)
    for after in (False, True)
    for withheld in (False, True)
)
_PLACE: Final = {verdict: place for place, verdict in enumerate(_VERDICTS)}
_ONE_CALL: Final = len(_VERDICTS)
"""A number's calls and its verdict share one integer: a million numbers are a million small
integers and not a million objects."""

_Caller = int | str | tuple[str, str]
"""A number as it was told: the integer of its digits where it is E.164 (half the memory), with
the account id where one was keyed in."""

_E164 = re.compile(r"\+[1-9][0-9]{1,17}", re.ASCII)
_READ_AT_ONCE = 20_000
"""No number comes twice, so what the normaliser remembers is only memory."""


class RuleLab:
    """Counts what becomes of each number of the call log.

    Args:
        before: The rules in force.
        after: The rules that are tried.
        lookup: The customers; an index in memory for more than a few numbers.
        day: Of the look-ups: ownership has dates.
    """

    def __init__(self, before: RuleSet, after: RuleSet, lookup: OwnerLookup, day: date) -> None:
        self._before, self._after = before, after
        self._lookup = lookup
        self._finder = QuickFinder(lookup)
        self._day = day
        self._occasions: dict[str, Occasion] = {}
        self._settled = _settled(before.matching, after.matching)
        self._callers: dict[str, dict[_Caller, int]] = {}
        self._withheld = self._internal = self._looked = 0

    def look_at(self, rows: Iterable[CallerRow]) -> None:
        """Takes calls in, one row each."""
        for line_id, raw, account_id, sort in rows:
            if sort == CallerSort.OUTSIDE or (account_id and sort == CallerSort.WITHHELD):
                self._add(line_id, raw, account_id)
            elif sort == CallerSort.WITHHELD:
                self._withheld += 1
            else:
                self._internal += 1

    def _add(self, line_id: str, raw: str, account_id: str | None) -> None:
        seen = self._callers.get(line_id)
        if seen is None:
            seen = self._callers[line_id] = {}
        caller = _caller(raw, account_id)
        known = seen.get(caller)
        if known is None:
            known = _PLACE[self._verdict(line_id, raw, account_id)]
        seen[caller] = known + _ONE_CALL

    def report(self, examples: int = 5) -> LabReport:
        """What was found so far.

        Args:
            examples: How many numbers are shown of each kind of change.
        """
        totals = self._totals()
        seen = {place: count for place, count in enumerate(totals) if count.numbers}
        looked_up = {p: count for p, count in seen.items() if not _VERDICTS[p].withheld}

        def sum_of(wanted: Iterable[int]) -> LabCount:
            return _sum(looked_up[place] for place in wanted)

        return LabReport(
            looked_at=sum_of(looked_up),
            linked_before=sum_of(p for p in looked_up if _VERDICTS[p].linked_before),
            linked_after=sum_of(p for p in looked_up if _VERDICTS[p].linked_after),
            withheld_calls=self._withheld + _sum(seen[p] for p in seen.keys() - looked_up).calls,
            internal_calls=self._internal,
            counts={
                kind: sum_of(p for p in looked_up if _VERDICTS[p].kind is kind) for kind in LabKind
            },
            examples=tuple(self._examples(examples)),
        )

    def _totals(self) -> list[LabCount]:
        calls, numbers = [0] * _ONE_CALL, [0] * _ONE_CALL
        for seen in self._callers.values():
            for packed in seen.values():
                place = packed % _ONE_CALL
                calls[place] += packed // _ONE_CALL
                numbers[place] += 1
        return [LabCount(*pair) for pair in zip(calls, numbers, strict=True)]

    def _verdict(self, line_id: str, raw: str, account_id: str | None) -> _Verdict:
        self._looked += 1
        if self._looked % _READ_AT_ONCE == 0:
            clear_cache()
        before, after = self._looked_up(line_id, raw, account_id)
        withheld = before.state is after.state is MatchState.WITHHELD
        is_linked = after.customer_id is not None
        return _Verdict(_kind(before, after), before.customer_id is not None, is_linked, withheld)

    def _looked_up(self, line_id: str, raw: str, account_id: str | None) -> tuple[Match, Match]:
        """The matches before and after; the same one where the rules cannot differ."""
        rules = self._before.line(line_id), self._after.line(line_id)
        number = normalise(raw, rules[0])
        before = self._found(number, line_id, account_id, self._before.matching)
        other = number if rules[0] == rules[1] else normalise(raw, rules[1])
        if before.rule in self._settled and _means_the_same(number, other):
            return before, before
        return before, self._found(other, line_id, account_id, self._after.matching)

    def _found(
        self,
        number: NormalisedNumber,
        line_id: str,
        account_id: str | None,
        rules: MatchingSettings,
    ) -> Match:
        return self._finder.find(number, self._occasion(line_id), account_id, rules)

    def _occasion(self, line_id: str) -> Occasion:
        known = self._occasions.get(line_id)
        if known is None:
            known = self._occasions[line_id] = Occasion(day=self._day, line_id=line_id)
        return known

    # --- examples ---------------------------------------------------------------------------

    def _examples(self, count: int) -> Iterator[LabExample]:
        for kind in CHANGES:
            places = {p for p, verdict in enumerate(_VERDICTS) if verdict.kind is kind}
            best = nlargest(count, self._with_verdict(places))
            yield from (self._example(kind, *found) for found in best)

    def _with_verdict(self, places: set[int]) -> Iterator[tuple[int, str, str, str]]:
        """Calls, line, number and account id of the callers with one of these verdicts."""
        for line_id, seen in self._callers.items():
            for caller, packed in seen.items():
                if packed % _ONE_CALL in places:
                    yield packed // _ONE_CALL, line_id, *_told(caller)

    def _example(
        self, kind: LabKind, calls: int, line_id: str, raw: str, account_id: str
    ) -> LabExample:
        """The same look-ups with all that is told of them."""
        before, after = (
            find(
                normalise(raw, rules.line(line_id)),
                self._lookup,
                self._occasion(line_id),
                account_id or None,
                rules=rules.matching,
            )
            for rules in (self._before, self._after)
        )
        found = _found_of(before), _found_of(after)
        return LabExample(kind, line_id, raw, account_id, calls, *found, _why(before, after))


def _caller(raw: str, account_id: str | None) -> _Caller:
    if account_id:
        return raw, account_id
    return int(raw[1:]) if _E164.fullmatch(raw) else raw


def _told(caller: _Caller) -> tuple[str, str]:
    """Number and account id of a caller."""
    if isinstance(caller, tuple):
        return caller
    return (f"+{caller}" if isinstance(caller, int) else caller), ""


def _settled(before: MatchingSettings, after: MatchingSettings) -> frozenset[MatchRule]:
    """Rules whose matches are the same before and after, as long as the number is.

    The rungs up to the first that is another, or works with another figure: a match on one
    of them never comes to what is changed.
    """
    if before == after:
        return frozenset(MatchRule)
    if (before.link_from, before.lead) != (after.link_from, after.lead):
        return frozenset()
    same: set[Rung] = set()
    for old, new in zip(before.ladder, after.ladder, strict=False):
        figure = _FIGURE_OF.get(old)
        if old != new or (figure and getattr(before, figure) != getattr(after, figure)):
            break
        same.add(old)
    return frozenset(rule for rule, rung in _RUNG_OF.items() if rung in same)


def _means_the_same(one: NormalisedNumber, other: NormalisedNumber) -> bool:
    """Whether two readings differ at most in how they were come to."""
    return one is other or (
        (one.e164, one.extension, one.national, one.withheld, one.internal)
        == (other.e164, other.extension, other.national, other.withheld, other.internal)
        and one.other_readings == other.other_readings
    )


def _kind(before: Match, after: Match) -> LabKind:
    if before is after or _outcome(before) == _outcome(after):
        return LabKind.UNCHANGED
    if after.customer_id is not None:
        return LabKind.MOVED if before.customer_id is not None else LabKind.FOUND
    if after.state is not before.state:
        if after.state is MatchState.SEVERAL:
            return LabKind.AMBIGUOUS
        if before.state not in _NOBODY:
            return LabKind.LOST
        if before.state is MatchState.SUGGESTED:
            return LabKind.NOT_SUGGESTED
        return LabKind.SUGGESTED if after.state is MatchState.SUGGESTED else LabKind.OTHERS
    return LabKind.OTHERS


def _outcome(match: Match) -> object:
    """What an agent sees of a match: who is linked, else who can be chosen."""
    if match.customer_id is not None:
        return match.customer_id
    if match.state in _UNSURE:
        return match.state, {found.owner.customer_id for found in match.candidates}
    return match.state


def _found_of(match: Match) -> Found:
    best = match.candidates[0].owner.name if match.candidates else ""
    count = max(match.owner_count, len(match.candidates))
    return Found(match.state, match.rule, match.digits, match.customer_id, best, count)


def _why(before: Match, after: Match) -> str:
    read = after.number.e164 or after.number.national
    if _means_the_same(before.number, after.number):
        return after.explanation
    was = before.number.e164 or before.number.national
    if read and was:
        return f"Read as {read}, so far as {was}. {after.explanation}"
    return f"Read as {read or 'no phone number'}. {after.explanation}"


def _sum(counts: Iterable[LabCount]) -> LabCount:
    pairs = [(count.calls, count.numbers) for count in counts]
    return LabCount(sum(calls for calls, _ in pairs), sum(numbers for _, numbers in pairs))
