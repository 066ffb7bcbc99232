"""What the company decided about its data, as the windows see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import CompanyPlan, Picklists
from crmdesk.gui.tasks import await_future

if TYPE_CHECKING:
    from crmdesk.store import Store

_LOOKS_EVERY_MS = 20_000
"""Another program may change the plan too; reading it takes less than a millisecond."""


class PlanBook(QObject):
    """Holds the plan and reads it again when it may be another one.

    The program's own choices hold until the first reading is there.

    Args:
        store: Whose plan; must be open.

    Attributes:
        value: The plan in force.

    Signals:
        changed: `value` is another one now.
    """

    changed = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.value = CompanyPlan()
        self._look = QTimer(self)
        self._look.setInterval(_LOOKS_EVERY_MS)
        self._look.timeout.connect(self.read)

    @property
    def lists(self) -> Picklists:
        """The choices in force."""
        return self.value.picklists

    def start(self) -> None:
        """Reads the plan now, and looks now and then from now on."""
        self.read()
        self._look.start()

    def stop(self) -> None:
        """Looks no more; the store may be closed afterwards."""
        self._look.stop()

    @Slot()
    def read(self) -> None:
        """Reads the plan; `changed` tells where it is another one."""
        job = self._store.read(lambda reader: reader.company_plan())
        await_future(job, self, self.take, self._failed)

    def take(self, plan: CompanyPlan) -> None:
        """This is the plan now."""
        if plan != self.value:
            self.value = plan
            self.changed.emit()

    def _failed(self, error: Exception) -> None:
        """What was read last holds: whatever ails the store is told where people see it."""
        if not isinstance(error, UserFacingError):
            raise error
