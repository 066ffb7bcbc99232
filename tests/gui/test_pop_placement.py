"""Where the pop goes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmdesk.gui.pop.placement import GAP, Rect, place, stay

SCREEN = Rect(0, 0, 1920, 1080)
SIZE = (380, 300)
TOP_RIGHT = Rect(1920 - 380 - GAP, GAP, *SIZE)
BOTTOM_RIGHT = TOP_RIGHT.at(TOP_RIGHT.left, 1080 - 300 - GAP)


def test_top_right_first() -> None:
    assert place(SCREEN, SIZE) == TOP_RIGHT


def test_mouse_moves_it_to_the_next_corner() -> None:
    assert place(SCREEN, SIZE, mouse=(1800, 100)) == BOTTOM_RIGHT


def test_field_being_typed_into_is_not_covered() -> None:
    field = Rect(1500, 200, 300, 30)
    assert place(SCREEN, SIZE, typing_in=field) == BOTTOM_RIGHT


def test_field_counts_more_than_the_mouse() -> None:
    field = Rect(0, 0, 1920, 700)
    right = place(SCREEN, SIZE, typing_in=field, mouse=(1800, 900))
    assert right == Rect(GAP, 1080 - 300 - GAP, *SIZE)
    nowhere_calm = Rect(0, 0, 1919, 700)
    assert not place(SCREEN, SIZE, typing_in=nowhere_calm).overlaps(nowhere_calm)


def test_remembered_place_wins_and_stays_on_the_screen() -> None:
    assert place(SCREEN, SIZE, remembered=(10, 20)) == Rect(10, 20, *SIZE)
    assert place(SCREEN, SIZE, remembered=(9000, -50)) == Rect(1920 - 380, 0, *SIZE)


def test_second_screen_has_its_own_origin() -> None:
    left = Rect(-1280, 100, 1280, 1024)
    assert place(left, SIZE, remembered=(5, 5)) == Rect(-1275, 105, *SIZE)
    assert place(left, SIZE) == Rect(-380 - GAP, 100 + GAP, *SIZE)


def test_it_grows_and_shrinks_away_from_the_nearer_edge() -> None:
    strip = (380, 60)
    low = BOTTOM_RIGHT.at(BOTTOM_RIGHT.left, 1080 - 300 - GAP)
    assert stay(SCREEN, low, strip).bottom == low.bottom
    assert stay(SCREEN, stay(SCREEN, low, strip), SIZE) == low
    assert stay(SCREEN, TOP_RIGHT, strip).top == TOP_RIGHT.top
    assert stay(SCREEN, Rect(0, 900, 380, 100), (380, 2000)) == Rect(0, 0, 380, 1080)


NUMBERS = st.integers(-4000, 4000)
SIZES = st.integers(1, 3000)
RECTS = st.builds(Rect, NUMBERS, NUMBERS, SIZES, SIZES)


@given(
    RECTS,
    st.tuples(SIZES, SIZES),
    st.none() | st.tuples(NUMBERS, NUMBERS),
    st.none() | RECTS,
    st.none() | st.tuples(NUMBERS, NUMBERS),
)
def test_it_is_always_whole_on_the_screen(
    screen: Rect,
    size: tuple[int, int],
    remembered: tuple[int, int] | None,
    typing_in: Rect | None,
    mouse: tuple[int, int] | None,
) -> None:
    found = place(screen, size, remembered=remembered, typing_in=typing_in, mouse=mouse)
    assert screen.left <= found.left
    assert found.right <= screen.right
    assert screen.top <= found.top
    assert found.bottom <= screen.bottom
    assert (found.width, found.height) == (
        min(size[0], screen.width),
        min(size[1], screen.height),
    )
