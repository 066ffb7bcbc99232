"""Where the pop goes. Pure; all in device-independent pixels of one desktop.

Rectangles are (left, top, width, height).
"""

from __future__ import annotations

from dataclasses import dataclass

GAP = 16
"""Distance to the edges of the screen."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the desktop."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row below it."""
        return self.top + self.height

    def contains(self, x: int, y: int) -> bool:
        """Whether a point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def overlaps(self, other: Rect) -> bool:
        """Whether two rectangles share a pixel."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def at(self, left: int, top: int) -> Rect:
        """The same size elsewhere."""
        return Rect(left, top, self.width, self.height)


def place(
    screen: Rect,
    size: tuple[int, int],
    *,
    remembered: tuple[int, int] | None = None,
    typing_in: Rect | None = None,
    mouse: tuple[int, int] | None = None,
) -> Rect:
    """Where a pop of a size goes on a screen.

    It stands where it was dragged to, else in the first corner, clockwise from the top
    right, that neither covers the field being typed into nor lies under the mouse (it would
    be clicked by accident). Where no corner is free the field counts more than the mouse.

    Args:
        screen: Room for windows on the screen (without task bars).
        size: Width and height of the pop.
        remembered: Left and top relative to the screen, from dragging.
        typing_in: The field that has the keyboard, on the desktop.
        mouse: Where the pointer is.
    """
    width, height = min(size[0], screen.width), min(size[1], screen.height)
    box = Rect(0, 0, width, height)
    if remembered is not None:
        return _inside(box.at(screen.left + remembered[0], screen.top + remembered[1]), screen)
    corners = [_inside(box.at(*corner), screen) for corner in _corners(screen, width, height)]
    free = [c for c in corners if typing_in is None or not c.overlaps(typing_in)]
    calm = [c for c in free if mouse is None or not c.contains(*mouse)]
    return next(iter(calm + free + corners))


def stay(screen: Rect, stood: Rect, size: tuple[int, int]) -> Rect:
    """Where a pop that is on the screen goes when its size changes.

    It must not move under the mouse, and not float off its corner: in the lower half of the
    screen its bottom edge stays, else its top edge.

    Args:
        screen: Room for windows on the screen.
        stood: Where it stands now, with its size until now.
        size: The new width and height.
    """
    box = Rect(stood.left, stood.top, min(size[0], screen.width), min(size[1], screen.height))
    if stood.top + stood.bottom > screen.top + screen.bottom:
        box = box.at(stood.left, stood.bottom - box.height)
    return _inside(box, screen)


def _corners(screen: Rect, width: int, height: int) -> tuple[tuple[int, int], ...]:
    right, bottom = screen.right - width - GAP, screen.bottom - height - GAP
    left, top = screen.left + GAP, screen.top + GAP
    return (right, top), (right, bottom), (left, bottom), (left, top)


def _inside(box: Rect, screen: Rect) -> Rect:
    left = max(screen.left, min(box.left, screen.right - box.width))
    top = max(screen.top, min(box.top, screen.bottom - box.height))
    return box.at(left, top)
