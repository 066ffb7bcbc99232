"""What a card says, in words. Pure: windows, screen readers and tests read the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crmdesk.domain.calls import Direction
from crmdesk.domain.customers import CustomerStory, StoryLine, TimelineKind
from crmdesk.domain.matches import MatchRule, MatchState
from crmdesk.domain.planning import BlockPlace, CompanyPlan, PicklistKey, Picklists, PlacedBlock
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.models.number_words import fact_words
from crmdesk.gui.models.scripts import mixed_words
from crmdesk.gui.models.why import is_doubtful, trust_words
from crmdesk.gui.models.why import state_words as match_words
from crmdesk.gui.pop import people_words
from crmdesk.gui.pop.blocks import shown_blocks
from crmdesk.gui.pop.lines import Line
from crmdesk.gui.widgets.text import isolate, joined
from crmdesk.gui.widgets.times import age, ago, since

USUAL_PLAN = CompanyPlan()
"""What holds before the company changes anything."""

MOST_LINES = 4
"""Besides the line of open tickets."""

ASK_FIRST = "Ask before you tell."
_NAME_LIMIT = 120
_STRANGERS = {MatchState.NONE, MatchState.SUGGESTED}

_STATE_WORDS = {
    PopState.RINGING: ("Ringing", "accent"),
    PopState.DIALLING: ("Calling", "accent"),
    PopState.ANSWERED_HERE: ("Talking", "good"),
    PopState.ANSWERED_ELSEWHERE: ("Answered", "good"),
    PopState.MISSED: ("Missed", "bad"),
    PopState.ENDED: ("Call ended", "muted"),
}
_CHANNELS = {
    TimelineKind.CALL: "call",
    TimelineKind.NOTE: "note",
    TimelineKind.EMAIL: "e-mail",
    TimelineKind.VISIT: "visit",
    TimelineKind.WEB_FORM: "web form",
}


def state_words(card: PopCard) -> tuple[str, str]:
    """What is going on, and its tone."""
    words, tone = _STATE_WORDS[card.state]
    if card.state is PopState.ANSWERED_ELSEWHERE and card.answered_by:
        return f"{isolate(card.answered_by)} answered", tone
    if card.state is PopState.ANSWERED_HERE and card.on_hold:
        return "On hold", "warn"
    if card.state is PopState.RINGING and card.transferred_from:
        return f"Ringing, from {isolate(card.transferred_from)}", tone
    return words, tone


def timer(card: PopCard, now: datetime) -> str:
    """The running clock of the card: ring time, then talk time; "" once it is over."""
    if card.state in {PopState.RINGING, PopState.DIALLING}:
        return since(card.rang_at or card.shown_at, now)
    if card.state is PopState.ANSWERED_HERE:
        return since(card.answered_at or card.shown_at, now)
    return ""


def called(card: PopCard) -> str:
    """Queue and line that were called, e.g. "support · 030 23125200"."""
    return joined((card.queue, card.line_text))


def title(card: PopCard) -> str:
    """Who it is, in the largest letters."""
    is_block = card.match.state is MatchState.BLOCK and card.story is not None
    name = f"Switchboard of {isolate(card.title)}" if is_block else card.title
    return name[:_NAME_LIMIT]


def person(card: PopCard) -> str:
    """Whose initials the card shows."""
    return card.story.customer.name if card.story else card.title


def subtitle(card: PopCard) -> str:
    """Company and role, or what is known instead."""
    if card.story is not None:
        customer = card.story.customer
        return joined((customer.company_name, customer.role), ", ")
    if card.match.state is MatchState.SEVERAL:
        return people_words.sharers(card.match)
    if card.match.state in _STRANGERS and card.caller_name:
        return f"Calls itself {isolate(card.caller_name)}"
    return ""


def number(card: PopCard) -> str:
    """The number (what it tells where the title is the number), and another name it claims."""
    name = card.caller_name if card.story is not None else ""
    known = card.story.customer.name.casefold() if card.story else ""
    differs = name and name.casefold() != known and name != card.number_text
    claimed = f"shows “{isolate(name)}”" if differs else ""
    shown = card.number_text if card.number_text != card.title else facts(card)
    return joined((shown, claimed))


def facts(card: PopCard) -> str:
    """Country, area and kind of line of the number, "" where it tells nothing."""
    return fact_words(card.facts, card.match.number.region)


def trust(card: PopCard) -> tuple[str, str]:
    """How far the number can be believed, and its tone; "" where the card tells it at length."""
    return ("", "faint") if doubt(card) else trust_words(card.match)


def doubt(card: PopCard) -> str:
    """What speaks against the number, and what to do; "" where nothing does."""
    if not is_doubtful(card.match):
        return ""
    first = next(iter(card.match.trust.reasons), "This number may not be the caller's.")
    return f"{ASK_FIRST} {first}"


def look_alike(card: PopCard) -> str:
    """What to tell of a name that mixes alphabets; the network's name, never ours."""
    return mixed_words(card.caller_name)


