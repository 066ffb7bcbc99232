"""Buttons, menu entries and icons that follow the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from crmdesk.gui.theme.theme import ICON_NAME, ICON_SIZE, ICON_TONE, theme
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.text import label, set_tooltip, unmarked

_CHORD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.MetaModifier
)


def set_icon(widget: QWidget, name: str, tone: str = "text", size: int = Size.ICON) -> None:
    """Gives a button or an icon label an icon that changes colour with the theme."""
    if (name, tone) == (widget.property(ICON_NAME), widget.property(ICON_TONE)):
        return
    widget.setProperty(ICON_NAME, name)
    widget.setProperty(ICON_TONE, tone)
    widget.setProperty(ICON_SIZE, size)
    theme().retint(widget)


def icon_label(name: str, tone: str = "muted", size: int = Size.ICON, meaning: str = "") -> QLabel:
    """An icon that stands alone.

    Args:
        name: Name of the icon.
        tone: Its colour, see `theme.tokens.TONES`.
        size: Side in pixels.
        meaning: What it says, for screen readers and the tooltip; "" where a word beside it
            says the same.
    """
    made = label()
    made.setFixedSize(size, size)
    made.setAccessibleName(meaning)
    set_tooltip(made, meaning)
    set_icon(made, name, tone, size)
    return made


class PushButton(QPushButton):
    """A button that Enter presses like the space bar.

    Qt's own does so only as a default of its dialog: elsewhere Enter did nothing, and beside a
    default it pressed that one instead.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter presses the button that has the keyboard."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not is_enter:
            super().keyPressEvent(event)
        elif event.modifiers() & _CHORD:
            event.ignore()  # Ctrl+Enter is of the page
        elif not event.isAutoRepeat():
            self.click()


def button(
    text: str, kind: str = "plain", *, icon: str = "", key: str = "", tip: str = ""
) -> QPushButton:
    """A push button.

    Args:
        text: What it does, sentence case; "&" is shown as it is.
        kind: "plain", "primary", "quiet", "danger" or "link".
        icon: Name of an icon, "" for none.
        key: Shortcut, portable form such as "Ctrl+S"; shown in the tooltip.
        tip: What the tooltip says, the text where "".
    """
    made = PushButton(unmarked(text))
    made.setProperty("kind", kind)
    made.setAccessibleName(text)
    made.setAutoDefault(kind == "primary")
    if kind in {"link", "quiet"}:
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        set_icon(made, icon, "accent" if kind == "link" else "muted")
    _set_key(made, key)
    set_tooltip(made, tip or (text if key else ""), shown_key(key))
    return made


def icon_button(icon: str, meaning: str, *, key: str = "", checkable: bool = False) -> QToolButton:
    """A square button with an icon only; `meaning` is its tooltip and accessible name."""
    made = QToolButton()
    made.setIconSize(QSize(Size.ICON_LARGE, Size.ICON_LARGE))
    made.setCheckable(checkable)
    made.setAccessibleName(meaning)
    made.setAutoRaise(True)
    set_icon(made, icon, "muted", Size.ICON_LARGE)
    if key:
        made.setShortcut(QKeySequence(key))
    set_tooltip(made, meaning, shown_key(key))
    return made


def action(parent: QWidget, text: str, *, icon: str = "", key: str = "") -> QAction:
    """A menu entry owned by `parent`; its icon is as the theme was when it was made."""
    made = QAction(unmarked(text), parent)
    if icon:
        made.setIcon(theme().icon(icon, "muted"))
    if key:
        made.setShortcut(QKeySequence(key))
    return made


def shown_key(key: str) -> str:
    """A shortcut as this system writes it, e.g. "Ctrl+S" or "⌘S"."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) if key else ""


def _set_key(made: QPushButton, key: str) -> None:
    if key:
        made.setShortcut(QKeySequence(key))
