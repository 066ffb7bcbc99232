"""Chips of the segments a customer is in, on the page and on the pop; they follow changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from crmdesk.bootstrap.core import Core
from crmdesk.desk.segments import belonging
from crmdesk.desk.segments.belonging import Belonging
from crmdesk.domain.customers import Customer
from crmdesk.domain.matches import Trust, TrustLevel
from crmdesk.domain.segments import Condition, Group, Operator, Segment
from crmdesk.gui.app import DeskWindows
from crmdesk.gui.pages.customers.page import CustomersPage
from crmdesk.gui.segments.chips import MOST, SegmentChips
from crmdesk.store import keys, open_store
from tests.gui.cards import ANNA, KNOWN, NOW, card
from tests.gui.desk_windows import SETTINGS, theme_of
from tests.gui.test_app import Wait, idle, sweep

OTHER = replace(ANNA, id=uuid.UUID(int=2), name="Max Muster", segment="")


def segment(number: int, name: str, *, tone: str = "", is_on_pop: bool = True) -> Segment:
    """Those whose segment is Gold, under several names."""
    rule = Group((Condition("segment", Operator.ANY_OF, ("Gold",)),))
    return Segment(uuid.UUID(int=number), name, rule, tone, is_on_pop)


MANY = tuple(segment(100 + place, f"Group {place}") for place in range(MOST + 3))
TWO = (segment(1, "Owes money", tone="bad"), segment(2, "Page only", is_on_pop=False))


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    return lambda holds: qtbot.waitUntil(holds, timeout=60_000)


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[DeskWindows]:
    with open_store(tmp_path / "test.db", keys.DEMO_KEY) as store, theme_of(qapp):
        store.write(lambda writer: writer.save_customer(ANNA)).result()
        store.write(lambda writer: writer.save_customer(OTHER)).result()
        store.write(lambda writer: writer.save_segments(TWO, "Ann")).result()
        windows = DeskWindows(qapp, Core(SETTINGS, store, None), idle, lambda: NOW)
        windows.start()
        yield windows
        windows.stop()
        sweep(windows)


def shown(chips: SegmentChips) -> list[tuple[str, str]]:
    """Text and tone of the chips that are there."""
    return [(one.text(), one.property("chip")) for one in chips.parts if not one.isHidden()]


def opened(desk: DeskWindows, wait: Wait, one: Customer) -> CustomersPage:
    page = desk.window.customers()
    desk.window.open_customer(one.id)
    wait(lambda: page.card.header._name.full_text() == one.name)
    return page


def on_pop(desk: DeskWindows) -> list[tuple[str, str]]:
    return shown(desk.pop._full.segments.chips)


def test_the_page_shows_all_and_the_pop_its_own(desk: DeskWindows, wait: Wait) -> None:
    page = opened(desk, wait, ANNA)
    chips = page.card.header.segments
    wait(lambda: shown(chips) == [("Owes money", "bad"), ("Page only", "neutral")])
    desk.pop.show_card(card())
    assert on_pop(desk) == []  # the first lines do not wait for them
    wait(lambda: on_pop(desk) == [("Owes money", "bad")])
    assert "Segments: Owes money." in desk.pop._full.accessibleName()
    assert desk.pop._full.segments.isVisible()
    desk.pop.show_card(card(2, match=replace(KNOWN, customer_id=OTHER.id)))
    desk.pop.put_away(desk.pop.deck.shown[0])
    assert on_pop(desk) == []  # not those of the one before
    opened(desk, wait, OTHER)
    wait(lambda: page.card.segments.belonging == Belonging())
    assert shown(chips) == []


def test_chips_follow_rules_and_the_customer_without_a_restart(
    desk: DeskWindows, wait: Wait
) -> None:
    page = opened(desk, wait, ANNA)
    desk.pop.show_card(card())
    wait(lambda: len(on_pop(desk)) == 1)
    renamed = (replace(TWO[0], name="Late payer", tone="warn"),)
    desk.core.store.write(lambda writer: writer.save_segments(renamed, "Ben")).result()
    wait(lambda: on_pop(desk) == [("Late payer", "warn")])
    wait(lambda: shown(page.card.header.segments) == [("Late payer", "warn")])
    plain = replace(ANNA, segment="Silver")
    desk.core.store.write(lambda writer: writer.save_customer(plain)).result()
    wait(lambda: on_pop(desk) == [])
    wait(lambda: shown(page.card.header.segments) == [])
    assert desk.pop._full.segments.isHidden()


def test_many_are_counted_and_the_rest_can_be_chosen(desk: DeskWindows, wait: Wait) -> None:
    desk.core.store.write(lambda writer: writer.save_segments(MANY, "Ann")).result()
    page = opened(desk, wait, ANNA)
    chips = page.card.header.segments
    wait(lambda: [text for text, _ in shown(chips)] == ["Group 0", "Group 1", "Group 2",
                                                          "Group 3", "+3"])  # fmt: skip
    assert "Group 4<br>Group 5<br>Group 6" in chips.more.toolTip()
    chips.more.click()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.actions()[1].trigger()
    menu.close()
    wait(lambda: page.finder.segments.present == MANY[5])
    desk.pop.show_card(card())
    wait(lambda: bool(on_pop(desk)))
    taken = desk.pop._full.segments.sizeHint().width()
    assert taken <= desk.pop._full.width()


def test_a_click_shows_the_customers_of_the_segment(desk: DeskWindows, wait: Wait) -> None:
    page = opened(desk, wait, ANNA)
    desk.window.show_page("calls")
    desk.pop.show_card(card())
    wait(lambda: len(on_pop(desk)) == 1)
    chip = next(one for one in desk.pop._full.segments.chips.parts if one.isVisible())
    assert chip.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert isinstance(chip, QPushButton)
    chip.click()
    wait(lambda: page.finder.segments.present == TWO[0])
    wait(lambda: page.finder.model.rowCount() == 1)
    assert desk.window.stack.currentWidget() is page
    hit = page.finder.model.hit(0)
    assert hit is not None
    assert hit.name == ANNA.name


def test_nothing_is_told_while_the_number_is_in_doubt(desk: DeskWindows, wait: Wait) -> None:
    doubtful = replace(KNOWN, trust=Trust(TrustLevel.DOUBTFUL, ("The signature is wrong.",)))
    desk.pop.show_card(card(match=doubtful))
    wait(lambda: (known := desk.pop._full.segments._of) is not None and known[1] != Belonging())
    assert on_pop(desk) == []
    desk.pop._full._story._show_all()  # the agent has asked who it is
    assert on_pop(desk) == [("Owes money", "bad")]


def test_a_slow_rule_is_left_out_and_says_so(
    desk: DeskWindows, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_asked: object, **_named: object) -> None:
        return None

    monkeypatch.setattr("crmdesk.gui.segments.book.ask_quickly", too_slow)
    monkeypatch.setattr(belonging, "ask_quickly", too_slow)
    desk.pop.show_card(card())
    wait(lambda: on_pop(desk) == [("1 not checked", "neutral")])
    untold = desk.pop._full.segments.chips.untold
    assert "Owes money" in untold.toolTip()


def test_chips_wait_while_the_mouse_is_on_the_card(
    desk: DeskWindows, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointed_at: Callable[[], bool] = lambda: True  # noqa: E731
    monkeypatch.setattr(desk.pop, "_is_pointed_at", pointed_at)
    desk.pop.show_card(card())
    wait(lambda: (known := desk.pop._full.segments._of) is not None and known[1] != Belonging())
    assert on_pop(desk) == []
    monkeypatch.setattr(desk.pop, "_is_pointed_at", lambda: False)
    wait(lambda: on_pop(desk) == [("Owes money", "bad")])
