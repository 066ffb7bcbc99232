"""All windows of a desk whose one line is told of calls by the test."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from shiboken6 import isValid

from crmdesk.bootstrap.core import Core
from crmdesk.domain.call_events import (
    CallDetails,
    CallEvent,
    CallStarted,
    PhoneOffered,
    PhoneRang,
)
from crmdesk.domain.call_log import CallRow
from crmdesk.domain.calls import Direction, Verification
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.pops import PopCard
from crmdesk.gui.app import DeskWindows
from crmdesk.store import Store, Writer, keys, open_store
from tests.fakes.memory_vault import MemoryVault
from tests.gui.cards import owner
from tests.gui.desk_windows import LINE, SETTINGS, end

SHARED, STRANGER, JANES = "+493023125700", "+442079460123", "+4917139200123"
_COMPANY_ID = uuid.UUID(int=100)
_PEOPLE = ("Anna Hansen", "Ben Brandt", "Zoë Ångström")
Wait = Callable[[Callable[[], bool]], None]


@dataclass
class RingingDesk:
    """The windows, and what a test does with them."""

    windows: DeskWindows
    store: Store
    wait: Wait
    calls: Iterator[int]

    def ring(self, number: str, name: str = "", **facts: object) -> str:
        """A call rings at the agent's phone; returns its linked id."""
        call, at = f"call-{next(self.calls)}", datetime.now(UTC)
        start = CallStarted(call, at, Direction.INBOUND, caller_raw=number, caller_name=name)
        device = f"{call}-1001"
        self.take(
            start,
            CallDetails(call, at, **facts),  # type: ignore[arg-type]
            PhoneOffered(call, at, "1001", device),
            PhoneRang(call, at, "1001", device),
        )
        self.wait(lambda: self.full is not None and self.full.match.number.raw == number)
        return call

    def take(self, *events: CallEvent) -> None:
        """The line tells of events, on the NET thread."""
        core = self.windows.core
        self.windows.runtime.call_soon(core.desk(LINE).take, events)

    @property
    def full(self) -> PopCard | None:
        """The card that is shown in full."""
        return self.windows.pop.deck.main

    def texts(self) -> str:
        """What the pop says, top to bottom."""
        labels = self.windows.pop.findChildren(QLabel)
        shown = [one for one in labels if one.isVisible() and one.text()]
        return " | ".join(one.accessibleName() or one.text() for one in shown)

    def press(self, text: str, of: QWidget | None = None) -> None:
        """Presses the one visible button that begins with a text."""
        buttons = (of or self.windows.pop).findChildren(QPushButton)
        (found,) = [one for one in buttons if one.isVisible() and one.text().startswith(text)]
        found.click()

    def row(self) -> CallRow:
        """The call of the full card, once the store has it: the card does not wait for that."""
        self.wait(lambda: self._stored() is not None)
        row = self._stored()
        assert row is not None
        return row

    def _stored(self) -> CallRow | None:
        card = self.full
        assert card is not None
        return self.store.read(lambda reader: reader.call_row(card.call_id)).result()

    def linked(self, customer_id: uuid.UUID | None) -> Callable[[], bool]:
        """Whether card and store say that this customer calls."""
        return lambda: (
            self.full is not None
            and self.full.match.customer_id == customer_id
            and (row := self._stored()) is not None
            and row.customer_id == customer_id
        )

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The open dialog of a kind."""
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        assert len(found) == 1, found
        return found[0]


def key_of(name: str) -> uuid.UUID:
    """The key of one of the people who share a number."""
    return owner(1 + _PEOPLE.index(name)).customer_id


@contextmanager
def ringing_desk(app: QApplication, folder: Path, wait: Wait) -> Iterator[RingingDesk]:
    """A desk with a company, three people who share its number, and Jane with her own."""
    with open_store(folder / "test.db", keys.DEMO_KEY) as store:
        store.write(_write_people).result()
        core = Core(SETTINGS, store, MemoryVault())

        async def running() -> None:
            core.bind()
            await asyncio.Event().wait()

        windows = DeskWindows(app, core, running)
        windows.start()
        yield RingingDesk(windows, store, wait, count(1))
        windows.stop()
        for widget in QApplication.topLevelWidgets():
            if isValid(widget):
                end(widget)
        windows.deleteLater()


def _write_people(writer: Writer) -> None:
    number = (PhoneNumber("030 23125 700", SHARED, "work"),)
    company = Customer(_COMPANY_ID, CustomerKind.COMPANY, "Hansen Logistics", numbers=number)
    writer.save_customer(company)
    for name in _PEOPLE:
        person = Customer(
            key_of(name), CustomerKind.PERSON, name, company_id=_COMPANY_ID, numbers=number
        )
        writer.save_customer(person)
    own = (PhoneNumber("0171 39200123", JANES, "mobile"),)
    writer.save_customer(Customer(uuid.UUID(int=50), CustomerKind.PERSON, "Jane Doe", numbers=own))


JANE_ID = uuid.UUID(int=50)
FAILED = {"verification": Verification.FAILED}
