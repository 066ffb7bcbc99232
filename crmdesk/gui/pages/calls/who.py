"""Who it was after all: what can be said of the caller of an opened call."""

from __future__ import annotations

import uuid
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.gui.models.why import since_then
from crmdesk.gui.pages.calls.detail import CallDetailView
from crmdesk.gui.pages.calls.reading import CallDetail
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.why.assign import AssignDialog, CallerNumber
from crmdesk.gui.why.dialog import WhyDialog
from crmdesk.gui.why.ignore_dialog import IgnoreDialog
from crmdesk.gui.why.not_this_person import NotThisPersonDialog
from crmdesk.gui.why.steps import NumberSteps, Subject
from crmdesk.gui.widgets.times import local


class WhoCalled(QObject):
    """Chooses, denies, assigns and ignores the caller of the call that is open.

    Args:
        page: Where dialogs belong to.
        context: The desk.
        view: The opened call; its signals are answered here.
        steps: Writes what is said.
    """

    def __init__(
        self, page: QWidget, context: PageContext, view: CallDetailView, steps: NumberSteps
    ) -> None:
        super().__init__(page)
        self._page, self._context, self._steps = page, context, steps
        self.detail: CallDetail | None = None
        view.chosen.connect(self._choose)
        view.denied.connect(self._deny)
        view.assignment_wanted.connect(self._assign)
        view.ignoring_wanted.connect(self._ignore)
        view.forgetting_wanted.connect(self._forget)

    @Slot()
    def explain(self) -> None:
        """Opens the reason in a window of its own."""
        if self.detail is None:
            return
        row, match = self.detail.row, self.detail.caller.match
        title = row.customer_name or self._shown()
        lists, since = self._context.plan.lists, since_then(row, match)
        dialog = WhyDialog(self._page.window(), title, match, lists, since)
        dialog.view.set_deniable(row.customer_id is not None)
        dialog.view.denied.connect(self._deny)
        dialog.open()

    @Slot(object)
    def _choose(self, customer_id: uuid.UUID) -> None:
        if self.detail is not None:
            self._steps.choose(self._about(self.detail, customer_id, ""))

    @Slot()
    def _deny(self) -> None:
        detail = self.detail
        if detail is None or detail.row.customer_id is None:
            return
        about = self._about(detail, detail.row.customer_id, detail.row.customer_name)
        today = local(self._context.now()).date()
        NotThisPersonDialog(self._page.window(), about, self._steps, today).open()

    @Slot()
    def _assign(self) -> None:
        if self.detail is None:
            return
        row = self.detail.row
        barred = (c.barred for c in self.detail.caller.match.candidates if c.barred)
        number = CallerNumber(
            row.caller_e164 or row.call.caller_raw, row.call.id, next(barred, ""),
            row.call.caller_name,
        )  # fmt: skip
        dialog = AssignDialog(self._page.window(), self._context, number)
        dialog.done_step.connect(partial(self._steps.tell, call_id=row.call.id))
        dialog.open()

    @Slot()
    def _ignore(self) -> None:
        if self.detail is not None:
            row = self.detail.row
            number = row.caller_e164 or ""
            IgnoreDialog(self._page.window(), number, self._steps, row.call.id).open()

    @Slot()
    def _forget(self) -> None:
        if self.detail is not None and self.detail.row.caller_e164:
            self._steps.forget(self.detail.row.caller_e164, self.detail.row.call.id)

    def _about(self, detail: CallDetail, customer_id: uuid.UUID, name: str) -> Subject:
        return Subject(detail.row.caller_e164, self._shown(), customer_id, name, detail.row.call.id)

    def _shown(self) -> str:
        if self.detail is None:
            return ""
        row = self.detail.row
        raw = row.caller_e164 or row.call.caller_raw
        return self._context.names().number(raw, row.call.line_id) or "Number withheld"
