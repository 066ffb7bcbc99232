"""The window of the pop: made once, never active, and harmless whatever a caller sends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import getCppPointer

from crmdesk.domain.matches import MatchState
from crmdesk.domain.pops import PopState
from crmdesk.gui.pop.deck import PopDeck
from crmdesk.gui.pop.window import PopWindow
from tests.end2end.hostile import NAMES
from tests.gui.cards import ANNA, KNOWN, NOBODY, NOW, WITHHELD, card, several
from tests.gui.desk_windows import end, theme_of

_opened: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def _watch_files() -> None:
    """Notes which files Python opens; an audit hook stays for good."""
    sys.addaudithook(lambda event, args: _opened.append(str(args[0])) if event == "open" else None)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pop(qapp: QApplication, clock: Clock) -> Iterator[PopWindow]:
    with theme_of(qapp):
        window = PopWindow(PopDeck(4.0), clock)
        yield window
        end(window)


def texts(of: QWidget) -> list[str]:
    """What can be read, top to bottom."""
    shown = [w for w in of.findChildren(QLabel) if w.isVisible() and w.text()]
    return [w.accessibleName() or w.text() for w in shown]


def pressed(pop: PopWindow, text: str) -> None:
    (found,) = (
        b for b in pop.findChildren(QAbstractButton) if b.isVisible() and b.text().startswith(text)
    )
    found.click()


def test_it_takes_no_focus_and_is_above(pop: PopWindow, qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    pop.show_card(card())
    assert pop.isVisible()
    assert field.hasFocus()
    flags = pop.windowFlags()
    for flag in (Qt.WindowType.WindowStaysOnTopHint, Qt.WindowType.WindowDoesNotAcceptFocus):
        assert flags & flag
    assert pop.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    policies = {w.focusPolicy() for w in pop.findChildren(QWidget) if w.isVisible()}
    assert policies == {Qt.FocusPolicy.NoFocus}


def test_known_caller_shows_who_and_what_happened(pop: PopWindow) -> None:
    pop.show_card(card())
    shown = " | ".join(texts(pop))
    for part in ("Ringing", "Anna Hansen", "Nordwind GmbH", "030 23125710", "Complaint 2041"):
        assert part in shown


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"match": NOBODY, "story": None}, "no match"),
        ({"match": WITHHELD, "story": None, "title": "Number withheld"}, "withheld"),
        ({"match": several(3), "story": None}, "several match"),
    ],
)
def test_other_states_say_so(pop: PopWindow, facts: dict[str, object], word: str) -> None:
    pop.show_card(card(**facts))
    buttons = [b.text() for b in pop.findChildren(QAbstractButton) if b.isVisible()]
    assert any(word in text for text in buttons)


def test_the_same_widgets_are_used_again(pop: PopWindow) -> None:
    pop.show_card(card(1))
    widgets = addresses(pop)
    for call in range(20):
        pop.show_card(card(call, match=several(5), story=None))
        pop.show_card(card(call, state=PopState.ENDED))
    assert addresses(pop) == widgets


def addresses(of: QWidget) -> set[int]:
    """Where Qt keeps the widgets; Python's own objects for them come and go."""
    return {getCppPointer(widget)[0] for widget in of.findChildren(QWidget)}


def test_calls_at_once_do_not_stack_up(pop: PopWindow) -> None:
    for call in range(8):
        pop.show_card(card(call))
    assert any("5 more calls" in text for text in texts(pop))
    for call in range(4, 8):
        pop.put_away(card(call))
    assert "1 more call" in texts(pop)
    screen = pop.screen().availableGeometry()
    assert screen.contains(pop.geometry())


def test_figures_are_promised_only_where_the_chord_asks(pop: PopWindow) -> None:
    pop.show_card(card(match=several(3), story=None))
    assert any("then the figure" in text for text in texts(pop))
    dial_in = replace(several(3), state=MatchState.BLOCK, customer_id=KNOWN.customer_id)
    pop.show_card(card(match=dial_in))
    assert "Direct dial-ins there" in texts(pop)
    assert not any("then the figure" in text for text in texts(pop))


def test_card_leaves_when_its_time_has_come(pop: PopWindow, clock: Clock) -> None:
    pop.show_card(card())
    pop.show_card(card(state=PopState.ANSWERED_ELSEWHERE, answered_by="Ben"))
    assert any("Ben answered" in text for text in texts(pop))
    pop.move(QPoint(500, 500))
    clock.now += timedelta(seconds=4)
    pop._tick()
    assert not pop.isVisible()


