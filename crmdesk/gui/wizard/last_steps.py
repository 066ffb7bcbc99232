"""The last two steps: the recovery key, and what was set up."""

from __future__ import annotations

from PySide6.QtCore import Qt

from crmdesk.domain.errors import UserFacingError
from crmdesk.gui.background import in_background
from crmdesk.gui.settings.line_form import POP_CHOICES
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.unlock.recovery_key import MEANING, WHAT, RecoveryKeyPanel
from crmdesk.gui.widgets.layouts import column
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.scrolling import clear
from crmdesk.gui.widgets.text import isolate, label
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.new_store import save_answers
from crmdesk.gui.wizard.step import Step
from crmdesk.settings.model import Settings


class RecoveryKeyStep(Step):
    """Shows the key once; the tick opens the way on."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers, "Recovery key", WHAT, MEANING)
        self.panel = RecoveryKeyPanel()
        self.panel.setMaximumWidth(Size.DIALOG)
        self.panel.confirmed.connect(self.ways_changed)
        self._is_shown = False
        self.body.addWidget(self.panel)

    def applies(self) -> bool:
        """Only for a store that is new."""
        return self.answers.makes_store

    def enter(self) -> None:
        """Shows the key."""
        opened = self.answers.opened
        if opened is not None and opened.recovery_key and not self._is_shown:
            self._is_shown = True
            self.panel.show_key(opened.recovery_key, str(self.answers.place))
        self.panel.copy.setFocus(Qt.FocusReason.TabFocusReason)

    def may_go_on(self) -> bool:
        """Only with the tick."""
        return self.panel.tick.isChecked()

    def may_go_back(self) -> bool:
        """The store is made; there is nothing to change behind this."""
        return False

    def go_on(self) -> None:
        """Takes the key off the screen for good."""
        self.panel.forget()
        self.done.emit()


class DoneStep(Step):
    """Says what was set up; going on saves it."""

    def __init__(self, answers: Answers, before: Settings) -> None:
        super().__init__(
            answers,
            "Ready",
            "Ready",
            "Everything can be changed in the settings (Ctrl+,).",
        )
        self.before = before
        self._is_busy = False
        self.trouble = Banner("bad", closable=False)
        self.trouble.hide()
        self._facts = column(spacing=Space.M)
        self.body.addWidget(self.trouble)
        self.body.addLayout(self._facts)

    def enter(self) -> None:
        """Lists what was set up."""
        clear(self._facts)
        for title, text in summary(self.answers):
            block = column(label(title, "small-strong", "muted"), spacing=Space.HAIR)
            block.addWidget(label(text, wrap=True, selectable=True))
            self._facts.addLayout(block)
        self.focus_next.emit()

    def may_leave(self) -> bool:
        """Not in the middle of saving."""
        return not self._is_busy

    def may_go_back(self) -> bool:
        """Back to the test where no store was made on the way."""
        return not self._is_busy and not self.answers.makes_store

    def may_go_on(self) -> bool:
        """Not twice."""
        return not self._is_busy

    def next_text(self) -> str:
        """The last button says what it does."""
        return "One moment…" if self._is_busy else "Open CRMDesk"

    def go_on(self) -> None:
        """Saves password and settings."""
        opened = self.answers.opened
        if opened is None:
            raise RuntimeError("the store is opened before the last step")
        settings, secret = self.answers.settings(self.before), self.answers.entry.secret
        self._set_busy(True)
        page = "imports" if self.answers.contents == "file" else ""
        future = in_background(lambda: save_answers(opened, settings, secret, page))
        await_future(future, self, lambda _: self.done.emit(), self._failed)

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.ways_changed.emit()


def summary(answers: Answers) -> list[tuple[str, str]]:
    """What was set up, title and text."""
    line = answers.line()
    who = isolate(answers.name.strip()) or "Not named"
    phone = f"extension {answers.extension}" if answers.extension else "all extensions"
    when = next(text for text, value in POP_CHOICES if value == line.pop_when)
    facts = [("You", f"{who}, {phone}"), ("Phone system", _line_words(answers))]
    facts.append(("Card", when))
    facts.append(("Customers", _store_words(answers)))
    return facts


def _line_words(answers: Answers) -> str:
    line = answers.line()
    if line.system != "asterisk":
        return line.name
    safety = "encrypted" if line.tls else "not encrypted"
    return f"{line.host}, port {line.port}, {safety}, user {line.username}"


def _store_words(answers: Answers) -> str:
    opened = answers.opened
    if opened is None or opened.recovery_key is None:
        return str(answers.place)
    guard = answers.keyring or "your passphrase"
    people = {"demo": "with invented people", "file": "with your customers, which come next"}
    return f"{answers.place}, {people.get(answers.contents, 'empty')}, protected by {guard}"
