"""Why a call was given to a customer, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.matches import Candidate, Match, MatchRule, MatchState, TrustLevel
from crmdesk.domain.planning import PicklistKey, Picklists

_STATES = {
    MatchState.EXACT: ("Exact", "good"),
    MatchState.NATIONAL: ("National number", "good"),
    MatchState.BLOCK: ("Switchboard", "good"),
    MatchState.SEVERAL: ("Several match", "warn"),
    MatchState.SUGGESTED: ("May be", "warn"),
    MatchState.NONE: ("No match", "neutral"),
    MatchState.WITHHELD: ("Withheld", "neutral"),
    MatchState.INTERNAL: ("Internal", "neutral"),
}
_BY_PEOPLE = {
    MatchRule.CHOSEN: ("Chosen", "good"),
    MatchRule.REMEMBERED: ("Remembered", "good"),
}
_RULES = {
    MatchRule.ACCOUNT_ID: "The caller keyed in this account number.",
    MatchRule.REMEMBERED: "Several have this number; an agent said whom to take from now on.",
    MatchRule.E164_EXTENSION: "The whole number and its extension are the same.",
    MatchRule.E164: "The whole number is the same.",
    MatchRule.NATIONAL: "The number is the same without country code.",
    MatchRule.BLOCK: "The number begins like the company's switchboard.",
    MatchRule.SUFFIX: "Only the last digits are the same, which proves nothing.",
    MatchRule.CHOSEN: "An agent chose it for this call.",
    MatchRule.WITHHELD: "The caller withheld the number, so nobody was looked up.",
    MatchRule.INTERNAL: "A call between two of our own phones.",
    MatchRule.NOTHING: "No customer has this number.",
}
_TRUST = {
    TrustLevel.VERIFIED: ("verified number", "good"),
    TrustLevel.CLAIMED: ("claimed number", "faint"),
    TrustLevel.DOUBTFUL: ("doubtful number", "warn"),
}
TRUST_MEANINGS = {
    TrustLevel.VERIFIED: "Verified number: the network vouches that it is the caller's own.",
    TrustLevel.CLAIMED: "Claimed number: nobody proved that it is the caller's.",
    TrustLevel.DOUBTFUL: "Something speaks against this number.",
}
_NOBODY_CHOSEN = "An agent said that this call was from somebody else."
_CHOSEN_FOR_GOOD = "An agent chose it, and for this number from now on."
CHOSEN_BEFORE = "chosen for this number"
"""How the evidence for a remembered choice begins (matching/rank.py)."""

_LEAST_SAME_END = 5


@dataclass(frozen=True, slots=True)
class Digits:
    """A number in three parts: the digits that are the same in both, and what stands around.

    Attributes:
        what: Whose digits, e.g. "Called from" or "Stored".
    """

    what: str
    before: str
    same: str
    after: str = ""

    @property
    def spoken(self) -> str:
        """For screen readers."""
        return f"{self.what} {self.before}{self.same}{self.after}, the same: {self.same or 'none'}"


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One candidate of the sheet.

    Attributes:
        points: The sum, "" for barred ones.
        evidence: What the sum is made of, e.g. "open ticket +60".
        barred: Why it is never linked here, "" where nothing is against it.
    """

    name: str
    detail: str
    points: str
    evidence: str
    barred: str = ""


def state_words(state: MatchState, rule: MatchRule | None) -> tuple[str, str]:
    """How sure a match is, in a word or two, and its tone."""
    by_people = _BY_PEOPLE.get(rule) if rule and state is MatchState.EXACT else None
    return by_people or _STATES[state]


def match_chip(row: CallRow) -> tuple[str, str]:
    """Text and tone of the match chip, "" where nobody has looked yet."""
    return state_words(row.match_state, row.match_rule) if row.match_state else ("", "neutral")


def rule_words(rule: MatchRule) -> str:
    """A rule in one sentence."""
    return _RULES[rule]


def decision(match: Match) -> str:
    """What decided, in one sentence."""
    if match.state is MatchState.SEVERAL:
        return "Several customers have this number."
    if match.rule is MatchRule.CHOSEN and match.customer_id is None:
        return _NOBODY_CHOSEN
    if match.rule is MatchRule.CHOSEN and remembering(match):
        return _CHOSEN_FOR_GOOD
    return _RULES[match.rule]


def remembering(match: Match) -> str:
    """The evidence for a remembered choice of who is linked, "" where there is none."""
    linked = (c for c in match.candidates if c.owner.customer_id == match.customer_id)
    said = (one.words for candidate in linked for one in candidate.evidence)
    return next((words for words in said if words.startswith(CHOSEN_BEFORE)), "")


