"""One step of the wizard."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.text import label
from crmdesk.gui.wizard.answers import Answers


class Step(QWidget):
    """Base of the steps: a heading, a sentence, and what is asked below.

    Args:
        word: Name in the list at the left.

    Signals:
        done: The step is over; the next may come.
        focus_next: There is nothing more to do here; Enter shall go on.
        ways_changed: Whether and how one can go on is different now.
    """

    done = Signal()
    focus_next = Signal()
    ways_changed = Signal()

    def __init__(self, answers: Answers, word: str, heading: str, hint: str) -> None:
        super().__init__()
        self.answers = answers
        self.word = word
        self.setProperty("kind", "page")
        self.body: QVBoxLayout = column(spacing=Space.L)
        self._hint = label(hint, "body", "muted", wrap=True)
        head = column(label(heading, "title", wrap=True), self._hint, spacing=Space.S)
        self.setLayout(column(head, self.body, 1, spacing=Space.XL))

    def set_hint(self, text: str) -> None:
        """Changes the sentence below the heading."""
        self._hint.setText(text)

    def applies(self) -> bool:
        """Whether this step is needed after what was answered so far."""
        return True

    def enter(self) -> None:
        """The step is shown: fill it and put the focus where work starts."""

    def leave(self) -> None:
        """The step is left, forwards or backwards: stop what goes on."""

    def go_on(self) -> None:
        """Somebody wants to go on: check, do what takes long, and emit `done`."""
        self.done.emit()

    def next_text(self) -> str:
        """What the main button says."""
        return "Next"

    def may_go_on(self) -> bool:
        """Whether the main button works."""
        return True

    def may_leave(self) -> bool:
        """Whether the whole wizard may be left now."""
        return True

    def may_go_back(self) -> bool:
        """Whether there is a way back."""
        return True
