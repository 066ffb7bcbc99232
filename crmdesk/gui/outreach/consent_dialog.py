"""What a customer allows, or does not any more, written down in the words it was asked in."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import Customer
from crmdesk.domain.outreach import Channel, Consent
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models.outreach_words import CHANNELS, consent_state
from crmdesk.gui.pages.context import PageContext
from crmdesk.gui.saving_dialog import SavingDialog
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Size, Space
from crmdesk.gui.widgets import times
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.card_guard import guarded
from crmdesk.gui.widgets.fields import Field, combo_box, radio_button, text_edit
from crmdesk.gui.widgets.focus import OneTabStop
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.open_dialogs import show_again
from crmdesk.gui.widgets.text import label

_WIDTH = 520


class ConsentDialog(SavingDialog):
    """Asks what was said.

    Args:
        parent: The window.
        context: The desk.
        customer: Who said it.
        lists: What there is to choose from.
        about: A consent that is withdrawn or given again, None for a new one.
    """

    def __init__(
        self,
        parent: QWidget | None,
        context: PageContext,
        customer: Customer,
        lists: Picklists,
        about: Consent | None = None,
    ) -> None:
        super().__init__(parent, context, "What they allow", "Write it down", _WIDTH)
        self._customer = customer
        self.yes, self.no = radio_button("Yes, allowed"), radio_button("No, not any more")
        if about is not None:  # the opposite of what holds is what it was opened for
            (self.no if about.is_given else self.yes).setChecked(True)
        self.purpose = combo_box(
            _choices(lists, PicklistKey.CONSENT_PURPOSE, about.purpose if about else ""),
            name="For what",
        )
        self.channel = combo_box(((text, one) for one, text in CHANNELS.items()), name="How")
        self.channel.setCurrentIndex(
            self.channel.findData(about.channel if about else Channel.EMAIL)
        )
        if about is not None:
            self.purpose.setCurrentIndex(self.purpose.findData(about.purpose))
        self.source = combo_box(
            _choices(lists, PicklistKey.CONSENT_SOURCE), name="Where it was said"
        )
        self.wording = text_edit("e.g. “May we send you news by e-mail?” Yes.", name="Wording")
        self.wording.setFixedHeight(3 * Size.ROW)
        self._holds = label("", "small", "muted", wrap=True)
        self._known: tuple[Consent, ...] | None = None
        self._lay_out()
        OneTabStop(self, (self.yes, self.no))
        self._connect()
        (self.no if self.no.isChecked() else self.yes).setFocus()

    def _connect(self) -> None:
        for choice in (self.purpose, self.channel):
            choice.currentIndexChanged.connect(self._show_what_holds)
        for answer in (self.yes, self.no):
            answer.toggled.connect(self.check)
        self.check()
        key = self._customer.id
        reading = self.context.store.read(lambda reader: reader.consents(key))
        await_future(reading, self, self._show_known, self.refused)

    def is_complete(self) -> bool:
        """What was said is chosen: nobody is taken to have agreed."""
        return self.yes.isChecked() or self.no.isChecked()

    def _show_known(self, known: tuple[Consent, ...]) -> None:
        self._known = known
        self._show_what_holds()

    @Slot()
    def _show_what_holds(self) -> None:
        """Says what was written down last of this purpose and way."""
        about = Channel(self.channel.currentData()), self.purpose.currentData()
        known = self._known or ()
        last = next((one for one in known if (one.channel, one.purpose) == about), None)
        words = "Nothing was said about this yet."
        if last is not None:
            state, _ = consent_state(last)
            words = f"Until now: {state}, {times.short(last.at, self.context.now())}."
        self._holds.setText(words if self._known is not None else "")

    def _lay_out(self) -> None:
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        parts = (
            label(f"What {self._customer.name} allows", "lead-strong", wrap=True),
            self.trouble,
            row(Field("For what", self.purpose), Field("How", self.channel), spacing=Space.L),
            self._holds,
            column(self.yes, self.no, spacing=Space.XS),
            Field("Where it was said", self.source),
            guarded("Wording", self.wording, "What was asked or signed, word for word."),
            row(1, cancel, self.save_button),
        )
        self.setLayout(column(*parts, spacing=Space.L, margin=Space.XL))

    def consent(self) -> Consent:
        """What is typed."""
        return Consent(
            uuid.uuid4(),
            self._customer.id,
            self.context.now(),
            Channel(self.channel.currentData()),  # Qt gives a plain text back
            self.purpose.currentData(),
            self.yes.isChecked(),
            self.source.currentData(),
            self.wording.toPlainText(),
            self.context.agent(),
        )

    def begin(self) -> None:
        """Writes it down."""
        said, who = self.consent(), self.context.agent()
        self.write(lambda writer: writer.record_consents((said,), who))


def _choices(lists: Picklists, key: PicklistKey, present: str = "") -> list[tuple[str, object]]:
    return [(one.title, one.key) for one in lists.offered(key, present)]


def ask_for_consent(
    context: PageContext,
    window: QWidget,
    customer: Customer,
    then: Callable[[ChangeSet], object],
    about: Consent | None = None,
) -> None:
    """Opens the dialog.

    Args:
        context: The desk.
        window: What the dialog belongs to.
        customer: Who says something.
        then: Gets the change once it is in the store.
        about: A consent that is withdrawn or given again.
    """
    if show_again(window, ConsentDialog):
        return
    dialog = ConsentDialog(window, context, customer, context.plan.lists, about)
    dialog.wrote.connect(then)
    dialog.open()