def trust_words(match: Match) -> tuple[str, str]:
    """How far the number can be believed, and its tone; "" where there is no number."""
    if match.number.withheld or match.state is MatchState.INTERNAL or not match.number.raw:
        return "", "faint"
    return _TRUST[match.trust.level]


def is_doubtful(match: Match) -> bool:
    """Whether something speaks against the number that is shown."""
    return match.trust.level is TrustLevel.DOUBTFUL


def match_reason(row: CallRow, *, digits: bool = True) -> str:
    """The rule in one sentence, with the digits that were compared unless shown beside."""
    if row.call.is_withheld and not row.call.account_id:
        return _RULES[MatchRule.WITHHELD]
    if row.match_state is None:
        return "Nobody has looked this caller up yet."
    if row.match_state is MatchState.SEVERAL:
        reason = "Several customers have this number."
    elif row.match_rule is MatchRule.CHOSEN and row.customer_id is None:
        reason = _NOBODY_CHOSEN
    else:
        reason = _RULES[row.match_rule] if row.match_rule else ""
    return f"{reason} Compared: {row.match_digits}" if row.match_digits and digits else reason


def compared(match: Match) -> tuple[Digits, ...]:
    """The called and the stored digits of the best candidate; () where none were compared."""
    best = next(iter(match.candidates), None)
    if best is None or match.number.withheld:
        return ()
    if match.rule is MatchRule.ACCOUNT_ID:
        return Digits("Keyed in", "", match.digits), Digits("Stored", "", match.digits)
    called = match.number.e164 or "".join(filter(str.isdigit, match.number.raw))
    called = _whole(called, match.number.extension)
    stored = _whole(best.owner.e164 or match.digits, best.owner.extension)
    start, end = _same(called, stored, match.rule)
    return (
        Digits("Called from", *_cut(called, start, end)),
        Digits("Stored", *_cut(stored, start, end)),
    )


def _whole(number: str, extension: str) -> str:
    return f"{number} x{extension}" if extension else number


def _same(one: str, other: str, rule: MatchRule) -> tuple[int, int]:
    """How many characters at the start, or at the end, are the same in both."""
    start = _common(one, other)
    end = _common(one[::-1], other[::-1])
    at_the_start = one == other or rule is MatchRule.BLOCK or end < _LEAST_SAME_END
    return (start, 0) if at_the_start else (0, end)


def _common(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    if end:
        return text[:-end], text[-end:], ""
    return "", text[:start], text[start:]


def rows(match: Match, lists: Picklists) -> tuple[WhyRow, ...]:
    """The candidates as the sheet lists them, best first, barred ones last."""
    return tuple(why_row(candidate, lists) for candidate in match.candidates)


def why_row(candidate: Candidate, lists: Picklists) -> WhyRow:
    """A candidate as the sheet lists it."""
    owner = candidate.owner
    label = lists.title(PicklistKey.NUMBER_LABEL, owner.label)
    return WhyRow(
        name=owner.name,
        detail=_detail(owner.company_name, owner.name, label),
        points="" if candidate.barred else f"{candidate.score:,}",
        evidence=", ".join(
            f"{one.words} {one.points:+,}" if one.points else one.words
            for one in candidate.evidence
        ),
        barred=candidate.barred,
    )


def _detail(company: str, name: str, label: str) -> str:
    return ", ".join(part for part in (company if company != name else "", label) if part)


def threshold(match: Match) -> str:
    """What a candidate needs to be linked by itself; "" where that was never the question."""
    if not match.link_from or not match.candidates:
        return ""
    return f"From {match.link_from:,} points on a customer is linked without being asked."


def left_out(match: Match, shown: int) -> int:
    """How many customers with this number are not among those shown."""
    living = sum(1 for candidate in match.candidates if not candidate.barred)
    return max(0, len(match.candidates) - shown + max(0, match.owner_count - living))


def since_then(row: CallRow, match: Match) -> str:
    """What differs between the link that was made then and what the rules say today."""
    if row.match_state is None or row.match_rule is MatchRule.CHOSEN:
        return ""
    if row.customer_id == match.customer_id and row.match_state is match.state:
        return ""
    then = row.customer_name or state_words(row.match_state, row.match_rule)[0].lower()
    now = _today(match)
    return f"Then: {then}. With the numbers and rules of today: {now}."


def _today(match: Match) -> str:
    linked = next((c for c in match.candidates if c.owner.customer_id == match.customer_id), None)
    if match.customer_id is not None and linked is not None:
        return linked.owner.name
    return state_words(match.state, match.rule)[0].lower()
