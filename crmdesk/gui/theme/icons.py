"""Our icons: drawn for this program, one stroke, tinted in the text's colour.

The files are `resources/icons/<name>.svg` on a grid of 20; `currentColor` is replaced when
they are rendered. A file that is missing is a mistake in the program and raises.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from crmdesk.gui.theme.tokens import Size
from crmdesk.settings.paths import resources

_SCALES = (1.0, 1.5, 2.0, 3.0)


def icon_folder() -> Path:
    """Where the drawings are."""
    return resources() / "icons"


@cache
def _drawing(name: str) -> str:
    return (icon_folder() / f"{name}.svg").read_text(encoding="utf-8")


def icon_names() -> tuple[str, ...]:
    """All drawings there are."""
    return tuple(sorted(path.stem for path in icon_folder().glob("*.svg")))


def tinted_svg(name: str, color: str, on_color: str = "") -> bytes:
    """The drawing with its colours filled in.

    Args:
        name: Name of the drawing.
        color: #RRGGBB of the stroke.
        on_color: #RRGGBB of what lies on a filled shape (the logo).
    """
    text = _drawing(name).replace("currentColor", color)
    return text.replace("#on", on_color or color).encode()


@lru_cache(maxsize=1024)
def pixmap(name: str, color: str, size: int, scale: float = 1.0, on_color: str = "") -> QPixmap:
    """A drawing as a picture of `size` device-independent pixels at a device pixel ratio."""
    side = round(size * scale)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(QByteArray(tinted_svg(name, color, on_color)))
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture = QPixmap.fromImage(image)
    picture.setDevicePixelRatio(scale)
    return picture


@lru_cache(maxsize=512)
def tinted_icon(
    name: str, color: str, disabled: str, on_color: str, size: int = Size.ICON
) -> QIcon:
    """A drawing as an icon for buttons, menus and models, crisp at every scaling."""
    icon = QIcon()
    for scale in _SCALES:
        drawn = pixmap(name, color, size, scale, on_color)
        icon.addPixmap(drawn, QIcon.Mode.Normal)
        icon.addPixmap(drawn, QIcon.Mode.Selected)
        icon.addPixmap(pixmap(name, disabled, size, scale, on_color), QIcon.Mode.Disabled)
    return icon
