"""The few pictures that a Qt stylesheet can only take from a file, made for the theme.

They are small, belong to this process and lie in a private temporary folder that ends
with it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QImage, QPainter

from crmdesk.gui.theme.icons import tinted_svg
from crmdesk.gui.theme.tokens import Palette, Radius, Size

_SHADOW_STRENGTH = {False: 0.11, True: 0.50}
_DROP = 4


class SheetImages:
    """Writes the pictures of one theme and tells their paths."""

    def __init__(self) -> None:
        self._folder = QTemporaryDir()
        if not self._folder.isValid():
            raise OSError(f"no temporary folder: {self._folder.errorString()}")

    def write(self, palette: Palette) -> dict[str, str]:
        """Makes the pictures in the colours of a theme.

        Returns:
            Path by name, with forward slashes as stylesheets want them.
        """
        tints = {
            "check": palette.on_accent,
            "dash": palette.on_accent,
            "dot": palette.on_accent,
            "down": palette.muted,
            "up": palette.muted,
        }
        paths = {name: self._tinted(name, color, palette) for name, color in tints.items()}
        paths["shadow"] = self._shadow(palette)
        return paths

    def _path(self, name: str) -> Path:
        return Path(self._folder.filePath(name))

    def _tinted(self, name: str, color: str, palette: Palette) -> str:
        path = self._path(f"{name}-{palette.name}.svg")
        path.write_bytes(tinted_svg(name, color))
        return path.as_posix()

    def _shadow(self, palette: Palette) -> str:
        path = self._path(f"shadow-{palette.name}.png")
        if not shadow_image(palette).save(str(path)):
            raise OSError(f"cannot write {path}")
        return path.as_posix()


def shadow_image(palette: Palette) -> QImage:
    """The shadow of what floats, to be stretched by its nine parts."""
    margin, core = Size.SHADOW, 2 * Radius.CARD
    side = 2 * margin + core
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    color = QColor(palette.shadow)
    color.setAlphaF(_SHADOW_STRENGTH[palette.is_dark] / margin * 1.5)
    painter.setBrush(color)
    for step in range(margin - _DROP):
        rect = QRectF(0, 0, side, side).adjusted(step, step + _DROP, -step, -step)
        corner = Radius.CARD + (margin - step)
        painter.drawRoundedRect(rect, corner, corner)
    painter.end()
    return image
