"""The head of a customer: who it is, at one glance."""

from __future__ import annotations

import uuid
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from crmdesk.domain.customers import Customer, CustomerKind, CustomerStory
from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.segments import Segment
from crmdesk.gui.models.customer_words import status_chip
from crmdesk.gui.models.glance import glances
from crmdesk.gui.models.names import Names
from crmdesk.gui.pages.customers.glance_strip import GlanceStrip
from crmdesk.gui.segments.chips import SegmentChips
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button, icon_button, set_icon, shown_key
from crmdesk.gui.widgets.choice_menu import open_choices
from crmdesk.gui.widgets.flow import flow
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import avatar, chip, set_avatar, set_chip
from crmdesk.gui.widgets.text import ElidedLabel, isolate, joined, set_tooltip

_NARROW = 2 * Size.SIDE_LIST
"""Below this width the words of the buttons leave too little of the name."""


class CustomerHeader(QWidget):
    """Name, company, what to mind, worth and mood, what is open, and what can be done."""

    call_wanted = Signal()
    note_wanted = Signal()
    edit_wanted = Signal()
    merge_wanted = Signal()
    history_wanted = Signal()
    segment_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._avatar = avatar(size="large")
        self._name = ElidedLabel("", "display")
        self._what = ElidedLabel("", "body", "muted")
        self._address_as = ElidedLabel("", "body", "muted")
        self.glance = GlanceStrip()
        self._chips = {name: chip("") for name in ("segment", "status", "no_calls", "language")}
        self.segments = SegmentChips(self)
        self.segments.chosen.connect(self.segment_wanted)
        self.segments.more_wanted.connect(self._offer_segments)
        self._call = _button("Call", "primary", "phone", keys.CALL)
        self._note = _button("Note", "plain", "note", keys.NOTE)
        self._edit = _button("Edit", "plain", "edit", keys.EDIT)
        tip = f"{keys.MERGE.text}  ({shown_key(keys.MERGE.sequence)})"
        self._merge = icon_button("link", tip)
        self._merge.setAccessibleName(keys.MERGE.text)
        self._merge.clicked.connect(self.merge_wanted)
        tip = f"{keys.HISTORY.text}  ({shown_key(keys.HISTORY.sequence)})"
        self._history = icon_button("log", tip)
        self._history.setAccessibleName(keys.HISTORY.text)
        self._history.clicked.connect(self.history_wanted)
        self._call.clicked.connect(self.call_wanted)
        self._note.clicked.connect(self.note_wanted)
        self._edit.clicked.connect(self.edit_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        chips = QWidget()
        chips.setLayout(flow(*self._chips.values(), *self.segments.parts, spacing=Space.XS))
        buttons = row(self._call, self._note, self._edit, self._merge, self._history)
        top = row(spacing=Space.L)
        top.addLayout(column(self._name, self._what, spacing=Space.XS), 1)
        top.addLayout(column(buttons, 1))
        texts = column(top, self._address_as, chips, self.glance, spacing=Space.XS)
        head = row(spacing=Space.L)
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        self.setLayout(column(head, margin=Space.L))
        # Not `Maximum`: chips and glances need more rows where there is little width.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Where there is little room the name has it, and the buttons are icons."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        for made in (self._call, self._note, self._edit):
            made.setText("" if is_narrow else made.accessibleName())

    def show_story(self, story: CustomerStory, names: Names, now: datetime) -> None:
        """Shows a customer."""
        customer = story.customer
        set_avatar(self._avatar, customer.name, customer.id)
        self._name.set_full_text(customer.name)
        self._what.set_full_text(_what(customer))
        self._address_as.set_full_text(_address_as(story, names, now))
        self._address_as.setVisible(bool(self._address_as.full_text()))
        self.glance.show_glances(glances(story.named(names.anybody), now, names.lists))
        segment = names.lists.choice(PicklistKey.SEGMENT, customer.segment)
        set_chip(self._chips["segment"], segment.title, segment.tone or "accent")
        set_chip(self._chips["status"], *status_chip(customer.status, names.lists))
        set_chip(self._chips["no_calls"], "Do not call" if customer.do_not_call else "", "bad")
        set_chip(self._chips["language"], names.language(customer.language), "neutral")
        self._call.setEnabled(bool(customer.numbers))
        reason = "" if customer.numbers else "There is no number to call"
        set_tooltip(self._call, reason or "Call", "" if reason else shown_key(keys.CALL.sequence))

    def _offer_segments(self, rest: tuple[Segment, ...]) -> None:
        choices = [(one.name, str(one.id)) for one in rest]
        open_choices(
            self.segments.more, choices, "", lambda key: self.segment_wanted.emit(uuid.UUID(key))
        )


def _button(text: str, kind: str, icon: str, key: keys.Key) -> QPushButton:
    made = button(text, kind, icon=icon)
    set_tooltip(made, key.text, shown_key(key.sequence))
    if kind == "primary":
        set_icon(made, icon, "on_accent")
    return made


def _what(customer: Customer) -> str:
    since = f"customer since {customer.customer_since:%Y}" if customer.customer_since else ""
    kind = "Company" if customer.kind is CustomerKind.COMPANY else ""
    return joined((kind, customer.company_name, customer.role, since))


def _address_as(story: CustomerStory, names: Names, now: datetime) -> str:
    say = f"Say {isolate(story.customer.salutation)}" if story.customer.salutation else ""
    last = story.last_contact
    spoke = ""
    if last is not None:
        about = f", “{isolate(last.about)}”" if last.about else ""
        spoke = f"last contact {times.ago(last.at, now)}, {isolate(names.anybody(last.who))}{about}"
    return joined((say, spoke))
