"""Templates, and the outbox: a message is sent once or somebody is told why not.

The state is written before and after the mail server is asked. A message that was being sent
when the program died is DOUBTFUL: nobody knows whether it went, so no program sends it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, bindparam, func, or_, select, update

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.outreach import Channel, Message, MessageState, MessageTemplate
from crmdesk.store.columns import Instant, Key
from crmdesk.store.outreach.consents import ConsentQueries, ConsentWriting
from crmdesk.store.tables import customer, message, message_template
from crmdesk.store.tables.outreach import is_waiting

_LONGEST_NAME, _LONGEST_TEXT = 80, 100_000
_FACTS = (
    "id",
    "customer_id",
    "at",
    "address",
    "subject",
    "body",
    "message_id",
    "state",
    "template_id",
    "purpose",
    "who",
    "tries",
    "next_try_at",
    "sent_at",
    "trouble",
)
LONGEST_PAUSE = timedelta(hours=5)
"""Nothing waits longer for its next try; what seems to was queued while the clock was wrong."""
_STATES = frozenset(map(str, MessageState))
_rows = (
    select(*(message.c[name] for name in _FACTS), func.coalesce(customer.c.name, ""))
    .select_from(message)
    .outerjoin(customer, customer.c.id == message.c.customer_id)
    .where(message.c.deleted_at.is_(None))
)
_one = _rows.where(message.c.id == bindparam("wanted", type_=Key))
_waiting = _rows.where(is_waiting).order_by(message.c.next_try_at, message.c.id).limit(200)
_mine = message.c.origin == bindparam("desk_id", type_=Key)
_next = (
    _rows.where(
        is_waiting,
        message.c.state == MessageState.QUEUED.value,
        or_(
            message.c.next_try_at <= bindparam("now", type_=Instant),
            message.c.next_try_at > bindparam("too_far", type_=Instant),
        ),
        _mine,
    )
    .order_by(message.c.next_try_at, message.c.at, message.c.id)
    .limit(1)
)
_next_at = (
    select(message.c.next_try_at)
    .where(is_waiting, message.c.state == MessageState.QUEUED.value, _mine)
    .where(message.c.deleted_at.is_(None))
    .order_by(message.c.next_try_at)
    .limit(1)
)
# What the outbox notes is no decision of anybody: it is not journaled.
_note = (
    update(message)
    .where(
        message.c.id == bindparam("wanted", type_=Key),
        message.c.state == bindparam("present", type_=Text),
    )
    .values(
        {name: bindparam(name) for name in ("state", "next_try_at", "sent_at", "trouble")}
        | {
            "tries": message.c.tries + bindparam("more"),
            "updated_at": bindparam("updated_at", type_=Instant),
        }
    )
)
_left_over = (
    update(message)
    .where(is_waiting, message.c.state == MessageState.SENDING.value, _mine)
    .values(
        state=MessageState.DOUBTFUL.value,
        trouble="The program ended while this was being sent.",
        updated_at=bindparam("now", type_=Instant),
    )
)
_tries_anew = update(message).where(message.c.id == bindparam("wanted", type_=Key)).values(tries=0)
_is_living = select(customer.c.id).where(
    customer.c.id == bindparam("wanted", type_=Key), customer.c.deleted_at.is_(None)
)
_templates = (
    select(
        message_template.c.id,
        message_template.c.name,
        message_template.c.subject,
        message_template.c.body,
        message_template.c.language,
        message_template.c.purpose,
        message_template.c.is_active,
    )
    .where(message_template.c.deleted_at.is_(None))
    .order_by(message_template.c.position, message_template.c.name, message_template.c.id)
)


class MessageQueries(ConsentQueries):
    """Reads templates and messages."""

    def message_templates(self) -> tuple[MessageTemplate, ...]:
        """All of them, in the company's order."""
        return tuple(MessageTemplate(*row) for row in self._connection.execute(_templates))

    def message(self, message_id: uuid.UUID) -> Message | None:
        """One message, None where it was taken back or never was."""
        row = self._connection.execute(_one, {"wanted": message_id}).one_or_none()
        return _value(row) if row else None

    def waiting_messages(self) -> tuple[Message, ...]:
        """What is to be sent, is being sent, or is doubtful."""
        return tuple(map(_value, self._connection.execute(_waiting)))

    def next_message_at(self) -> datetime | None:
        """When the next message of this desk is to be sent, None where there is none."""
        found: datetime | None = self._connection.execute(
            _next_at, {"desk_id": self._desk_id}
        ).scalar()
        return found


