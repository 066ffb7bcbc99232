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
    Trust,
    TrustLevel,
)
from crmdesk.domain.number_facts import LineType, NumberFacts
from crmdesk.domain.planning import Picklists
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.pop.chooser import Chooser
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
        NormalisedNumber(
            "030 23125710",
            _NUMBER,
            national="3023125710",
            region="DE",
            steps=("trunk prefix removed, country code +49 added",),
        ),
        digits=_NUMBER,
        label=label,
        candidates=(_person(2, "Jane Doe", "mobile", ("same number", 800)),),
        owner_count=1,
        link_from=700,
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
        match=_nobody(),
        title="+44 20 7946 0123",
        number_text="+44 20 7946 0123",
        caller_name="John Smith",
        story=None,
        facts=NumberFacts("GB", "London", LineType.FIXED),
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def _nobody(*former: Candidate) -> Match:
    return Match(
        MatchState.NONE,
        MatchRule.NOTHING,
        NormalisedNumber("+442079460123", "+442079460123", national="2079460123", region="GB"),
        explanation="No customer has the number +44 20 7946 0123.",
        candidates=former,
    )


def _person(number: int, name: str, label: str, *evidence: tuple[str, int]) -> Candidate:
    owner = Owner(
        uuid.UUID(int=number),
        name,
        CustomerKind.PERSON if number > 1 else CustomerKind.COMPANY,
        None,
        "Hansen Logistics",
        label,
        _NUMBER,
    )
    said = tuple(Evidence(words, points) for words, points in evidence)
    return Candidate(owner, sum(points for _, points in evidence), said)


_BASE = ("same number", 400)
_COMPANY = _person(1, "Hansen Logistics", "switchboard", _BASE, ("called this line before", 30))
_PEOPLE = (
    _person(2, "Jane Doe", "work", _BASE, ("promise due today", 80), ("open ticket", 60),
            ("called from here yesterday", 59)),
    _person(3, "Jörg Müller-Lüdenscheidt", "work", _BASE, ("open ticket", 60)),
    _person(4, "Aylin Yılmaz", "work", _BASE, ("called from here 12 days ago", 48)),
    _person(5, "מרים לוי", "work", _BASE, ("your own customer", 40)),
    _person(6, "Zoë Ångström", "work", _BASE, ("called this line before", 30)),
    _person(7, "Ravi Subramaniam Venkateswaran Iyer-Chattopadhyay", "work", _BASE),
    _person(8, "Ben Ó Súilleabháin", "work", _BASE),
    _person(9, "Carla Conti", "work", _BASE, ("former customer", -50)),
)  # fmt: skip


def _several(people: int = 3, count: int = 0) -> PopCard:
    candidates = (_COMPANY, *_PEOPLE[:people])
    match = replace(
        _match(MatchState.SEVERAL, MatchRule.E164),
        candidates=candidates,
        owner_count=count or len(candidates),
        link_from=700,
        explanation=f"030 23125710 belongs to {count or len(candidates)} customers.",
    )
    return _unknown(
        match=match, title="Hansen Logistics", number_text="030 23125710", caller_name="",
        facts=None,
    )  # fmt: skip


def _suggested(*, doubt: str = "", caller_name: str = "Jane D.") -> PopCard:
    same = ("last 7 digits are the same", 100)
    number = NormalisedNumber("3125 710", national="3125710", steps=("separators removed",))
    people = (_person(2, "Jane Doe", "mobile", same),)
    if doubt:
        failed = ("the number's signature is wrong", -300)
        number = NormalisedNumber("+49 30 23125710", _NUMBER, national="3023125710", region="DE")
        people = (_person(2, "Jane Doe", "mobile", ("same number", 800), failed),)
    match = Match(
        MatchState.SUGGESTED,
        MatchRule.E164 if doubt else MatchRule.SUFFIX,
        number,
        digits="3125710",
        candidates=people,
        link_from=700,
        owner_count=1,
        explanation="No customer has the number 3125 710. Its last 7 digits are those of Jane Doe."
        " That is a suggestion and links nobody.",
        trust=Trust(TrustLevel.DOUBTFUL, (doubt,)) if doubt else Trust(),
    )
    shown = "030 23125710" if doubt else "3125 710"
    facts = NumberFacts("DE", "Berlin", LineType.FIXED) if doubt else None
    return _unknown(
        match=match, title=shown, number_text=shown, caller_name=caller_name, facts=facts
    )


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


def pop_with() -> PopWindow:
    """The pop of a known caller, for other scenes."""
    return _pop(_card())


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


@picture("pop-several-eight")
def eight() -> QWidget:
    """A company and eight people of it."""
    return _pop(_several(8))


@picture("pop-several-many")
def several_many() -> QWidget:
    """More people than there are keys."""
    return _pop(_several(8, 21))


@picture("pop-several-why")
def several_why() -> QWidget:
    """Why nobody was linked."""
    window = _pop(_several(4))
    window.explain()
    return window


@picture("pop-suggested")
def suggested() -> QWidget:
    """The last digits are those of somebody."""
    return _pop(_suggested())


@picture("pop-suggested-why")
def suggested_why() -> QWidget:
    """What was the same, and what was not."""
    window = _pop(_suggested())
    window.explain()
    return window


@picture("pop-doubtful")
def doubtful() -> QWidget:
    """The signature of the number failed, and the name looks like another."""
    doubt = "The number's signature is wrong: the caller is probably not who the number says."
    return _pop(_suggested(doubt=doubt, caller_name="Jаne Doe"))


@picture("pop-doubtful-folded")
def doubtful_folded() -> QWidget:
    """A customer is linked, but something speaks against the number."""
    trust = Trust(TrustLevel.DOUBTFUL, ("A call from outside shows one of our own numbers.",))
    card = _card()
    return _pop(replace(card, match=replace(card.match, trust=trust)))


@picture("pop-block")
def block() -> QWidget:
    """A direct dial-in behind a company's switchboard."""
    company = replace(
        _jane().customer, id=_COMPANY.owner.customer_id, name="Hansen Logistics",
        kind=CustomerKind.COMPANY, company_name="", role="", segment="Gold",
    )  # fmt: skip
    match = replace(
        _match(MatchState.BLOCK, MatchRule.BLOCK, "switchboard"),
        customer_id=company.id,
        candidates=(_COMPANY, *_PEOPLE[:2]),
    )
    story = replace(_jane(), customer=company)
    return _pop(replace(_card(), match=match, title="Hansen Logistics", story=story))


@picture("pop-chosen")
def chosen() -> QWidget:
    """One of several was chosen."""
    card = _card()
    match = replace(card.match, rule=MatchRule.CHOSEN, candidates=_PEOPLE[:3])
    window = _pop(replace(card, match=match))
    window.tell_step(card.call_id, "Linked to Jane Doe")
    return window


@picture("pop-remembered")
def remembered() -> QWidget:
    """Somebody chose earlier, for good."""
    card = _card()
    said = ("chosen for this number by Anna on 3 May 2026", 500)
    best = _person(_JANE.int, "Jane Doe", "mobile", said, ("same number", 400))
    match = replace(card.match, rule=MatchRule.REMEMBERED, candidates=(best,))
    return _pop(replace(card, match=match))


@picture("pop-former")
def former() -> QWidget:
    """The number belonged to somebody."""
    gone = replace(_person(2, "Jane Doe", "work"), barred="belonged to Jane Doe until 2023")
    return _pop(_unknown(match=_nobody(gone)))


@picture("pop-chooser")
def chooser() -> QWidget:
    """Choosing with the keyboard."""
    return Chooser(None, _several(8, 21), Picklists())


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
