"""Pictures of the log: the page, and single lines opened."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from PySide6.QtWidgets import QWidget

from crmdesk.desk.caller import Caller
from crmdesk.desk.ledger import lines as ledger
from crmdesk.desk.ledger.lines import Subject
from crmdesk.domain.call_events import (
    CallDetails,
    CallEnded,
    CallEvent,
    CallStarted,
    Connected,
    HoldChanged,
    OfferEnded,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.calls import Call, Direction, OfferOutcome, PopReason
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.ledger import LedgerLine, LedgerRule
from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.domain.matches import Match, MatchRule, MatchState
from crmdesk.domain.pops import PopCard, PopState
from crmdesk.gui.main_window.window import SMALLEST, MainWindow
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.ledger.detail import LedgerDetailView
from crmdesk.gui.pictures import demo_values
from crmdesk.gui.pictures.demo_desk import DemoDesk, demo_desk
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.theme.tokens import Size

_PAUSE_MS = 900
_DETAIL = (400, 620)
_LINE = demo_values.SETTINGS.lines[0].id
_ENTRY = IgnoreRule(uuid.UUID(int=1), IgnoreKind.PREFIX, "+4419")


class _Teller:
    """Tells of calls, each with its own moments."""

    def __init__(self) -> None:
        self.lines: list[LedgerLine] = []
        self._at = demo_values.NOW - timedelta(minutes=40)
        self._call = demo_values.answered().row.call
        self._calls = 0

    def moment(self, seconds: float = 0.4) -> datetime:
        """The moment of the next event."""
        self._at += timedelta(seconds=seconds)
        return self._at

    def call(self, direction: Direction = Direction.INBOUND) -> None:
        """A new call comes in."""
        self._call = replace(self._call, id=demo_values.key(500 + self._calls))
        self._calls = (self._calls + 1) % 9
        self.note(CallStarted("1", self.moment(137), direction))
        self.note(CallDetails("1", self.moment(), caller_raw="", queue="Support"))

    def note(self, event: CallEvent, rule: LedgerRule = LedgerRule.PART_OF_CALL) -> None:
        """An event that brings no card."""
        self.lines.append(ledger.without_card(self._about(event), rule))

    def rings(self, phone: str, rule: LedgerRule | None = None) -> CallEvent:
        """A phone rings; with a rule that keeps its card back."""
        self.note(PhoneOffered("1", self.moment(), phone, phone))
        event = PhoneRang("1", self.moment(), phone, phone)
        if rule is not None:
            self.note(event, rule)
        return event

    def card(self, caller: Caller, millis: float, phone: str = "1001") -> LedgerLine:
        """A phone rings and its card is there after some time."""
        about = self._about(self.rings(phone))
        line = ledger.with_caller(about, caller, _card(self._call, caller.match), millis)
        self.lines.append(line)
        return line

    def ends(self, phone: str = "1001") -> None:
        """The phone is answered, and the call ends."""
        self.note(Connected("1", self.moment(4), phone), LedgerRule.CARD_IS_THERE)
        self.note(OfferEnded("1", self.moment(0), phone, phone, OfferOutcome.ANSWERED))
        self.note(HoldChanged("1", self.moment(20), phone, on_hold=True))
        self.note(CallEnded("1", self.moment(61)))

    def _about(self, event: CallEvent) -> Subject:
        return Subject(event, _LINE, self._call)


def _card(call: Call, match: Match) -> PopCard:
    state, at = PopState.RINGING, call.started_at
    return PopCard(call.id, "1001", PopReason.RING, state, call.direction, match, "", at)


def _known() -> Caller:
    return demo_values.answered().caller


def _several() -> Caller:
    return demo_values.missed_by_several().caller


def _nobody() -> Caller:
    number = replace(_known().number, raw="+33199001234", e164="+33199001234")
    return Caller(number, Match(MatchState.NONE, MatchRule.NOTHING, number, digits="+33199001234"))


def _told() -> list[LedgerLine]:
    """Forty minutes of a desk."""
    tell = _Teller()
    health = LineHealth(_LINE, "Support line", LineState.READY, tell.moment())
    connected = ledger.line_change(None, health, tell.moment())
    tell.lines += [connected] if connected else []
    for caller, millis in ((_known(), 31.2), (demo_values.withheld().caller, 6.4)):
        tell.call()
        tell.card(caller, millis)
        tell.rings("1002", LedgerRule.OTHER_EXTENSION)
        tell.ends()
    tell.call(Direction.INTERNAL)
    tell.rings("1001", LedgerRule.INTERNAL_CALL)
    tell.call()
    tell.card(_several(), 38.9)
    tell.ends()
    lost = ledger.line_change(health, replace(health, state=LineState.RETRYING), tell.moment(50))
    tell.lines += [lost] if lost else []
    back = ledger.line_change(replace(health, state=LineState.RETRYING), health, tell.moment(30))
    tell.lines += [back] if back else []
    tell.call()
    tell.card(replace(_nobody(), ignored=_ENTRY), 5)
    tell.call()
    tell.card(_nobody(), 12.7)
    tell.lines.append(ledger.not_understood(Subject(Connected("9", tell.moment(3), "1003"), _LINE)))
    tell.call()
    tell.card(_known(), 22.5)
    tell.ends()
    return tell.lines


@cache
def _desk() -> DemoDesk:
    desk, lines = demo_desk(), _told()
    desk.core.store.write(lambda writer: writer.add_ledger(lines)).result()
    return desk


def _window() -> MainWindow:
    window = _desk().window()
    window.show_page("ledger")
    return window


@picture("ledger", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def page() -> QWidget:
    """The page with nothing opened."""
    return _window()


@picture("ledger-of-a-call", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def of_a_call() -> QWidget:
    """All events of one call, and why there was no card."""
    window = _window()
    window.pages["ledger"].go_to.emit("ledger", demo_values.key(501))
    return window


@picture("ledger-small", size=SMALLEST, pause_ms=_PAUSE_MS)
def small() -> QWidget:
    """The same in the smallest window."""
    return of_a_call()


@picture("ledger-empty", size=Size.WINDOW, pause_ms=_PAUSE_MS)
def empty() -> QWidget:
    """A call that is not in the log."""
    window = _window()
    window.pages["ledger"].show_item(demo_values.key(9999))
    return window


def _detail(line: LedgerLine) -> QWidget:
    made = LedgerDetailView()
    made.setProperty("kind", "page")
    made.show_line(line, Names(demo_values.SETTINGS))
    return made


@picture("ledger-line-several", size=_DETAIL)
def several() -> QWidget:
    """Several customers matched."""
    tell = _Teller()
    tell.call()
    return _detail(replace(tell.card(_several(), 38.9), sequence=1712))


@picture("ledger-line-ignored", size=_DETAIL)
def ignored() -> QWidget:
    """No card, by the ignore list."""
    tell = _Teller()
    tell.call()
    return _detail(replace(tell.card(replace(_nobody(), ignored=_ENTRY), 5), sequence=1713))


@picture("ledger-line-failed", size=_DETAIL)
def failed() -> QWidget:
    """An event that fits no call."""
    subject = Subject(Connected("9", demo_values.NOW, "1003"), _LINE)
    return _detail(replace(ledger.not_understood(subject), sequence=1714))
