"""What the program tells: empty states, banners and questions.

An error always has three parts: what happened, what it means, what to do.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button, icon_button, icon_label, set_icon
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import label, set_property, set_window_title

_BANNER_ICONS = {
    "neutral": "info",
    "accent": "info",
    "good": "check-circle",
    "warn": "warning",
    "bad": "error",
}


class EmptyState(QWidget):
    """Nothing here yet, and the next step."""

    action_clicked = Signal()

    def __init__(self, icon: str, title: str, hint: str = "", action: str = "") -> None:
        super().__init__()
        self._title = label(title, "lead-strong", wrap=True)
        self._title.setMaximumWidth(Size.TOAST)
        self._title.setMinimumWidth(Size.FIELD)
        self._hint = label(hint, "body", "muted", wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMaximumWidth(Size.TOAST)
        self._hint.setMinimumWidth(Size.FIELD)
        self._button = button(action, "primary")
        set_shown(self._button, bool(action))
        self._button.clicked.connect(self.action_clicked)
        self._picture = icon_label(icon, "faint", Size.ICON_HERO)
        items = column(spacing=Space.S)
        items.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        # Stretches, not alignment: an aligned label gets the height of its widest form.
        for text in (self._title, self._hint):
            items.addLayout(row(1, text, 1))
        items.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(column(1, items, 1, margin=Space.XL))

    def focus_action(self) -> None:
        """Gives the keyboard to the next step's button."""
        self._button.setFocus()

    def set_texts(self, title: str, hint: str = "") -> None:
        """Changes what it says, e.g. "No customer matches “hansen”."."""
        self._title.setText(title)
        self._hint.setText(hint)


class Banner(QFrame):
    """A message inside a page: what happened, what it means, what to do."""

    action_clicked = Signal()
    closed = Signal()

    def __init__(self, tone: str = "neutral", *, closable: bool = True) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("banner", tone)
        self._icon = icon_label(_BANNER_ICONS[tone], _icon_tone(tone))
        self._what = label("", "strong", wrap=True)
        self._meaning = label("", "body", "text", wrap=True)
        self._remedy = label("", "body", "text", wrap=True, selectable=True)
        self._action = button("", "plain")
        self._action.clicked.connect(self.action_clicked)
        self._close = icon_button("close", "Close this message")
        set_shown(self._close, closable)
        self._close.clicked.connect(self._dismiss)
        texts = column(self._what, self._meaning, self._remedy, spacing=Space.HAIR)
        items = row(spacing=Space.S, margin=Space.M)
        items.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        items.addLayout(texts, 1)
        items.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)
        items.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(items)
        self._action.hide()

    def tell(self, what: str, meaning: str = "", remedy: str = "", action: str = "") -> None:
        """Shows a message; the button has the text of `action`, none where ""."""
        for widget, text in ((self._what, what), (self._meaning, meaning), (self._remedy, remedy)):
            widget.setText(text)
            widget.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(" ".join(part for part in (what, meaning, remedy) if part))

    def tell_error(self, error: UserFacingError, action: str = "") -> None:
        """Shows an error with its three parts."""
        self.set_tone("bad")
        self.tell(error.what, error.meaning, error.remedy, action)

    def set_tone(self, tone: str) -> None:
        """Changes ground and icon."""
        set_property(self, "banner", tone)
        set_icon(self._icon, _BANNER_ICONS[tone], _icon_tone(tone))

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()


def _icon_tone(tone: str) -> str:
    return "muted" if tone == "neutral" else tone


class Question(FittedDialog):
    """A question with one main answer; `open()` it and connect `accepted` and `rejected`.

    Args:
        title: The window's title.
        what: The question or what happened.
        meaning: What it means.
        remedy: What to do.
        answer: Text of the main button, a verb.
        cancel: Text of the other button, "" for none (a plain message).
        danger: The main answer destroys something.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        what: str,
        meaning: str = "",
        remedy: str = "",
        *,
        answer: str = "OK",
        cancel: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, title)
        texts = [label(what, "lead-strong", wrap=True)]
        texts += [label(t, "body", "muted", wrap=True) for t in (meaning, remedy) if t]
        kind = "danger" if danger else "primary"
        self._answer = button(answer, kind)
        self._answer.setDefault(not danger)
        self._answer.clicked.connect(self.accept)
        buttons: list[QPushButton | int] = [1]
        if cancel:
            other = button(cancel)
            other.clicked.connect(self.reject)
            buttons.append(other)
        buttons.append(self._answer)
        body = column(*texts, spacing=Space.S)
        self.setLayout(column(body, row(*buttons), spacing=Space.XL, margin=Space.XL))


_open: set[Question] = set()
"""A dialog without a parent lives as long as somebody in Python holds it."""


def show_error(parent: QWidget | None, title: str, error: UserFacingError) -> Question:
    """Opens a message about an error, without blocking; it stays until it is closed."""
    dialog = Question(parent, title, error.what, error.meaning, error.remedy)
    _open.add(dialog)
    dialog.destroyed.connect(lambda: _open.discard(dialog))
    dialog.open()
    return dialog