class MessageWriting(ConsentWriting, MessageQueries):
    """Writes templates and the outbox."""

    def save_message_templates(self, templates: Sequence[MessageTemplate], who: str) -> ChangeSet:
        """Makes the templates those that are given, in this order."""
        known = {one.id for one in self.message_templates()}
        with self.change(ChangeKind.PLAN, "Message templates changed", who) as change:
            for place, one in enumerate(templates):
                values = {
                    "name": kept_line(one.name, _LONGEST_NAME),
                    "subject": kept_line(one.subject),
                    "body": kept_text(one.body, _LONGEST_TEXT),
                    "language": kept_line(one.language),
                    "purpose": kept_line(one.purpose),
                    "is_active": one.is_active,
                    "position": place,
                }
                if one.id in known:
                    change.update(message_template, one.id, values)
                else:
                    change.insert(message_template, values, one.id)
            for gone in known - {one.id for one in templates}:
                change.remove(message_template, gone)
        return change.change

    def queue_message(self, new: Message, who: str) -> ChangeSet:
        """Puts a message into the outbox; taking the change back before it is sent keeps it here.

        Raises:
            UserFacingError: The customer has not allowed it.
        """
        if not self._is_customer(new.customer_id):
            raise _gone()
        if not self.may_send(new.customer_id, Channel.EMAIL, new.purpose):
            raise _not_allowed()
        with self.change(ChangeKind.MESSAGE, f"Message: {new.subject}", who) as change:
            change.insert(message, _columns(new, self._clock()), new.id)
        return change.change

    def take_message(self) -> Message | None:
        """The next message of this desk that is due, marked as being sent.

        Messages to customers who were removed, or who withdrew their consent meanwhile, are
        cancelled and passed over.
        """
        now = self._clock()
        while True:
            asked = {"now": now, "too_far": now + LONGEST_PAUSE, "desk_id": self._desk_id}
            row = self._connection.execute(_next, asked).one_or_none()
            if row is None:
                return None
            found = _value(row)
            trouble = self._why_not(found)
            if not trouble:
                self._note(found.id, MessageState.QUEUED, MessageState.SENDING, tries=1)
                return found
            self._note(found.id, MessageState.QUEUED, MessageState.CANCELLED, trouble=trouble)

    def message_sent(self, message_id: uuid.UUID) -> None:
        """The mail server took it; also where another program put it in doubt meanwhile."""
        now = self._clock()
        for present in (MessageState.SENDING, MessageState.DOUBTFUL):
            if self._note(message_id, present, MessageState.SENT, sent_at=now):
                return

    def message_delayed(
        self, message_id: uuid.UUID, trouble: str, next_try_at: datetime, *, counts: bool = True
    ) -> None:
        """The mail server did not take it; it is asked again.

        Args:
            message_id: A message that is being sent.
            trouble: Why it was not taken, in words.
            next_try_at: Not before this.
            counts: Whether it was a try of this message; the account may have been in trouble.
        """
        self._note(
            message_id,
            MessageState.SENDING,
            MessageState.QUEUED,
            trouble=trouble,
            next_try_at=next_try_at,
            tries=0 if counts else -1,
        )

    def message_ended(self, message_id: uuid.UUID, state: MessageState, trouble: str) -> None:
        """It is not tried again: FAILED or DOUBTFUL."""
        self._note(message_id, MessageState.SENDING, state, trouble=trouble)

    def send_again(self, message_id: uuid.UUID) -> bool:
        """Queues a message that failed or is doubtful, because a person says so: all tries anew."""
        is_queued = self._answer(message_id, MessageState.QUEUED, self._clock())
        if is_queued:
            self._connection.execute(_tries_anew, {"wanted": message_id})
        return is_queued

    def cancel_message(self, message_id: uuid.UUID) -> bool:
        """Takes a message out of the outbox, False where it is gone or sent already."""
        queued = self._note(message_id, MessageState.QUEUED, MessageState.CANCELLED)
        return queued or self._answer(message_id, MessageState.CANCELLED, None)

    def doubt_unfinished_messages(self) -> int:
        """Marks what this desk was sending when it ended; called once, when a desk begins."""
        values = {"now": self._clock(), "desk_id": self._desk_id}
        return self._connection.execute(_left_over, values).rowcount

    def _is_customer(self, customer_id: uuid.UUID) -> bool:
        asked = {"wanted": customer_id}
        return self._connection.execute(_is_living, asked).one_or_none() is not None

    def _why_not(self, found: Message) -> str:
        """Why a queued message must not be sent any more, "" where it may."""
        if not self._is_customer(found.customer_id):
            return "The customer was removed before this was sent."
        if not self.may_send(found.customer_id, Channel.EMAIL, found.purpose):
            return "The customer withdrew the consent before this was sent."
        return ""

    def _answer(self, message_id: uuid.UUID, state: MessageState, at: datetime | None) -> bool:
        return any(
            self._note(message_id, present, state, next_try_at=at)
            for present in (MessageState.FAILED, MessageState.DOUBTFUL)
        )

    def _note(
        self,
        message_id: uuid.UUID,
        present: MessageState,
        state: MessageState,
        *,
        trouble: str = "",
        next_try_at: datetime | None = None,
        sent_at: datetime | None = None,
        tries: int = 0,
    ) -> bool:
        """Notes a new state, False where the message was not in the present one."""
        values = {
            "wanted": message_id,
            "present": present.value,
            "state": state.value,
            "next_try_at": next_try_at,
            "sent_at": sent_at,
            "trouble": kept_line(trouble),
            "more": tries,
            "updated_at": self._clock(),
        }
        return bool(self._connection.execute(_note, values).rowcount)


def _gone() -> UserFacingError:
    return UserFacingError("This customer was removed.", "Nothing was sent.")


def _not_allowed() -> UserFacingError:
    return UserFacingError(
        "This customer has not allowed such messages.",
        "Nothing was sent.",
        "Ask for the consent and write it down, then send again.",
    )


def _columns(new: Message, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": new.customer_id,
        "at": new.at,
        "address": kept_line(new.address),
        "subject": kept_line(new.subject),
        "body": kept_text(new.body, _LONGEST_TEXT),
        "message_id": kept_line(new.message_id),
        "state": new.state.value,
        "template_id": new.template_id,
        "purpose": kept_line(new.purpose),
        "who": kept_line(new.who),
        "next_try_at": now if new.state is MessageState.QUEUED else None,
    }


def _value(row: Sequence[Any]) -> Message:
    facts: dict[str, Any] = dict(zip(_FACTS, row, strict=False))
    state = facts["state"]
    # What a newer CRMDesk wrote is not ours to send.
    facts["state"] = MessageState(state) if state in _STATES else MessageState.CANCELLED
    return Message(**facts, customer_name=row[-1])
