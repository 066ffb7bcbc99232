"""Trying a line out: the findings, and then the first call that rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from crmdesk.domain.lines import LineHealth, LineState
from crmdesk.gui.settings.findings_view import FindingsView, failed
from crmdesk.gui.settings.live_line import LiveLine, Secret
from crmdesk.gui.settings.ring_words import Heard
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button, icon_label, set_icon
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.text import label, set_property
from crmdesk.settings.model import LineSettings
from crmdesk.telephony.findings import Finding
from crmdesk.telephony.registry import Extras

if TYPE_CHECKING:
    from crmdesk.desk.runtime import Runtime


class RingPanel(QFrame):
    """Waits for a phone to ring and says what the card would be made of."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = icon_label("bell", "muted")
        self._what = label("", "strong", wrap=True)
        self._details = label("", "body", "muted", wrap=True)
        items = row(spacing=Space.M, margin=Space.M)
        items.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        items.addLayout(column(self._what, self._details, spacing=Space.HAIR), 1)
        self.setLayout(items)
        self.setProperty("banner", "good")
        self._shown: Heard | None = None
        self._say("card", "bell", "muted", "", "")

    def wait(self, extension: str, *, simulated: bool = False) -> None:
        """Asks for a call."""
        self._shown = None
        phone = f"extension {extension}" if extension else "one of your phones"
        if simulated:
            what, details = "A simulated call comes in now.", "It takes a few seconds."
        else:
            what = f"Call {phone} now, for example from your mobile."
            details = "What rings appears here at once. You can also go on and try this later."
        self._say("card", "bell", "accent", what, details)

    def wait_for_softphone(self) -> None:
        """Asks for a call to the softphone."""
        self._say(
            "card", "bell", "accent", "Have somebody call your softphone now.",
            "What it starts appears here at once. You can also go on and try this later.",
        )  # fmt: skip

    def show_heard(self, heard: Heard) -> None:
        """Shows what rang or was answered; another phone's call says so, and gives way to ours."""
        before = self._shown
        if not heard.rings:
            if heard.is_mine:
                self._details.setText(heard.text)
        elif heard.is_over and (before is None or before.call != heard.call):
            return  # what is shown is another call
        elif heard.is_mine or before is None or not before.is_mine:
            self._shown = heard
            note = heard.details if heard.is_mine else "That is not your extension."
            kind, tone = ("banner", "good") if heard.is_mine else ("card", "muted")
            self._say(kind, "phone-in", tone, heard.text, note)

    def show_trouble(self, health: LineHealth) -> None:
        """The line went down while waiting."""
        self._say("card", "warning", "warn", health.message, health.remedy)

    def text(self) -> str:
        """What is shown, for tests and screen readers."""
        return self.accessibleName()

    def _say(self, kind: str, icon: str, tone: str, what: str, details: str) -> None:
        set_property(self, "kind", kind)
        set_icon(self._icon, icon, tone)
        self._what.setText(what)
        self._details.setText(details)
        self._details.setVisible(bool(details))
        self.setAccessibleName(f"{what} {details}".strip())


class LineTest(QWidget):
    """The test of a line with its button; afterwards it listens for a call.

    Signals:
        passed: The test is over; True where the line can be used.
    """

    passed = Signal(bool)

    def __init__(self, runtime: Runtime) -> None:
        super().__init__()
        self._live = LiveLine(runtime, self)
        self._extras = Extras()
        self._question: tuple[LineSettings, Secret, str] | None = None
        self._make_parts()
        self._live.found.connect(self.show_result)
        self._live.heard.connect(self._show_heard)
        self._live.health_changed.connect(self._show_health)
        self._live.learnt.connect(self._show_learnt)

    def _make_parts(self) -> None:
        self.button = button("Test again", icon="refresh")
        self.cancel = button("Stop")
        self.button.clicked.connect(self.again)
        self.cancel.clicked.connect(self.stop)
        self._state = label("", "body", "muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self.findings = FindingsView()
        self.ring = RingPanel()
        self.ring.hide()
        buttons = row(self.button, self.cancel, self._state, 1)
        self.setLayout(column(self.ring, self._bar, self.findings, buttons, spacing=Space.L))
        self._set_busy(False, "")

    def run(self, line: LineSettings, secret: Secret, extension: str) -> None:
        """Tests a line and then listens to it."""
        self._question = (line, secret, extension)
        self.findings.show_findings(())
        self.ring.hide()
        where = f"{line.host}, port {line.port}" if line.host else line.name
        self._set_busy(True, f"Testing {where}…")
        self._live.test(line, secret)

    def set_extras(self, extras: Extras) -> None:
        """Says who takes part in simulated calls from the next test on."""
        self._extras = extras

    def wait_for_softphone(self) -> None:
        """Shows that there is nothing to connect to: the softphone itself has to ring."""
        self._live.stop()
        self._question = None
        self.findings.show_findings(())
        self._set_busy(False, "")
        self.button.hide()
        self.ring.show()
        self.ring.wait_for_softphone()

    @Slot()
    def again(self) -> None:
        """Repeats the last test."""
        if self._question is not None:
            self.run(*self._question)

    @Slot()
    def stop(self) -> None:
        """Ends test and listening."""
        self._live.stop()
        if self._bar.isVisibleTo(self):
            self._set_busy(False, "Stopped.")

    @Slot(object)
    def show_result(self, findings: tuple[Finding, ...]) -> None:
        """Shows what the test found; where the line works, a call is waited for."""
        self._set_busy(False, "")
        self.findings.show_findings(findings)
        works = not failed(findings)
        if works and self._question is not None:
            line, secret, extension = self._question
            self.ring.show()
            self.ring.wait(extension, simulated=line.system == "simulator")
            self._live.listen(line, secret, extension, self._extras)
        self.passed.emit(works)

    @Slot(object)
    def _show_heard(self, heard: Heard) -> None:
        self.ring.show_heard(heard)

    @Slot(object)
    def _show_learnt(self, learnt: tuple[Finding, ...]) -> None:
        self.findings.update_findings(learnt)

    @Slot(object)
    def _show_health(self, health: LineHealth) -> None:
        if health.state in {LineState.RETRYING, LineState.REFUSED}:
            self.ring.show_trouble(health)

    def _set_busy(self, is_busy: bool, text: str) -> None:
        self._bar.setVisible(is_busy)
        self.cancel.setVisible(is_busy)
        self.button.setVisible(not is_busy)
        self._state.setText(text)
