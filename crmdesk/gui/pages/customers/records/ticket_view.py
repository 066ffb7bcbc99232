"""A ticket, opened: its clocks, what was said, and everything that can be done with it by key."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QMenu, QWidget

from crmdesk.domain.changes import ChangeSet
from crmdesk.domain.customers import TimelineKind
from crmdesk.domain.planning import PicklistKey
from crmdesk.domain.records import RecordRef
from crmdesk.domain.tickets import Ticket, TicketLink, TicketLinkKind, TicketStatus
from crmdesk.gui.models import ticket_words
from crmdesk.gui.pages.customers.customer_desk import CustomerDesk, CustomerView
from crmdesk.gui.pages.customers.records.record_view import RecordView
from crmdesk.gui.shortcuts import keys
from crmdesk.gui.shortcuts.keys import Key, bind
from crmdesk.gui.tasks import await_future
from crmdesk.gui.tickets.ask_person import EscalateDialog, HandOverDialog
from crmdesk.gui.tickets.comment_field import CommentField, CommentKind
from crmdesk.gui.tickets.edit_ticket import EditTicketDialog, LinkDialog
from crmdesk.gui.tickets.entries import TicketEntries, TicketLinks
from crmdesk.gui.tickets.head import TicketHead
from crmdesk.gui.tickets.reading import OpenedTicket, people
from crmdesk.gui.tickets.solving import move, solving_stage
from crmdesk.gui.widgets.buttons import action
from crmdesk.gui.widgets.pieces import rule

if TYPE_CHECKING:
    from crmdesk.store import Reader, Writer

_TELL_AGAIN_MS = 30_000
"""Clocks are told to the minute."""

_LINK_KINDS = {
    TicketLinkKind.CALL: TimelineKind.CALL,
    TicketLinkKind.ORDER: TimelineKind.ORDER,
    TicketLinkKind.INVOICE: TimelineKind.PAYMENT,
    TicketLinkKind.TICKET: TimelineKind.TICKET,
}


class TicketRecordView(RecordView):
    """Shows one ticket after the other."""

    def __init__(self, desk: CustomerDesk) -> None:
        super().__init__(desk)
        self._opened: OpenedTicket | None = None
        self._saving: uuid.UUID | None = None
        self._actions: dict[Key, Callable[[], object]] = {
            keys.TICKET_ANSWER: partial(self._write, CommentKind.ANSWER),
            keys.TICKET_NOTE: partial(self._write, CommentKind.NOTE),
            keys.TICKET_SOLVE: self.solve_or_open,
            keys.TICKET_WAIT: self.wait_or_go_on,
            keys.TICKET_ESCALATE: self.escalate,
            keys.TICKET_TAKE: self.take,
            keys.TICKET_OWNER: self.hand_over,
            keys.TICKET_PRIORITY: self.choose_priority,
            keys.TICKET_STAGE: self.choose_stage,
            keys.TICKET_LINK: self.link,
            keys.TICKET_EDIT: self.edit,
        }
        self.head = TicketHead(self._actions)
        self.comment = CommentField()
        self.links = TicketLinks()
        self.entries = TicketEntries()
        for part in (self.head, rule(), self.comment, self.links, self.entries):
            self.body.addWidget(part)
        self._tell_again = QTimer(self)
        self._tell_again.setInterval(_TELL_AGAIN_MS)
        self._tell_again.timeout.connect(self._show_clocks)
        self._connect()

    def _connect(self) -> None:
        for key, act in self._actions.items():
            bind(self, key, act)
        self.comment.typed.connect(self._keep)
        self.comment.save_wanted.connect(self._save_comment)
        self.comment.left.connect(self.setFocus)
        self.links.open_wanted.connect(self._open_link)
        self.links.unlink_wanted.connect(self._unlink)
        self.desk.drafts.kept.connect(self._kept)
        self.desk.drafts.failed.connect(self._not_kept)

    # --- showing ----------------------------------------------------------------------------

    def title(self, value: OpenedTicket) -> str:
        """Its kind and number."""
        return ticket_words.name(value.view.ticket, value.lists)

    def show_value(self, value: OpenedTicket, view: CustomerView) -> None:
        """Shows a ticket; what is being typed stays."""
        is_other = self._opened is None or self._opened.view.ticket.id != value.view.ticket.id
        self._opened = value
        self.head.show_ticket(value, view.names, view.now, self.desk.context.agent())
        self.links.show_links(value.view.links, view.now)
        self.entries.show_entries(value, view.names, view.now)
        if is_other:
            self._bring_draft(value.view.ticket.id)
        self._tell_again.start()

    def leave(self) -> None:
        """Its clock need not be told any more; the draft is kept already."""
        self._tell_again.stop()
        self._opened = None

    @Slot()
    def _show_clocks(self) -> None:
        if self._opened is not None:
            self.head.show_clocks(self._opened, self.desk.context.now())

    @property
    def ticket(self) -> Ticket | None:
        """The ticket that is shown."""
        return self._opened.view.ticket if self._opened else None

    # --- comments ---------------------------------------------------------------------------

    def _write(self, kind: CommentKind) -> None:
        self.comment.start(kind)

    def _bring_draft(self, key: uuid.UUID) -> None:
        self.comment.set_draft(self.desk.drafts.unkept(key))
        self.comment.set_saving(self._saving == key)
        await_future(self.desk.drafts.read(key), self, partial(self._show_draft, key), self._failed)

    def _show_draft(self, key: uuid.UUID, text: str) -> None:
        if self._is_shown(key) and text and not self.comment.text():
            self.comment.set_draft(text)

    def _keep(self, text: str) -> None:
        if self.ticket is not None:
            self.desk.drafts.keep(self.ticket.id, text)

    def _kept(self, key: uuid.UUID) -> None:
        if self._is_shown(key) and self.comment.text():
            self.comment.set_state("Draft kept")

    def _not_kept(self, key: uuid.UUID, _error: Exception) -> None:
        if self._is_shown(key):
            self.comment.set_state("Not kept yet. It stays in this field.")

    def _is_shown(self, key: uuid.UUID) -> bool:
        return self.ticket is not None and self.ticket.id == key

    def _save_comment(self, text: str) -> None:
        ticket = self.ticket
        if ticket is None or self._saving is not None:
            return
        self._saving = ticket.id
        self.comment.set_saving(True)
        key, who = ticket.id, self.desk.context.agent()
        is_answer = self.comment.kind is CommentKind.ANSWER

        def write(writer: Writer) -> ChangeSet:
            return writer.comment_ticket(key, text, who, is_answer=is_answer)

        saved = partial(self._comment_saved, key, text)
        await_future(self.desk.context.store.write(write), self, saved, self._not_saved)

    def _comment_saved(self, key: uuid.UUID, text: str, change: ChangeSet) -> None:
        self._saving = None
        self.comment.set_saving(False)
        if self._is_shown(key) and self.comment.text() == text:
            self.comment.set_draft("")
            self.comment.set_state("")
            self.setFocus()
            self.desk.drafts.keep(key, "")
        self.desk.wrote(change)

    def _not_saved(self, error: Exception) -> None:
        self._saving = None
        self.comment.set_saving(False)
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.desk.failed.emit(error)

    # --- doing ------------------------------------------------------------------------------

    def _do(self, job: Callable[[Writer, uuid.UUID, str], ChangeSet]) -> None:
        """Writes a step of this ticket in the name of who sits here."""
        if self.ticket is not None:
            key, who = self.ticket.id, self.desk.context.agent()
            self.desk.do(lambda writer: job(writer, key, who))

    def solve_or_open(self) -> None:
        """Nothing is to be done any more, or something is again."""
        if self.ticket is not None and self.ticket.is_solved:
            self._set_status(TicketStatus.OPEN)
        else:
            self._move(solving_stage(self.desk.context.plan.value))

    def wait_or_go_on(self) -> None:
        """It is the customer's turn, or ours again."""
        if self.ticket is None or self.ticket.is_solved:
            return
        is_waiting = self.ticket.status is TicketStatus.WAITING
        self._set_status(TicketStatus.OPEN if is_waiting else TicketStatus.WAITING)

    def _set_status(self, status: TicketStatus) -> None:
        self._do(lambda writer, key, who: writer.set_ticket_status(key, status, who))

    def _change(self, **values: str) -> None:
        self._do(lambda writer, key, who: writer.change_ticket(key, values, who))

    def take(self) -> None:
        """Who sits here works on it."""
        agent = self.desk.context.agent()
        if self.ticket is not None and self.ticket.owner != agent:
            self._change(owner=agent)

    def hand_over(self) -> None:
        """Asks who works on it."""
        if (opened := self._opened) is None:
            return
        owner = opened.view.ticket.owner
        dialog = HandOverDialog(self.window(), self.title(opened), self._people(), owner)
        dialog.chosen.connect(self._hand_to)
        dialog.open()

    def _hand_to(self, name: str) -> None:
        if self.ticket is not None and name != self.ticket.owner:
            self._change(owner=name)

    def escalate(self) -> None:
        """Asks to whom, and why."""
        opened = self._opened
        if opened is None or opened.view.ticket.is_solved:
            return
        level = opened.view.ticket.escalation
        dialog = EscalateDialog(self.window(), self.title(opened), self._people(), level)
        dialog.chosen.connect(self._escalate_to)
        dialog.open()

    def _escalate_to(self, name: str, reason: str, hands_over: bool) -> None:
        self._do(
            lambda writer, key, who: writer.escalate_ticket(
                key, name, who, reason, hand_over=hands_over
            )
        )

    def _people(self) -> tuple[str, ...]:
        known = self._opened.people if self._opened else ()
        return people(known, self.desk.context.settings())

    def edit(self) -> None:
        """Asks for subject, kind and description."""
        if (opened := self._opened) is None:
            return
        dialog = EditTicketDialog(self.window(), self.desk.context, opened.view.ticket)
        dialog.saved.connect(lambda _key, change: self.desk.wrote(change))
        dialog.open()

    # --- menus ------------------------------------------------------------------------------

    def choose_priority(self) -> None:
        """A menu of the priorities."""
        if self.ticket is not None:
            self._menu(PicklistKey.TICKET_PRIORITY, self.ticket.priority, "priority", self._set)

    def _set(self, priority: str) -> None:
        self._change(priority=priority)

    def choose_stage(self) -> None:
        """A menu of the company's stages."""
        if self.ticket is not None:
            present = self.ticket.stage or self.ticket.status.value
            self._menu(PicklistKey.TICKET_STAGE, present, "stage", self._move)

    def _move(self, stage: str) -> None:
        if self._opened is not None:
            move(self.desk, self._opened, stage)

    def _menu(
        self, key: PicklistKey, present: str, chip: str, choose: Callable[[str], None]
    ) -> None:
        """Opens a menu under a chip, with the cursor on what holds now."""
        if (opened := self._opened) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        anchor: QWidget = self.head.chips[chip]
        for one in opened.lists.offered(key, present):
            entry = action(menu, one.title)
            entry.setCheckable(True)
            entry.setChecked(one.key == present)
            if one.key != present:
                entry.triggered.connect(partial(choose, one.key))
            menu.addAction(entry)
        checked = next((entry for entry in menu.actions() if entry.isChecked()), None)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
        if checked is not None:
            menu.setActiveAction(checked)

    # --- links ------------------------------------------------------------------------------

    def link(self) -> None:
        """Asks what belongs to it."""
        if (ticket := self.ticket) is None:
            return
        reading = self.desk.context.store.read(partial(_linkable, ticket=ticket))
        await_future(reading, self, self._ask_for_link, self._failed)

    def _ask_for_link(self, offered: tuple[TicketLink, ...]) -> None:
        if (opened := self._opened) is None:
            return
        dialog = LinkDialog(self.window(), self.title(opened), offered)
        dialog.chosen.connect(self._link_to)
        dialog.open()

    def _link_to(self, link: TicketLink) -> None:
        self._do(lambda writer, key, who: writer.link_ticket(key, link.kind, link.target_id, who))

    def _unlink(self, link: TicketLink) -> None:
        self._do(lambda writer, _key, who: writer.unlink_ticket(link.id, who))

    def _open_link(self, link: TicketLink) -> None:
        if self.ticket is not None:
            ref = RecordRef(_LINK_KINDS[link.kind], link.target_id, self.ticket.customer_id)
            self.desk.open(ref)


def _linkable(reader: Reader, ticket: Ticket) -> tuple[TicketLink, ...]:
    """What is not linked yet."""
    linked = {one.target_id for one in reader.ticket_links(ticket.id)} | {ticket.id}
    offered = reader.linkable(ticket.customer_id)
    return tuple(one for one in offered if one.target_id not in linked)
