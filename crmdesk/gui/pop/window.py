"""The window of the pop: made once, kept, shown without being activated."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QCursor, QMouseEvent, QScreen
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from crmdesk.desk.segments.belonging import Belonging
from crmdesk.domain.planning import CompanyPlan
from crmdesk.domain.pops import PopCard
from crmdesk.gui.pop.announce import announce
from crmdesk.gui.pop.card import FullCard
from crmdesk.gui.pop.deck import MOST_SHOWN, PopDeck
from crmdesk.gui.pop.placement import Rect, place, stay
from crmdesk.gui.pop.screens import MOUSE, rect_of, screen_called, typing_in
from crmdesk.gui.pop.slim_card import SlimCard
from crmdesk.gui.pop.words import USUAL_PLAN, sentence
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.text import label, set_property, set_window_title

_SECOND_MS = 1000
_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.NoDropShadowWindowHint
)


class PopWindow(QWidget):
    """All cards of the moment, one below the other.

    Args:
        deck: What is on it.
        now: The clock, aware UTC.
        composited: Whether windows can be partly transparent; else no shadow is drawn.

    Attributes:
        remembered: Where the agent dragged it to on its screen, None for the usual corner.
        wanted_screen: "mouse", "primary" or a screen's name.

    Signals:
        open_wanted, note_wanted, ticket_wanted, follow_up_wanted, create_wanted, assign_wanted,
            ignore_wanted, search_wanted, more_wanted, denied, remember_wanted,
            forget_wanted: Carry the card.
        chosen: Carries the card and the key of the customer that was chosen of several.
        segment_wanted: The key of a segment the caller belongs to.
        undo_wanted: The last step on the card that is shown shall be taken back.
        dragged: Left and top on the screen where the agent put it.
        changed: What is shown changed.
    """

    open_wanted = Signal(object)
    note_wanted = Signal(object)
    ticket_wanted = Signal(object)
    follow_up_wanted = Signal(object)
    create_wanted = Signal(object)
    assign_wanted = Signal(object)
    ignore_wanted = Signal(object)
    search_wanted = Signal(object)
    more_wanted = Signal(object)
    denied = Signal(object)
    remember_wanted = Signal(object)
    forget_wanted = Signal(object)
    undo_wanted = Signal()
    segment_wanted = Signal(object)
    chosen = Signal(object, object)
    dragged = Signal(int, int)
    changed = Signal()

    def __init__(
        self, deck: PopDeck, now: Callable[[], datetime], *, composited: bool = True
    ) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, composited)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_window_title(self, "CRMDesk: incoming call")
        self.deck = deck
        self.remembered: tuple[int, int] | None = None
        self.wanted_screen = MOUSE
        self._now = now
        self._grip: QPoint | None = None
        self._taken_at = QPoint()
        self._plan = USUAL_PLAN
        self._has_other_segments = False
        self._full = FullCard()
        self._slim = [SlimCard() for _ in range(MOST_SHOWN)]
        self._more = label("", "small", "muted")
        self._more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._more.setContentsMargins(Space.NONE, Space.XS, Space.NONE, Space.S)
        self._lay_out(composited)
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(_SECOND_MS)
        self._clock.timeout.connect(self._tick)

    def warm_up(self) -> None:
        """Does once and unseen what the first showing would spend its time on."""
        self.winId()
        self.grab()

    def set_plan(self, plan: CompanyPlan) -> None:
        """The company's choices and order; a card that is shown follows at its next change."""
        self._plan = plan
        self._full.set_plan(plan)
        for card in self._slim:
            card.plan = plan

    def show_card(self, card: PopCard) -> None:
        """A card is new or changed."""
        is_new = self.deck.take(card, self._now())
        self.refresh()
        if is_new and self.isVisible():
            announce(self, sentence(card, self._now(), self._plan))

    def bring_back(self) -> None:
        """Shows the newest card that was put away."""
        if self.deck.waiting:
            card = self.deck.waiting[-1]
            self.deck.bring_back((card.call_id, card.extension))
            self.refresh()

    def explain(self) -> None:
        """Shows why this record, on the full card."""
        self._full.explain()

    def toggle_why(self) -> bool:
        """Shows why this record, or no longer; False where no card is shown in full."""
        if not self.isVisible() or self._full.isHidden():
            return False
        self._full.explain(is_open=not self._full.is_explaining())
        return True

    def tell_step(self, call_id: uuid.UUID | None, text: str) -> None:
        """Says on a call's card what was done last, with "Undo"; "" says nothing is left."""
        card = self._full.card
        if card is not None and (not text or card.call_id == call_id):
            self._full.tell_step(text)
            self._grow()

    def show_belonging(self, customer_id: uuid.UUID, belonging: Belonging) -> None:
        """Says to which segments a customer belongs; what is under the mouse moves later."""
        self._full.segments.take(customer_id, belonging)
        self._has_other_segments = True
        self._show_segments()

    def _show_segments(self) -> None:
        if self._has_other_segments and not self._is_pointed_at():
            self._has_other_segments = False
            self._full.show_segments()
            self._grow()

    def _is_pointed_at(self) -> bool:
        return self.isVisible() and self.geometry().contains(QCursor.pos())

    def put_away(self, card: PopCard | None) -> None:
        """Takes a card off the pop until it needs an answer again."""
        if card is not None:
            self.deck.put_away((card.call_id, card.extension))
            self.refresh()

    def refresh(self) -> None:
        """Shows what is on the deck now."""
        shown, now = self.deck.shown, self._now()
        main = self.deck.main
        self._order(shown, main)
        if main is not None:
            self._full.show_card(main, now)
        self._full.setVisible(main is not None)
        slim_cards = [card for card in shown if card is not main]
        for place_number, slim in enumerate(self._slim):
            is_used = place_number < len(slim_cards)
            if is_used:
                slim.show_card(slim_cards[place_number], now)
                is_first = slim_cards[place_number] is shown[0]
                set_property(slim, "first", "true" if is_first else "false")
            slim.setVisible(is_used)
        noun = "call" if self.deck.more == 1 else "calls"
        self._more.setText(f"{self.deck.more} more {noun}" if self.deck.more else "")
        self._more.setVisible(bool(self.deck.more))
        self._appear(bool(shown))
        self.changed.emit()

    def _order(self, shown: tuple[PopCard, ...], main: PopCard | None) -> None:
        """The full card stands where its call stands among the others."""
        place_of_main = shown.index(main) if main in shown else 0
        if self._cards.indexOf(self._full) != place_of_main:
            self._cards.removeWidget(self._full)
            self._cards.insertWidget(place_of_main, self._full)

    def _appear(self, wanted: bool) -> None:
        self._run_clock(wanted)
        if not wanted:
            self.hide()
            return
        was_visible = self.isVisible()
        screen = self.screen() if was_visible else screen_called(self.wanted_screen)
        room = screen.availableGeometry()
        self._measure_again()
        others = self.sizeHint().height() - self._full.sizeHint().height()
        self._full.fit(int(room.height() * Size.POP_SCREEN_SHARE) - others)
        stood = rect_of(self.geometry()) if was_visible else None
        self._measure_again()
        self.adjustSize()
        self._put(screen, stood)
        if not was_visible:
            self.show()
            self.raise_()

    def _measure_again(self) -> None:
        """Frames keep heights, and the window its least one, until the event loop comes round.

        The card is shown before that.
        """
        self._full.wanted_height()
        frame: QWidget | None = self._full
        while frame is not None and frame is not self:
            frame.updateGeometry()
            for layout in frame.findChildren(QLayout):
                layout.invalidate()
            frame = frame.parentWidget()
        own = self.layout()
        if own is not None:
            own.invalidate()
            own.activate()

    def _run_clock(self, wanted: bool) -> None:
        """Runs also while nothing is visible: a card that was put away must leave in time."""
        if not wanted and self.deck.next_change is None:
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()

    def _put(self, screen: QScreen, stood: Rect | None) -> None:
        """A pop that is on the screen, at `stood`, stays where it is."""
        room = rect_of(screen.availableGeometry())
        size = (self.width(), self.height())
        if stood is not None:
            where = stay(room, stood, size)
        else:
            mouse = QCursor.pos().toTuple()
            where = place(
                room, size, remembered=self.remembered, typing_in=typing_in(), mouse=mouse
            )
        self.move(where.left, where.top)

    @Slot()
    def _tick(self) -> None:
        now = self._now()
        # A card that leaves moves the ones below it: never under a mouse about to click.
        if not self._is_pointed_at() and self.deck.tick(now):
            self.refresh()
            return
        self._show_segments()
        self._full.tick(now)
        for slim in self._slim:
            slim.tick(now)

    def _lay_out(self, composited: bool) -> None:
        self._frame = QFrame()
        self._frame.setProperty("kind", "pop")
        set_property(self._frame, "square", "false" if composited else "true")
        self._cards = column(self._full, *self._slim, self._more, spacing=Space.NONE)
        self._frame.setLayout(self._cards)
        if not composited:
            self.setLayout(column(self._frame, spacing=Space.NONE))
            return
        shadow = QFrame()
        shadow.setProperty("kind", "pop-shadow")
        shadow.setLayout(column(self._frame, spacing=Space.NONE))
        self.setLayout(column(shadow, spacing=Space.NONE))

    def _connect(self) -> None:
        full, footer = self._full, self._full.footer
        for signal, own in (
            (footer.open_wanted, self.open_wanted),
            (footer.note_wanted, self.note_wanted),
            (footer.ticket_wanted, self.ticket_wanted),
            (footer.follow_up_wanted, self.follow_up_wanted),
            (footer.create_wanted, self.create_wanted),
            (footer.assign_wanted, self.assign_wanted),
            (footer.ignore_wanted, self.ignore_wanted),
            (footer.search_wanted, self.search_wanted),
            (full.people.more_wanted, self.more_wanted),
            (full.segments.chips.more_wanted, self.open_wanted),
            (full.denied, self.denied),
            (full.step.remember_wanted, self.remember_wanted),
            (full.step.forget_wanted, self.forget_wanted),
        ):
            signal.connect(partial(self._pass_on, own))
        full.step.undo_wanted.connect(self.undo_wanted)
        footer.later_wanted.connect(self._later)
        full.people.chosen.connect(self._choose)
        full.segments.chips.chosen.connect(self.segment_wanted)
        full.resized.connect(self._grow)
        for slim in self._slim:
            slim.clicked.connect(partial(self._open_slim, slim))
            slim.later_wanted.connect(partial(self._later_slim, slim))

    def _pass_on(self, own: SignalInstance, *_what: object) -> None:
        own.emit(self._full.card)

    def _later(self) -> None:
        self.put_away(self._full.card)

    def _grow(self) -> None:
        self._appear(bool(self.deck.shown))

    def _choose(self, customer_id: uuid.UUID) -> None:
        self.chosen.emit(self._full.card, customer_id)

    def _open_slim(self, slim: SlimCard) -> None:
        self.open_wanted.emit(slim.card)

    def _later_slim(self, slim: SlimCard) -> None:
        self.put_away(slim.card)

    # --- dragging ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Takes hold of the card."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip, self._taken_at = event.globalPosition().toPoint() - self.pos(), self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Moves it."""
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Lets go; the next pop appears here."""
        if self._grip is None:
            return
        self._grip = None
        if self.pos() == self._taken_at:
            return  # a click, not a move
        corner = self.screen().availableGeometry().topLeft()
        self.remembered = (self.x() - corner.x(), self.y() - corner.y())
        self.dragged.emit(*self.remembered)
