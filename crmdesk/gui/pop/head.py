"""The upper part of the card: state and time, who it is, how sure that is."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop import words
from crmdesk.gui.pop.lines import Line
from crmdesk.gui.pop.rows import IconLine
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import icon_label, set_icon, shown_key
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.pieces import (
    avatar,
    chip,
    chip_button,
    set_avatar,
    set_chip,
    set_dot,
    state_dot,
)
from crmdesk.gui.widgets.text import elided, label, set_tone, set_tooltip

_TRUST_ICONS = {"good": "check-circle", "warn": "warning"}


class CardHead(QWidget):
    """Read first: who, what state, what to mind.

    Args:
        width: Room in pixels.

    Signals:
        why_toggled: The agent wants to see why this record, or no longer.
    """

    why_toggled = Signal(bool)

    def __init__(self, width: int) -> None:
        super().__init__()
        self._inner = width
        self._beside_avatar = width - Size.AVATAR - Space.M
        self._make_parts(width)
        self._lay_out()

    def _make_parts(self, width: int) -> None:
        self._dot = state_dot("accent")
        self._state = label("", "strong")
        self._timer = label("", "strong")
        self._called = label("", "small", "muted")
        self._avatar = avatar()
        self._name = label("", "title")
        self.plan = words.USUAL_PLAN
        self._segment = chip("", "accent")
        self._segment.setProperty("role", "small")
        self._since = label("", "caption", "muted")
        self._subtitle = label("", "body", "muted")
        self._number = label("", "body", "text")
        self._trust_icon = icon_label("check-circle", "faint")
        self._trust = label("", "small", "muted")
        self._match = chip_button("")
        self._match_of_stranger = chip_button("")
        for each in (self._match, self._match_of_stranger):
            each.setCheckable(True)
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            each.toggled.connect(self.why_toggled)
            set_tooltip(each, "Why this record", shown_key(keys.POP_WHY.sequence))
        self._look_alike = IconLine(width)
        self._doubt = IconLine(width, lines=3)

    def _lay_out(self) -> None:
        top = row(self._dot, self._state, self._timer, 1, self._called, spacing=Space.S)
        name = row(
            self._name, 1, self._segment, self._since, self._match_of_stranger, spacing=Space.S
        )
        trust = row(self._trust_icon, self._trust, spacing=Space.XS)
        low = row(self._number, trust, 1, self._match, spacing=Space.S)
        person = row(spacing=Space.M)
        person.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        person.addLayout(column(name, self._subtitle, low, spacing=Space.HAIR), 1)
        self.setLayout(column(top, person, self._look_alike, self._doubt, spacing=Space.S))

    def show_card(self, card: PopCard, now: datetime) -> None:
        """Shows a card."""
        text, tone = words.state_words(card)
        self._state.setText(text)
        set_tone(self._state, tone)
        set_dot(self._dot, tone)
        self.tick(card, now)
        elided(self._called, words.called(card), self._inner // 2)
        self._show_person(card)
        self._show_doubts(card)

    def tick(self, card: PopCard, now: datetime) -> None:
        """Moves the clock on."""
        self._timer.setText(words.timer(card, now))

    def is_why_open(self) -> bool:
        """Whether the reason is asked for."""
        return self._match.isChecked() or self._match_of_stranger.isChecked()

    def set_why_open(self, is_open: bool) -> None:
        """Opens or closes the reason, as a click on the chip does."""
        # Both, so that one which is hidden now does not keep an older wish.
        self._match.setChecked(is_open and not self._match.isHidden())
        self._match_of_stranger.setChecked(is_open and not self._match_of_stranger.isHidden())

    def _show_person(self, card: PopCard) -> None:
        known = card.story is not None
        set_avatar(self._avatar, words.person(card), card.match.customer_id)
        self._avatar.setVisible(known)
        room = self._beside_avatar if known else self._inner
        self._show_match(card, known=known)
        self._show_name(card, room)
        self._show(self._subtitle, words.subtitle(card), room)
        taken = self._match.sizeHint().width() + 2 * Space.S if known else 0
        self._show_number(card, room - taken)

    def _show_match(self, card: PopCard, *, known: bool) -> None:
        text, tone = words.match_chip(card, self.plan.picklists)
        set_chip(self._match, text if known else "", tone)
        set_chip(self._match_of_stranger, "" if known else text, tone)

    def _show_name(self, card: PopCard, room: int) -> None:
        """The name comes first: for a long one the year and then the segment make room."""
        name = words.title(card)
        set_chip(self._segment, *words.segment(card, self.plan.picklists))
        self._since.setText(words.customer_since(card))
        self._since.setVisible(bool(self._since.text()))
        self._name.ensurePolished()
        wanted = self._name.fontMetrics().horizontalAdvance(name)
        for extra in (self._since, self._segment):
            if wanted > room - self._beside_name():
                extra.hide()
        elided(self._name, name, room - self._beside_name())

    def _beside_name(self) -> int:
        extras = (self._segment, self._since, self._match_of_stranger)
        return sum(e.sizeHint().width() + Space.S for e in extras if not e.isHidden()) + Space.S

    def _show_number(self, card: PopCard, room: int) -> None:
        """The number, and how far it can be believed where there is room for both."""
        text, tone = words.trust(card)
        self._trust.setText(text)
        self._number.ensurePolished()
        wanted = self._number.fontMetrics().horizontalAdvance(words.number(card))
        icon = _TRUST_ICONS.get(tone, "")
        taken = self._trust.sizeHint().width() + (Size.ICON + Space.XS if icon else 0) + Space.M
        fits = bool(text) and wanted + taken <= room
        self._trust.setVisible(fits)
        self._trust_icon.setVisible(fits and bool(icon))
        if icon:
            set_icon(self._trust_icon, icon, tone)
        self._show(self._number, words.number(card), room - (taken if fits else 0))

    def _show_doubts(self, card: PopCard) -> None:
        mixed, doubt = words.look_alike(card), words.doubt(card)
        self._look_alike.set_line(Line(mixed, "warn") if mixed else None)
        self._doubt.set_line(Line(doubt, "warn") if doubt else None)

    def _show(self, widget: QLabel, text: str, width: int) -> None:
        elided(widget, text, width)
        widget.setVisible(bool(text))
