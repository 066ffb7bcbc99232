"""Invented people and calls for the pictures: plain, very long, empty."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crmdesk.desk.caller import Caller
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import (
    Call,
    CallOutcome,
    Direction,
    EndedBy,
    Offer,
    OfferOutcome,
    Presentation,
    Transfer,
    TransferKind,
)
from crmdesk.domain.customers import (
    Address,
    Customer,
    CustomerKind,
    CustomerStatus,
    CustomerStory,
    Email,
    LastContact,
    Mood,
    OpenTicket,
    PhoneNumber,
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
from crmdesk.gui.pages.calls.reading import CallDetail
from crmdesk.settings.model import AgentSettings, LineSettings, Settings

NOW = datetime.now(UTC)
SETTINGS = Settings(
    agent=AgentSettings(name="Alice Adler", extension="1001"),
    lines=(
        LineSettings(
            id="support",
            name="Support line",
            system="simulator",
            region="DE",
            area_code="30",
            internal=("1001-1199",),
            names={"1001": "Alice Adler", "1002": "Ben Brandt", "1003": "Carla Conti"},
            called_names={"+493023125200": "Hotline Berlin"},
        ),
    ),
)
_MOBILE, _SWITCHBOARD, _OLD = "+4917139200123", "+493023125100", "+493023125733"
_K = TimelineKind


def key(number: int) -> uuid.UUID:
    """A key that stays the same."""
    return uuid.UUID(int=number)


def ago(**span: float) -> datetime:
    """A moment before now."""
    return NOW - timedelta(**span)


JANE = Customer(
    id=key(7),
    kind=CustomerKind.PERSON,
    name="Jane Doe",
    company_id=key(8),
    company_name="Hansen Logistics",
    role="purchasing",
    account_id="100482",
    language="de",
    salutation="Frau Doe",
    source="Trade fair",
    segment="Gold",
    customer_since=date(2019, 5, 2),
    numbers=(
        PhoneNumber(_MOBILE, _MOBILE, "mobile"),
        PhoneNumber(_SWITCHBOARD, _SWITCHBOARD, "work", "12"),
        PhoneNumber(_OLD, _OLD, "home", until=date(2023, 12, 31)),
    ),
    emails=(Email("jane.doe@hansen.example"),),
    addresses=(Address("work", "Hafenstraße 12", "20457", "Hamburg", "Germany"),),
)

STORY = CustomerStory(
    customer=JANE,
    last_contact=LastContact(ago(days=3), "1002", "wrong invoice", _K.CALL),
    since=(
        StoryLine("bad", "Complaint 1042 open 2 d, answer due in 3 h", ago(days=2)),
        StoryLine("warn", "Promised 10 % by Anna, due today", ago(days=2, hours=3)),
        StoryLine("good", "Order 88-21 shipped 1 day ago: 12 toner cartridges", ago(days=1)),
        StoryLine("", "Note by Ben Brandt, 2 hours ago: wants it in her hands", ago(hours=2)),
        StoryLine("", "Message sent by Ben Brandt, 1 day ago: Your invoice", ago(days=1)),
        StoryLine("", "Profile changed by Anna, 2 days ago: Segment set to Gold", ago(days=2)),
    ),
    open_tickets=(
        OpenTicket(
            key(20), "1042", "complaint", "Wrong invoice", "urgent", "open", ago(days=2),
            NOW + timedelta(hours=3),
        ),
    ),
    next_follow_up=StoryLine("warn", "Due in 5 hours: send the invoice", ago(days=1)),
    order_count=38,
    order_total_cents=4_821_050,
    satisfaction=4,
    next_promise=StoryLine("warn", "Promised, due in 5 hours: 10 % on the next order", ago(days=1)),
    other_totals=((129_900, "USD"),),
    mood=(Mood(4, "csat", ago(days=40), "Quick answer."), Mood(2, "csat", ago(days=90))),
)  # fmt: skip

LONG = Customer(
    id=key(9),
    kind=CustomerKind.PERSON,
    name="عبد الرحمن بن محمد الأنصاري-Wolfeschlegelsteinhausenbergerdorff 山田太郎",
    company_name="Donaudampfschifffahrtselektrizitätenhauptbetriebswerk GmbH & Co. KG <b>Bau</b>",
    role="deputy head of the department for the coordination of supra-regional purchasing",
    language="ar",
    salutation="Herr Professor Dr. Dr. Wolfeschlegelsteinhausenbergerdorff",
    segment="Strategic account, tier one",
    status=CustomerStatus.DORMANT,
    do_not_call=True,
    numbers=(PhoneNumber("+4930231259999", "+493023125999", "switchboard", "123456"),),
    emails=(Email("wolfe.schlegelsteinhausenbergerdorff@donaudampfschifffahrt.example"),),
)
LONG_STORY = CustomerStory(
    customer=LONG,
    last_contact=LastContact(ago(days=400), "1003", "שלום: " + "very long words " * 8, _K.CALL),
    since=(StoryLine("bad", "Complaint 77 “" + "Lieferung fehlt, " * 12 + "”", ago(days=30)),),
    order_count=12_345,
    order_total_cents=1_234_567_890_12,
    satisfaction=1,
)
EMPTY_STORY = CustomerStory(
    customer=Customer(key(10), CustomerKind.PERSON, "Max Neumann", status=CustomerStatus.LEAD)
)


def _call(**facts: object) -> Call:
    base: dict[str, object] = {
        "id": key(1),
        "line_id": "support",
        "direction": Direction.INBOUND,
        "started_at": ago(minutes=42),
        "caller_raw": _MOBILE,
        "dialled": "+493023125200",
        "first_rang_at": ago(minutes=42, seconds=-2),
    }
    return Call(**(base | facts))  # type: ignore[arg-type]


def _offer(extension: str, outcome: OfferOutcome, rang_for: float, rounds: int = 1) -> Offer:
    rang = ago(minutes=42, seconds=-2)
    ended = rang + timedelta(seconds=rang_for)
    return Offer(extension, rang, rang if rang_for else None, ended, rounds, outcome)


def answered() -> CallDetail:
    """Two phones rang, one answered, then it was transferred."""
    call = _call(
        id=key(101),
        queue="Support",
        answered_at=ago(minutes=41, seconds=51),
        answered_by="1001",
        ring_seconds=7.0,
        talk_seconds=312.0,
        ended_at=ago(minutes=36),
        ended_by=EndedBy.CALLER,
        outcome=CallOutcome.ANSWERED,
        offers=(
            _offer("1001", OfferOutcome.ANSWERED, 7),
            _offer("1002", OfferOutcome.ELSEWHERE, 7),
        ),
        transfers=(Transfer(TransferKind.ATTENDED, "1001", "1003", ago(minutes=38)),),
    )
    row = CallRow(
        call, _MOBILE, JANE.id, JANE.name, JANE.company_name, MatchState.EXACT, MatchRule.E164,
        _MOBILE.lstrip("+"),
    )  # fmt: skip
    return CallDetail(row, _caller(MatchState.EXACT, (JANE,)))


def missed_by_several() -> CallDetail:
    """Nobody answered a number that several people have."""
    call = _call(
        id=key(102),
        caller_raw=_SWITCHBOARD,
        caller_name="HANSEN <b>LOGISTICS</b>",
        ring_seconds=31.0,
        ended_at=ago(minutes=41),
        ended_by=EndedBy.CALLER,
        outcome=CallOutcome.MISSED,
        offers=(
            _offer("1001", OfferOutcome.CALLER_GONE, 31, 2),
            _offer("1002", OfferOutcome.BUSY, 0),
            _offer("1003", OfferOutcome.DECLINED, 9),
        ),
    )
    row = CallRow(
        call, _SWITCHBOARD, None, "", "", MatchState.SEVERAL, MatchRule.E164, "493023125100"
    )
    return CallDetail(row, _caller(MatchState.SEVERAL, (JANE, LONG)))


def withheld() -> CallDetail:
    """The caller did not want to be known and left the queue."""
    call = _call(
        id=key(103),
        caller_raw="",
        presentation=Presentation.WITHHELD,
        queue="Support",
        ring_seconds=18.0,
        ended_at=ago(minutes=41),
        outcome=CallOutcome.ABANDONED,
        offers=(_offer("1001", OfferOutcome.CALLER_GONE, 18),),
    )
    row = CallRow(call, None, None, "", "", MatchState.WITHHELD, MatchRule.WITHHELD)
    match = Match(MatchState.WITHHELD, MatchRule.WITHHELD, NormalisedNumber("", withheld=True))
    return CallDetail(row, Caller(match.number, match))


def shifted(call: Call, span: timedelta) -> Call:
    """The same call at another time."""
    offers = tuple(replace(offer, **_moments(offer, span)) for offer in call.offers)
    transfers = tuple(replace(one, **_moments(one, span)) for one in call.transfers)
    return replace(call, offers=offers, transfers=transfers, **_moments(call, span))


def _moments(value: Call | Offer | Transfer, span: timedelta) -> dict[str, Any]:
    """All times of a value, moved."""
    parts = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: part + span for name, part in parts.items() if isinstance(part, datetime)}


def _caller(state: MatchState, people: tuple[Customer, ...]) -> Caller:
    is_shared = state is MatchState.SEVERAL
    e164 = _SWITCHBOARD if is_shared else _MOBILE
    number = NormalisedNumber(
        f"0{e164[3:]}", e164, national=e164[3:], region="DE",
        steps=("line prefix 0 removed", "trunk prefix removed, country code +49 added"),
    )  # fmt: skip
    rung = Evidence("same number", 400 if is_shared else 800)
    more = (Evidence("open ticket", 60), Evidence("called from here 3 days ago", 57))
    living = tuple(_candidate(one, e164, rung, *(more if is_shared else ())) for one in people)
    gone = replace(_candidate(EMPTY_STORY.customer, e164), barred=_BARRED)
    return Caller(
        number,
        Match(
            state, MatchRule.E164, number,
            customer_id=None if is_shared else people[0].id,
            digits=e164,
            candidates=(*living, gone),
            explanation=f"{e164} belongs to {len(people)} customers." if is_shared else "",
            owner_count=len(people),
            link_from=700,
        ),
    )  # fmt: skip


_BARRED = "belonged to Max Neumann until 2023"


def _candidate(one: Customer, e164: str, *evidence: Evidence) -> Candidate:
    owner = Owner(
        one.id, one.name, one.kind, one.company_id, one.company_name, "work", e164
    )  # fmt: skip
    return Candidate(owner, sum(each.points for each in evidence), evidence)
