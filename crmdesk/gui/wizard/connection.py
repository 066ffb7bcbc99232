"""Third step: how to reach it."""

from __future__ import annotations

from dataclasses import replace

from crmdesk.gui.settings.line_form import LineForm
from crmdesk.gui.settings.regions import guessed_region
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.step import Step

_HINTS = {
    "asterisk": "The manager interface (AMI) of the phone system tells CRMDesk what rings.",
    "softphone": "Two things: what your softphone starts, and where its numbers come from.",
    "simulator": "Simulated calls need no connection. The country says how numbers are read.",
}


class ConnectionStep(Step):
    """The form of a phone line."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers, "Connection", "How is it reached?", _HINTS["asterisk"])
        self.form = LineForm(with_name=False)
        self.body.addWidget(self.form)

    def enter(self) -> None:
        """Guesses the country from this computer's locale the first time."""
        entry = self.answers.entry
        region = entry.region or guessed_region()
        name = entry.host or "line"
        self.set_hint(_HINTS[entry.system])
        self.form.set_entry(replace(entry, name=name, region=region))
        self.form.focus_first()

    def leave(self) -> None:
        """What was typed stays, also on the way back."""
        self.answers.entry = self.form.entry()

    def go_on(self) -> None:
        """Goes on when nothing is wrong or missing."""
        if self.form.check():
            self.answers.entry = self.form.entry()
            self.done.emit()
