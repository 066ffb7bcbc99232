"""A message to a customer: a template filled in, seen before it leaves, never without consent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from crmdesk.desk.outreach.mail import read_address
from crmdesk.desk.outreach.placeholders import Values, values_of
from crmdesk.desk.outreach.templates import (
    LONGEST_TEXT,
    UnusableTemplateError,
    body_of,
    subject_of,
)
from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import Channel, Consent, Message, MessageState, MessageTemplate
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.outreach_words import purpose
from crmdesk.gui.outreach.reading import SendingForm, read_form
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, combo_box, line_edit, text_edit
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.open_dialogs import show_again
from crmdesk.gui.widgets.safe_link import open_mail
from crmdesk.gui.widgets.text import label, set_tone

_WIDTH = 640
_MOST_SUBJECT = 200
_EMPTY = ("", "")
"""Subject and text of a message."""


class SendDialog(SavingDialog):
    """Writes a message.

    Args:
        parent: The window.
        context: The desk.
        form: The customer, the templates, what is allowed.

    Signals:
        written: The key of the message and the `ChangeSet`; it is in the store.
    """

    written = Signal(object, object)

    def __init__(self, parent: QWidget | None, context: PageContext, form: SendingForm) -> None:
        self._has_account = bool(context.settings().mail.host)
        answer = "Send" if self._has_account else "Open in mail program"
        super().__init__(parent, context, "Write to the customer", answer, _WIDTH)
        self._form = form
        self._values = _values(context, form)
        self._filled = self._own = _EMPTY
        self._make_fields()
        self._lay_out()
        self.template.currentIndexChanged.connect(self._fill)
        self.what_for.currentIndexChanged.connect(self.check)
        self.address.currentTextChanged.connect(self.check)
        self.subject.textChanged.connect(self.check)
        self._fill()
        self.template.setFocus()

    def _make_fields(self) -> None:
        offered: list[tuple[str, object]] = [(one.name, one) for one in self._form.templates]
        self.template = combo_box([*offered, ("Empty message", None)], name="Template")
        self.what_for = combo_box(_purposes(self._form), name="What it is for")
        addresses = [(one.address, one.address) for one in self._form.customer.emails]
        self.address = combo_box(addresses, name="To")
        self.address.setEditable(True)
        self.subject = line_edit("What it is about", name="Subject")
        self.subject.setMaxLength(_MOST_SUBJECT)
        self.body = text_edit("Text of the message", name="Text")
        self.body.setFixedHeight(7 * Size.ROW)
        self._allowed = label("", "small", "muted", wrap=True)
        self.hand_over = button("Open in mail program", icon="external")
        self.hand_over.setVisible(self._has_account)
        self.hand_over.clicked.connect(self._hand_over)

    def _lay_out(self) -> None:
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._to = Field("To", self.address)
        parts = (
            label(f"Write to {self._form.customer.name}", "lead-strong", wrap=True),
            self.trouble,
            row(Field("Template", self.template), self._to, spacing=Space.L),
            Field("What it is for", self.what_for),
            self._allowed,
            guarded("Subject", self.subject),
            guarded("Text", self.body, longest=LONGEST_TEXT),
            row(1, cancel, self.hand_over, self.save_button),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    # --- what is chosen ---------------------------------------------------------------------

    @Slot()
    def _fill(self) -> None:
        """Fills the template in; what was typed before is kept and can be chosen again."""
        chosen: MessageTemplate | None = self.template.currentData()
        self._keep_own()
        self.trouble.hide()
        self._filled = _EMPTY
        try:
            self._filled = self._text_of(chosen)
        except UnusableTemplateError as error:
            self.tell(error)
        self.subject.setText(self._filled[0])
        self.body.setPlainText(self._filled[1])
        # A template says itself what it is for, and so needs no second choice.
        self.what_for.setEnabled(not (chosen and chosen.purpose))
        self.what_for.setCurrentIndex(
            max(0, self.what_for.findData(chosen.purpose if chosen else ""))
        )
        self.check()

    def _keep_own(self) -> None:
        typed = self.subject.text(), self.body.toPlainText()
        if typed not in {self._filled, _EMPTY}:
            self._own = typed
            self.template.setItemText(self.template.count() - 1, "What you wrote")

    def _text_of(self, chosen: MessageTemplate | None) -> tuple[str, str]:
        if chosen is None:
            return self._own
        return subject_of(chosen.subject, self._values), body_of(chosen.body, self._values)

    def purpose(self) -> str:
        """What the message is for; "" for an answer."""
        chosen: MessageTemplate | None = self.template.currentData()
        return chosen.purpose if chosen and chosen.purpose else str(self.what_for.currentData())

    def _said(self) -> Consent | None:
        """What the customer said to such messages; None where nobody asked."""
        wanted = (Channel.EMAIL, self.purpose())
        said = self._form.consents
        return next((one for one in said if (one.channel, one.purpose) == wanted), None)

    def is_allowed(self) -> bool:
        """Whether the customer said yes to such messages."""
        said = self._said()
        return not self.purpose() or (said is not None and said.is_given)

    def _allowed_words(self) -> str:
        if not self.purpose():
            return "An answer to what they asked needs no consent."
        what, said = f"{purpose(self.purpose(), self._form.lists)} by e-mail", self._said()
        if said is None:
            return f"{what}: they were not asked yet. Nothing is sent."
        return f"{what}: {'allowed' if said.is_given else 'not allowed. Nothing is sent.'}"

    def check(self) -> None:
        """Says whether it may leave."""
        allowed = self.is_allowed()
        self._allowed.setText(self._allowed_words())
        set_tone(self._allowed, "muted" if allowed else "bad")
        self._is_address = self._address_is_right()
        super().check()
        self.hand_over.setEnabled(self.save_button.isEnabled())

    def is_complete(self) -> bool:
        """It may leave, somebody gets it, and it has a subject."""
        has_subject = bool(self.subject.text().strip())
        return self.is_allowed() and self._is_address and has_subject

    def _address_is_right(self) -> bool:
        text = self.address.currentText()
        try:
            read_address(text)
        except UserFacingError as error:
            if text.strip():
                self._to.set_error(error.what)
            else:
                self._to.ask("This customer has no address yet.")
            return False
        self._to.set_error("")
        return True

    # --- sending ----------------------------------------------------------------------------

    def message(self, state: MessageState) -> Message:
        """The message as it is typed."""
        key, chosen = uuid.uuid4(), self.template.currentData()
        return Message(
            id=key,
            customer_id=self._form.customer.id,
            at=self.context.now(),
            address=self.address.currentText().strip(),
            subject=self.subject.text(),
            body=self.body.toPlainText(),
            message_id=f"<{key}@crmdesk.invalid>",
            state=state,
            template_id=chosen.id if chosen else None,
            purpose=self.purpose(),
            who=self.context.agent(),
        )

    def begin(self) -> None:
        """Puts the message into the outbox, where there is one."""
        self._write(MessageState.QUEUED if self._has_account else MessageState.HANDED_OVER)

    @Slot()
    def _hand_over(self) -> None:
        self._write(MessageState.HANDED_OVER)

    def _write(self, state: MessageState) -> None:
        new, who = self.message(state), self.context.agent()
        stored = partial(self._saved, new)
        self.write(lambda writer: writer.queue_message(new, who), stored)

    def _saved(self, new: Message, change: ChangeSet) -> None:
        """It waits to be sent, or is opened in the mail program."""
        if new.state is not MessageState.HANDED_OVER:
            self.context.wake_outbox()
        elif not open_mail(new.address, new.subject, new.body):
            self._forget(change)
            return
        self.written.emit(new.id, change)
        self.accept()

    def _forget(self, change: ChangeSet) -> None:
        """Nothing was opened, so nothing was written to the customer."""
        who = self.context.agent()
        job = self.context.store.write(lambda writer: writer.undo_change(change.id, who))
        await_future(job, self, lambda _result: self.refused(_no_mail_program()), self.refused)


def _no_mail_program() -> UserFacingError:
    return UserFacingError(
        "No mail program was found on this computer.",
        "Nothing was opened, and nothing was noted.",
        "Set up a mail account under Settings > Messages, or install a mail program.",
    )


def _purposes(form: SendingForm) -> list[tuple[str, object]]:
    """An answer first: it is what an empty message usually is."""
    used = sorted({one.purpose for one in form.templates} - {""})
    kept = (form.lists.choice(PicklistKey.CONSENT_PURPOSE, one) for one in used)
    offered = {one.key: one for one in (*form.lists.offered(PicklistKey.CONSENT_PURPOSE), *kept)}
    answer = ("An answer to what they asked", "")
    return [answer, *((one.title, one.key) for one in offered.values())]


def _values(context: PageContext, form: SendingForm) -> Values:
    agent = context.settings().agent
    today = context.now().astimezone().date()
    return values_of(form.customer, agent.name, agent.extension, today, context.plan.lists)


def ask_to_send(
    context: PageContext,
    window: QWidget,
    customer_id: uuid.UUID,
    then: Callable[[uuid.UUID, ChangeSet], object],
    failed: Callable[[Exception], None],
) -> None:
    """Reads what a message needs and opens the dialog.

    Args:
        context: The desk.
        window: What the dialog belongs to.
        customer_id: To whom.
        then: Gets the key of the message and its change, once it is in the store.
        failed: Gets the error where the store could not be read.
    """

    def show(form: SendingForm | None) -> None:
        if form is None or show_again(window, SendDialog):
            return
        dialog = SendDialog(window, context, form)
        dialog.written.connect(then)
        dialog.open()

    job = context.store.read(partial(read_form, customer_id=customer_id))
    await_future(job, window, show, failed)
