"""Second step: what rings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from crmdesk.gui.widgets.choice_cards import Choice, ChoiceCards
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.step import Step

_CHOICES = (
    Choice(
        "asterisk",
        "Asterisk or FreePBX",
        "CRMDesk listens to the phone system itself. Every ring, queue and transfer is seen. You "
        "need a manager user on it; the next page has the lines to paste.",
        "phone",
    ),
    Choice(
        "softphone",
        "A softphone that starts a program",
        "MicroSIP, Zoiper, 3CX, Linphone and others: when it rings, the softphone tells CRMDesk "
        "the number. Nothing has to be set up on the phone system.",
        "headset",
    ),
    Choice(
        "simulator",
        "Simulated calls",
        "No phone needed: calls of invented people come in by themselves, to look around and to "
        "practise. A real phone line can be added later in the settings.",
        "play",
    ),
)


class PhoneSystemStep(Step):
    """Which phone system."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(
            answers, "Phone system", "Which phone system do you have?", "This can be changed later."
        )
        self.choices = ChoiceCards(_CHOICES, name="Phone system")
        self.body.addWidget(self.choices)

    def enter(self) -> None:
        """The focus is on what is chosen; the arrow keys change it."""
        self.choices.choose(self.answers.entry.system)
        self.choices.setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self) -> None:
        """Keeps what was typed for another system."""
        system = self.choices.value()
        self.answers.entry = replace(self.answers.entry, system=system)  # type: ignore[arg-type]
        self.done.emit()
