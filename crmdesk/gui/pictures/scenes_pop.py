"""Pictures of the pop, in every state, with odd and long names."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QWidget

from crmdesk.domain.calls import Direction, PopReason
from crmdesk.domain.customers import (
    Customer,
    CustomerKind,
    CustomerStory,
    LastContact,
    OpenTicket,
    StoryLine,
    TimelineKind,
)
from crmdesk.domain.matches import (
    Candidate,
    Evidence,
    Match,
    MatchRule,
    MatchState,
    NormalisedNumber,
    Owner,
)
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.pop.deck import PopDeck
from crmdesk.gui.pop.window import PopWindow

NOW = datetime(2026, 11, 20, 13, 2, 7, tzinfo=UTC)
_JANE = uuid.UUID(int=11)
_NUMBER = "+493023125710"


def _jane() -> CustomerStory:
    customer = Customer(
        _JANE,
        CustomerKind.PERSON,
        "Jane Doe",
        company_name="Hansen Logistics",
        role="purchasing",
        segment="Gold",
        customer_since=date(2019, 3, 1),
        language="en",
    )
    opened = NOW - timedelta(days=2)
    return CustomerStory(
        customer,
        LastContact(NOW - timedelta(days=3), "Ben", "wrong invoice", TimelineKind.CALL),
        since=(
            StoryLine("bad", "Complaint 1042 overdue by 3 h: wrong invoice", opened),
            StoryLine("warn", "Promised 10 % by Anna, due today", opened),
            StoryLine("good", "Order 88-21 shipped 1 d ago", opened),
        ),
        open_tickets=(
            OpenTicket(
                uuid.UUID(int=5), "1042", "Complaint", "Wrong invoice", "high", "open", opened
            ),
        ),
    )


def _match(state: MatchState, rule: MatchRule, label: str = "") -> Match:
    return Match(
        state,
        rule,
        NormalisedNumber(_NUMBER, _NUMBER),
        digits=_NUMBER,
        label=label,
        explanation=f"The number {_NUMBER} is stored as {label or 'work'} number: all its"
        " digits are the same.",
    )


def _card(state: PopState = PopState.RINGING) -> PopCard:
    match = replace(_match(MatchState.EXACT, MatchRule.E164, "mobile"), customer_id=_JANE)
    return PopCard(
        call_id=uuid.UUID(int=1),
        extension="1001",
        reason=PopReason.RING,
        state=state,
        direction=Direction.INBOUND,
        match=match,
        title="Jane Doe",
        shown_at=NOW - timedelta(seconds=7),
        number_text="030 23125710",
        caller_name="Jane Doe",
        line_text="030 23125200",
        queue="Support",
        rang_at=NOW - timedelta(seconds=7),
        answered_at=NOW - timedelta(seconds=72),
        story=_jane(),
    )


def _unknown(**changes: object) -> PopCard:
    card = replace(
        _card(),
        call_id=uuid.UUID(int=2),
        match=Match(
            MatchState.NONE,
            MatchRule.NOTHING,
            NormalisedNumber("+442079460123", "+442079460123", region="GB"),
            explanation="No customer has the number +44 20 7946 0123.",
        ),
        title="020 7946 0123",
        number_text="020 7946 0123",
        caller_name="John Smith",
        story=None,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def _several() -> PopCard:
    def person(number: int, name: str, label: str, *evidence: str) -> Candidate:
        owner = Owner(
            uuid.UUID(int=number),
            name,
            CustomerKind.PERSON if number > 1 else CustomerKind.COMPANY,
            None,
            "Hansen Logistics",
            label,
            _NUMBER,
        )
        return Candidate(owner, 10, tuple(map(Evidence, evidence)))

    candidates = (
        person(1, "Hansen Logistics", "switchboard", "the company of all of them"),
        person(2, "Jane Doe", "work", "open ticket", "last called 3 days ago"),
        person(3, "Jörg Müller-Lüdenscheidt", "work", "last called 2 months ago"),
        person(4, "Aylin Yılmaz", "work"),
    )
    match = replace(_match(MatchState.SEVERAL, MatchRule.E164), candidates=candidates)
    return _unknown(match=match, title="Hansen Logistics", caller_name="")


def _withheld() -> PopCard:
    match = Match(
        MatchState.WITHHELD,
        MatchRule.WITHHELD,
        NormalisedNumber("", withheld=True),
        explanation="The caller withheld the number, so it is neither matched nor stored.",
    )
    return _unknown(match=match, title="Number withheld", number_text="", caller_name="")


def _pop(*cards: PopCard, before: PopCard | None = None) -> PopWindow:
    deck = PopDeck()
    if before is not None:
        deck.take(before, NOW)
    for card in cards:
        deck.take(card, NOW)
    window = PopWindow(deck, lambda: NOW)
    window.refresh()
    return window


@picture("pop-ringing")
def ringing() -> QWidget:
    """A known customer rings."""
    return _pop(_card())


@picture("pop-why")
def why() -> QWidget:
    """The match chip was clicked."""
    window = _pop(_card())
    window.explain()
    return window


@picture("pop-unknown")
def unknown() -> QWidget:
    """Nobody has the number."""
    return _pop(_unknown())


@picture("pop-withheld")
def withheld() -> QWidget:
    """The number is withheld."""
    return _pop(_withheld())


@picture("pop-several")
def several() -> QWidget:
    """Several customers have the number."""
    return _pop(_several())


@picture("pop-answered-here")
def answered_here() -> QWidget:
    """The agent talks."""
    return _pop(_card(PopState.ANSWERED_HERE))


@picture("pop-answered-elsewhere")
def answered_elsewhere() -> QWidget:
    """A colleague took the call."""
    taken = replace(_card(PopState.ANSWERED_ELSEWHERE), answered_by="Carla Conrad")
    return _pop(taken, before=_card())


@picture("pop-missed")
def missed() -> QWidget:
    """Nobody took the call."""
    return _pop(_card(PopState.MISSED), before=_card())


@picture("pop-second-call")
def second_call() -> QWidget:
    """A call comes in while the agent talks, and a third one."""
    third = replace(_withheld(), call_id=uuid.UUID(int=3))
    return _pop(_card(PopState.ANSWERED_HERE), _unknown(), third)


@picture("pop-many")
def many() -> QWidget:
    """More calls than there is room for."""
    others = [_unknown(call_id=uuid.UUID(int=20 + n)) for n in range(5)]
    return _pop(_card(), *others)


@picture("pop-transferred")
def transferred() -> QWidget:
    """A colleague sends the call here."""
    return _pop(replace(_card(), transferred_from="Bob Brandt", reason=PopReason.TRANSFER))


@picture("pop-dialling")
def dialling() -> QWidget:
    """The agent calls a customer."""
    return _pop(replace(_card(PopState.DIALLING), direction=Direction.OUTBOUND, queue=""))


@picture("pop-long-names")
def long_names() -> QWidget:
    """Names that are too long, right to left, and hostile."""
    long_name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk Wien"
    customer = replace(
        _jane().customer,
        name=long_name,
        company_name="Vereinigte Österreichische Gesellschaft für Schiffbau und Reparatur mbH",
        role="stellvertretende Leiterin des strategischen Einkaufs",
        segment="Platinum",
    )
    story = replace(
        _jane(),
        customer=customer,
        since=(
            StoryLine("bad", "Complaint 1042 overdue by 12 d: " + "the crate is broken " * 6, NOW),
            StoryLine("", "<b>مريم علي</b> asked for a call back", NOW),
        ),
    )
    card = replace(
        _card(), story=story, title=long_name, caller_name="<img src=x> VERIFIED 株式会社テスト"
    )
    return _pop(card)
