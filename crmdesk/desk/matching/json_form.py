"""The answer to "who is it, and why" as `crmdesk match --json` prints it; README documents it."""

from __future__ import annotations

from typing import Any

from crmdesk.domain.ignoring import IgnoreRule
from crmdesk.domain.matches import Candidate, Match
from crmdesk.domain.number_facts import NumberFacts

Object = dict[str, Any]


def match_to_json(
    match: Match, facts: NumberFacts | None = None, ignored: IgnoreRule | None = None
) -> Object:
    """Everything that is known of a match.

    Args:
        match: Of one number.
        facts: What the number itself tells, None where nothing.
        ignored: The entry of the ignore list that keeps its card back.
    """
    number = match.number
    return {
        "number": number.raw,
        "e164": number.e164,
        "extension": number.extension or None,
        "region": number.region or None,
        "state": match.state,
        "rule": match.rule,
        "digits": match.digits,
        "customer": _customer(match),
        "candidates": [_candidate(match, candidate) for candidate in match.candidates],
        "owner_count": max(match.owner_count, len(match.candidates)),
        "link_from": match.link_from,
        "trust": {"level": match.trust.level, "reasons": list(match.trust.reasons)},
        "facts": _facts(facts),
        "ignored": _ignored(ignored),
        "steps": list(number.steps),
        "other_readings": list(number.other_readings),
        "explanation": match.explanation,
    }


def short_match_to_json(match: Match) -> Object:
    """The same in a line of many: who, and by which rule."""
    return {
        "number": match.number.raw,
        "e164": match.number.e164,
        "extension": match.number.extension or None,
        "state": match.state,
        "rule": match.rule,
        "digits": match.digits,
        "customer": _customer(match),
        "candidates": max(match.owner_count, len(match.candidates)),
    }


def linked_name(match: Match) -> str:
    """Name of the customer who is linked, "" where nobody is."""
    if match.customer_id is None:
        return ""
    owners = (candidate.owner for candidate in match.candidates)
    return next((owner.name for owner in owners if owner.customer_id == match.customer_id), "")


def _customer(match: Match) -> Object | None:
    if match.customer_id is None:
        return None
    return {"id": str(match.customer_id), "name": linked_name(match)}


def _candidate(match: Match, candidate: Candidate) -> Object:
    owner = candidate.owner
    return {
        "customer": str(owner.customer_id),
        "name": owner.name,
        "company": owner.company_name or None,
        "label": owner.label or None,
        "score": candidate.score,
        "linked": owner.customer_id == match.customer_id,
        "barred": candidate.barred or None,
        "evidence": [{"words": one.words, "points": one.points} for one in candidate.evidence],
    }


def _facts(facts: NumberFacts | None) -> Object | None:
    if facts is None:
        return None
    return {
        "region": facts.region or None,
        "area": facts.area or None,
        "line_type": facts.line_type,
    }


def _ignored(rule: IgnoreRule | None) -> Object | None:
    if rule is None:
        return None
    return {"kind": rule.kind, "text": rule.text, "reason": rule.reason}
