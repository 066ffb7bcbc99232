"""The first start: steps at the left, one question at a time, all by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QScrollArea, QStackedWidget, QWidget

from crmdesk.gui.door import Door
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Question
from crmdesk.gui.widgets.pieces import rule
from crmdesk.gui.widgets.scrolling import scroll_area
from crmdesk.gui.widgets.text import set_window_title
from crmdesk.gui.wizard.answers import Answers
from crmdesk.gui.wizard.connection import ConnectionStep
from crmdesk.gui.wizard.customers import CustomersStep
from crmdesk.gui.wizard.last_steps import DoneStep, RecoveryKeyStep
from crmdesk.gui.wizard.phone_system import PhoneSystemStep
from crmdesk.gui.wizard.step import Step
from crmdesk.gui.wizard.step_list import StepList
from crmdesk.gui.wizard.trial import TrialStep
from crmdesk.gui.wizard.you import YouStep
from crmdesk.settings.model import Settings

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.desk.runtime import Runtime

_WIDTH, _HEIGHT = 860, 640


class Wizard(QDialog):
    """Asks what is needed to pop the first call; `finished` as of any dialog.

    Args:
        runtime: Where the test of the line runs.
        door: Tells what a softphone sends meanwhile.
        place: Where the store is or will be.
        opened: The store, where it was there before.
        before: The settings to build on.

    Signals:
        completed: The settings (saved) and the open store.
    """

    completed = Signal(object, object)

    def __init__(
        self,
        runtime: Runtime,
        door: Door,
        place: str | Path,
        opened: OpenedStore | None = None,
        before: Settings | None = None,
    ) -> None:
        super().__init__()
        self.answers = Answers(place, opened)
        self.steps: list[Step] = [
            YouStep(self.answers),
            PhoneSystemStep(self.answers),
            ConnectionStep(self.answers),
            TrialStep(self.answers, runtime, door),
            CustomersStep(self.answers),
            RecoveryKeyStep(self.answers),
            DoneStep(self.answers, before or Settings()),
        ]
        self._here = 0
        set_window_title(self, "Set up CRMDesk")
        self.setWindowFlag(Qt.WindowType.WindowMinimizeButtonHint)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.show_step(0)

    def _make_parts(self) -> None:
        self.list = StepList([step.word for step in self.steps])
        self._stack = QStackedWidget()
        self._pages = [_page(step) for step in self.steps]
        for page in self._pages:
            self._stack.addWidget(page)
        self.next = button("Next", "primary")
        self.next.setAutoDefault(False)
        self.back = button("Back", key="Alt+Left")
        self.cancel = button("Cancel", "quiet")

    def _lay_out(self) -> None:
        bar = QWidget()
        bar.setProperty("kind", "surface")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setLayout(row(self.cancel, 1, self.back, self.next, margin=Space.L))
        right = column(self._stack, rule(), bar, spacing=Space.NONE)
        self.setLayout(row(self.list, right, spacing=Space.NONE))
        self.resize(_WIDTH, _HEIGHT)
        self.setMinimumSize(_WIDTH - Size.FIELD // 2, Size.DIALOG)

    def _connect(self) -> None:
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(self.go_back)
        self.cancel.clicked.connect(self.reject)
        for step in self.steps:
            step.done.connect(self._step_done)
            step.ways_changed.connect(self._show_ways)
            step.focus_next.connect(self.next.setFocus)

    # --- going ---------------------------------------------------------------------------

    def step(self) -> Step:
        """The step on the screen."""
        return self.steps[self._here]

    def show_step(self, place: int) -> None:
        """Shows a step by its place, from 0."""
        self._here = place
        page = self._pages[place]
        self._stack.setCurrentWidget(page)
        page.verticalScrollBar().setValue(0)
        self._show_ways()
        self.step().enter()
        self._show_ways()

    @Slot()
    def go_back(self) -> None:
        """To the step before."""
        before = [at for at in range(self._here) if self.steps[at].applies()]
        if before and self.step().may_go_back():
            self.step().leave()
            self.show_step(before[-1])

    @Slot()
    def _go_on(self) -> None:
        if self.step().may_go_on():
            self.step().go_on()

    @Slot()
    def _step_done(self) -> None:
        self.step().leave()
        after = range(self._here + 1, len(self.steps))
        following = next((at for at in after if self.steps[at].applies()), None)
        if following is not None:
            self.show_step(following)
            return
        settings = self.answers.settings(self._last().before)
        self.completed.emit(settings, self.answers.opened)
        self.accept()

    def _last(self) -> DoneStep:
        last = self.steps[-1]
        if not isinstance(last, DoneStep):
            raise TypeError("the last step saves")
        return last

    @Slot()
    def _show_ways(self) -> None:
        step = self.step()
        self.list.show_steps([each.applies() for each in self.steps], self._here)
        self.next.setText(step.next_text())
        self.next.setEnabled(step.may_go_on())
        self.next.setDefault(True)  # Qt forgets it when the button loses the focus disabled
        self.cancel.setEnabled(step.may_leave())
        self.back.setEnabled(self._here > 0 and step.may_go_back())

    # --- leaving -------------------------------------------------------------------------

    def reject(self) -> None:
        """Asks before what was typed is lost."""
        if not self.step().may_leave():
            return
        if self._here == 0:
            self._leave()
            return
        question = Question(
            self,
            "Leave the set-up",
            "Leave the set-up?",
            self._lost(),
            "The next start of CRMDesk begins with it again.",
            answer="Leave",
            cancel="Stay",
            danger=True,
        )
        question.accepted.connect(self._leave)
        question.open()

    def _lost(self) -> str:
        opened = self.answers.opened
        if opened is None or opened.recovery_key is None:
            return "Nothing has been saved yet."
        lost = "The customer store is made and stays; the rest has not been saved yet."
        return f"{lost} Its recovery key is shown next." if self._key_is_due() else lost

    def _leave(self) -> None:
        """Leaves, but not with a recovery key that nobody has written down."""
        opened = self.answers.opened
        if opened is None or opened.recovery_key is None or not self._key_is_due():
            self._leave_now()
            return
        dialog = RecoveryKeyDialog(opened.recovery_key, str(self.answers.place), self)
        dialog.accepted.connect(self._leave_now)
        dialog.open()

    def _key_is_due(self) -> bool:
        opened = self.answers.opened
        is_new = opened is not None and opened.recovery_key is not None
        steps = [step for step in self.steps if isinstance(step, RecoveryKeyStep)]
        return is_new and not all(step.may_go_on() for step in steps)

    @Slot()
    def _leave_now(self) -> None:
        self.step().leave()
        super().reject()


def _page(step: Step) -> QScrollArea:
    content = QWidget()
    content.setLayout(column(step, margin=Space.XXL))
    return scroll_area(content, name=step.word)
