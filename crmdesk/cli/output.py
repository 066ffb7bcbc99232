"""What `replay` and `listen` print."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from crmdesk.desk.call_json import call_to_json
from crmdesk.domain.matches import Match, MatchRule, MatchState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmdesk.domain.call_log import CallRow
    from crmdesk.domain.customers import CustomerStory
    from crmdesk.domain.pops import PopCard

_MATCH_WORDS = {
    MatchState.EXACT: "exact match",
    MatchState.NATIONAL: "match without country code",
    MatchState.BLOCK: "switchboard",
    MatchState.SEVERAL: "several match",
    MatchState.SUGGESTED: "suggestion",
    MatchState.NONE: "no match",
    MatchState.WITHHELD: "withheld",
    MatchState.INTERNAL: "internal",
}
_RULE_WORDS = {
    MatchRule.ACCOUNT_ID: " by customer number",
    MatchRule.REMEMBERED: " by remembered choice",
    MatchRule.E164_EXTENSION: " by number and extension",
    MatchRule.E164: " by number",
    MatchRule.BLOCK: " of the company's block",
    MatchRule.SUFFIX: " by last digits",
    MatchRule.CHOSEN: " by an agent's choice",
}


def print_lines(lines: Iterable[str]) -> None:
    """Prints lines that tell names and numbers: what would steer a terminal becomes a blank.

    Names come from files and other programs too. Line ends at the beginning of a line stay.
    """
    for line in lines:
        told = line.lstrip("\n")
        shown = "".join(char if char.isprintable() else " " for char in told)
        print("\n" * (len(line) - len(told)) + shown)


def print_json(value: dict[str, Any]) -> None:
    """One object on one line, at once: whoever reads us may be a pipe."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def call_object(row: CallRow) -> dict[str, Any]:
    """A call in the form of `replay --json`."""
    return call_to_json(row.call, row.caller_e164)


def call_line(row: CallRow) -> str:
    """A call in one line for people, in local time."""
    call = row.call
    who = "withheld" if call.is_withheld else call.caller_raw or "unknown"
    name = row.customer_name or ("" if call.is_withheld else call.caller_name)
    answered = f" by {call.answered_by}" if call.answered_by else ""
    when = call.started_at.astimezone()
    return (
        f"{when:%H:%M:%S}  {call.direction:<8}  {_fitted(who, 20)} {_fitted(name, 24)}"
        f"  {call.outcome or 'in progress'}{answered}"
        f"  ring {call.ring_seconds:.1f} s  talk {call.talk_seconds:.1f} s"
    )


def pop_object(card: PopCard) -> dict[str, Any]:
    """A pop with the customer, as `listen --json` prints it."""
    return {
        "event": "pop",
        "call": str(card.call_id),
        "extension": card.extension,
        "reason": card.reason,
        "state": card.state,
        "title": card.title,
        "number": card.match.number.e164,
        "called": card.line_text,
        "queue": card.queue or None,
        "match": _match_object(card.match),
        "customer": _customer_object(card.story),
    }


def pop_line(card: PopCard) -> str:
    """A pop in one line for people."""
    about = [card.title]
    if card.story is None:
        about.append(card.caller_name)
    about.append(card.number_text)
    shown = ", ".join(dict.fromkeys(filter(None, about)))
    words = _MATCH_WORDS[card.match.state] + _RULE_WORDS.get(card.match.rule, "")
    return f"pop on {card.extension}: {shown}  [{words}]"


def _fitted(text: str, width: int) -> str:
    """A text as wide as its column."""
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return f"{cut:<{width}}"


def _match_object(match: Match) -> dict[str, Any]:
    return {
        "state": match.state,
        "rule": match.rule,
        "digits": match.digits,
        "explanation": match.explanation,
        "candidates": [
            {
                "customer": str(candidate.owner.customer_id),
                "name": candidate.owner.name,
                "company": candidate.owner.company_name or None,
                "score": candidate.score,
                "evidence": [
                    {"words": reason.words, "points": reason.points}
                    for reason in candidate.evidence
                ],
                "barred": candidate.barred or None,
            }
            for candidate in match.candidates
        ],
    }


def _customer_object(story: CustomerStory | None) -> dict[str, Any] | None:
    if story is None:
        return None
    customer = story.customer
    last = story.last_contact
    return {
        "id": str(customer.id),
        "name": customer.name,
        "company": customer.company_name or None,
        "segment": customer.segment or None,
        "language": customer.language or None,
        "since_you_last_spoke": [line.text for line in story.since],
        "open_tickets": [
            {"number": ticket.number, "subject": ticket.subject, "priority": ticket.priority}
            for ticket in story.open_tickets
        ],
        "last_contact": (
            {"at": last.at.isoformat(), "who": last.who, "about": last.about} if last else None
        ),
    }
