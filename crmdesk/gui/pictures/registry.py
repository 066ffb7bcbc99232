"""Where pages, dialogs and cards say how to take a picture of them.

A picture is a function without arguments that makes a widget with demo data:

    @picture("customer-page")
    def customer_page() -> QWidget: ...

Modules named `crmdesk/gui/pictures/scenes_*.py` are found by themselves.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

Maker = Callable[[], QWidget]


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture to take.

    Attributes:
        size: Width and height in device-independent pixels, None for the size hint.
        pause_ms: How long to wait before the picture is taken, 0 for not at all.
    """

    name: str
    make: Maker
    size: tuple[int, int] | None = None
    pause_ms: int = 0


_scenes: dict[str, Scene] = {}


def picture(
    name: str, size: tuple[int, int] | None = None, pause_ms: int = 0
) -> Callable[[Maker], Maker]:
    """Registers a picture under a name such as "pop-ringing"."""

    def register(make: Maker) -> Maker:
        known = _scenes.get(name)
        if known is not None and known.make.__qualname__ != make.__qualname__:
            raise ValueError(f"two pictures are called {name}")
        _scenes[name] = Scene(name, make, size, pause_ms)
        return make

    return register


def scenes() -> tuple[Scene, ...]:
    """All pictures, by name."""
    package = importlib.import_module("crmdesk.gui.pictures")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("scenes_"):
            importlib.import_module(f"{package.__name__}.{module.name}")
    return tuple(_scenes[name] for name in sorted(_scenes))
