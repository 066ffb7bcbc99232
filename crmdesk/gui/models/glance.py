"""What the head of a customer says at one glance: worth, mood, what is open, what is promised.

Pure. Every line has a word for what its colour and its icon say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crmdesk.domain.customers import CustomerStory, Mood
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models.customer_words import money, ticket_clock
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.text import isolate, joined

_MOST_SUMS = 2
"""Of the worth of a customer who pays in many currencies; the tip tells all."""
_SATISFIED = {1: "Very unhappy", 2: "Unhappy", 3: "So-so", 4: "Happy", 5: "Very happy"}
_PROMOTER, _DETRACTOR = 9, 6


@dataclass(frozen=True, slots=True)
class Glance:
    """One line.

    Attributes:
        about: worth, mood, tickets or promise.
        tip: All of it, where the line is cut.
    """

    about: str
    icon: str
    text: str
    tone: str = "muted"
    tip: str = ""


def glances(story: CustomerStory, now: datetime, lists: Picklists) -> tuple[Glance, ...]:
    """What there is to say of a customer; what is not known is left out."""
    return tuple(_glances(story, now, lists))


def _glances(story: CustomerStory, now: datetime, lists: Picklists) -> Iterator[Glance]:
    if story.open_tickets:
        yield _tickets(story, now, lists)
    if story.next_promise is not None:
        promise = story.next_promise
        tip = joined((promise.text, f"noted {times.ago(promise.at, now)}"))
        yield Glance("promise", "follow-up", promise.text, promise.tone or "muted", tip)
    if story.order_count:
        yield _worth(story)
    if story.mood:
        yield _mood(story.mood, now)


def _tickets(story: CustomerStory, now: datetime, lists: Picklists) -> Glance:
    first = story.open_tickets[0]
    clock, tone = ticket_clock(first, now)
    count = story.open_count
    name = f"{count} open tickets" if count > 1 else "1 open ticket"
    kind = lists.title(PicklistKey.TICKET_KIND, first.kind)
    tip = joined((f"{kind} {first.number}", first.subject), ": ")
    return Glance("tickets", "ticket", joined((name, clock)), tone, tip)


def _worth(story: CustomerStory) -> Glance:
    sums = ((story.order_total_cents, story.currency), *story.other_totals)
    count = f"{story.order_count:,} order{'s' * (story.order_count != 1)}"
    said = [money(*one) for one in sums]
    more = f"{len(said) - _MOST_SUMS} more currencies" if len(said) > _MOST_SUMS + 1 else ""
    shown = (*said[:_MOST_SUMS], more) if more else tuple(said)
    return Glance("worth", "order", joined((count, *shown)), "muted", joined((count, *said)))


def _mood(mood: tuple[Mood, ...], now: datetime) -> Glance:
    last = mood[0]
    words, tone = mood_words(last)
    before = ", ".join(str(one.score) for one in mood[1:] if one.scale == last.scale)
    text = joined((words, f"before that {before}" if before else ""))
    said = f"“{isolate(last.comment)}”" if last.comment else ""
    return Glance("mood", "survey", text, tone, joined((words, times.ago(last.at, now), said)))


def mood_words(mood: Mood) -> tuple[str, str]:
    """An answer to a survey as a word with its figure, and its tone."""
    if mood.scale == "nps":
        if mood.score >= _PROMOTER:
            return f"Recommends us, {mood.score} of 10", "good"
        if mood.score <= _DETRACTOR:
            return f"Would not recommend us, {mood.score} of 10", "bad"
        return f"Undecided, {mood.score} of 10", "muted"
    if mood.scale == "csat" and mood.score in _SATISFIED:
        tone = "good" if mood.score > 3 else "bad" if mood.score < 3 else "muted"
        return f"{_SATISFIED[mood.score]}, {mood.score} of 5", tone
    return "Answered a survey", "muted"
