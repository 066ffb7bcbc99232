"""Several possible callers, in words. Pure."""

from __future__ import annotations

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.matches import (
    OWNERS_COUNTED,
    Candidate,
    Match,
    MatchRule,
    MatchState,
    more_words,
    owner_words,
)
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models.why import CHOSEN_BEFORE, remembering
from crmdesk.gui.pop.lines import Line
from crmdesk.gui.widgets.text import joined

MOST_KEYS = 9
_ASKING = {MatchState.SEVERAL, MatchState.SUGGESTED}
_MOST_FORMER = 2


def choices(match: Match) -> tuple[Candidate, ...]:
    """Those an agent may choose among; the people of a company behind its switchboard."""
    living = tuple(candidate for candidate in match.candidates if not candidate.barred)
    if match.state in _ASKING:
        return living
    if match.state is MatchState.BLOCK:
        return tuple(c for c in living if c.owner.customer_id != match.customer_id)
    return ()


def count(match: Match) -> int:
    """How many there are, also where only the best are listed."""
    listed = len(choices(match))
    return max(listed, match.owner_count) if match.state is MatchState.SEVERAL else listed


def sharers(match: Match) -> str:
    """How many share the number, e.g. "8 people share this number"."""
    listed = choices(match)
    companies = sum(1 for one in listed if one.owner.kind is CustomerKind.COMPANY)
    people = count(match) - companies
    if companies == 1 and people > 1 and count(match) < OWNERS_COUNTED:
        return f"{people:,} people share this number"
    return f"{owner_words(count(match))} customers share this number"


def heading(match: Match) -> str:
    """What stands over the list, "" where the card says it already."""
    listed = choices(match)
    if not listed:
        return ""
    if match.state is MatchState.SUGGESTED:
        whom = "this customer" if len(listed) == 1 else "one of these"
        return f"May be {whom}. Nobody is linked until you choose."
    return "Direct dial-ins there" if match.state is MatchState.BLOCK else ""


def more(match: Match, shown: int) -> str:
    """How many are not listed, e.g. "12 more", "" where all are."""
    left = count(match) - shown
    return more_words(left, count(match)) if left > 0 else ""


def former(match: Match) -> tuple[Line, ...]:
    """To whom the number belonged, or does not belong, where nobody has it now."""
    if match.state not in {MatchState.NONE, MatchState.SUGGESTED}:
        return ()
    barred = [candidate.barred for candidate in match.candidates if candidate.barred]
    return tuple(Line(_capital(text)) for text in barred[:_MOST_FORMER])


def remembered(match: Match) -> str:
    """Who said that this is the caller, e.g. "Remembered choice by Anna on 3 May 2026"."""
    if match.rule is not MatchRule.REMEMBERED:
        return ""
    return f"Remembered choice{remembering(match).removeprefix(CHOSEN_BEFORE)}"


def is_remembered(match: Match) -> bool:
    """Whether who is linked is also taken for this number from now on."""
    return match.rule is MatchRule.REMEMBERED or bool(remembering(match))


def candidate_words(candidate: Candidate, match: Match, lists: Picklists) -> tuple[str, str]:
    """Name and evidence of one possible caller: what tells it from the others."""
    owner = candidate.owner
    same = _in_common(match)
    said = [one.words for one in candidate.evidence if one.words not in same]
    is_told = owner.label != "other"
    label = lists.title(PicklistKey.NUMBER_LABEL, owner.label) if is_told else ""
    told = " ".join(said)
    company = owner.company_name if owner.company_name not in {owner.name, _company(match)} else ""
    return joined((owner.name, company)), joined((label if label not in told else "", *said))


def _in_common(match: Match) -> set[str]:
    """What holds for all who share a number, and so tells nothing."""
    if match.state is not MatchState.SEVERAL:
        return set()
    every = [{one.words for one in candidate.evidence} for candidate in choices(match)]
    return set.intersection(*every) if len(every) > 1 else set()


def _company(match: Match) -> str:
    """The company all of them belong to, "" where they do not."""
    companies = {c.owner.company_name or c.owner.name for c in choices(match)}
    return companies.pop() if len(companies) == 1 and len(choices(match)) > 1 else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
