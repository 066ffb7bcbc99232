"""What "Copy for support" puts on the clipboard: no name, no whole number. Pure."""

from __future__ import annotations

import re

from crmdesk.domain.matches import Candidate, Match, NormalisedNumber

_DIGITS = re.compile(r"\+?\d{4,}")
_SHOWN_END = 2


def shortened(number: NormalisedNumber) -> str:
    """Country code and last two digits, e.g. "+49…10"."""
    if number.withheld:
        return "withheld"
    digits = number.e164 or "".join(filter(str.isdigit, number.raw))
    if len(digits) <= _SHOWN_END + 1:
        return "…"
    code = digits.removesuffix(number.national) if number.national and number.e164 else ""
    return f"{code if code != digits else ''}…{digits[-_SHOWN_END:]}"


def support_text(match: Match, version: str = "") -> str:
    """A match for somebody who may see neither customers nor numbers."""
    number = match.number
    lines = [
        f"CRMDesk {version}".strip(),
        f"state: {match.state.value}, rule: {match.rule.value}",
        f"number: {shortened(number)}, {_length(number)}",
        f"region: {number.region or 'none'}, extension: {'yes' if number.extension else 'no'}",
        f"other readings: {len(number.other_readings)}",
        f"trust: {match.trust.level.value}",
        f"needed to link: {match.link_from}, owners: {match.owner_count}",
        *(f"step: {_without_digits(step)}" for step in number.steps),
        *(f"{place}. {_candidate(one)}" for place, one in enumerate(match.candidates, 1)),
    ]
    return "\n".join(lines) + "\n"


def _length(number: NormalisedNumber) -> str:
    came = sum(map(str.isdigit, number.raw))
    return f"{came} digits came, {'read' if number.e164 else 'not read'} as a phone number"


def _candidate(candidate: Candidate) -> str:
    owner = candidate.owner
    if candidate.barred:
        return f"{owner.kind.value}, barred"
    points = " ".join(f"{one.points:+}" for one in candidate.evidence if one.points)
    return f"{owner.kind.value}, {candidate.score} points ({points})"


def _without_digits(text: str) -> str:
    return _DIGITS.sub(lambda found: f"…{found.group()[-_SHOWN_END:]}", text)
