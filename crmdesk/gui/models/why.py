"""Why a call was given to a customer, in words. Pure."""

from __future__ import annotations

from crmdesk.domain.call_log import CallRow
from crmdesk.domain.matches import MatchRule, MatchState

_STATES = {
    MatchState.EXACT: ("Exact", "good"),
    MatchState.NATIONAL: ("National number", "good"),
    MatchState.BLOCK: ("Switchboard", "good"),
    MatchState.SEVERAL: ("Several match", "warn"),
    MatchState.SUGGESTED: ("Suggestion", "warn"),
    MatchState.NONE: ("No match", "neutral"),
    MatchState.WITHHELD: ("Withheld", "neutral"),
    MatchState.INTERNAL: ("Internal", "neutral"),
}
_RULES = {
    MatchRule.ACCOUNT_ID: "The caller keyed in this account number.",
    MatchRule.REMEMBERED: "An agent chose this customer for the number, from then on.",
    MatchRule.E164_EXTENSION: "The whole number and its extension are the same.",
    MatchRule.E164: "The whole number is the same.",
    MatchRule.NATIONAL: "The number is the same without country code.",
    MatchRule.BLOCK: "A direct dial-in behind the company's switchboard.",
    MatchRule.SUFFIX: "The last digits are the same; that is a suggestion only.",
    MatchRule.CHOSEN: "An agent said who called.",
    MatchRule.WITHHELD: "The caller withheld the number, so nobody was looked up.",
    MatchRule.INTERNAL: "A call between two of our own phones.",
    MatchRule.NOTHING: "No customer has this number.",
}


def match_chip(row: CallRow) -> tuple[str, str]:
    """Text and tone of the match chip, "" where nobody has looked yet."""
    return _STATES[row.match_state] if row.match_state else ("", "neutral")


def match_reason(row: CallRow) -> str:
    """The rule in one sentence, with the digits that were compared."""
    if row.call.is_withheld and not row.call.account_id:
        return _RULES[MatchRule.WITHHELD]
    if row.match_state is None:
        return "Nobody has looked this caller up yet."
    if row.match_state is MatchState.SEVERAL:
        reason = "Several customers have this number."
    else:
        reason = _RULES[row.match_rule] if row.match_rule else ""
    return f"{reason} Compared: {row.match_digits}" if row.match_digits else reason
