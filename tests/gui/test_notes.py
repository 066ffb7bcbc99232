"""Notes and their drafts on a real store: each keystroke is kept, each note saved once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.domain.calls import Call, CallOutcome, Direction
from crmdesk.domain.customers import Customer, TimelineKind
from crmdesk.store import StoreFull
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows, desk_windows, now
from tests.gui.opened_customer import entries, jane, opened

CTRL = Qt.KeyboardModifier.ControlModifier


def test_every_keystroke_of_a_note_is_on_the_disk(
    tmp_path: Path,
    wait: Callable[[Callable[[], bool]], None],  # noqa: F811
    themed: None,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = jane()
    with desk_windows(tmp_path, wait) as first:
        page = opened(first, customer)
        page.write_note()
        qtbot.keyClicks(page.card.note.edit, "half a th")
        wait(lambda: page.card.note._state.text() == "Draft kept")
    with desk_windows(tmp_path, wait) as second:
        page = second.window.customers()
        second.window.open_customer(customer.id)
        wait(lambda: page.card.note.text() == "half a th")
        page.card.note.save()
        wait(lambda: entries(page) == ["half a th"])
        assert page.card.note.text() == ""
        assert second.store.write(lambda w: w.secret(f"draft.note.{customer.id}")).result() is None


def test_a_draft_waits_at_its_own_customer(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    one, other = jane(), jane(id=uuid.uuid4(), name="Max Neumann")
    page = opened(windows, one)
    page.write_note()
    qtbot.keyClicks(page.card.note.edit, "for jane")
    opened(windows, other)
    assert page.card.note.text() == ""
    windows.window.open_customer(one.id)
    windows.wait(lambda: page.card.note.text() == "for jane")


def test_a_note_that_cannot_be_kept_stays_in_the_field(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    with busy_disk(windows):
        qtbot.keyClicks(page.card.note.edit, "still here")
        page.drafts._not_written(customer.id, page.drafts._newest[customer.id], StoreFull())
        assert page.trouble.isVisible()
        assert page.drafts.unkept(customer.id) == "still here"
        assert "stays in this field" in page.card.note._state.text()
        page.drafts.flush()  # tries again at once


def test_trouble_with_a_draft_is_told_at_its_own_customer(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    one, other = jane(), jane(id=uuid.uuid4(), name="Max Neumann")
    page = opened(windows, one)
    qtbot.keyClicks(page.card.note.edit, "for jane")
    opened(windows, other)
    page.drafts.failed.emit(one.id, StoreFull())
    assert page.trouble.isVisible()
    assert page.card.note._state.text() == ""


@contextmanager
def busy_disk(desk: Windows) -> Iterator[None]:
    """Nothing is written while the block runs."""
    gate = threading.Event()
    desk.store.write(lambda _writer: gate.wait(20))
    try:
        yield
    finally:
        gate.set()


def notes(desk: Windows, customer: Customer) -> list[str]:
    """The notes in the store."""
    desk.store.write(lambda _writer: None).result()
    page = desk.store.read(lambda r: r.timeline(customer.id, kinds=(TimelineKind.NOTE,))).result()
    return [entry.title for entry in page.entries]


def draft(desk: Windows, customer: Customer) -> str | None:
    """The draft in the store."""
    return desk.store.write(lambda w: w.secret(f"draft.note.{customer.id}")).result()


def test_saving_twice_makes_one_note(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    page.write_note()
    windows.wait(page.card.note.edit.hasFocus)
    with busy_disk(windows):
        qtbot.keyClicks(page.card.note.edit, "call her")
        for _ in range(2):
            qtbot.keyClick(page.card.note.edit, Qt.Key.Key_Return, CTRL)
        assert not page.card.note._save.isEnabled()
    windows.wait(lambda: page.card.note.text() == "")
    assert notes(windows, customer) == ["call her"]
    assert draft(windows, customer) is None


def test_what_is_typed_while_a_note_is_saved_is_the_next_draft(
    windows: Windows,  # noqa: F811
    qtbot: QtBot,
) -> None:
    customer = jane()
    page = opened(windows, customer)
    with busy_disk(windows):
        qtbot.keyClicks(page.card.note.edit, "call her")
        page.card.note.save()
        qtbot.keyClicks(page.card.note.edit, " at ten")
    windows.wait(page.card.note._save.isEnabled)
    assert page.card.note.text() == "call her at ten"
    assert notes(windows, customer) == ["call her"]
    assert draft(windows, customer) == "call her at ten"


def test_a_window_that_closes_leaves_nothing_behind(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    with busy_disk(windows):
        qtbot.keyClicks(page.card.note.edit, "half a thought")
    windows.window.close()
    assert draft(windows, customer) == "half a thought"


def test_all_that_was_typed_is_in_the_queue_of_the_store(windows: Windows, qtbot: QtBot) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    with busy_disk(windows):
        qtbot.keyClicks(page.card.note.edit, "half a thought")
    # No event of Qt has run since: what waits in the window only would be missing.
    assert draft(windows, customer) == "half a thought"


def test_a_note_belongs_to_the_call_that_is_on(windows: Windows) -> None:  # noqa: F811
    customer = jane()
    page = opened(windows, customer)
    start = now() - timedelta(minutes=5)
    talk = Call(
        uuid.uuid4(), "support", Direction.INBOUND, start, "+493023125100",
        answered_at=start, answered_by="1001", connected_at=start,
    )  # fmt: skip
    windows.save(talk)
    page.card.note.edit.setPlainText("Wants a lamp\nby Friday")
    page.card.note.save()
    windows.wait(lambda: entries(page) == ["Wants a lamp"])
    ended = replace(talk, connected_at=None, ended_at=now(), outcome=CallOutcome.ANSWERED)
    windows.save(ended)
    story = windows.store.read(lambda r: r.story(customer.id, now())).result()
    assert story is not None
    assert story.since == ()
    assert story.last_contact is not None
    assert story.last_contact.about == "Wants a lamp"
