"""What may be new to whoever speaks with a customer: one branch for each table, one statement.

Every branch reads few rows by an index of one customer's, however long the history is: where
what is asked for is in no index, it looks at the newest `_NEWEST` rows only.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from crmdesk.store.columns import Instant, Key
from crmdesk.store.planning.picklists import NUMBER
from crmdesk.store.prepared import Prepared
from crmdesk.store.story.text import Change
from crmdesk.store.tables import (
    call,
    change_row,
    change_set,
    consent,
    follow_up,
    interaction,
    message,
    opportunity,
    payment,
    receipt,
    sales_order,
    survey_answer,
    ticket,
    ticket_entry,
)

_MOST_OF_A_KIND = 4
_NEWEST = 100
_LONGEST_TEXT = 300
"""Characters read of a text; a line shows fewer."""

_customer_id = bindparam("customer_id", type_=Key)
_since = bindparam("since", type_=Instant)
_now = bindparam("now", type_=Instant)
_today = bindparam("today", type_=Date)

Columns = dict[str, ColumnElement[Any]]


def _lines(
    source: FromClause, what: str, where: ColumnElement[bool], order: ColumnElement[Any],
    columns: Columns,
) -> Select[Any]:  # fmt: skip
    """The most pressing rows of a source, with the columns of `Change`."""
    named: Columns = {
        "what": literal(what),
        "name": literal(""),
        "text": literal(""),
        "who": literal(""),
        "state": literal(""),
        "done_at": null(),
        "due_at": null(),
        "cents": null(),
        "currency": literal(""),
        **columns,
    }
    fields = (named[field].label(field) for field in Change._fields)
    found = select(*fields).select_from(source).where(where).order_by(order)
    return select(found.limit(_MOST_OF_A_KIND).subquery())


def _of(table: Table, what: str, where: ColumnElement[bool], **columns: Any) -> Select[Any]:  # noqa: ANN401
    """Rows of a table that an index gives: `where` and the customer say which."""
    own = (table.c.customer_id == _customer_id) & table.c.deleted_at.is_(None)
    order = columns.pop("order", table.c.at.desc())
    return _lines(table, what, own & where, order, {"at": table.c.at, **columns})


def _newest(table: Table) -> Any:  # noqa: ANN401  a subquery with the table's columns
    """The newest rows of a customer, read from the index in order."""
    rows = select(table).where(table.c.customer_id == _customer_id, table.c.deleted_at.is_(None))
    return rows.order_by(table.c.at.desc()).limit(_NEWEST).subquery(f"newest_{table.name}")


def _cut(text: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.substr(text, 1, _LONGEST_TEXT)


def _orders() -> Select[Any]:
    one = _newest(sales_order).c
    is_on_its_way = or_(one.status == "placed", one.status == "shipped")
    is_late = is_on_its_way & one.delivered_at.is_(None) & (one.promised_at < _now)
    is_new = or_(one.shipped_at >= _since, one.delivered_at >= _since, one.at > _since)
    return _lines(
        one.id.table, "order", or_(is_late, is_new), one.at.desc(),
        {
            "at": one.at,
            "name": one.number,
            "text": one.title,
            "state": case((is_late, "late"), else_=one.status),
            "done_at": func.coalesce(one.delivered_at, one.shipped_at),
            "due_at": one.promised_at,
            "cents": one.total_cents,
            "currency": one.currency,
        },
    )  # fmt: skip


_invoice: Columns = {
    "name": payment.c.number,
    "text": func.coalesce(cast(payment.c.due_on, Text), ""),
    "cents": payment.c.amount_cents - payment.c.paid_cents,
    "currency": payment.c.currency,
}


def _follow_ups_done() -> Select[Any]:
    one = _newest(follow_up).c
    return _lines(
        one.id.table, "done", one.done_at > _since, one.done_at.desc(),
        {
            "at": one.done_at,
            "name": one.kind,
            "text": one.title,
            "who": case((one.done_by != "", one.done_by), else_=one.who),
            "state": one.outcome,
        },
    )  # fmt: skip


# What was noted of a talk is no news after it; of a call that reached nobody it is.
_nobody_talked = select(call.c.id).where(
    call.c.id == interaction.c.call_id,
    call.c.ended_at.is_not(None),
    call.c.answered_at.is_(None),
)


def _solved_tickets() -> Select[Any]:
    one = _newest(ticket).c
    by = (
        select(ticket_entry.c.who)
        .where(ticket_entry.c.ticket_id == one.id, ticket_entry.c.kind == "status")
        .order_by(ticket_entry.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _lines(
        one.id.table, "solved", (one.status == "solved") & (one.solved_at > _since),
        one.solved_at.desc(),
        {
            "at": one.solved_at,
            "name": one.kind + NUMBER + one.number,
            "text": one.subject,
            "who": func.coalesce(by, ""),
        },
    )  # fmt: skip


_TOLD = ("escalation", "breach", "answer", "note", "priority", "owner")
"""Steps of open tickets that are told; that one was opened, its own line says."""


def _ticket_steps() -> Select[Any]:
    whole = ticket_entry.join(ticket, ticket.c.id == ticket_entry.c.ticket_id)
    own = (ticket_entry.c.customer_id == _customer_id) & (ticket_entry.c.at > _since)
    told = or_(*(ticket_entry.c.kind == kind for kind in _TOLD))
    is_open = (ticket.c.status != "solved") & ticket.c.deleted_at.is_(None)
    return _lines(
        whole,
        "ticket",
        own & told & is_open & ticket_entry.c.deleted_at.is_(None),
        ticket_entry.c.at.desc(),
        {
            "at": ticket_entry.c.at,
            "name": ticket.c.kind + NUMBER + ticket.c.number,
            "text": _cut(
                case(
                    (
                        ticket_entry.c.kind == "escalation",
                        ticket_entry.c.after + NUMBER + ticket_entry.c.text,
                    ),
                    (ticket_entry.c.text != "", ticket_entry.c.text),
                    else_=ticket_entry.c.after,
                )
            ),
            "who": ticket_entry.c.who,
            "state": ticket_entry.c.kind,
        },
    )


_PROFILE = ("customer", "customer_number", "email", "address", "custom_value")


def _profile() -> Select[Any]:
    whole = change_row.join(change_set, change_set.c.id == change_row.c.change_id)
    own = (change_row.c.customer_id == _customer_id) & (change_row.c.created_at > _since)
    is_profile = or_(*(change_row.c.table_name == name for name in _PROFILE))
    holds = change_set.c.undone_at.is_(None) & (change_set.c.kind != "creation")
    return _lines(
        whole,
        "profile",
        own & is_profile & holds,
        change_row.c.created_at.desc(),
        {
            "at": change_set.c.created_at,
            "text": _cut(change_set.c.title),
            "who": change_set.c.who,
            "name": change_set.c.kind,
        },
    )


def _leads() -> Select[Any]:
    one = _newest(opportunity).c
    return _lines(
        one.id.table, "lead", or_(one.at > _since, one.closed_at > _since), one.at.desc(),
        {
            "at": func.coalesce(one.closed_at, one.at),
            "name": one.stage,
            "text": one.title,
            "who": one.owner,
            "state": one.state,
            "cents": one.value_cents,
            "currency": one.currency,
        },
    )  # fmt: skip


# The orders come first: their columns have all the types the others leave NULL.
CHANGES = Prepared(
    union_all(
        _orders(),
        _of(
            payment,
            "overdue",
            payment.c.paid_at.is_(None)
            & (payment.c.due_on < _today)
            & (payment.c.status == "open")
            & (payment.c.amount_cents > payment.c.paid_cents),  # a credit note is no debt
            order=payment.c.due_on,
            **_invoice,
        ),
        _of(
            payment,
            "invoice",
            (payment.c.at > _since)
            & or_(payment.c.paid_at.is_not(None), payment.c.due_on.is_(None),
                  payment.c.due_on >= _today, payment.c.amount_cents <= payment.c.paid_cents),
            **{**_invoice, "cents": payment.c.amount_cents},
            state=case((payment.c.paid_at.is_not(None), "paid"), else_=payment.c.status),
        ),
        _of(
            receipt,
            "receipt",
            receipt.c.at > _since,
            cents=receipt.c.amount_cents,
            currency=receipt.c.currency,
            text=receipt.c.reference,
        ),
        _of(
            follow_up,
            "follow_up",
            follow_up.c.done_at.is_(None),
            order=follow_up.c.due_at,
            name=follow_up.c.kind,
            text=follow_up.c.title,
            who=case((follow_up.c.owner != "", follow_up.c.owner), else_=follow_up.c.who),
            due_at=follow_up.c.due_at,
        ),
        _of(
            follow_up,
            "promise",
            follow_up.c.done_at.is_(None) & (follow_up.c.kind == "promise"),
            order=follow_up.c.due_at,
            name=follow_up.c.kind,
            text=follow_up.c.title,
            who=follow_up.c.who,
            due_at=follow_up.c.due_at,
        ),
        _follow_ups_done(),
        _of(
            interaction,
            "interaction",
            (interaction.c.at > _since)
            & or_(interaction.c.call_id.is_(None), _nobody_talked.exists()),
            name=interaction.c.kind,
            text=_cut(
                case((interaction.c.title != "", interaction.c.title), else_=interaction.c.detail)
            ),
            who=interaction.c.who,
        ),
        _solved_tickets(),
        _ticket_steps(),
        _of(
            survey_answer,
            "survey",
            survey_answer.c.at > _since,
            cents=survey_answer.c.score,
            state=survey_answer.c.scale,
            text=_cut(survey_answer.c.comment),
        ),
        _of(
            consent,
            "consent",
            consent.c.at > _since,
            name=consent.c.channel,
            text=consent.c.purpose,
            who=consent.c.who,
            cents=cast(consent.c.is_given, Integer),
        ),
        _of(
            message,
            "message",
            message.c.at > _since,
            name=message.c.channel,
            text=_cut(message.c.subject),
            who=message.c.who,
            state=message.c.state,
        ),
        _leads(),
        _profile(),
    )
)  # fmt: skip
"""Rows of `Change`; values: customer_id, since, now, today."""
