"""One opened call: who, what happened, and why this customer."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout, QWidget

from crmdesk.domain.calls import Direction
from crmdesk.domain.matches import Candidate, MatchRule, MatchState
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models import call_words
from crmdesk.gui.models.call_steps import call_steps
from crmdesk.gui.models.names import Names
from crmdesk.gui.models.why import compared, left_out, match_chip, match_reason, since_then, why_row
from crmdesk.gui.pages.calls.reading import CallDetail
from crmdesk.gui.pages.calls.steps_view import StepsView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.view import WhyView
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.breaking import set_wrapped, wrapped
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label, set_icon, shown_key
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import (
    SectionHeader,
    avatar,
    chip,
    rule,
    set_avatar,
    set_chip,
)
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import ElidedLabel, joined, label, set_tone, set_tooltip

_MOST_CANDIDATES = 9


class CallDetailView(QWidget):
    """Shows a `CallDetail`; asks for everything else by signals."""

    customer_wanted = Signal(object)
    call_wanted = Signal()
    log_wanted = Signal()
    creation_wanted = Signal()
    assignment_wanted = Signal()
    ignoring_wanted = Signal()
    forgetting_wanted = Signal()
    chosen = Signal(object)
    denied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Call")
        self._number = ""
        self._customer_id: uuid.UUID | None = None
        self._make_header()
        self._make_buttons()
        self._steps = StepsView()
        self._log = button("Why a card, or none", "link")
        set_tooltip(self._log, keys.WHY_NO_POP.text, shown_key(keys.WHY_NO_POP.sequence))
        self._log.clicked.connect(self.log_wanted)
        self._reason = wrapped("")
        self.why = WhyView(rows=0)
        self.why.denied.connect(self.denied)
        self._candidates = QVBoxLayout()
        self._candidates.setSpacing(Space.XS)
        body = column(
            self._header_row(),
            self._buttons_row,
            rule(),
            SectionHeader("What happened", "clock", self._log),
            self._steps,
            rule(),
            SectionHeader("Why this match", "key"),
            self._reason,
            self.why,
            self._candidates,
            1,
            spacing=Space.M,
            margin=Space.L,
        )
        self.setLayout(body)

    def _make_header(self) -> None:
        self._icon = icon_label("phone-in")
        self._title = label("", "strong")
        self._when = label("", "small", "muted")
        self._avatar = avatar(size="medium")
        self._name = ElidedLabel("", "title")
        self._company = ElidedLabel("", "body", "muted")
        self._number_label = ElidedLabel("", "lead")
        self._copy = icon_button("copy", "Copy the number")
        self._copy.clicked.connect(self._copy_number)
        self._chip = chip("")

    def _header_row(self) -> QVBoxLayout:
        names = column(self._name, self._company, spacing=Space.NONE)
        who = row(spacing=Space.M)
        who.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        who.addLayout(names, 1)
        # One below the other: side by side they are wider than the panel at its narrowest.
        head = row(spacing=Space.S)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column(self._title, self._when, spacing=Space.HAIR), 1)
        number = row(self._number_label, self._copy, 1, self._chip)
        return column(head, who, number, spacing=Space.M)

    def _make_buttons(self) -> None:
        self._open = _button("Open customer", "primary", "user", keys.CUSTOMER)
        self._call = _button("Call back", "plain", "phone", keys.CALL_BACK)
        self._create = button("New customer", icon="user-add")
        self._assign = button("Assign to customer", icon="link")
        self._ignore = button("Ignore", icon="bell-off", tip="No card for this caller from now on")
        self._forget = button("Forget the choice", icon="refresh", tip="Ask again next time")
        self._open.clicked.connect(self._emit_customer)
        self._call.clicked.connect(self.call_wanted)
        self._create.clicked.connect(self.creation_wanted)
        self._assign.clicked.connect(self.assignment_wanted)
        self._ignore.clicked.connect(self.ignoring_wanted)
        self._forget.clicked.connect(self.forgetting_wanted)
        self._buttons_row = QWidget()
        self._buttons_row.setLayout(flow(*self._all_buttons(), spacing=Space.S))

    def show_call(self, detail: CallDetail, names: Names) -> None:
        """Shows a call."""
        self._customer_id = detail.row.customer_id
        self._show_head(detail, names)
        self._show_actions(detail)
        self._steps.show_steps(call_steps(detail.row.call, names))
        self._show_why(detail, names)

    def focus_first(self) -> None:
        """Puts the keyboard on what can be done first."""
        first = next((one for one in self._all_buttons() if one.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _all_buttons(self) -> tuple[QPushButton, ...]:
        return self._open, self._call, self._create, self._assign, self._ignore, self._forget

    def _show_head(self, detail: CallDetail, names: Names) -> None:
        call, word = detail.row.call, call_words.outcome(detail.row.call)
        set_icon(self._icon, word.icon, word.tone)
        self._title.setText(call_words.title(call))
        set_tone(self._title, word.tone if word.tone not in {"muted", "good"} else "text")
        self._when.setText(times.full(call.started_at))
        shown = call_words.number(detail.row, names)
        name, beside = call_words.who(detail.row, names)
        self._name.set_full_text(_stranger(detail) if name == shown else name)
        self._company.set_full_text(beside if beside not in {shown, call_words.SEVERAL} else "")
        self._company.setVisible(bool(self._company.full_text()))
        self._show_avatar(detail, names)
        self._number = detail.row.caller_e164 or call.caller_raw
        self._number_label.set_full_text(shown)
        self._number_label.setVisible(bool(shown))
        self._copy.setVisible(bool(shown))
        set_chip(self._chip, *match_chip(detail.row))

    def _show_avatar(self, detail: CallDetail, names: Names) -> None:
        """A colleague has initials too; an extension without a name has none."""
        call, person = detail.row.call, detail.row.customer_name
        if call.direction is Direction.INTERNAL:
            named = names.person(call.line_id, call.caller_raw)
            person = named if named != call.caller_raw else ""
        self._avatar.setVisible(bool(person) or call.direction is not Direction.INTERNAL)
        set_avatar(self._avatar, person, detail.row.customer_id)

    def _show_actions(self, detail: CallDetail) -> None:
        has_customer = detail.row.customer_id is not None
        can_call = bool(self._number) and not detail.row.call.is_withheld
        outside = can_call and not detail.caller.number.internal
        self._open.setVisible(has_customer)
        self._call.setVisible(can_call)
        self._create.setVisible(outside and not has_customer)
        self._assign.setVisible(outside and not has_customer)
        self._ignore.setVisible(detail.row.caller_e164 is not None and outside and not has_customer)
        self._forget.setVisible(detail.caller.match.rule is MatchRule.REMEMBERED)

    def _show_why(self, detail: CallDetail, names: Names) -> None:
        """What was decided then, and what the numbers and rules of today say."""
        row, match = detail.row, detail.caller.match
        set_wrapped(self._reason, match_reason(row, digits=not compared(match)))
        self.why.show_match(match, since_then(row, match), decision=False)
        self.why.set_deniable(row.customer_id is not None)
        clear(self._candidates)
        may_choose = row.customer_id is None and not row.call.is_withheld
        for candidate in match.candidates[:_MOST_CANDIDATES]:
            line = _CandidateLine(candidate, names, may_choose=may_choose)
            line.opened.connect(self.customer_wanted)
            line.chosen.connect(self.chosen)
            self._candidates.addWidget(line)
        left = left_out(match, _MOST_CANDIDATES) if match.candidates else 0
        if left:
            self._candidates.addWidget(label(f"{left:,} more", "small", "muted"))

    def _emit_customer(self) -> None:
        if self._customer_id is not None:
            self.customer_wanted.emit(self._customer_id)

    def _copy_number(self) -> None:
        QApplication.clipboard().setText(self._number)


def _stranger(detail: CallDetail) -> str:
    """What stands for the name of somebody who has none yet."""
    is_several = detail.row.match_state is MatchState.SEVERAL
    return "One of several customers" if is_several else call_words.UNKNOWN


def _button(text: str, kind: str, icon: str, key: keys.Key) -> QPushButton:
    made = button(text, kind, icon=icon)
    set_tooltip(made, text, shown_key(key.sequence))
    if kind == "primary":
        set_icon(made, icon, "on_accent")
    return made


class _CandidateLine(QFrame):
    """Somebody who has this number, with the points and what they are made of."""

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(self, candidate: Candidate, names: Names, *, may_choose: bool) -> None:
        super().__init__()
        owner, shown = candidate.owner, why_row(candidate, names.lists)
        self.setProperty("kind", "card")
        self._id = owner.customer_id
        company = owner.company_name if owner.company_name != owner.name else ""
        number = names.number(owner.e164)
        kind = names.choice(PicklistKey.NUMBER_LABEL, owner.label)
        what = ElidedLabel(joined((company, kind, number)), "small", "muted")
        head = row(spacing=Space.S)
        head.addWidget(ElidedLabel(owner.name, "strong", "muted" if shown.barred else "text"), 1)
        points = f"{shown.points} points" if shown.points else ""
        head.addWidget(label(points, "small-strong", "muted"))
        below = shown.barred or shown.evidence
        lines = [what, *(wrapped(text, "small", "muted") for text in (below,) if text)]
        buttons = row(self._button("Open", self.opened, owner.name), spacing=Space.S)
        if may_choose and not shown.barred:
            buttons.insertWidget(0, self._button("Choose", self.chosen, owner.name))
        buttons.addStretch(1)
        texts = column(head, *lines, buttons, spacing=Space.HAIR)
        whole = row(spacing=Space.S, margin=Space.S)
        picture = avatar(owner.name, owner.customer_id, "small")
        whole.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(texts, 1)
        self.setLayout(whole)

    def _button(self, text: str, signal: SignalInstance, name: str) -> QPushButton:
        made = button(text, "link", tip=f"{text} {name}")
        made.setAccessibleName(f"{text} {name}")
        made.clicked.connect(lambda: signal.emit(self._id))
        return made
