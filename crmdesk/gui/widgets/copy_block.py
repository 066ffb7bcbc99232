"""Text to be pasted elsewhere, with a button that copies it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase, QFontMetrics, QGuiApplication, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from crmdesk.gui.theme.tokens import FontSize, Size, Space
from crmdesk.gui.widgets.buttons import button, icon_button
from crmdesk.gui.widgets.fields import text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import ElidedLabel, label

_FRAME = 2 * Space.M + Size.SCROLL_BAR


class CopyBlock(QWidget):
    """Lines in the system's fixed font.

    Args:
        name: Accessible name.
        copied: What goes to the clipboard; what is shown where None. Lets a password be
            copied without being seen.
    """

    def __init__(self, text: str, *, name: str, copied: Callable[[], str] | None = None) -> None:
        super().__init__()
        self._copied = copied
        self._shown: QPlainTextEdit = text_edit(name=name)
        self._shown.setReadOnly(True)
        self._shown.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(FontSize.SMALL)
        self._shown.setFont(font)
        self.copy = button("Copy", icon="copy", tip="Copy these lines")
        self.copy.clicked.connect(self.copy_text)
        self._done = label("", "small", "good")
        buttons = row(self.copy, self._done, 1)
        # The stylesheet gives fields a least height of its own; a plain widget keeps ours.
        self._holder = QWidget()
        self._holder.setLayout(column(self._shown))
        self.setLayout(column(self._holder, buttons, spacing=Space.S))
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Shows other lines."""
        text = text.rstrip("\n")
        if text == self._shown.toPlainText():
            return
        self._shown.setPlainText(text)
        self._done.setText("")
        self._shown.ensurePolished()
        lines = text.count("\n") + 1
        height = lines * QFontMetrics(self._shown.font()).lineSpacing() + _FRAME
        self._holder.setFixedHeight(height)

    def text(self) -> str:
        """What is shown."""
        return self._shown.toPlainText()

    @Slot()
    def copy_text(self) -> None:
        """Puts the lines on the clipboard and says so."""
        QGuiApplication.clipboard().setText(self._copied() if self._copied else f"{self.text()}\n")
        self._done.setText("Copied.")
        self._done.setAlignment(Qt.AlignmentFlag.AlignVCenter)


class CopyLine(QWidget):
    """One line of a terminal in the system's fixed font, cut where there is no room, and Copy.

    Args:
        text: The line.
        name: What it is, for screen readers.
    """

    def __init__(self, text: str, *, name: str) -> None:
        super().__init__()
        self._text = text
        shown = ElidedLabel(text, "small", "muted")
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = icon_button("copy", f"Copy: {name}")
        self.copy.clicked.connect(self.copy_text)
        self.done = label("", "small", "good")
        self.setLayout(row(shown, self.copy, self.done, 1, spacing=Space.XS))

    def text(self) -> str:
        """The whole line."""
        return self._text

    @Slot()
    def copy_text(self) -> None:
        """Puts the line on the clipboard and says so."""
        QGuiApplication.clipboard().setText(self._text)
        self.done.setText("Copied.")
