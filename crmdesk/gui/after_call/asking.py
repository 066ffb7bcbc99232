"""Between calls that end and the line over the page: asks once for each call, and never blocks."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Slot

from crmdesk.desk.after_call import Asking, is_talk_of, read_asking
from crmdesk.desk.planning.required import missing_of_customer
from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import Situation
from crmdesk.gui.after_call.bar import AfterCallBar
from crmdesk.gui.after_call.form import MissingForm
from crmdesk.gui.bridge import Bridge, connect_queued
from crmdesk.gui.models import after_call_words
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.widgets.open_dialogs import show_again

if TYPE_CHECKING:
    from crmdesk.gui.main_window.window import MainWindow
    from crmdesk.store import Reader

_MEMORY = "after_call"


class _Lacking(NamedTuple):
    """A customer who is asked about, and what is missing."""

    opened: EditedCustomer
    missing: tuple[str, ...]


class AfterCalls(QObject):
    """Asks for what the company wants to know of a customer once a talk is over.

    What waits, and of which calls was asked, is remembered over the end of the program.

    Args:
        window: The main window.
        bar: Where it is said.
        bridge: A listener of the core.
    """

    def __init__(self, window: MainWindow, bar: AfterCallBar, bridge: Bridge) -> None:
        super().__init__(window)
        self._window, self._bar, self._context = window, bar, window.context
        self.asking = read_asking(self._context.memory.get(_MEMORY, {}))
        self.lacking: tuple[_Lacking, ...] = ()
        connect_queued(bridge.call_changed_signal, self._call_changed)
        self._context.plan.changed.connect(self.look)
        window.customers().desk.written.connect(self.look)
        bar.fill_wanted.connect(self.show_form)
        bar.later_wanted.connect(self._put_off)
        bind(window, keys.FILL_IN, self.show_form)

    @Slot(object)
    def _call_changed(self, row: CallRow) -> None:
        extension = self._context.settings().agent.extension
        if row.customer_id is None or not self._wanted():
            return
        if is_talk_of(row.call, extension, self._context.now()):
            self._remember(self.asking.ask(row.call.id, row.customer_id))

    def _wanted(self) -> frozenset[str]:
        return self._context.plan.value.required.get(Situation.AFTER_CALL, frozenset())

    def _remember(self, asking: Asking) -> None:
        if asking != self.asking:
            self.asking = asking
            self._context.memory.set(_MEMORY, asking.as_json())
            self.look()

    # --- looking ----------------------------------------------------------------------------

    @Slot()
    def look(self) -> None:
        """Reads what those who wait still lack."""
        waiting = self.asking.waiting
        if not waiting:
            self._show(())
            return
        reading = self._context.store.read(partial(_read, customers=waiting))
        await_future(reading, self, partial(self._found, waiting), self._failed)

    def _found(
        self, waiting: tuple[uuid.UUID, ...], read: tuple[EditedCustomer | None, ...]
    ) -> None:
        plan, found, asking = self._context.plan.value, [], self.asking
        for customer_id, one in zip(waiting, read, strict=True):
            missing = missing_of_customer(one, plan, Situation.AFTER_CALL) if one else ()
            if one is None or not missing:
                asking = asking.settle(customer_id)
            elif customer_id in asking.waiting:
                found.append(_Lacking(one, missing))
        self._show(tuple(found))
        if self._wanted():  # a plan that was not read yet settles nothing
            self._remember(asking)

    def _failed(self, error: Exception) -> None:
        """It is looked again after the next call: whatever ails the store is told elsewhere."""
        if not isinstance(error, UserFacingError):
            raise error

    def _show(self, lacking: tuple[_Lacking, ...]) -> None:
        self.lacking = lacking
        if not lacking:
            self._bar.tell("", "")
            return
        opened, missing = lacking[-1]
        text = after_call_words.missing(opened.customer.name, missing, self._context.plan.value)
        self._bar.tell(text, after_call_words.others(len(lacking) - 1))

    # --- what the agent does ----------------------------------------------------------------

    @Slot()
    def show_form(self) -> None:
        """Opens the form of the customer the line speaks of."""
        if not self.lacking or show_again(self._window, MissingForm):
            return
        opened, missing = self.lacking[-1]
        form = MissingForm(self._window, self._context, opened, missing)
        form.wrote.connect(partial(self._filled_in, opened.customer.id))
        form.open()

    def _filled_in(self, customer_id: uuid.UUID, change: ChangeSet) -> None:
        self._window.customers().steps.tell(change)
        self._remember(self.asking.settle(customer_id))

    @Slot()
    def _put_off(self) -> None:
        if self.lacking:
            self._remember(self.asking.settle(self.lacking[-1].opened.customer.id))


def _read(reader: Reader, customers: tuple[uuid.UUID, ...]) -> tuple[EditedCustomer | None, ...]:
    from crmdesk.store.audit.editing import opened_customer

    return tuple(opened_customer(reader, one) for one in customers)
