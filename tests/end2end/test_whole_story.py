"""The whole story of a customer, worked with by keyboard alone.

A recorded call is replayed into the real windows on a real display. It leads to the page of a
customer of the demo with a long and mixed history; then every block of it is worked with, by the
keys that `?` tells.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crmdesk.bootstrap.stores import open_demo
from crmdesk.domain.customers import Customer, PhoneNumber, TimelineEntry, TimelineKind
from crmdesk.domain.follow_ups import FollowUpOutcome
from crmdesk.domain.outreach import Channel, Consent
from crmdesk.domain.tickets import TicketStatus
from crmdesk.store import Reader, Store, Writer
from crmdesk.store.demo.make import make_demo
from crmdesk.store.ids import new_id
from tests.end2end.people import JANE_NUMBER
from tests.end2end.programs import Program, make_home
from tests.end2end.screen import Screen, missing_programs, private_screen

pytestmark = pytest.mark.skipif(
    bool(missing_programs()), reason=f"needs {', '.join(missing_programs())}, not installed here"
)

CALL = Path(__file__).parents[1] / "data" / "asterisk" / "01-direct-answered.ami"
DESK = "tests.end2end.story_desk"
AT_THE_END = "QBackingStore::flush() called for "
"""Qt says so where the main window had something to paint in the moment it was closed."""
MIXED = 11
"""So many kinds of entries has the customer whose phone rings, at least."""
MOST_TABS = 80
FEW = 4
"""A search leaves fewer entries than these."""
PROMISE = "10 % on a footstool"
UPDATES = "updates"


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with private_screen() as made:
        yield made


class Story:
    """The desk of Alice with the demo in its store, and whoever calls her."""

    def __init__(self, home: Path) -> None:
        self.home = make_home(home, extension="1001", fill=self._fill)

    def _fill(self, store: Store) -> None:
        make_demo(store, 30)
        customers = store.read(lambda reader: reader.customers(limit=30)).result().customers
        kinds = {one.id: len(_kinds(store, one.id)) for one in customers}
        found = store.read(lambda reader: reader.customer(max(kinds, key=kinds.__getitem__)))
        customer = found.result()
        assert customer is not None
        assert kinds[customer.id] >= MIXED
        number = PhoneNumber("030 23125710", JANE_NUMBER, "work")
        self.customer = replace(customer, numbers=(*customer.numbers, number))
        store.write(self._write).result()

    def _write(self, writer: Writer) -> None:
        writer.save_customer(self.customer)
        now = datetime.now(UTC)
        said = Consent(new_id(now), self.customer.id, now, Channel.EMAIL, UPDATES, is_given=True)
        writer.record_consents([said], "Bob Brandt")
        self.messages = len(entries_of(self.customer.id, TimelineKind.MESSAGE, writer))
        self.order = writer.orders_of(self.customer.id)[0]

    def read(self, job: Callable[[Any], Any]) -> Any:
        """Asks the store once the desk is closed."""
        opened = open_demo(self.home / "crmdesk.db")
        try:
            return opened.store.read(job).result()
        finally:
            opened.store.close()


def _kinds(store: Store, customer_id: uuid.UUID) -> set[TimelineKind]:
    page = store.read(lambda reader: reader.timeline(customer_id, limit=200)).result()
    return {entry.kind for entry in page.entries}


class Agent:
    """Somebody with a keyboard who reads what the windows say."""

    def __init__(self, desk: Program, screen: Screen) -> None:
        self._desk, self._screen = desk, screen
        self.press, self.type = screen.keys, screen.type

    @property
    def sees(self) -> dict[str, Any]:
        """What the windows show now."""
        return self._desk.events("story")[-1]

    def until(self, holds: Callable[[dict[str, Any]], object]) -> None:
        """Waits until the windows show something."""
        self._desk.wait_until(lambda: bool(self._desk.events("story") and holds(self.sees)))

    def ask(self, key: str, window: str) -> None:
        """Presses a key and waits for its dialog."""
        self.press(key)
        self.until(lambda seen: seen["window"] == window)

    def save(self, done: str) -> None:
        """Saves what is written, and waits until the page tells of it."""
        self.press("ctrl+Return")
        self.until_done(done)

    def until_done(self, done: str) -> None:
        """Waits until the page tells of a step and offers to take it back."""
        self.until(lambda seen: done in seen["done"] and seen["can_undo"])
        self.until(lambda seen: seen["window"] == "CRMDesk")

    def tab_to(self, name: str) -> None:
        """Goes on until something has the keyboard."""
        for _ in range(MOST_TABS):
            before = self.sees["focus"]
            if before == name:
                return
            self.press("Tab")
            self.until(lambda seen, before=before: seen["focus"] != before)
        raise AssertionError(f"no way to {name}")

    def find(self, text: str, entry: str) -> None:
        """Searches in the timeline and opens the newest that it finds."""
        self.press("ctrl+f")
        self.until(lambda seen: seen["focus"] == "Search in the timeline")
        self.type(text)
        self.until(
            lambda seen: len(seen["timeline"]) < FEW and entry in "".join(seen["timeline"][:1])
        )
        self.press("Down")
        self.until(lambda seen: seen["focus"] == "Timeline")
        self.press("j", "shift+Return")
        self.until(lambda seen: bool(seen["record"]))

    def back(self) -> None:
        """From a record to the whole timeline."""
        self.press("Escape")
        self.until(lambda seen: not seen["record"])


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "home")


@pytest.fixture
def desk(story: Story, screen: Screen) -> Iterator[Program]:
    """The recording, replayed into the windows."""
    replay = [
        "replay", str(CALL), "--gui", "--speed", "1", "--store", str(story.home / "crmdesk.db"),
        "--region", "DE", "--internal", "1001-1199", "--extension", "1001",
    ]  # fmt: skip
    command = [sys.executable, "-W", "error", "-m", DESK, *replay]
    with Program(command, story.home, **screen.variables) as program:
        yield program
        assert program.stop() == 0
        assert [line for line in program.errors if not line.startswith(AT_THE_END)] == []


@pytest.fixture
def agent(desk: Program, screen: Screen, story: Story) -> Agent:
    """Alice, who opened the page of the caller while the card was there."""
    name = story.customer.name
    desk.wait_until(
        lambda: any(name in card for seen in desk.events("screen") for card in seen["cards"])
    )
    screen.keys("ctrl+alt+o")
    desk.wait_until(lambda: desk.events("screen")[-1]["customer"] == name)
    made = Agent(desk, screen)
    made.until(lambda seen: seen["window"] == "CRMDesk" and len(seen["timeline"]) > MIXED)
    return made


def test_every_block_is_worked_with_by_keyboard(
    agent: Agent, desk: Program, story: Story, screen: Screen
) -> None:
    ticket_is_opened_escalated_and_solved(agent)
    order_is_looked_up(agent, story)
    promise_is_made_and_kept(agent)
    consent_is_withdrawn_and_the_update_not_sent(agent)
    own_field_is_added_filled_and_found(agent, story.customer)
    assert desk.stop() == 0
    check_what_is_stored(story)


def ticket_is_opened_escalated_and_solved(agent: Agent) -> None:
    agent.ask("t", "New ticket")
    agent.type("Chair came broken")
    agent.save("opened: Chair came broken")
    agent.until(lambda seen: "Chair came broken" in seen["record_says"])
    agent.ask("x", "Escalate")
    agent.type("Nora Falk")
    agent.save("escalated")
    agent.until(lambda seen: any("Nora Falk" in text for text in seen["record_says"]))
    agent.ask("s", "Solve ticket")
    agent.type("Another chair is on its way")
    agent.save("Solved")
    agent.until(lambda seen: "Solved" in seen["record_says"])
    agent.back()
    agent.until(lambda seen: "Chair came broken" not in seen["blocks"])


def order_is_looked_up(agent: Agent, story: Story) -> None:
    agent.find(story.order.number, "Order")
    agent.until(lambda seen: story.order.number in seen["record"])
    said = " ".join(agent.sees["record_says"])
    assert all(line.title in said for line in story.order.lines), said
    agent.back()


def promise_is_made_and_kept(agent: Agent) -> None:
    agent.press("n")
    agent.until(lambda seen: seen["focus"] == "Note")
    agent.type(f"!promise {PROMISE} until Fri")
    agent.save(f"Promise made: {PROMISE}")
    agent.until(lambda seen: PROMISE in seen["blocks"])
    agent.press("Escape")
    agent.find("footstool", f"Promised: {PROMISE}")
    agent.press("d")
    agent.until_done(PROMISE)
    agent.until(lambda seen: PROMISE not in seen["blocks"])
    agent.back()


def consent_is_withdrawn_and_the_update_not_sent(agent: Agent) -> None:
    agent.ask("a", "What they allow")
    agent.until(lambda seen: seen["focus"] == "Yes, allowed")
    agent.press("Down")
    agent.until(lambda seen: seen["focus"] == "No, not any more")
    agent.save("Consent withdrawn")
    agent.ask("u", "Write to the customer")
    agent.until(lambda seen: any("Nothing is sent" in text for text in seen["said"]))
    agent.press("ctrl+Return")
    agent.press("Escape")
    agent.until(lambda seen: seen["window"] == "CRMDesk")


def own_field_is_added_filled_and_found(agent: Agent, customer: Customer) -> None:
    agent.ask("ctrl+comma", "Settings")
    agent.type("Your data")
    agent.tab_to("Add…")
    agent.ask("space", "Field")
    agent.type("Chair model")
    agent.press("ctrl+Return")
    agent.until(lambda seen: seen["window"] == "Settings")
    agent.press("Escape")
    agent.until(lambda seen: seen["window"] == "CRMDesk")
    agent.ask("e", f"Edit {customer.name}")
    agent.tab_to("Chair model")
    agent.type("Zeppelin 9")
    agent.save(f"{customer.name} changed")
    agent.press("ctrl+1")
    agent.until(lambda seen: not seen["is_open"])
    agent.ask("ctrl+k", "Search everything")
    agent.type("zeppelin")
    agent.until(lambda seen: any(customer.name in text for text in seen["found"]))
    agent.press("Return")
    agent.until(lambda seen: seen["is_open"] and customer.name in seen["header"])


def check_what_is_stored(story: Story) -> None:
    key = story.customer.id
    tickets = story.read(partial(entries_of, key, TimelineKind.TICKET))
    (opened,) = [entry for entry in tickets if "Chair came broken" in entry.title]
    ticket = story.read(lambda reader: reader.ticket(opened.id)).ticket
    assert ticket.status is TicketStatus.SOLVED
    promises = story.read(partial(entries_of, key, TimelineKind.FOLLOW_UP))
    (made,) = [entry for entry in promises if PROMISE in entry.title]
    assert story.read(lambda r: r.follow_up(made.id)).outcome is FollowUpOutcome.KEPT
    assert not story.read(lambda r: r.may_send(key, Channel.EMAIL, UPDATES))
    messages = story.read(partial(entries_of, key, TimelineKind.MESSAGE))
    assert len(messages) == story.messages
    assert "Zeppelin 9" in story.read(lambda r: r.custom_values(key)).values()


def entries_of(key: uuid.UUID, kind: TimelineKind, reader: Reader) -> tuple[TimelineEntry, ...]:
    return reader.timeline(key, limit=50, kinds=(kind,)).entries