@pytest.mark.parametrize("on_request", [True, False], ids=["only when asked", "put away"])
def test_cards_nobody_sees_leave_too(
    pop: PopWindow, clock: Clock, qtbot: QtBot, on_request: bool
) -> None:
    pop._clock.setInterval(1)
    for call in range(5):
        pop.show_card(card(call, on_request=on_request))
        pop.put_away(card(call))
    for call in range(5):
        pop.show_card(card(call, on_request=on_request, state=PopState.ENDED))
    assert not pop.isVisible()
    assert len(pop.deck.waiting) == 5
    clock.now += timedelta(seconds=4)
    qtbot.waitUntil(lambda: pop.deck.current is None)
    qtbot.waitUntil(lambda: not pop._clock.isActive())


def test_time_it_stays_can_be_changed_while_it_runs(pop: PopWindow, clock: Clock) -> None:
    pop.deck.set_leave_after(30)
    pop.show_card(card())
    pop.show_card(card(state=PopState.ENDED))
    assert pop.deck.next_change == clock.now + timedelta(seconds=30)


def test_it_stays_where_it_is_while_cards_come_and_go(pop: PopWindow) -> None:
    pop.show_card(card(1))
    pop.move(300, 200)
    pop.show_card(card(2))
    assert (pop.x(), pop.y()) == (300, 200)


def test_at_the_bottom_of_the_screen_it_keeps_its_lower_edge(pop: PopWindow) -> None:
    pop.show_card(card(1))
    room, tall = pop.screen().availableGeometry(), pop.height()
    pop.move(room.right() - pop.width(), room.bottom() - tall - 16)
    bottom = pop.geometry().bottom()
    pop.show_card(card(1, state=PopState.ENDED))
    assert pop.height() < tall
    assert pop.geometry().bottom() == bottom


def test_it_is_as_high_as_its_cards_at_once(pop: PopWindow, qapp: QApplication) -> None:
    pop.show_card(card(2, match=NOBODY, story=None))
    qapp.processEvents()
    alone = pop.height()
    pop.show_card(card(3, state=PopState.ANSWERED_HERE))
    qapp.processEvents()
    assert pop.height() > alone
    pop.put_away(card(3, state=PopState.ANSWERED_HERE))
    assert pop.height() == alone


def test_buttons_carry_the_card(pop: PopWindow, qtbot: QtBot) -> None:
    pop.show_card(card())
    for signal, text in ((pop.open_wanted, "Open"), (pop.note_wanted, "Note")):
        with qtbot.waitSignal(signal) as heard:
            pressed(pop, text)
        assert heard.args == [card()]
    pressed(pop, "Later")
    assert not pop.isVisible()
    pop.bring_back()
    assert pop.isVisible()


def test_one_of_several_is_chosen(pop: PopWindow, qtbot: QtBot) -> None:
    match = several(3)
    pop.show_card(card(match=match, story=None))
    with qtbot.waitSignal(pop.chosen) as heard:
        qtbot.mouseClick(pop._full.people.people[1], Qt.MouseButton.LeftButton)
    assert heard.args[1] == match.candidates[1].owner.customer_id


def test_match_chip_says_why(pop: PopWindow) -> None:
    pop.show_card(card())
    pop.explain()
    assert "The number is stored for Anna Hansen." in texts(pop)
    pop.show_card(card(2))
    pop.put_away(card(1))
    assert "The number is stored for Anna Hansen." not in texts(pop)


def test_dragging_is_remembered(pop: PopWindow, qtbot: QtBot) -> None:
    pop.show_card(card())
    pop.move(100, 100)
    with qtbot.waitSignal(pop.dragged) as heard:
        qtbot.mousePress(pop, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        pop.move(240, 180)
        qtbot.mouseRelease(pop, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert heard.args == [240, 180]
    pop.put_away(card())
    pop.show_card(card(2))
    assert (pop.x(), pop.y()) == (240, 180)


@pytest.mark.parametrize("kind", NAMES)
def test_hostile_name_changes_no_size_and_opens_nothing(pop: PopWindow, kind: str) -> None:
    """Threat rows 1 and 3: a name as customer, company, colleague and claim of a stranger."""
    _opened.clear()
    pop.show_card(card(match=NOBODY, story=None, caller_name="Lotto", title="Lotto"))
    plain = pop.size()
    pop.put_away(card())
    name = NAMES[kind].encode("utf-8", "replace").decode()
    pop.show_card(card(2, match=NOBODY, story=None, caller_name=name, title=name))
    assert pop.width() == plain.width()
    assert pop.height() <= plain.height() + 40
    formats = {w.textFormat() for w in pop.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}
    assert not [place for place in _opened if "passwd" in place]


def test_names_are_read_out_whole(pop: PopWindow) -> None:
    long = "Anna " * 40
    pop.show_card(card(title=long))
    assert any(text.startswith("Anna Anna") for text in texts(pop))
    assert ANNA.name not in texts(pop)


def test_memory_of_none_stays(pop: PopWindow) -> None:
    """PySide6 6.12 on Python 3.11 lost a reference to None with every void call."""
    before = sys.getrefcount(None)
    for call in range(300):
        pop.show_card(card(call % 3))
        pop.refresh()
    assert sys.getrefcount(None) > before - 100
