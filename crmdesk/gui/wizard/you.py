"""First step: who sits here."""

from __future__ import annotations

from PySide6.QtCore import Qt

from crmdesk.gui.settings.agent_values import NAME_MAX, extension_error
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.step import Step


class YouStep(Step):
    """Name and extension."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(
            answers,
            "You",
            "Who sits here?",
            "When your phone rings, CRMDesk shows who is calling. It needs to know which phone "
            "is yours.",
        )
        self.name = line_edit("e.g. Alice Adler", name="Your name")
        self.name.setMaxLength(NAME_MAX)
        self.extension = line_edit("e.g. 1001", name="Your extension")
        self._extension = Field(
            "Your extension",
            self.extension,
            "The number colleagues dial to reach you. Empty: every ringing phone shows a card.",
        )
        name = Field("Your name", self.name, "It stands beside your notes.")
        for field in (name, self._extension):
            field.setMaximumWidth(Size.DIALOG)
            self.body.addWidget(field)
        self.extension.textChanged.connect(
            lambda text: self._extension.set_error(extension_error(text))
        )

    def enter(self) -> None:
        """Starts at the first empty field."""
        self.name.setText(self.answers.name)
        self.extension.setText(self.answers.extension)
        first = self.extension if self.name.text() else self.name
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        """Goes on unless the extension cannot be one."""
        if extension_error(self.extension.text()):
            self.extension.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.answers.name = self.name.text()
        self.answers.extension = self.extension.text().strip()
        self.done.emit()
