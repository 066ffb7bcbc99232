"""Deleting a field or a choice: says how many have it, and offers what is gentler."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import CustomField
from crmdesk.domain.planning import Choice, PicklistKey
from crmdesk.gui.long_work import LongWork, Told
from crmdesk.gui.models import plan_words
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.fields import Field, combo_box
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.showing import set_shown
from crmdesk.gui.widgets.text import label, set_window_title
from crmdesk.store import Store
from crmdesk.store.planning.places import NEVER_REPLACED
from crmdesk.store.planning.values import count_field, count_value, replace_value

_SAID = "What customers once said keeps its words: it cannot be deleted, only retired."
_REPLACED = (
    "Another choice takes its place wherever it is, and it is offered no more; one step that can"
    " be taken back. Retired, it stays where it is."
)

Words = Callable[[int], str]


class RemoveDialog(FittedDialog):
    """Asks whether something is to be deleted, while it counts who has it.

    Args:
        parent: The settings.
        what: The question.
        meaning: What deleting means.
        count: Counts who has it; runs on a thread of its own.
        words: The count in words.

    Signals:
        removal_wanted: It shall be deleted.
        retirement_wanted: It shall only be offered no more.
    """

    removal_wanted = Signal()
    retirement_wanted = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        what: str,
        meaning: str,
        count: Callable[[Told], int],
        words: Words,
        *,
        is_retired: bool,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_window_title(self, "Delete")
        self._words = words
        self.found: int | None = None
        self.count_label = label("Counting who has it…", "strong", wrap=True)
        self.meaning = label(meaning, "body", "muted", wrap=True)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.remove = button("Delete", "danger")
        self.retire = button("Retire instead")
        set_shown(self.retire, not is_retired)
        self.cancel = button("Cancel")
        self.between = column(spacing=Space.S)
        texts = column(label(what, "lead-strong", wrap=True), self.count_label, self.meaning)
        buttons = row(1, self.cancel, self.retire, self.remove)
        body = column(texts, self.trouble, self.between, buttons, spacing=Space.L)
        body.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        self.setLayout(body)
        self.remove.clicked.connect(self._remove)
        self.retire.clicked.connect(self._retire)
        self.cancel.clicked.connect(self.reject)
        self._counting = LongWork(count, self)
        self._counting.grew.connect(self._show_growing)
        self._counting.finished.connect(self.show_count)
        self._counting.failed.connect(self.show_trouble)
        self._counting.start()
        self.retire.setFocus()

    @Slot(int)
    def _show_growing(self, count: int) -> None:
        if self.found is None and count:
            self.count_label.setText(f"{self._words(count)} so far…")

    @Slot(object)
    def show_count(self, count: int) -> None:
        """This many have it."""
        self.found = count
        self.count_label.setText(f"{self._words(count)}.")

    @Slot(object)
    def show_trouble(self, error: UserFacingError) -> None:
        """Says what went wrong; the dialog stays."""
        self.trouble.tell_error(error)
        self.trouble.show()

    @Slot()
    def _remove(self) -> None:
        self.removal_wanted.emit()
        self.accept()

    @Slot()
    def _retire(self) -> None:
        self.retirement_wanted.emit()
        self.accept()

    def done(self, result: int) -> None:
        """Counts no more."""
        self._counting.stop()
        super().done(result)


def remove_field_dialog(parent: QWidget | None, store: Store, field: CustomField) -> RemoveDialog:
    """Asks whether a field of the company's own is to be deleted."""
    return RemoveDialog(
        parent,
        f"Delete the field “{field.title}”?",
        "It is no longer shown, asked or exported. What customers have of it stays in the store"
        " and is there again when you take the step back.",
        partial(count_field, store, field.key),
        plan_words.customers,
        is_retired=field.is_retired,
    )


class RemoveChoiceDialog(RemoveDialog):
    """A choice that is used somewhere is replaced by another one, or retired.

    Args:
        parent: The settings.
        store: Where it may be used.
        key: Its list.
        choice: The one to go.
        others: Those that may take its place.
        who: Name or extension of the agent.

    Signals:
        replaced: It was replaced everywhere and deleted; carries the `ChangeSet`.
    """

    replaced = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        store: Store,
        key: PicklistKey,
        choice: Choice,
        others: tuple[Choice, ...],
        who: str,
    ) -> None:
        self._is_said = key in NEVER_REPLACED
        super().__init__(
            parent,
            f"Delete the choice “{choice.title}”?",
            "It is offered no more.",
            partial(count_value, store, key, choice.key),
            plan_words.places,
            is_retired=choice.is_retired,
        )
        self._what = (store, key, choice.key, who)
        self._replacing: LongWork | None = None
        offered = [(one.title, one.key) for one in others if not one.is_retired]
        self.other = combo_box(offered, name="Put in its place")
        self._other_field = Field("Put in its place", self.other)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self._other_field.hide()
        self.between.addWidget(self._other_field)
        self.between.addWidget(self._bar)
        self.remove.setEnabled(False)  # until it is known whether anything has it

    @Slot(object)
    def show_count(self, count: int) -> None:
        """Used somewhere: another one takes its place, or it is retired."""
        super().show_count(count)
        can_replace = bool(count) and not self._is_said and self.other.count() > 0
        self._other_field.setVisible(can_replace)
        if count:
            self.meaning.setText(_SAID if self._is_said else _REPLACED)
        self.remove.setText("Replace and delete" if can_replace else "Delete")
        self.remove.setEnabled(can_replace or not count)

    @Slot()
    def _remove(self) -> None:
        if not self.found:
            super()._remove()
            return
        store, key, old, who = self._what
        new = self.other.currentData()
        self._bar.setRange(0, self.found)
        self._bar.show()
        for part in (self.remove, self.retire, self.other):
            part.setEnabled(False)

        def work(told: Told) -> ChangeSet:
            return replace_value(store, key, old, new, who, told, and_remove=True)

        self._replacing = LongWork(work, self)
        self._replacing.grew.connect(self._show_done)
        self._replacing.finished.connect(self._was_replaced)
        self._replacing.failed.connect(self._was_not_replaced)
        self._replacing.stopped.connect(self._was_stopped)
        self._replacing.start()

    @Slot(int)
    def _show_done(self, count: int) -> None:
        self._bar.setValue(count)
        self.count_label.setText(f"{count:,} of {self.found or count:,} replaced…")

    @Slot(object)
    def _was_replaced(self, change: ChangeSet) -> None:
        self._replacing = None
        self.replaced.emit(change)
        self.accept()

    @Slot(object)
    def _was_not_replaced(self, error: UserFacingError) -> None:
        self._was_stopped()
        self.show_trouble(error)

    @Slot()
    def _was_stopped(self) -> None:
        """What was replaced so far was taken back."""
        self._replacing = None
        self._bar.hide()
        self.other.setEnabled(True)
        self.retire.setEnabled(True)
        self.show_count(self.found or 0)

    def reject(self) -> None:
        """Cancel stops what is being replaced, and stays; else it closes."""
        if self._replacing is not None:
            self.count_label.setText("Taking back what was replaced…")
            self._replacing.stop()
        else:
            super().reject()
