"""Fourth step: does it work, and the first call that rings on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot

from crmdesk.domain.requests import DeskRequest, RequestVerb
from crmdesk.gui.bridge import connect_queued
from crmdesk.gui.door import Door
from crmdesk.gui.settings.line_test import LineTest
from crmdesk.gui.settings.ring_words import request_words
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.step import Step
from crmdesk.telephony.registry import Extras
from crmdesk.telephony.simulator.scenarios import Cast

if TYPE_CHECKING:
    from crmdesk.desk.runtime import Runtime

_SIMULATED_PACE = 3.0


class TrialStep(Step):
    """Findings of the test and the first live event."""

    def __init__(self, answers: Answers, runtime: Runtime, door: Door) -> None:
        super().__init__(
            answers,
            "Test",
            "Does it work?",
            "CRMDesk connects, logs in and looks what it may see. Then it waits for a call.",
        )
        self._runtime = runtime
        self._works = False
        self.test = LineTest(runtime)
        self.test.passed.connect(self._passed)
        self.body.addWidget(self.test)
        connect_queued(door.requested, self._requested)

    def enter(self) -> None:
        """Starts the test at once; a softphone only has to ring."""
        self._works = False
        entry = self.answers.entry
        if entry.system == "softphone":
            self._wait_for_softphone()
            return
        agent = self.answers.extension or "1001"
        self.test.set_extras(Extras(cast=Cast(agent=agent), speed=_SIMULATED_PACE))
        self.test.run(self.answers.line(), lambda: entry.secret, self.answers.extension)
        self.ways_changed.emit()

    def leave(self) -> None:
        """Stops listening."""
        self.test.stop()

    def next_text(self) -> str:
        """Nobody has to get a phone system to work before looking around."""
        return "Next" if self._works else "Go on without"

    def _wait_for_softphone(self) -> None:
        self.test.wait_for_softphone()
        self._passed(True)

    @Slot(bool)
    def _passed(self, works: bool) -> None:
        self._works = works
        self.ways_changed.emit()
        if not works:
            self.test.button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_next.emit()

    @Slot(object)
    def _requested(self, request: DeskRequest) -> None:
        if request.verb is RequestVerb.POP and self.isVisible():
            self.test.ring.show_heard(request_words(request, self.answers.line()))
