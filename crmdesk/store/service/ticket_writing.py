"""What people do with tickets, as steps that can be taken back.

Each step writes the ticket's row and an entry that says so. Due times follow by themselves:
see `clocks`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import bindparam, select

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.domain.tickets import (
    NOTHING_FILLED,
    NewTicket,
    Ticket,
    TicketEntryKind,
    TicketFilled,
    TicketLinkKind,
    TicketStatus,
)
from crmdesk.store.audit.clashes import edited_fields
from crmdesk.store.audit.history import HistoryQueries
from crmdesk.store.changes import ChangeRecorder, ChangeUndoing
from crmdesk.store.columns import Key
from crmdesk.store.customers.merge_places import MergeQueries
from crmdesk.store.planning.queries import PlanningQueries
from crmdesk.store.service import ticket_refusals
from crmdesk.store.service.ticket_entries import EntryWriter, fill, write_values
from crmdesk.store.service.tickets import TicketQueries
from crmdesk.store.tables import ticket, ticket_link

_link_of = select(ticket_link.c.ticket_id, ticket_link.c.kind).where(
    ticket_link.c.id == bindparam("link_id", type_=Key), ticket_link.c.deleted_at.is_(None)
)


class TicketWriting(ChangeUndoing, TicketQueries, HistoryQueries, PlanningQueries, MergeQueries):
    """Writes tickets. Each step comes back as the change it made."""

    def open_ticket(self, new: NewTicket, who: str, key: uuid.UUID | None = None) -> ChangeSet:
        """Opens a ticket; its number is the next one.

        Args:
            new: What it is about.
            who: Name or extension of the agent.
            key: Of the ticket, for whoever wants to show it; None for a new one.

        Raises:
            UserFacingError: It has no subject, or the customer is gone.
        """
        subject = kept_line(new.subject)
        if not subject:
            raise ticket_refusals.no_subject()
        customer_id = self.living_customer(new.customer_id)
        number, lists = self.next_ticket_number(), self.picklists()
        stage = kept_line(new.stage) or _stage_for(lists, TicketStatus.OPEN)
        status = _status_of(lists, stage)
        kind = lists.title(PicklistKey.TICKET_KIND, new.kind)
        with self.change(ChangeKind.TICKET, f"{kind} {number} opened: {subject}", who) as change:
            now = change.moment()
            row = {
                "customer_id": customer_id,
                "at": now,
                "number": number,
                "kind": kept_line(new.kind),
                "subject": subject,
                "priority": kept_line(new.priority),
                "status": status.value,
                "stage": stage,
                "who": kept_line(who),
                "owner": kept_line(new.owner),
                "detail": kept_text(new.detail),
                "call_id": new.call_id,
                "solved_at": now if status is TicketStatus.SOLVED else None,
            }
            made = change.insert(ticket, row, key)
            entry = EntryWriter(change, made, customer_id, who)
            entry.add(TicketEntryKind.OPENED)
            if status is not TicketStatus.OPEN:
                entry.add(TicketEntryKind.STATUS, before=TicketStatus.OPEN, after=status)
            calls = ((TicketLinkKind.CALL, new.call_id),) if new.call_id else ()
            for link_kind, target in (*calls, *new.links):
                values = {"ticket_id": made, "kind": link_kind.value, "target_id": target}
                change.insert(ticket_link, values)
        return change.change

    def comment_ticket(
        self, ticket_id: uuid.UUID, text: str, who: str, *, is_answer: bool
    ) -> ChangeSet:
        """Writes down what was said.

        Args:
            ticket_id: Of which ticket.
            text: Plain, several lines; card numbers in it are masked.
            who: Name or extension of the agent.
            is_answer: It was told to the customer; else it is for us.

        Raises:
            UserFacingError: The text is empty, or the ticket is gone.
        """
        said = kept_text(text)
        if not said:
            raise ticket_refusals.no_text()
        kind = TicketEntryKind.ANSWER if is_answer else TicketEntryKind.NOTE
        word = "answered:" if is_answer else "has a note:"
        with self._step(ticket_id, word, who) as (change, _, entry):
            entry.add(kind, text=said)
        return change.change

    def move_ticket(
        self,
        ticket_id: uuid.UUID,
        stage: str,
        who: str,
        comment: str = "",
        filled: TicketFilled = NOTHING_FILLED,
    ) -> ChangeSet:
        """Gives a ticket another stage, and the status that the stage means.

        Args:
            ticket_id: Of which ticket.
            stage: A key of the picklist of stages.
            who: Name or extension of the agent.
            comment: Told to the customer with it, "" for nothing.
            filled: What it lacked for that; what somebody filled in meanwhile stays.

        Raises:
            UserFacingError: It has this stage already, or is gone.
        """
        lists, stage = self.picklists(), kept_line(stage)
        status, said = _status_of(lists, stage), kept_text(comment)
        title = lists.title(PicklistKey.TICKET_STAGE, stage)
        with self._step(ticket_id, f"is now “{title}”:", who) as (change, found, entry):
            if (found.stage or found.status.value, found.status) == (stage, status):
                raise ticket_refusals.no_change(f"It is “{title}” already.")
            if said:
                entry.add(TicketEntryKind.ANSWER, text=said)
            given = fill(change, found, filled, entry)
            now = change.moment()
            solved_at = now if status is TicketStatus.SOLVED else None
            row = {"stage": stage, "status": status.value, "solved_at": solved_at, **given}
            change.update(ticket, ticket_id, row)
            if status is not found.status:
                entry.add(TicketEntryKind.STATUS, before=found.status, after=status, at=now)
            if stage != found.stage and not _says_the_same(stage, status):
                entry.add(TicketEntryKind.STAGE, before=found.stage, after=stage)
        return change.change

    def set_ticket_status(
        self, ticket_id: uuid.UUID, status: TicketStatus, who: str, comment: str = ""
    ) -> ChangeSet:
        """The same with the first stage that means a status: solve, wait, open again."""
        return self.move_ticket(ticket_id, _stage_for(self.picklists(), status), who, comment)

    def change_ticket(self, ticket_id: uuid.UUID, values: Mapping[str, str], who: str) -> ChangeSet:
        """Changes priority, kind, subject, owner or description of a ticket.

        Raises:
            UserFacingError: The subject is empty, nothing is different, or it is gone.
        """
        with self._step(ticket_id, "changed:", who) as (change, found, entry):
            if not write_values(change, found, values, entry):
                raise ticket_refusals.no_change("Nothing is different.")
        return change.change

    def edit_ticket(self, base: Ticket, edited: Ticket, who: str) -> ChangeSet:
        """Writes what was changed of a ticket in a form.

        Args:
            base: What the form began with.
            edited: What it holds.
            who: Name or extension of the agent.

        Raises:
            ConflictingEditsError: Somebody else changed the same; see `domain.edits.settled`.
            UserFacingError: The subject is empty, or it is gone.
        """
        with self._step(base.id, "changed:", who) as (change, found, entry):
            mine = edited_fields(self, base, edited, found)
            write_values(change, found, {name: getattr(edited, name) for name in mine}, entry)
        return change.change

    def escalate_ticket(
        self, ticket_id: uuid.UUID, to: str, who: str, reason: str = "", *, hand_over: bool = False
    ) -> ChangeSet:
        """Raises a ticket a level.

        Args:
            ticket_id: Of which ticket.
            to: Who is told.
            who: Name or extension of the agent.
            reason: Why, for us.
            hand_over: They work on it from now on.

        Raises:
            UserFacingError: Nobody is named, it is solved, or it is gone.
        """
        name = kept_line(to)
        if not name:
            raise ticket_refusals.nobody()
        with self._step(ticket_id, f"escalated to {name}:", who) as (change, found, entry):
            if found.is_solved:
                raise ticket_refusals.is_solved()
            row = {"escalation": found.escalation + 1, "escalated_to": name}
            hands_over = hand_over and found.owner != name
            change.update(ticket, ticket_id, {**row, **({"owner": name} if hands_over else {})})
            entry.add(
                TicketEntryKind.ESCALATION,
                text=kept_text(reason),
                before=found.escalated_to,
                after=name,
            )
            if hands_over:
                entry.add(TicketEntryKind.OWNER, before=found.owner, after=name)
        return change.change

    def link_ticket(
        self, ticket_id: uuid.UUID, kind: TicketLinkKind, target_id: uuid.UUID, who: str
    ) -> ChangeSet:
        """Hangs a ticket on a call, an order, an invoice or another ticket.

        Raises:
            UserFacingError: It hangs on it already, or on itself, or is gone.
        """
        with self._step(ticket_id, "linked:", who) as (change, _, entry):
            links = self.ticket_links(ticket_id)
            if target_id == ticket_id or any(one.target_id == target_id for one in links):
                raise ticket_refusals.no_change("This is linked already.")
            values = {"ticket_id": ticket_id, "kind": kind.value, "target_id": target_id}
            change.insert(ticket_link, values)
            entry.add(TicketEntryKind.LINKED, after=kind.value)
        return change.change

    def unlink_ticket(self, link_id: uuid.UUID, who: str) -> ChangeSet:
        """Takes a link away.

        Raises:
            UserFacingError: It is gone already.
        """
        row = self._connection.execute(_link_of, {"link_id": link_id}).one_or_none()
        if row is None:
            raise ticket_refusals.no_change("This link is gone already.")
        with self._step(row[0], "unlinked:", who) as (change, _, entry):
            change.remove(ticket_link, link_id)
            entry.add(TicketEntryKind.UNLINKED, before=row[1])
        return change.change

    @contextmanager
    def _step(
        self, ticket_id: uuid.UUID, what: str, who: str
    ) -> Iterator[tuple[ChangeRecorder, Ticket, EntryWriter]]:
        view = self.ticket(ticket_id)
        if view is None:
            raise ticket_refusals.unknown_ticket()
        found = view.ticket
        title = f"Ticket {found.number} {what} {found.subject}"
        with self.change(ChangeKind.TICKET, title, who) as change:
            yield change, found, EntryWriter(change, ticket_id, found.customer_id, who)


def _stage_for(lists: Picklists, status: TicketStatus) -> str:
    """The first stage that means a status; the status itself where the company has none."""
    offered = lists.offered(PicklistKey.TICKET_STAGE)
    return next((one.key for one in offered if one.meaning == status), status.value)


def _status_of(lists: Picklists, stage: str) -> TicketStatus:
    meaning = lists.choice(PicklistKey.TICKET_STAGE, stage).meaning or stage
    known = {status.value for status in TicketStatus}
    return TicketStatus(meaning) if meaning in known else TicketStatus.OPEN


def _says_the_same(stage: str, status: TicketStatus) -> bool:
    """Whether the entry of the status says all that one of the stage would."""
    return stage == status.value
