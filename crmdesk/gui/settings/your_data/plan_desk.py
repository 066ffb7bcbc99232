"""What the parts of the section share: the plan as it is, and steps that change it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.planning import CompanyPlan
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.step_desk import SettingsDesk
from crmdesk.gui.tasks import await_future
from crmdesk.gui.why.steps import Job, NumberSteps


class PlanDesk(QObject):
    """The plan, read anew after each step.

    Attributes:
        plan: As it was read last.
        steps: Does the steps and takes them back.

    Signals:
        read_anew: `plan` was read; it may be as before.
        written: The plan in the store is another one: other windows read it too.
        failed: An exception.
    """

    read_anew = Signal()
    written = Signal()
    failed = Signal(object)

    def __init__(self, book: SettingsBook, parent: QObject) -> None:
        super().__init__(parent)
        self.desk = SettingsDesk(book)
        self.steps = NumberSteps(self.desk, self)
        self.plan = CompanyPlan()
        self._under_way = self._asked = 0
        self.steps.done.connect(self._written)
        self.steps.undone.connect(self._written)
        self.steps.failed.connect(self._refused)

    def do(self, job: Job) -> None:
        """Does a step."""
        self._under_way += 1
        self.steps.do(job)

    def wrote(self, change: ChangeSet) -> None:
        """A dialog did one."""
        self.steps.tell(change)

    @Slot()
    def read(self) -> None:
        """Reads the plan: colleagues change it too."""
        self._asked += 1
        job = self.desk.store.read(lambda reader: reader.company_plan())
        await_future(job, self, partial(self._answered, self._asked), self.failed.emit)

    def _answered(self, asked: int, plan: CompanyPlan) -> None:
        if asked == self._asked:  # else it was read before something that is shown by now
            self.take(plan)

    def take(self, plan: CompanyPlan) -> None:
        """This is the plan now.

        While a step is under way it may be the one before, and what was just ticked would go
        out for a moment; the plan is read again when the step is done.
        """
        if self._under_way:
            return
        self.plan = plan
        self.read_anew.emit()

    @Slot(object, object)
    def _written(self, *_what: object) -> None:
        self._under_way = max(0, self._under_way - 1)
        self.read()
        self.written.emit()

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        """What is shown may be old, or shows what was not written."""
        self._under_way = max(0, self._under_way - 1)
        self.read()
        self.failed.emit(error)
