"""Gives a number that called to a customer who is known already."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import CustomerHit
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.hit_list import HitListModel
from crmdesk.gui.models.picks import picks
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import TallCellDelegate
from crmdesk.gui.widgets.fields import Field, SearchField, check_box, combo_box
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.lists import list_view
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.text import label, set_window_title
from crmdesk.gui.widgets.times import local
from crmdesk.matching.number_kind import usual_label
from crmdesk.matching.numbers import normalise

HITS = 50


@dataclass(frozen=True, slots=True)
class CallerNumber:
    """The number that is given to somebody.

    Attributes:
        number: E.164, or as it came.
        call_id: The call it is about, None for none.
        former: Whose it was, e.g. "Belonged to Jane Doe until 2023"; "" where nobody's.
        name: What the network calls the caller; found first.
    """

    number: str
    call_id: uuid.UUID | None = None
    former: str = ""
    name: str = ""


class AssignDialog(QDialog):
    """Searches a customer and adds the number.

    Signals:
        saved: Carries the customer's key.
        done_step: Carries the `ChangeSet`, which can be taken back.
    """

    saved = Signal(object)
    done_step = Signal(object)

    def __init__(self, parent: QWidget, context: PageContext, number: CallerNumber) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._number, self._asked = context, number, 0
        shown = context.names().number(number.number)
        set_window_title(self, "Assign number")
        self.search = SearchField("Name, company, number, e-mail")
        self.search.search_requested.connect(self._find)
        self.model = HitListModel(context.names(), self)
        self.list = list_view(self.model, name="Customers")
        self.list.setItemDelegate(TallCellDelegate(self.list))
        self.list.setMinimumHeight(4 * Size.ROW_TALL)
        self.list.doubleClicked.connect(self.save)
        self.list.selectionModel().currentChanged.connect(self._show_state)
        usual = usual_label(number.number)
        offered = picks(context.plan.lists, PicklistKey.NUMBER_LABEL, usual)
        self.kind = combo_box(offered, name="Kind of number")
        self.kind.setCurrentIndex(self.kind.findData(usual))
        # What was before stays with whoever had the number then.
        self.since_today = check_box("Theirs since today, not before", checked=bool(number.former))
        self.trouble = Banner("bad")
        self.trouble.hide()
        self._save = button("Assign", "primary")
        self._save.setDefault(True)
        self._save.clicked.connect(self.save)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        head = column(
            label(f"Who has {shown}?", "lead-strong", wrap=True),
            label("The number is added to the customer you choose.", "body", "muted", wrap=True),
            *(label(text, "body", "warn", wrap=True) for text in (number.former,) if text),
            spacing=Space.XS,
        )
        kind = Field("What kind of number is it?", self.kind)
        buttons = row(1, cancel, self._save)
        parts = (head, self.trouble, self.search, self.list, kind, self.since_today, buttons)
        self.setLayout(column(*parts, spacing=Space.M, margin=Space.XL))
        self.resize(Size.DIALOG, self.sizeHint().height())
        self._show_state()
        self.search.setFocus()

    def _find(self, text: str) -> None:
        self._asked += 1
        shown = partial(self._show_hits, self._asked)
        job = self._context.store.read(lambda reader: reader.search(text, HITS))
        await_future(job, self, shown, self._failed)

    def _show_hits(self, asked: int, hits: tuple[CustomerHit, ...]) -> None:
        if asked == self._asked:
            self.model.reset(hits)
            if hits:
                self.list.setCurrentIndex(self.model.index(0, 0))
            self._show_state()

    def _show_state(self) -> None:
        self._save.setEnabled(self._chosen() is not None)

    def _chosen(self) -> CustomerHit | None:
        return self.model.hit(self.list.currentIndex().row())

    def save(self) -> None:
        """Adds the number to the chosen customer, and the call with it."""
        hit = self._chosen()
        kind, context = str(self.kind.currentData()), self._context
        raw = self._number.number.strip()
        if hit is None:
            return
        found = normalise(raw, context.rules())
        self._save.setEnabled(False)
        since = local(context.now()).date() if self.since_today.isChecked() else None
        call_id, who = self._number.call_id, context.agent()
        job = context.store.write(
            lambda writer: writer.assign_number(
                found.e164,
                raw,
                hit.id,
                call_id,
                kind,
                who,
                extension=found.extension,
                since=since,
            )
        )
        await_future(job, self, partial(self._saved, hit.id), self._failed)

    def _saved(self, customer_id: uuid.UUID, change: ChangeSet) -> None:
        self.done_step.emit(change)
        self.saved.emit(customer_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._show_state()
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()
