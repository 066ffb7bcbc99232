"""Section "Messages": the mail account, and the templates of what is sent."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Slot

from crmdesk.bootstrap.mailing import account_of
from crmdesk.desk.outreach.smtp import try_account
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.outreach import MessageTemplate
from crmdesk.domain.planning import Picklists
from crmdesk.gui.models.outreach_words import purpose
from crmdesk.gui.settings.book import SettingsBook
from crmdesk.gui.settings.item_list import ItemList
from crmdesk.gui.settings.mail_fields import SECRET_REF, MailFields, TypedMail
from crmdesk.gui.settings.section import Section
from crmdesk.gui.settings.step_desk import SettingsDesk
from crmdesk.gui.settings.template_dialog import TemplateDialog
from crmdesk.gui.tasks import await_future
from crmdesk.gui.theme.tokens import Space
from crmdesk.gui.why.steps import NumberSteps
from crmdesk.gui.why.undo_bar import UndoBar
from crmdesk.gui.widgets.buttons import button
from crmdesk.gui.widgets.cells import Cell
from crmdesk.gui.widgets.layouts import column, row
from crmdesk.gui.widgets.messages import Banner
from crmdesk.gui.widgets.pieces import SectionHeader
from crmdesk.gui.widgets.selection import selected_row
from crmdesk.gui.widgets.text import joined, label, set_tone

if TYPE_CHECKING:
    from crmdesk.settings.model import MailSettings, Settings
    from crmdesk.settings.secrets import SecretVault
    from crmdesk.store import Reader


@dataclass(frozen=True, slots=True)
class _Read:
    """What the section shows of the store."""

    templates: tuple[MessageTemplate, ...] = ()
    lists: Picklists = field(default_factory=Picklists)


def _read(reader: Reader) -> _Read:
    return _Read(reader.message_templates(), reader.picklists())


class MessagesSection(Section):
    """Where messages are handed in, and what they say."""

    title = "Messages"
    icon = "mail"

    def __init__(self, book: SettingsBook) -> None:
        super().__init__(
            book,
            "What is sent to customers by e-mail. Nothing but answers goes to anybody who has not"
            " allowed it.",
        )
        self._desk = SettingsDesk(book)
        self.steps = NumberSteps(self._desk, self)
        self._known = _Read()
        self._make_parts()
        self._lay_out()
        self._connect()
        self.refresh()

    def _make_parts(self) -> None:
        self.undo_bar = UndoBar(self.steps)
        self.trouble = Banner("bad")
        self.trouble.hide()
        self.templates = ItemList(
            "Templates",
            "mail",
            ("No template yet.", "Add… makes the first one; messages can be written without, too."),
        )
        self.account = MailFields()
        self.save_account = button("Save account", "primary")
        self.try_it = button("Try it", icon="play", tip="Connects and logs in; sends nothing")
        self.outcome = label("", "small", "muted", wrap=True)

    def _lay_out(self) -> None:
        for part in (self.trouble, self.undo_bar, self.templates):
            self.body.addWidget(part)
        self.body.addLayout(
            column(
                SectionHeader("Mail account", "key"),
                self.account,
                row(self.save_account, self.try_it, self.outcome, 1),
                spacing=Space.M,
            )
        )

    def _connect(self) -> None:
        self.templates.add.clicked.connect(self._add)
        self.templates.edit.clicked.connect(self._edit)
        self.templates.remove.clicked.connect(self._remove)
        self.account.changed.connect(self._typed)
        self.save_account.clicked.connect(self._save_account)
        self.try_it.clicked.connect(self._try)
        self.steps.done.connect(self.read)
        self.steps.undone.connect(self.read)
        self.steps.failed.connect(self._failed)

    def enter(self) -> None:
        """Reads the templates: colleagues change them too."""
        self.read()

    @Slot()
    def read(self, *_what: object) -> None:
        """Reads the templates anew."""
        self.trouble.hide()
        await_future(self._desk.store.read(_read), self, self._show, self._failed)

    def _show(self, known: _Read) -> None:
        self._known = known
        self.templates.show_cells([_cell(one, known.lists) for one in known.templates])

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserFacingError):
            raise error
        self.trouble.tell_error(error)
        self.trouble.show()

    # --- templates --------------------------------------------------------------------------

    def _selected(self) -> MessageTemplate | None:
        place = selected_row(self.templates.view)
        known = self._known.templates
        return known[place] if 0 <= place < len(known) else None

    @Slot()
    def _add(self) -> None:
        self._ask(MessageTemplate(uuid.uuid4(), "", "", ""))

    @Slot()
    def _edit(self) -> None:
        if (chosen := self._selected()) is not None:
            self._ask(chosen)

    def _ask(self, template: MessageTemplate) -> None:
        dialog = TemplateDialog(self.window(), template, self._known.lists)
        dialog.saved.connect(self._keep)
        dialog.open()

    def _keep(self, template: MessageTemplate) -> None:
        there = self._known.templates
        kept = [template if one.id == template.id else one for one in there]
        self._save(kept if template in kept else [*kept, template])

    @Slot()
    def _remove(self) -> None:
        if (chosen := self._selected()) is not None:
            self._save([one for one in self._known.templates if one != chosen])

    def _save(self, templates: Sequence[MessageTemplate]) -> None:
        who = self._desk.agent()
        self.steps.do(lambda writer: writer.save_message_templates(templates, who))

    # --- the account ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Shows the account that holds, unless another one is being typed."""
        if not self.save_account.isEnabled() or not self._is_typed:
            self._show_account()

    _is_typed = False

    def _show_account(self) -> None:
        vault = self.book.core.vault
        self.account.set_mail(self.book.settings.mail, vault.name if vault else "")
        self._is_typed = False
        self.save_account.setEnabled(False)
        self.try_it.setEnabled(bool(self.book.settings.mail.host))

    @Slot()
    def _typed(self) -> None:
        self._is_typed = True
        typed = self.account.typed(self.book.settings.mail)
        self.save_account.setEnabled(typed is not None)
        self.try_it.setEnabled(typed is not None and bool(typed.mail.host))
        self._tell("", "muted")

    def _tell(self, words: str, tone: str) -> None:
        self.outcome.setText(words)
        set_tone(self.outcome, tone)

    @Slot()
    def _save_account(self) -> None:
        typed = self.account.typed(self.book.settings.mail)
        if typed is None:
            return
        self.save_account.setEnabled(False)
        keep = partial(_keep_secret, self.book.core.vault, typed.secret) if typed.secret else None
        self.book.change(partial(_with_mail, mail=typed.mail), keep, self._account_saved)

    def _account_saved(self, error: UserFacingError | None) -> None:
        if error is None:
            self._show_account()
            self._tell("Saved.", "good")
        else:
            self.save_account.setEnabled(True)
            self._failed(error)

    @Slot()
    def _try(self) -> None:
        typed = self.account.typed(self.book.settings.mail)
        if typed is None:
            return
        self.try_it.setEnabled(False)
        self._tell("Connecting…", "muted")
        work = asyncio.to_thread(_tried, typed, self.book.core.vault)
        job = self.book.runtime.submit(work)
        await_future(job, self, self._told, self._failed)

    def _told(self, trouble: str) -> None:
        self.try_it.setEnabled(True)
        self._tell(trouble or "The mail server lets you in.", "bad" if trouble else "good")


def _with_mail(settings: Settings, mail: MailSettings) -> Settings:
    return msgspec.structs.replace(settings, mail=mail)


def _keep_secret(vault: SecretVault | None, secret: str) -> None:
    if vault is None:
        raise UserFacingError(
            "There is no safe place for the password.",
            "The account was not saved.",
            "Use a store of your own instead of the demo.",
        )
    vault.set(SECRET_REF, secret)


def _tried(typed: TypedMail, vault: SecretVault | None) -> str:
    """Runs in a thread: the vault and the mail server may take their time."""
    ref = typed.mail.secret_ref
    kept = vault.get(ref) or "" if vault is not None and ref and not typed.secret else ""
    account = account_of(typed.mail, typed.secret or kept)
    if account is None:
        return "Without encryption only a mail server on this computer is used."
    return try_account(account)


def _cell(one: MessageTemplate, lists: Picklists) -> Cell:
    words = joined((purpose(one.purpose, lists), one.subject))
    tone = "text" if one.is_active else "muted"
    state = "" if one.is_active else "not offered"
    return Cell(
        one.name, joined((words, state)), tone=tone, icon="mail", tip=joined((one.name, words))
    )
