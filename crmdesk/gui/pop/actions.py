"""What the buttons and keys of the pop do: in the main window, and to the call."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.matches import MatchState
from crmdesk.domain.pops import PopCard
from crmdesk.gui.main_window import MainWindow
from crmdesk.gui.pages.customers.blocks.follow_ups import new_follow_up
from crmdesk.gui.pages.page import Page
from crmdesk.gui.pop import people_words, words
from crmdesk.gui.pop.chooser import Chooser
from crmdesk.gui.pop.segment_line import PopSegments
from crmdesk.gui.pop.window import PopWindow
from crmdesk.gui.why.assign import AssignDialog, CallerNumber
from crmdesk.gui.why.dialog import WhyDialog
from crmdesk.gui.why.ignore_dialog import IgnoreDialog
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from crmdesk.gui.why.steps import NumberSteps, Subject
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.messages import show_error
from crmdesk.gui.widgets.times import local


class PopActions(QObject):
    """Does what is asked on a card.

    Args:
        window: The main window.
        pop: The cards.
        come_to_front: Brings the main window to the front.
        refresh: Has the desk ask anew who is calling, by the call's key.
    """

    def __init__(
        self,
        window: MainWindow,
        pop: PopWindow,
        come_to_front: Callable[[], None],
        refresh: Callable[[uuid.UUID], None],
    ) -> None:
        super().__init__(window)  # answers that come after the window are nobody's any more
        self._window, self._pop = window, pop
        self._come_to_front, self._refresh = come_to_front, refresh
        self.steps = NumberSteps(window.context, self)
        self.segments = PopSegments(window.context.segments, self)
        self._connect()

    def _connect(self) -> None:
        pop = self._pop
        pop.open_wanted.connect(self.open)
        pop.note_wanted.connect(self.note)
        pop.ticket_wanted.connect(self.ticket)
        pop.follow_up_wanted.connect(self.follow_up)
        pop.create_wanted.connect(self._create)
        pop.assign_wanted.connect(self._assign)
        pop.ignore_wanted.connect(self._ignore)
        pop.search_wanted.connect(self._search)
        pop.more_wanted.connect(self._ask)
        pop.denied.connect(self._deny)
        pop.remember_wanted.connect(self._remember)
        pop.forget_wanted.connect(self._forget)
        pop.chosen.connect(self._choose)
        pop.undo_wanted.connect(self.steps.undo)
        pop.segment_wanted.connect(self.open_segment)
        pop.changed.connect(self._follow_main)
        self.segments.told.connect(pop.show_belonging)
        self.steps.done.connect(self._was_done)
        self.steps.undone.connect(self._was_undone)
        self.steps.failed.connect(self._failed)
        self._window.customers().customer_saved.connect(self._ask_anew)
        for page in self._window.pages.made():
            self._follow_page(page)
        self._window.page_made.connect(self._follow_page)

    @Slot(object)
    def _follow_page(self, page: Page) -> None:
        for steps in page.findChildren(NumberSteps):
            steps.done.connect(self._number_changed)
            steps.undone.connect(self._number_changed)
        # A card leaves by itself; what was said on it can be taken back in the window still.
        for bar in page.findChildren(UndoBar):
            bar.follow(self.steps)

    # --- opening ----------------------------------------------------------------------------

    @Slot(object)
    def open(self, card: PopCard) -> None:
        """Opens what the card is about, in the main window."""
        self._come_to_front()
        if card.match.customer_id is not None:
            self._window.open_customer(card.match.customer_id)
        elif people_words.choices(card.match):
            self._show_chooser(card)
        elif card.match.state is MatchState.NONE:
            self._window.show_new_customer(_number_of(card), card.caller_name)
        else:
            self._window.open_call(card.call_id)

    @Slot(object)
    def note(self, card: PopCard) -> None:
        """Opens the customer with the cursor in the note."""
        if card.match.customer_id is None:
            self.open(card)
            return
        self._come_to_front()
        self._window.open_note(card.match.customer_id)

    @Slot(object)
    def ticket(self, card: PopCard) -> None:
        """Opens the customer with the form of a new ticket, the call linked."""
        if card.match.customer_id is None:
            self.open(card)
            return
        self._come_to_front()
        self._window.open_ticket_form(card.match.customer_id, card.call_id)

    @Slot(object)
    def follow_up(self, card: PopCard) -> None:
        """Opens the customer and asks what was promised, or when to call back."""
        customer_id = card.match.customer_id
        if customer_id is None:
            self.open(card)
            return
        self._come_to_front()
        self._window.open_customer(customer_id)
        new_follow_up(self._window.customers().desk, customer_id)

    @Slot(object)
    def open_segment(self, segment_id: uuid.UUID) -> None:
        """Opens the customers of a segment."""
        self._come_to_front()
        self._window.open_segment(segment_id)

    @Slot()
    def _follow_main(self) -> None:
        self.segments.follow(self._pop.deck.main)

    def why(self, card: PopCard) -> None:
        """Opens the reason on the card, or in a window where the card is a slim one."""
        if self._pop.toggle_why():
            return
        self._come_to_front()
        dialog = WhyDialog(self._window, words.title(card), card.match, self._window.plan.lists)
        dialog.view.denied.connect(partial(self._deny, card))
        dialog.open()

    @Slot(object)
    def _create(self, card: PopCard) -> None:
        self._come_to_front()
        self._window.show_new_customer(_number_of(card), card.caller_name)

    @Slot(object)
    def _search(self, _card: PopCard) -> None:
        self._come_to_front()
        self._window.show_palette()

    # --- who it is --------------------------------------------------------------------------

    @Slot(object)
    def _ask(self, card: PopCard) -> None:
        self._come_to_front()
        self._show_chooser(card)

    def _show_chooser(self, card: PopCard) -> None:
        chooser = Chooser(self._window, card, self._window.plan.lists)
        chooser.chosen.connect(partial(self._choose_and_open, card))
        chooser.open()

    def _choose_and_open(self, card: PopCard, customer_id: uuid.UUID, remember: bool) -> None:
        self.steps.choose(_subject(card, customer_id), remember=remember)
        self._window.open_customer(customer_id)

    @Slot(object, object)
    def _choose(self, card: PopCard, customer_id: uuid.UUID) -> None:
        """With the mouse, on the card: it becomes this customer's card and nothing else moves."""
        self.steps.choose(_subject(card, customer_id))

    @Slot(object)
    def _remember(self, card: PopCard) -> None:
        if card.match.customer_id is not None:
            self.steps.choose(_subject(card, card.match.customer_id), remember=True)

    @Slot(object)
    def _forget(self, card: PopCard) -> None:
        if card.match.number.e164 is not None:
            self.steps.forget(card.match.number.e164, card.call_id)

    @Slot(object)
    def _deny(self, card: PopCard) -> None:
        if card.match.customer_id is None:
            return
        self._come_to_front()
        about = _subject(card, card.match.customer_id)
        today = local(self._window.context.now()).date()
        NotThisPersonDialog(self._window, about, self.steps, today).open()

    @Slot(object)
    def _assign(self, card: PopCard) -> None:
        self._come_to_front()
        former = people_words.former(card.match)
        number = CallerNumber(
            _number_of(card), card.call_id, former[0].text if former else "", card.caller_name
        )
        dialog = AssignDialog(self._window, self._window.context, number)
        dialog.saved.connect(self._window.open_customer)
        dialog.done_step.connect(partial(self.steps.tell, call_id=card.call_id))
        dialog.open()

    @Slot(object)
    def _ignore(self, card: PopCard) -> None:
        self._come_to_front()
        number = card.match.number.e164 or ""
        IgnoreDialog(self._window, number, self.steps, card.call_id).open()

    # --- afterwards -------------------------------------------------------------------------

    @Slot(object, object)
    def _was_done(self, change: ChangeSet, call_id: uuid.UUID | None) -> None:
        self._pop.tell_step(call_id, change.title if change.rows else "")
        self._number_changed()

    @Slot(object, object)
    def _was_undone(self, _change: ChangeSet, _result: object) -> None:
        self._pop.tell_step(None, "")
        self._number_changed()

    @Slot()
    def _number_changed(self, *_what: object) -> None:
        """Cards and pages may say something else now."""
        self._ask_anew()
        for page in self._window.pages.made():
            page.refresh()

    @Slot()
    def _ask_anew(self, *_what: object) -> None:
        for card in self._pop.deck.cards:
            self._refresh(card.call_id)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self._come_to_front()
        show_error(self._window, "Who is calling", error)


def _subject(card: PopCard, customer_id: uuid.UUID) -> Subject:
    owners = (c.owner for c in card.match.candidates if c.owner.customer_id == customer_id)
    known = next((owner.name for owner in owners), card.title)
    e164 = card.match.number.e164
    return Subject(e164, card.number_text or card.title, customer_id, known, card.call_id)


def _number_of(card: PopCard) -> str:
    return card.match.number.e164 or card.match.number.raw