def is_folded(card: PopCard) -> bool:
    """Whether the story waits until the agent has asked who it is (threat model, row 4)."""
    return card.story is not None and is_doubtful(card.match) and not was_chosen(card)


def was_chosen(card: PopCard) -> bool:
    """Whether an agent said for this call who it is."""
    return card.match.rule is MatchRule.CHOSEN


def segment(card: PopCard, lists: Picklists) -> tuple[str, str]:
    """Segment and its tone, "" where none."""
    choice = lists.choice(PicklistKey.SEGMENT, card.story.customer.segment if card.story else "")
    return choice.title, choice.tone or "accent"


def customer_since(card: PopCard) -> str:
    """The year of the first business, e.g. "since 2019"."""
    first = card.story.customer.customer_since if card.story else None
    return f"since {first.year}" if first else ""


def match_chip(card: PopCard, lists: Picklists = USUAL_PLAN.picklists) -> tuple[str, str]:
    """How sure the match is, and its tone; e.g. "exact · mobile"."""
    text, tone = match_words(card.match.state, card.match.rule)
    # The label of a block is "switchboard of" its company, which is the title of the card.
    said = {"other", text.lower()}
    has_label = card.match.state is not MatchState.BLOCK and card.match.label not in said
    label = lists.title(PicklistKey.NUMBER_LABEL, card.match.label) if has_label else ""
    return joined((text.lower(), label)), tone


def last_spoke(story: CustomerStory, now: datetime) -> str:
    """The heading over what changed, e.g. "Since you last spoke · 3 d ago, Ben, “invoice”"."""
    contact = story.last_contact
    if contact is None:
        return "First contact"
    about = f"“{isolate(contact.about)}”" if contact.about else _CHANNELS.get(contact.channel, "")
    details = joined((ago(contact.at, now), contact.who, about), ", ")
    return f"Since you last spoke · {details}"


def story_lines(
    story: CustomerStory, now: datetime, placed: Iterable[PlacedBlock] = ()
) -> tuple[Line, ...]:
    """The lines of the card in the company's order.

    By itself that is what changed, most pressing first, the next promise where there is room,
    and how many tickets are open.

    Args:
        story: Of the caller.
        now: Aware UTC.
        placed: Order and visibility; see `blocks.POP_BLOCKS`.
    """
    since = [Line(line.text, line.tone) for line in story.since]
    promise = _promise(story)
    is_told = promise is None or promise.text in {line.text for line in since}
    open_ones = tickets(story, now)
    parts = {
        "since": since,
        "promise": [] if promise is None or is_told else [promise],
        "tickets": [Line(open_ones, symbol="ticket")] if open_ones else [],
    }
    lines = [line for block in shown_blocks(placed) for line in parts[block]]
    told = [line for line in lines if line.symbol != "ticket"][:MOST_LINES]
    return tuple(line for line in lines if line.symbol == "ticket" or line in told)


def tickets(story: CustomerStory, now: datetime) -> str:
    """How many tickets are open and how old the oldest is, "" where none."""
    if not story.open_tickets:
        return ""
    oldest = min(ticket.opened_at for ticket in story.open_tickets)
    count = story.open_count
    noun = "ticket" if count == 1 else "tickets"
    return f"{count} open {noun}, oldest {age(oldest, now)}"


def sentence(card: PopCard, now: datetime, plan: CompanyPlan = USUAL_PLAN) -> str:
    """The whole card in one sentence, for screen readers."""
    state, _tone = state_words(card)
    parts = [state, title(card), subtitle(card), number(card), segment(card, plan.picklists)[0]]
    if called(card):
        parts.append(f"on {called(card)}")
    parts += [doubt(card), look_alike(card)]
    if card.story is not None and not is_folded(card):
        placed = plan.blocks.get(BlockPlace.POP, ())
        parts += [line.text for line in story_lines(card.story, now, placed)]
    parts += [line.text for line in people_words.former(card.match)]
    return ", ".join(part.rstrip(".") for part in parts if part) + "."


def slim(card: PopCard) -> str:
    """The one line of a card that is not the main one."""
    if card.state is PopState.MISSED and card.direction is Direction.INBOUND:
        return joined((title(card), "on the call-back list"))
    return joined((title(card), subtitle(card)))


def _promise(story: CustomerStory) -> Line | None:
    promise: StoryLine | None = story.next_follow_up
    return Line(promise.text, promise.tone) if promise else None
