"""What a card says, in words. Pure: windows, screen readers and tests read the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QLocale

from crmdesk.domain.calls import Direction
from crmdesk.domain.customers import CustomerStory, StoryLine, TimelineKind
from crmdesk.domain.matches import Candidate, MatchState
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.widgets.text import isolate, joined
from crmdesk.gui.widgets.times import age, ago, since

MOST_CANDIDATES = 5
_NAME_LIMIT = 120

_STATE_WORDS = {
    PopState.RINGING: ("Ringing", "accent"),
    PopState.DIALLING: ("Calling", "accent"),
    PopState.ANSWERED_HERE: ("Talking", "good"),
    PopState.ANSWERED_ELSEWHERE: ("Answered", "good"),
    PopState.MISSED: ("Missed", "bad"),
    PopState.ENDED: ("Call ended", "muted"),
}
_MATCH_WORDS = {
    MatchState.EXACT: ("exact", "good"),
    MatchState.NATIONAL: ("national number", "good"),
    MatchState.BLOCK: ("company number", "good"),
    MatchState.SEVERAL: ("several match", "warn"),
    MatchState.SUGGESTED: ("suggestion", "warn"),
    MatchState.NONE: ("no match", "neutral"),
    MatchState.WITHHELD: ("withheld", "neutral"),
    MatchState.INTERNAL: ("internal", "neutral"),
}
_TONE_ICONS = {"bad": "error", "warn": "warning", "good": "check-circle", "": "right"}
_CHANNELS = {
    TimelineKind.CALL: "call",
    TimelineKind.NOTE: "note",
    TimelineKind.EMAIL: "e-mail",
    TimelineKind.VISIT: "visit",
    TimelineKind.WEB_FORM: "web form",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line with an icon.

    Attributes:
        tone: "bad", "warn", "good" or "" for the icon.
    """

    text: str
    tone: str = ""

    @property
    def icon(self) -> str:
        """The icon that says the tone without colour."""
        return _TONE_ICONS.get(self.tone, "right")


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
    return card.title[:_NAME_LIMIT]


def subtitle(card: PopCard) -> str:
    """Company and role, or what is known instead."""
    if card.story is not None:
        customer = card.story.customer
        return joined((customer.company_name, customer.role), ", ")
    if card.match.state is MatchState.SEVERAL:
        return f"{len(card.match.candidates)} customers have this number"
    if card.match.state is MatchState.SUGGESTED:
        return "Perhaps one of these customers"
    if card.match.state is MatchState.NONE and card.caller_name:
        return f"Calls itself {isolate(card.caller_name)}"
    return ""


def number(card: PopCard) -> str:
    """The number (its country where the title is the number), and another name it claims."""
    name = card.caller_name if card.story is not None else ""
    known = card.story.customer.name.casefold() if card.story else ""
    differs = name and name.casefold() != known and name != card.number_text
    claimed = f"shows “{isolate(name)}”" if differs else ""
    shown = card.number_text if card.number_text != card.title else country(card)
    return joined((shown, claimed))


def country(card: PopCard) -> str:
    """The country of a number, in this desk's language; "" where it has none.

    Towns would need the number library's place names: 100 MB and a second at start.
    """
    region = card.match.number.region
    territory = QLocale.codeToTerritory(region) if region else QLocale.Country.AnyTerritory
    known = territory is not QLocale.Country.AnyTerritory
    return QLocale.territoryToString(territory) if known else ""


def segment(card: PopCard) -> str:
    """Segment, "" where none."""
    return card.story.customer.segment if card.story else ""


def customer_since(card: PopCard) -> str:
    """The year of the first business, e.g. "since 2019"."""
    first = card.story.customer.customer_since if card.story else None
    return f"since {first.year}" if first else ""


def match_chip(card: PopCard) -> tuple[str, str]:
    """How sure the match is, and its tone; e.g. "exact · mobile"."""
    words, tone = _MATCH_WORDS[card.match.state]
    return joined((words, card.match.label)), tone


def last_spoke(story: CustomerStory, now: datetime) -> str:
    """The heading over what changed, e.g. "Since you last spoke · 3 d ago, Ben, “invoice”"."""
    contact = story.last_contact
    if contact is None:
        return "First contact"
    about = f"“{isolate(contact.about)}”" if contact.about else _CHANNELS.get(contact.channel, "")
    details = joined((ago(contact.at, now), contact.who, about), ", ")
    return f"Since you last spoke · {details}"


def story_lines(story: CustomerStory) -> tuple[Line, ...]:
    """What changed, most pressing first; the next promise at the end where there is room."""
    lines = [Line(line.text, line.tone) for line in story.since]
    promise = _promise(story)
    if promise and promise.text not in {line.text for line in lines}:
        lines.append(promise)
    return tuple(lines[:4])


def tickets(story: CustomerStory, now: datetime) -> str:
    """How many tickets are open and how old the oldest is, "" where none."""
    if not story.open_tickets:
        return ""
    oldest = min(ticket.opened_at for ticket in story.open_tickets)
    count = len(story.open_tickets)
    noun = "ticket" if count == 1 else "tickets"
    return f"{count} open {noun}, oldest {age(oldest, now)}"


def candidate_words(candidate: Candidate) -> tuple[str, str]:
    """Name and evidence of one possible caller."""
    owner = candidate.owner
    name = joined((owner.name, owner.company_name if owner.company_name != owner.name else ""))
    return name, joined((owner.label, *(reason.words for reason in candidate.evidence)))


def sentence(card: PopCard, now: datetime) -> str:
    """The whole card in one sentence, for screen readers."""
    state, _tone = state_words(card)
    parts = [state, title(card), subtitle(card), number(card), segment(card)]
    if called(card):
        parts.append(f"on {called(card)}")
    if card.story is not None:
        parts += [line.text for line in story_lines(card.story)]
        parts.append(tickets(card.story, now))
    return ", ".join(part for part in parts if part) + "."


def slim(card: PopCard) -> str:
    """The one line of a card that is not the main one."""
    if card.state is PopState.MISSED and card.direction is Direction.INBOUND:
        return joined((title(card), "on the call-back list"))
    return joined((title(card), subtitle(card)))


def _promise(story: CustomerStory) -> Line | None:
    promise: StoryLine | None = story.next_follow_up
    return Line(promise.text, promise.tone) if promise else None
