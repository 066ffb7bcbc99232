"""Offers the survey for the end of a call: a quiet line once a talk is over, asked by key."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Slot

from crmdesk.desk.after_call import Asking, is_talk_of, read_asking
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Channel
from crmdesk.gui.after_call.bar import AfterCallBar
from crmdesk.gui.bridge import Bridge, connect_queued
from crmdesk.gui.models import after_call_words
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.surveys.ask_dialog import ask_survey
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from crmdesk.gui.main_window.window import MainWindow
    from crmdesk.store import Reader

_MEMORY = "after_call_survey"
_LATELY = timedelta(days=30)
"""Who answered any survey since then is left in peace."""
_PURPOSE = "surveys"


class Offer(NamedTuple):
    """Whom to ask, and what."""

    customer_id: uuid.UUID
    name: str
    survey: str


class SurveyOffers(QObject):
    """Offers a survey once for each talk of this desk; what is missing is asked first.

    Args:
        window: The main window.
        bar: Where it is said.
        first: The line that comes first: there is one line at a time.
        bridge: A listener of the core.
    """

    def __init__(
        self, window: MainWindow, bar: AfterCallBar, first: AfterCallBar, bridge: Bridge
    ) -> None:
        super().__init__(window)
        self._window, self._bar, self._first = window, bar, first
        self._context = window.context
        self.asking = read_asking(self._context.memory.get(_MEMORY, {}))
        self.offers: tuple[Offer, ...] = ()
        self._customers = window.customers()
        connect_queued(bridge.call_changed_signal, self._call_changed)
        for written in (self._customers.desk.written, self._customers.steps.done):
            written.connect(self.look)
        self._customers.turned_to.connect(self._show)
        window.stack.currentChanged.connect(self._show)
        first.told.connect(self._show)
        bar.fill_wanted.connect(self.ask)
        bar.later_wanted.connect(self._put_off)
        self._key = bind(bar, keys.ASK, self.ask)
        self.look()

    @Slot(object)
    def _call_changed(self, row: CallRow) -> None:
        extension = self._context.settings().agent.extension
        if row.customer_id is not None and is_talk_of(row.call, extension, self._context.now()):
            self._remember(self.asking.ask(row.call.id, row.customer_id))

    def _remember(self, asking: Asking) -> None:
        if asking != self.asking:
            self.asking = asking
            self._context.memory.set(_MEMORY, asking.as_json())
            self.look()

    # --- looking ----------------------------------------------------------------------------

    @Slot()
    def look(self) -> None:
        """Reads who of those who wait may be asked."""
        waiting = self.asking.waiting
        if not waiting:
            self._take(())
            return
        work = partial(_read, customers=waiting, now=self._context.now())
        reading = self._context.store.read(work)
        await_future(reading, self, partial(self._found, waiting), self._failed)

    def _found(self, waiting: tuple[uuid.UUID, ...], read: tuple[Offer | None, ...]) -> None:
        asking = self.asking
        for customer_id, offer in zip(waiting, read, strict=True):
            if offer is None:
                asking = asking.settle(customer_id)
        self._take(tuple(one for one in read if one and one.customer_id in asking.waiting))
        self._remember(asking)

    def _failed(self, error: Exception) -> None:
        """It is looked again after the next call: whatever ails the store is told elsewhere."""
        if not isinstance(error, UserFacingError):
            raise error

    def _take(self, offers: tuple[Offer, ...]) -> None:
        self.offers = offers
        self._show()

    @Slot()
    def _show(self, *_what: object) -> None:
        """On a customer's page the key asks whoever is open: elsewhere it is this line's."""
        if not self.offers or not self._first.isHidden():
            self._bar.tell("", "")
            return
        offer, on_page = self.offers[-1], self._window.stack.currentWidget() is self._customers
        self._key.setEnabled(not on_page)
        is_open = self._customers.open_customer_id() == offer.customer_id
        self._bar.show_key(keys.ASK if is_open or not on_page else None)
        text = after_call_words.survey(offer.name, offer.survey)
        self._bar.tell(text, after_call_words.others(len(self.offers) - 1))

    # --- what the agent does ----------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Opens the survey of the customer the line speaks of."""
        if self.offers:
            whom = self.offers[-1].customer_id
            told, failed = partial(self._answered, whom), self._customers.show_trouble
            ask_survey(self._context, self._window, whom, told, failed)

    def _answered(self, customer_id: uuid.UUID, change: ChangeSet) -> None:
        self._customers.steps.tell(change)
        self._remember(self.asking.settle(customer_id))

    @Slot()
    def _put_off(self) -> None:
        if self.offers:
            self._remember(self.asking.settle(self.offers[-1].customer_id))


def _read(
    reader: Reader, customers: tuple[uuid.UUID, ...], now: datetime
) -> tuple[Offer | None, ...]:
    surveys = (one for one in reader.surveys() if one.is_active and one.asks_after_calls)
    survey = next(surveys, None)
    if survey is None:
        return (None,) * len(customers)
    return tuple(_offer(reader, one, survey.name, now) for one in customers)


def _offer(reader: Reader, customer_id: uuid.UUID, survey: str, now: datetime) -> Offer | None:
    customer = reader.customer(customer_id)
    if customer is None or customer.do_not_call or _refuses(reader, customer_id):
        return None
    last = next(iter(reader.survey_answers_of(customer_id, 1)), None)
    if last is not None and now - last.at < _LATELY:
        return None
    return Offer(customer_id, customer.name, survey)


def _refuses(reader: Reader, customer_id: uuid.UUID) -> bool:
    """Whether the customer said not to be asked on the phone."""
    return any(
        one.purpose == _PURPOSE and one.channel is Channel.PHONE and not one.is_given
        for one in reader.consents(customer_id)
    )
