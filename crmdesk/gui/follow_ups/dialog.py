"""The form of a follow-up, a promise, an appointment or a call-back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.audit import ConflictingEditsError
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.follow_ups import FollowUp, FollowUpKind
from crmdesk.gui.conflicts.asking import ask_which_holds
from crmdesk.gui.conflicts.edit import Edit
from crmdesk.gui.follow_ups import choices
from crmdesk.gui.follow_ups.edits import edit_follow_up
from crmdesk.gui.follow_ups.reading import FollowUpForm, read_form
from crmdesk.gui.follow_ups.when_field import WhenField
from crmdesk.gui.models import follow_up_words
from crmdesk.gui.pages.chip_bar import ChipBar
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.tickets.person_field import person_field
from crmdesk.gui.tickets.reading import people
from crmdesk.gui.tickets.saving import saving_button
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.fitted_dialog import FittedDialog
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.open_dialogs import show_again
from crmdesk.gui.widgets.text import label, set_window_title

if TYPE_CHECKING:
    from crmdesk.store import Writer

Job = Callable[["Writer"], ChangeSet]

_WIDTH = 560
_LONGEST_TITLE = 200
_HINTS = {
    FollowUpKind.FOLLOW_UP: "e.g. ask whether the chair came",
    FollowUpKind.PROMISE: "e.g. 10 % on the next order",
    FollowUpKind.APPOINTMENT: "e.g. show the new table",
    FollowUpKind.CALL_BACK: "e.g. has a question on the invoice",
}
_PLAIN = {
    FollowUpKind.FOLLOW_UP: "Follow up",
    FollowUpKind.APPOINTMENT: "Appointment",
    FollowUpKind.CALL_BACK: "Call back",
}
"""The title where none was typed; a promise must say what."""


class FollowUpDialog(FittedDialog):
    """Asks what is to be done, by when and by whom.

    Args:
        parent: The window.
        context: The desk.
        form: What there is to choose from.
        known: The one to be changed, None for a new one.
        kind: What a new one is at first.

    Signals:
        saved: The key and the `ChangeSet`; it is in the store.
    """

    saved = Signal(object, object)

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        form: FollowUpForm,
        known: FollowUp | None = None,
        kind: FollowUpKind = FollowUpKind.FOLLOW_UP,
    ) -> None:
        super().__init__(parent, _WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._form, self._known = context, form, known
        self._kind = known.kind if known else kind
        self._held = ""
        self._held_reminder: choices.Reminder = choices.USUAL
        set_window_title(self, "Edit follow-up" if known else "New follow-up")
        self._make_fields()
        self._make_choices()
        self._lay_out()
        if known is not None:
            self._show(known)
        self._connect()
        self._show_kind()
        self.what.setFocus()

    # --- making -----------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.kinds: ChipBar[FollowUpKind] = ChipBar(follow_up_words.KINDS)
        self.kinds.choose(self._kind)
        self.what = line_edit(name="What")
        self.what.setMaxLength(_LONGEST_TITLE)
        self.when = WhenField(self._context.now, "When")
        offered = people(self._form.people, self._context.settings())
        self.owner = person_field(offered, "Owner", self._context.agent())
        self.place = line_edit("e.g. at the customer's", name="Place")
        self.place.setMaxLength(_LONGEST_TITLE)
        self.detail = text_edit("Anything that helps whoever does it", name="Detail")
        self.detail.setFixedHeight(3 * Size.ROW)
        self.trouble = Banner("bad")
        self.trouble.hide()

    def _make_choices(self) -> None:
        known, names = self._known, self._context.names()
        length = known.ends_at - known.due_at if known and known.ends_at else None
        now = self._context.now()
        self.reminder = combo_box(choices.reminders(known, now), name="Remind")
        self.repeat = combo_box(choices.repeats(known.repeat if known else None), name="Repeats")
        self.length = combo_box(choices.lengths(length), name="How long")
        numbers = list(self._form.numbers)
        if known is not None and known.e164 and known.e164 not in numbers:
            numbers.append(known.e164)
        shown = [(names.number(one), one) for one in numbers]
        self.number = combo_box([("Any number", ""), *shown], name="Number")

    def _lay_out(self) -> None:
        verb = "Edit" if self._known else "New"
        about = self._form.customer_name
        head = label(f"{verb} follow-up for {about}", "lead-strong", wrap=True)
        self._save = saving_button(self, "Save", self.save)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        is_series = self._known is not None and self._known.repeat is not None
        hint = "A change of the day moves those behind it too." if is_series else ""
        repeats = Field("Repeats", self.repeat, hint)
        times = row(Field("Remind", self.reminder), repeats, spacing=Space.L)
        self._place = guarded("Place", self.place)
        self._length = Field("How long", self.length)
        self._number = Field("Number to ring", self.number)
        parts = (
            head,
            self.trouble,
            self.kinds,
            guarded("What", self.what),
            Field("When", self.when),
            row(self._place, self._length, spacing=Space.L),
            self._number,
            Field("Owner", self.owner),
            times,
            guarded("Detail", self.detail),
            row(1, cancel, self._save),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def _show(self, known: FollowUp) -> None:
        self.what.setText(known.title)
        self.when.set_moment(known.due_at)
        self._held = self.when.edit.text()
        self.owner.setEditText(self._context.names().anybody(known.responsible))
        self.place.setText(known.place)
        self.detail.setPlainText(known.detail)
        length = known.ends_at - known.due_at if known.ends_at else None
        held = self._held_reminder = choices.held_reminder(known, self._context.now())
        for combo, value in (
            (self.reminder, held),
            (self.repeat, known.repeat),
            (self.length, length),
            (self.number, known.e164),
        ):
            values = [combo.itemData(place) for place in range(combo.count())]
            combo.setCurrentIndex(values.index(value) if value in values else 0)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._choose_kind)
        self.when.changed.connect(self._check)
        self.reminder.currentIndexChanged.connect(self._check)
        self.what.textChanged.connect(self._check)

    # --- showing ----------------------------------------------------------------------------

    def _choose_kind(self, kind: FollowUpKind) -> None:
        self._kind = kind
        self._show_kind()

    def _show_kind(self) -> None:
        self.what.setPlaceholderText(_HINTS[self._kind])
        is_appointment = self._kind is FollowUpKind.APPOINTMENT
        self._place.setVisible(is_appointment)
        self._length.setVisible(is_appointment)
        is_call = self._kind is FollowUpKind.CALL_BACK
        self._number.setVisible(is_call and self.number.count() > 1)
        self._check()

    @Slot()
    def _check(self) -> None:
        has_title = bool(self.what.text().strip() or self._kind in _PLAIN)
        self.when.set_note(self._reminder_words())
        self._save.setEnabled(has_title and self._due_at() is not None)

    def _due_at(self) -> datetime | None:
        """What is typed; what nobody typed over stays to the second, overdue or not."""
        if self._known is not None and self.when.edit.text() == self._held:
            return self._known.due_at
        when = self.when.value()
        return when.at if when else None

    def _reminder_words(self) -> str:
        due_at, now = self._due_at(), self._context.now()
        if due_at is None:
            return ""
        at = choices.remind_at(self.reminder.currentData(), self._kind, due_at, now)
        return f"Reminder {follow_up_words.moment(at, now)}."

    # --- saving -----------------------------------------------------------------------------

    def follow_up(self) -> FollowUp | None:
        """As it is typed; None while the moment is not understood."""
        due_at, now, known = self._due_at(), self._context.now(), self._known
        if due_at is None:
            return None
        kind, me = self._kind, self._context.agent()
        is_appointment = kind is FollowUpKind.APPOINTMENT
        length: timedelta | None = self.length.currentData() if is_appointment else None
        who = known.who if known else me
        base = known or FollowUp(
            uuid.uuid4(), self._form.customer_id, kind, "", at=now, due_at=due_at, who=who
        )
        return replace(
            base,
            kind=kind,
            title=self.what.text().strip() or _PLAIN.get(kind, ""),
            due_at=due_at,
            owner=self._owner(who),
            detail=self.detail.toPlainText(),
            ends_at=due_at + length if length else None,
            place=self.place.text() if is_appointment else "",
            remind_at=self._remind_at(due_at),
            repeat=self.repeat.currentData(),
            e164=self.number.currentData() if kind is FollowUpKind.CALL_BACK else "",
        )

    def _owner(self, who: str) -> str:
        """Who is to do it; whom nobody typed over stays, whatever the name on the screen."""
        known, owner = self._known, self.owner.currentText().strip()
        if known is not None and owner == self._context.names().anybody(known.responsible):
            return known.owner
        return "" if owner == who else owner

    def _remind_at(self, due_at: datetime) -> datetime | None:
        """When to remind; that of before where nothing it follows from was changed."""
        known, chosen = self._known, self.reminder.currentData()
        held = (due_at, self._kind, chosen)
        now = self._context.now()
        if known is not None and held == (known.due_at, known.kind, self._held_reminder):
            return known.remind_at
        return choices.remind_at(chosen, self._kind, due_at, now)

    def save(self) -> None:
        """Writes it."""
        made = self.follow_up()
        if made is None or not self._save.isEnabled():
            return
        who = self._context.agent()
        if self._known is not None:
            made = made.as_edited_from(self._known)
            self._write(made.id, edit_follow_up(self._known, made, who))
        else:
            self._write(made.id, partial(_add, made=made, who=who))

    def _write(self, key: uuid.UUID, job: Job) -> None:
        self._save.setEnabled(False)
        self.trouble.hide()
        saved, failed = partial(self._saved, key), partial(self._failed, key, job)
        await_future(self._context.store.write(job), self, saved, failed)

    def _saved(self, key: uuid.UUID, change: ChangeSet) -> None:
        self.saved.emit(key, change)
        self.accept()

    def _failed(self, key: uuid.UUID, job: Job, error: Exception) -> None:
        self._check()
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()
        if isinstance(error, ConflictingEditsError) and isinstance(job, Edit):
            ask_which_holds(self, self._context, job, error, partial(self._write, key))


def _add(writer: Writer, made: FollowUp, who: str) -> ChangeSet:
    call_id = writer.call_of_note(made.customer_id, made.at)
    return writer.add_follow_ups((replace(made, call_id=call_id),), who)


def ask_for_follow_up(
    context: PageContext,
    window: QWidget,
    customer_id: uuid.UUID,
    then: Callable[[uuid.UUID, ChangeSet], object],
    failed: Callable[[Exception], None],
    kind: FollowUpKind = FollowUpKind.FOLLOW_UP,
) -> None:
    """Reads what the form needs and opens it.

    Args:
        context: The desk.
        window: What the form belongs to.
        customer_id: Whose.
        then: Gets the key and the change, once it is in the store.
        failed: Gets the error where the store could not be read.
        kind: What it is at first.
    """

    def show(form: FollowUpForm | None) -> None:
        if form is None or show_again(window, FollowUpDialog):
            return
        dialog = FollowUpDialog(window, context, form, kind=kind)
        dialog.saved.connect(then)
        dialog.open()

    reading = context.store.read(partial(read_form, customer_id=customer_id))
    await_future(reading, window, show, failed)
