"""The theme in force: follows the system or the setting, changes at run time.

There is one `Theme` in a program with windows; `theme()` gives it to whoever paints.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.gui.theme import icons
from crmdesk.gui.theme.images import SheetImages
from crmdesk.gui.theme.stylesheet import stylesheet
from crmdesk.gui.theme.tokens import DARK, LIGHT, FontSize, Palette, Size

ICON_NAME = "iconName"
ICON_TONE = "iconTone"
ICON_SIZE = "iconPixels"

_GENERIC_FAMILIES = {"", "sans", "sans serif", "sans-serif", "helvetica", "dejavu sans"}
_GOOD_FAMILIES = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans")

_active: list[Theme] = []


class Theme(QObject):
    """Puts palette, stylesheet and font on the application and keeps them right.

    Args:
        app: The application.
        mode: "system", "light" or "dark" (settings: look.theme).
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._images = SheetImages()
        self.palette: Palette = LIGHT
        app.setStyle("Fusion")
        app.setFont(ui_font())
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._system_changed)
        _active[:] = [self]
        self._apply()

    def set_mode(self, mode: str) -> None:
        """Changes to "system", "light" or "dark" now."""
        self._mode = mode
        self._apply()

    def color(self, token: str) -> QColor:
        """The colour of a token, e.g. "muted", for delegates that paint."""
        return QColor(self.palette.color(token))

    def icon(self, name: str, tone: str = "text", size: int = Size.ICON) -> QIcon:
        """An icon in the colour of a tone; for models and menus that are rebuilt on change.

        Buttons use `widgets.buttons.set_icon`, which also follows the theme.
        """
        p = self.palette
        return icons.tinted_icon(name, p.color(tone), p.faint, p.on_accent, size)

    def pixmap(self, name: str, tone: str, size: int, scale: float) -> QPixmap:
        """An icon as a picture of `size` pixels for a device pixel ratio."""
        p = self.palette
        return icons.pixmap(name, p.color(tone), size, scale, p.on_accent)

    def retint(self, widget: QWidget) -> None:
        """Gives a widget with the icon properties its icon in today's colours."""
        name = widget.property(ICON_NAME)
        if not name:
            return
        tone = str(widget.property(ICON_TONE) or "text")
        size = int(widget.property(ICON_SIZE) or Size.ICON)
        if hasattr(widget, "setIcon"):
            widget.setIcon(self.icon(str(name), tone, size))
        elif hasattr(widget, "setPixmap"):
            widget.setPixmap(self.pixmap(str(name), tone, size, widget.devicePixelRatioF()))

    @Slot()
    def _system_changed(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        self.palette = self._wanted()
        self._app.setPalette(qt_palette(self.palette))
        self._app.setStyleSheet(stylesheet(self.palette, self._images.write(self.palette)))
        for widget in self._app.allWidgets():
            self.retint(widget)
        self.changed.emit()

    def _wanted(self) -> Palette:
        if self._mode == "system":
            return DARK if self._hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode == "dark" else LIGHT


def theme() -> Theme:
    """The theme in force.

    Raises:
        RuntimeError: Before the application has one.
    """
    if not _active:
        raise RuntimeError("the application has no theme yet")
    return _active[0]


def ui_font() -> QFont:
    """The system's font at our base size, with figures of one width."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if font.family().lower() in _GENERIC_FAMILIES:
        installed = set(QFontDatabase.families())
        font.setFamily(next((f for f in _GOOD_FAMILIES if f in installed), font.family()))
    font.setPixelSize(FontSize.BODY)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def qt_palette(palette: Palette) -> QPalette:
    """The same colours for what Qt paints without the stylesheet."""
    role = QPalette.ColorRole
    colors = {
        role.Window: palette.background,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.background,
        role.Text: palette.text,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.BrightText: palette.on_accent,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.on_accent,
        role.Link: palette.accent,
        role.LinkVisited: palette.accent,
        role.ToolTipBase: palette.raised,
        role.ToolTipText: palette.text,
        role.PlaceholderText: palette.faint,
        role.Light: palette.surface,
        role.Midlight: palette.hover,
        role.Mid: palette.line,
        role.Dark: palette.border,
        role.Shadow: palette.shadow,
        role.Accent: palette.accent,
    }
    made = QPalette()
    for which, color in colors.items():
        made.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(palette.faint))
    return made
