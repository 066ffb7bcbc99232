"""The main job on a real display: a ring, a pop with the history, and no key lost.

A fake PBX replays recordings over TLS into `crmdesk gui`, while somebody types into another
program's window with real key presses.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end2end.people import JANE, people
from tests.end2end.programs import Program, line_to, make_home
from tests.end2end.screen import Screen, missing_programs, private_screen
from tests.fakes.fake_pbx import FakePbx

pytestmark = pytest.mark.skipif(
    bool(missing_programs()), reason=f"needs {', '.join(missing_programs())}, not installed here"
)

DATA = Path(__file__).parents[1] / "data" / "asterisk"
DESK = "tests.end2end.watched_desk"
AT_THE_END = "QBackingStore::flush() called for "
"""Qt says so where the main window had something to paint in the moment it was closed."""
POP_TITLE = "CRMDesk: incoming call"


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with private_screen() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, pbx: FakePbx, screen: Screen) -> Iterator[Program]:
    """The desk of Alice (1001), connected."""
    home = make_home(
        tmp_path / "home", line_to(pbx), extension="1001", leave_after_s=1.0, fill=people
    )
    command = [sys.executable, "-W", "error", "-m", DESK, "gui"]
    with Program(command, home, PICTURES=str(tmp_path), **screen.variables) as program:
        pbx.wait_for_login()
        program.wait_for("screen")
        yield program
        assert program.stop() == 0
        assert [line for line in program.errors if not line.startswith(AT_THE_END)] == []


@pytest.fixture
def other(tmp_path: Path, desk: Program, screen: Screen) -> Iterator[Program]:
    """The window Alice works in, with the keyboard."""
    with screen.open_other_window(tmp_path / "home") as program:
        yield program


def window_of(other: Program) -> int:
    window: int = other.events("text")[0]["window"]
    return window


def text_of(other: Program) -> str:
    text: str = other.events("text")[-1]["text"]
    return text


class Typist:
    """Types without a break, and looks where the keyboard is."""

    def __init__(self, screen: Screen) -> None:
        self.typed = ""
        self.focus: set[int] = set()
        self._screen = screen
        self._enough = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._type)
        thread.start()
        try:
            yield
        finally:
            self._enough.set()
            thread.join()

    def _type(self) -> None:
        for number in itertools.count():
            word = f"order {number} "
            self._screen.type(word)
            self.typed += word
            self.focus.add(self._screen.focus())
            if self._enough.is_set():
                return


def shows(desk: Program, *words: str) -> bool:
    """Whether the pop was seen with a card that says all this."""
    return any(
        all(word in card for word in words)
        for seen in desk.events("screen")
        for card in seen["cards"]
    )


def test_pop_takes_no_key_and_says_who_answered(
    pbx: FakePbx, desk: Program, other: Program, screen: Screen, tmp_path: Path
) -> None:
    typist = Typist(screen)
    with typist.at_work():
        pbx.play(DATA / "06-queue-ringall-answered.ami", speed=1.5)
        desk.wait_until(lambda: shows(desk, "answered"))
        desk.wait_until(lambda: desk.events("screen")[-1]["pop"] is None)
    other.wait_until(lambda: text_of(other) == typist.typed)
    assert typist.focus == {window_of(other)}
    assert other.events("focus lost") == []
    assert shows(desk, "Ringing", JANE.name, "Gold", "purchasing", "030 23125710")
    assert shows(desk, JANE.name, "2041", "1 open ticket")
    assert shows(desk, "Carla Conrad answered", JANE.name)
    assert not screen.windows(POP_TITLE)
    assert (tmp_path / "pop.png").stat().st_size > 0


def test_pop_is_above_and_has_no_frame_and_no_focus(
    pbx: FakePbx, desk: Program, other: Program, screen: Screen
) -> None:
    before = screen.focus()
    with played(pbx, "01-direct-answered"):
        desk.wait_until(lambda: shows(desk, "Ringing"))
        screen.wait_until(lambda: bool(screen.windows(POP_TITLE)), "the window of the pop")
        (pop,) = screen.windows(POP_TITLE)
        facts = screen.facts(pop)
        assert screen.focus() == before == window_of(other)
        hints = screen.run("xprop", "-id", str(pop), "_NET_WM_STATE", "WM_HINTS")
    assert "IsViewable" in facts
    assert "_NET_WM_STATE_ABOVE" in hints
    assert "Client accepts input or input focus: False" in hints
    assert all(seen["inputs"] == [] for seen in desk.events("screen"))


def test_chords_open_the_customer_and_give_the_keyboard_back(
    pbx: FakePbx, desk: Program, other: Program, screen: Screen
) -> None:
    screen.type("half a sen")
    with played(pbx, "01-direct-answered"):
        desk.wait_until(lambda: shows(desk, "Ringing", JANE.name))
        screen.keys("ctrl+alt+o")
        main = desk.events("screen")[0]["main"]
        screen.wait_until(lambda: screen.focus() == main, "the main window in front")
        desk.wait_until(lambda: desk.events("screen")[-1]["customer"] == JANE.name)
        screen.keys("ctrl+alt+b")
        screen.wait_until(lambda: screen.focus() == window_of(other), "the keyboard back")
        screen.type("tence")
    other.wait_until(lambda: text_of(other) == "half a sentence")


@contextmanager
def played(pbx: FakePbx, name: str, speed: float = 1.0) -> Iterator[None]:
    """A recording at a pace, beside the block; over when the block is left."""
    thread = threading.Thread(target=pbx.play, args=(DATA / f"{name}.ami", speed))
    thread.start()
    try:
        yield
    finally:
        thread.join()
