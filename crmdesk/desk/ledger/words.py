"""Events and rules of the ledger in words an agent understands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    CallTransferred,
    Connected,
    Disconnected,
    HoldChanged,
    OfferEnded,
    OutsideDialled,
    OutsideRang,
    PhoneOffered,
    PhoneRang,
    QueueLeft,
    VoicemailReached,
)
from crmdesk.domain.calls import Direction, OfferOutcome, Presentation
from crmdesk.domain.ledger import LedgerRule
from crmdesk.domain.matches import Match, MatchRule, MatchState, owner_words

if TYPE_CHECKING:
    from crmdesk.domain.calls import TransferKind

_STARTS = {
    Direction.INBOUND: "A call came in",
    Direction.OUTBOUND: "A call went out",
    Direction.INTERNAL: "An internal call began",
}
_OFFER_ENDS = {
    OfferOutcome.ANSWERED: "it was answered",
    OfferOutcome.ELSEWHERE: "another phone answered",
    OfferOutcome.NO_ANSWER: "nobody answered",
    OfferOutcome.BUSY: "it was busy",
    OfferOutcome.DECLINED: "it was declined",
    OfferOutcome.CALLER_GONE: "the caller hung up",
    OfferOutcome.FORWARDED: "it was forwarded",
    OfferOutcome.UNREACHABLE: "it could not be reached",
    OfferOutcome.UNKNOWN: "how it ended was not seen",
}
_DETAILS = {
    "caller_raw": "number",
    "caller_name": "name",
    "dialled": "dialled number",
    "queue": "queue",
    "account_id": "account number",
    "agent": "agent",
    "verification": "verification",
    "direction": "direction",
}
_KEPT_BACK = {
    LedgerRule.PART_OF_CALL: "noted with its call",
    LedgerRule.CARD_IS_THERE: "the card of this call is there already",
    LedgerRule.INTERNAL_CALL: "no card, this line shows none for internal calls",
    LedgerRule.WAITS_FOR_ANSWER: "no card yet, this line shows it when somebody answers",
    LedgerRule.OTHER_EXTENSION: "no card here, it is another agent's phone",
    LedgerRule.ON_REQUEST: "card kept back until it is asked for, as this line is set",
    LedgerRule.IGNORE_LIST: "no card, the number is on the ignore list",
    LedgerRule.CALL_OVER: "no card, it stopped ringing here before the card was ready",
    LedgerRule.NOT_UNDERSTOOD: "could not be understood, the log file says more",
    LedgerRule.STORE_UNREADABLE: "card without a name, the customers could not be read",
    LedgerRule.PROGRAM_ENDED: "the program ended before the card was ready",
    LedgerRule.LINE_LOST: "The phone line was lost: no cards until it is back",
    LedgerRule.LINE_CONNECTED: "The phone line is connected: calls bring cards from now on",
    LedgerRule.LEFT_OUT: "left out here, the store was slower than the phone lines",
}
_MATCHES = {
    MatchRule.ACCOUNT_ID: "match by the account number the caller entered",
    MatchRule.REMEMBERED: "match by a remembered choice",
    MatchRule.E164_EXTENSION: "exact match by number and extension",
    MatchRule.E164: "exact match by number",
    MatchRule.NATIONAL: "match by number without country code",
    MatchRule.BLOCK: "match by the company's switchboard",
    MatchRule.SUFFIX: "the last digits agree",
    MatchRule.CHOSEN: "chosen by an agent",
    MatchRule.WITHHELD: "the number is withheld",
    MatchRule.INTERNAL: "internal call",
    MatchRule.NOTHING: "no customer has the number",
}
_UNSURE = {
    MatchRule.ACCOUNT_ID: "by the account number the caller entered",
    MatchRule.E164_EXTENSION: "by number and extension",
    MatchRule.E164: "by number",
    MatchRule.NATIONAL: "by number without country code",
    MatchRule.BLOCK: "by the company's switchboard",
    MatchRule.SUFFIX: "by the last digits",
}
_UNCOUNTED = {MatchRule.WITHHELD, MatchRule.INTERNAL, MatchRule.NOTHING}


def event_words(event: CallEvent) -> str:
    """What happened, in a few words."""
    return _EVENTS[type(event)](event)


def kept_back_words(rule: LedgerRule) -> str:
    """What a rule did with an event."""
    return _KEPT_BACK[rule]


def match_words(match: Match, candidates: int) -> str:
    """What the card shows, and how many customers were possible."""
    if match.state is MatchState.NONE:
        return _MATCHES[MatchRule.NOTHING]
    if match.state in {MatchState.SEVERAL, MatchState.SUGGESTED}:
        words = "several match" if match.state is MatchState.SEVERAL else "suggestion only"
        words = f"{words} {_UNSURE.get(match.rule, '')}".rstrip()
    else:
        words = _MATCHES[match.rule]
    if match.rule in _UNCOUNTED:
        return words
    return f"{words}, {owner_words(candidates)} candidate{'' if candidates == 1 else 's'}"


def millis_words(millis: float) -> str:
    """How long it took, for people."""
    return f"{millis:,.0f} ms" if millis >= 1 else "under 1 ms"


def _details(event: CallDetails) -> str:
    if event.presentation is Presentation.WITHHELD:
        return "The caller withholds the number"
    told = [word for name, word in _DETAILS.items() if getattr(event, name) is not None]
    if not told:
        return "The call was told again"
    return f"More became known of the call ({', '.join(told)})"


def _offer_end(event: OfferEnded) -> str:
    return f"Phone {event.extension} stopped ringing, {_OFFER_ENDS[event.outcome]}"


def _connected(event: Connected) -> str:
    return f"Phone {event.extension} answered" if event.extension else "A phone outside answered"


def _hold(event: HoldChanged) -> str:
    done = "put the other party on hold" if event.on_hold else "took the other party from hold"
    return f"Phone {event.extension} {done}"


def _transfer(event: CallTransferred) -> str:
    kind: TransferKind = event.kind
    return f"Phone {event.from_extension} transferred the call to {event.to_extension} ({kind})"


_EVENTS: dict[type[CallEvent], Callable[[Any], str]] = {
    CallStarted: lambda event: _STARTS[event.direction],
    CallDetails: _details,
    PhoneOffered: lambda event: f"Phone {event.extension} is being tried",
    PhoneRang: lambda event: f"Phone {event.extension} rang",
    OutsideDialled: lambda event: f"Phone {event.extension} dialled",
    OutsideRang: lambda _event: "A phone outside rang",
    OfferEnded: _offer_end,
    Connected: _connected,
    Disconnected: lambda _event: "They stopped talking, the call goes on",
    HoldChanged: _hold,
    CallTransferred: _transfer,
    VoicemailReached: lambda _event: "Voicemail answered",
    QueueLeft: lambda event: (
        "The caller left the queue" if event.by_caller else "The queue sent the caller on"
    ),
    CallEnded: lambda event: "The call ended" if event.seen else "The call ended, unseen",
}
