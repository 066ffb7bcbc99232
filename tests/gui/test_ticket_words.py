"""Tickets in words."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crmdesk.domain.planning import Picklists
from crmdesk.domain.tickets import (
    Ticket,
    TicketClocks,
    TicketEntry,
    TicketEntryKind,
    TicketNews,
    TicketStatus,
    TicketTarget,
    TicketView,
)
from crmdesk.gui.models import ticket_words
from crmdesk.gui.models.names import Names
from crmdesk.settings.model import Settings

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
KEY = uuid.UUID(int=7)
TICKET = Ticket(KEY, KEY, "1042", "complaint", "Wrong invoice", NOW - 3 * HOUR)
NAMES = Names(Settings())


def with_clocks(ticket: Ticket = TICKET, **clocks: object) -> Ticket:
    return replace(ticket, clocks=TicketClocks(**clocks))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ticket", "words", "tone"),
    [
        (TICKET, "Open 3 h, no due time", "muted"),
        (
            with_clocks(first_due_at=NOW + HOUR, next_due_at=NOW + HOUR),
            "Answer due in 1 h",
            "warn",
        ),
        (
            with_clocks(due_at=NOW + 5 * HOUR, next_due_at=NOW + 5 * HOUR),
            "Solution due in 5 h",
            "muted",
        ),
        (with_clocks(due_at=NOW - HOUR, next_due_at=NOW - HOUR), "Solution overdue 1 h", "bad"),
        (
            replace(with_clocks(paused_at=NOW - 2 * HOUR), status=TicketStatus.WAITING),
            "Waiting for the customer 2 h",
            "muted",
        ),
        (
            replace(TICKET, status=TicketStatus.SOLVED, solved_at=NOW - HOUR),
            "Solved 1 h ago",
            "good",
        ),
    ],
)  # fmt: skip
def test_the_clock_that_presses_most(ticket: Ticket, words: str, tone: str) -> None:
    found = ticket_words.clock(ticket, NOW)
    assert (found.text, found.tone) == (words, tone)


def test_both_promises_of_an_opened_ticket() -> None:
    def told(ticket: Ticket, **facts: object) -> list[str]:
        view = TicketView(ticket, **facts)  # type: ignore[arg-type]
        return [words.text for _, words in ticket_words.clocks(view, NOW)]

    both = with_clocks(first_due_at=NOW + HOUR, due_at=NOW + 9 * HOUR)
    assert told(both) == ["Answer due in 1 h", "Solution due in 9 h"]
    answered = replace(both, first_answered_at=NOW - 2 * HOUR)
    assert told(answered)[0] == "Answered in time, after 1 h"
    late = with_clocks(first_due_at=NOW - 2 * HOUR, first_breached_at=NOW - 2 * HOUR)
    assert told(replace(late, first_answered_at=NOW))[0] == "Answered 2 h late"
    paused = with_clocks(paused_at=NOW - HOUR)
    assert told(paused, left_minutes=330) == ["Paused 1 h ago, 5 h 30 min left"]
    broken = with_clocks(due_at=NOW - 20 * MINUTE, breached_at=NOW - 20 * MINUTE)
    assert told(broken) == ["Breached 20 min ago"]
    solved = replace(broken, status=TicketStatus.SOLVED, solved_at=NOW)
    assert told(solved) == ["Solved 20 min late"]
    assert told(TICKET, trouble="No working hours.") == ["No working hours."]


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (
            "status",
            {"before": "open", "after": "solved", "who": "Ben"},
            "Status: Open → Solved · Ben",
        ),
        ("priority", {"before": "normal", "after": "urgent"}, "Priority: Normal → Urgent"),
        (
            "escalation",
            {"after": "Dana", "text": "resolution"},
            "Escalated to Dana by the service level",
        ),
        ("escalation", {"after": "Dana", "who": "Ben"}, "Escalated to Dana · Ben"),
        ("breach", {"text": "first_answer"}, "First answer not in time"),
        ("warning", {"text": "resolution"}, "Solution is due soon"),
        ("owner", {"after": "Carla", "who": "Ben"}, "Handed to Carla · Ben"),
        ("linked", {"after": "order", "who": "Ben"}, "A link to an order was added · Ben"),
        ("unlinked", {"before": "call", "who": "Ben"}, "A link to a call was removed · Ben"),
        ("answer", {"who": "Ben", "text": "Hello"}, "Answer to the customer · Ben"),
        ("stage", {"before": "lab", "after": "gone", "who": "Ben"}, "Stage: lab → gone · Ben"),
    ],
)  # fmt: skip
def test_entries(kind: str, facts: dict[str, str], words: str) -> None:
    one = TicketEntry(KEY, NOW, TicketEntryKind(kind), **facts)
    found = ticket_words.entry(one, Picklists(), NAMES)
    assert "".join(char for char in found if char not in "\u2068\u2069") == words


def test_news_of_one_and_of_many() -> None:
    one = TicketNews(
        KEY, KEY, "1042", "Wrong invoice", "Ben", TicketEntryKind.BREACH,
        TicketTarget.RESOLUTION, NOW - HOUR, "Dana",
    )  # fmt: skip
    text, tone = ticket_words.news((one,), NOW)
    plain = "".join(char for char in text if char not in "\u2068\u2069")
    assert plain == "Ticket 1042: solution overdue 1 h, escalated to Dana. Wrong invoice"
    assert tone == "bad"
    soon = replace(one, kind=TicketEntryKind.WARNING)
    assert ticket_words.news((one, one, soon), NOW) == (
        "2 promises on tickets were not kept, 1 is due soon",
        "bad",
    )
    assert ticket_words.news((soon, soon), NOW) == ("2 are due soon", "warn")


def test_names_and_lengths() -> None:
    assert ticket_words.name(TICKET) == "Complaint 1042"
    assert ticket_words.name(replace(TICKET, kind="recall")) == "Recall 1042"
    assert [ticket_words.minutes(n) for n in (5, 60, 450)] == ["5 min", "1 h", "7 h 30 min"]
