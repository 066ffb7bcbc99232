"""Section "Me": name and extension, saved as one types."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Slot

from crmdesk.gui.settings.agent_values import NAME_MAX, extension_error
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.section import Section
from crmdesk.gui.theme.tokens import Size
from crmdesk.gui.widgets.fields import Field, line_edit
from crmdesk.settings.model import Settings


class MeSection(Section):
    """Who sits here."""

    title = "Me"
    icon = "user"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(book)
        self.name = line_edit("e.g. Alice Adler", name="Your name")
        self.name.setMaxLength(NAME_MAX)
        self.extension = line_edit("e.g. 1001", name="Your extension")
        self._extension = Field(
            "Your extension",
            self.extension,
            "The phone whose calls show a card. Empty: every ringing phone does. A change "
            "connects the phone lines anew.",
        )
        name = Field("Your name", self.name, "It stands beside your notes.")
        for field in (name, self._extension):
            field.setMaximumWidth(Size.DIALOG)
            self.body.addWidget(field)
        self.refresh()
        self.name.textEdited.connect(self._name_typed)
        self.extension.textEdited.connect(self._extension_typed)
        for edit in (self.name, self.extension):
            edit.editingFinished.connect(self.flush)

    def refresh(self) -> None:
        """Shows the settings where nothing is being typed."""
        if not self.is_waiting():
            agent = self.book.settings.agent
            for edit, text in ((self.name, agent.name), (self.extension, agent.extension)):
                if edit.text().strip() != text:
                    edit.setText(text)

    def has_wrong_value(self) -> bool:
        """Whether the extension cannot be one."""
        return bool(extension_error(self.extension.text()))

    @Slot(str)
    def _name_typed(self, text: str) -> None:
        self.change_soon("name", lambda settings: _with_agent(settings, name=text.strip()))

    @Slot(str)
    def _extension_typed(self, text: str) -> None:
        wrong = extension_error(text)
        self._extension.set_error(wrong)
        if wrong:
            self.forget("extension")
            return
        extension = text.strip()
        self.change_soon("extension", lambda settings: _with_agent(settings, extension=extension))


def _with_agent(settings: Settings, **values: str) -> Settings:
    agent = msgspec.structs.replace(settings.agent, **values)
    return msgspec.structs.replace(settings, agent=agent)
