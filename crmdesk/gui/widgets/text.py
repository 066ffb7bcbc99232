"""Labels, tooltips and titles that show any text as it is: never as markup.

Caller names and imported texts are hostile (threat model, rows 1 and 3). Qt guesses whether
a text is rich text nearly everywhere; here it never does. A lint test keeps bare `QLabel`,
`setToolTip`, `QMessageBox` and `setWindowTitle` out of all other files.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

FSI = "\u2068"
PDI = "\u2069"


def isolate(text: str) -> str:
    """Keeps the direction of a foreign text from reordering what stands beside it.

    Plain ASCII has no direction of its own to isolate and stays as it is.
    """
    return text if not text or text.isascii() else f"{FSI}{text}{PDI}"


def joined(parts: Iterable[str], separator: str = " · ") -> str:
    """Joins the parts that are not empty, each isolated from its neighbours."""
    return separator.join(isolate(part) for part in parts if part)


def unmarked(text: str) -> str:
    """A text for buttons, menus and tabs, where "&" would mark a key."""
    return text.replace("&", "&&")


def tooltip_html(text: str) -> str:
    """A text for a tooltip (also of a model): rich text that says exactly the plain text."""
    if not text:
        return ""
    body = html.escape(text).replace("\n", "<br>")
    return f"<qt>{body}</qt>"


def set_tooltip(widget: QWidget, text: str, key: str = "") -> None:
    """Sets the tooltip of a widget, with the key that does the same, where there is one."""
    widget.setToolTip(tooltip_html(f"{text}  ({key})" if key and text else text))


def set_window_title(window: QWidget, text: str) -> None:
    """Sets a window's title; "[*]" in it is no placeholder."""
    window.setWindowTitle(text.replace("[*]", "[*][*]"))


def label(
    text: str = "",
    role: str = "body",
    tone: str = "text",
    *,
    wrap: bool = False,
    selectable: bool = False,
) -> QLabel:
    """A label for one text, shown as it is.

    Args:
        text: Any text, also one from outside.
        role: Size and weight, see `theme.tokens.ROLES`.
        tone: Colour, see `theme.tokens.TONES`.
        wrap: Break long text into lines.
        selectable: Lets the user mark and copy it with the mouse.
    """
    made = QLabel()
    _dress(made, role, tone)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setText(text)
    return made


def _dress(made: QLabel, role: str, tone: str) -> None:
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    # Absolute: a Hebrew or Arabic name stays in line with what stands above and below it.
    made.setAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    )
    made.setProperty("role", role)
    if tone != "text":
        made.setProperty("tone", tone)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Sets a property the stylesheet looks at and has the look follow, only where it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_tone(widget: QWidget, tone: str) -> None:
    """Changes the colour of a text."""
    set_property(widget, "tone", tone)


def elided(made: QLabel, text: str, width: int) -> None:
    """Sets a text cut to a known width, the whole of it in tooltip and accessible name.

    For widgets of fixed width on the pop: nothing of Python runs when it is laid out.
    """
    made.ensurePolished()
    cut = QFontMetrics(made.font()).elidedText(text, Qt.TextElideMode.ElideRight, width)
    if made.text() == cut and made.accessibleName() == text:
        return
    made.setText(cut)
    made.setAccessibleName(text)
    set_tooltip(made, text if cut != text else "")


class ElidedLabel(QLabel):
    """A label that is cut with "…" where there is no room; the tooltip has the whole text."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "text") -> None:
        super().__init__()
        _dress(self, role, tone)
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_full_text(text)

    def set_full_text(self, text: str) -> None:
        """Sets the whole text."""
        self._full = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._cut()

    def full_text(self) -> str:
        """The whole text."""
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Cuts again for the new width."""
        super().resizeEvent(event)
        self._cut()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Room for the whole text."""
        self.ensurePolished()
        wanted = QFontMetrics(self.font()).horizontalAdvance(self._full) + 1
        return QSize(wanted, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """May shrink to nothing."""
        return QSize(0, super().minimumSizeHint().height())

    def _cut(self) -> None:
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        cut = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        self.setText(cut)
        set_tooltip(self, self._full if cut != self._full else "")
