"""From a call and its caller to the card of one extension. Pure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crmdesk.domain.calls import Call, Direction, Offer, OfferOutcome, Pop
from crmdesk.domain.matches import Match, MatchState
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.matching.display import format_number

if TYPE_CHECKING:
    from datetime import datetime

    from crmdesk.desk.caller import Caller
    from crmdesk.domain.customers import CustomerStory
    from crmdesk.settings.model import LineSettings

_CLOSED_OFFERS = {
    OfferOutcome.ANSWERED: PopState.ANSWERED_HERE,
    OfferOutcome.ELSEWHERE: PopState.ANSWERED_ELSEWHERE,
}


def pop_state(call: Call, pop: Pop) -> PopState:
    """What the card of this extension looks like now."""
    if holder(call) == pop.extension:
        return _state_at_the_holder(call)
    offer = call.offer_to(pop.extension)
    if _talked(call, pop.extension):
        return PopState.ENDED
    if offer is None:
        return _state_without_offer(call)
    return _state_of_offer(call, offer)


def _state_at_the_holder(call: Call) -> PopState:
    if call.is_over:
        return PopState.ENDED
    if call.answered_at is None:
        return PopState.DIALLING
    return PopState.ANSWERED_HERE


def _state_without_offer(call: Call) -> PopState:
    """An outbound call before and after the customer answered, or a lost one."""
    if call.is_over:
        return PopState.ENDED
    return PopState.DIALLING if call.direction is Direction.OUTBOUND else PopState.RINGING


def _state_of_offer(call: Call, offer: Offer) -> PopState:
    if offer.outcome is None:
        return PopState.MISSED if call.is_over else PopState.RINGING
    if offer.outcome is OfferOutcome.ANSWERED and call.is_over:
        return PopState.ENDED
    return _CLOSED_OFFERS.get(offer.outcome, PopState.MISSED)


def holder(call: Call) -> str | None:
    """The extension that has the call now (or had it last)."""
    if call.transfers and call.answered_by:
        return call.transfers[-1].to_extension if _arrived(call) else None
    return call.answered_by or (call.agent if call.direction is Direction.OUTBOUND else None)


def _arrived(call: Call) -> bool:
    """Whether the last transfer has been answered: somebody talks, or the call is over."""
    return call.connected_at is not None or call.is_over


def _talked(call: Call, extension: str) -> bool:
    """Whether this extension had the call and gave it away."""
    return extension == call.answered_by or any(
        transfer.from_extension == extension for transfer in call.transfers
    )


def build_card(call: Call, pop: Pop, caller: Caller, line: LineSettings) -> PopCard:
    """The card for one extension."""
    return PopCard(
        call_id=call.id,
        extension=pop.extension,
        reason=pop.reason,
        state=pop_state(call, pop),
        direction=call.direction,
        match=caller.match,
        title=_title(call, caller, line),
        shown_at=pop.at,
        number_text=_number_text(call, caller, line),
        caller_name="" if call.is_withheld else call.caller_name,
        line_text=_line_text(call, line),
        queue=call.queue or "",
        rang_at=_rang_at(call, pop),
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        on_hold=call.on_hold,
        answered_by=person(line, holder(call) or ""),
        transferred_from=_transferred_from(call, pop, line),
        story=_with_names(caller.story, line),
        facts=caller.facts,
        on_request=line.pop_when == "asked",
    )


def person(line: LineSettings, extension: str) -> str:
    """The name of the colleague at an extension, else the extension."""
    return line.names.get(extension, extension)


def _with_names(story: CustomerStory | None, line: LineSettings) -> CustomerStory | None:
    """The store knows agents by extension; people go by names."""
    return story and story.named(partial(person, line))


def _title(call: Call, caller: Caller, line: LineSettings) -> str:
    if caller.story is not None:
        return caller.story.customer.name
    if caller.match.state is MatchState.WITHHELD:
        return "Number withheld"
    if call.direction is Direction.INTERNAL:
        return person(line, call.caller_raw)
    return _company_of(caller.match) or _number_text(call, caller, line) or "Unknown caller"


def _company_of(match: Match) -> str:
    """The company that several matching people share, "" where there is no such thing."""
    companies = {
        candidate.owner.company_name or candidate.owner.name for candidate in match.candidates
    }
    return companies.pop() if len(companies) == 1 else ""


def _number_text(call: Call, caller: Caller, line: LineSettings) -> str:
    if call.is_withheld:
        return ""
    return format_number(caller.number.e164 or call.caller_raw, line.region)


def _line_text(call: Call, line: LineSettings) -> str:
    if not call.dialled or call.direction is not Direction.INBOUND:
        return line.name
    return line.called_names.get(call.dialled) or format_number(call.dialled, line.region)


def _rang_at(call: Call, pop: Pop) -> datetime:
    offer = call.offer_to(pop.extension)
    return (offer.rang_at if offer else None) or call.first_rang_at or pop.at


def _transferred_from(call: Call, pop: Pop, line: LineSettings) -> str:
    for transfer in reversed(call.transfers):
        if transfer.to_extension == pop.extension:
            return person(line, transfer.from_extension)
    return ""
