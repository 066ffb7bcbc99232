"""What the timeline reads of each table: one branch for each, with an index of its own.

Every branch yields the columns of `timeline_text.TimelineRow`, whose texts mean something else
in each; `timeline_text` turns them into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)

from crmdesk.domain.customers import TimelineKind
from crmdesk.store.columns import Instant
from crmdesk.store.planning.picklists import NUMBER
from crmdesk.store.tables import (
    call,
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
)

_K = TimelineKind
_NOTHING = literal("")


@dataclass(frozen=True, slots=True)
class Branch:
    """One table in the timeline.

    Attributes:
        table: It has customer_id, and an index that pages one customer's rows newest first.
        kinds: What its rows are; where several, a column `kind` says which.
        rows: Its living rows: kind, id, at, four texts, a number and a moment.
    """

    table: Table
    kinds: tuple[TimelineKind, ...]
    rows: Select[Any]


def _branch(
    table: Table,
    *texts: ColumnElement[Any],
    kinds: tuple[TimelineKind, ...],
    at: ColumnElement[Any] | None = None,
    amount: ColumnElement[Any] | None = None,
    moment: ColumnElement[Any] | None = None,
) -> Branch:
    four = (*texts, *(_NOTHING,) * (4 - len(texts)))
    rows = select(
        (table.c.kind if len(kinds) > 1 else literal(kinds[0].value)).label("kind"),
        table.c.id.label("id"),
        (table.c.at if at is None else at).label("at"),
        *(value.label(f"text_{number}") for number, value in enumerate(four)),
        cast(null() if amount is None else amount, Integer).label("amount"),
        type_coerce(null() if moment is None else moment, Instant).label("moment"),
    ).where(table.c.deleted_at.is_(None))
    return Branch(table, kinds, rows)


def _ended_calls() -> Branch:
    made = _branch(
        call,
        call.c.direction,
        func.coalesce(call.c.outcome, ""),
        func.coalesce(call.c.answered_by, call.c.agent, ""),
        func.coalesce(call.c.queue, ""),
        kinds=(_K.CALL,),
        at=call.c.started_at,
        amount=call.c.talk_seconds,
    )
    return Branch(made.table, made.kinds, made.rows.where(call.c.outcome.is_not(None)))


# An invoice is open, paid, cancelled or written off; one paid in part says so in its amount.
_invoice_state = case(
    (payment.c.status == "cancelled", payment.c.status),
    (payment.c.status == "written_off", payment.c.status),
    (payment.c.paid_at.is_not(None), "paid"),
    (payment.c.paid_cents > 0, "partly"),
    else_="open",
)

BRANCHES: tuple[Branch, ...] = (
    _ended_calls(),
    _branch(
        interaction,
        interaction.c.title,
        interaction.c.detail,
        interaction.c.who,
        kinds=(_K.NOTE, _K.EMAIL, _K.VISIT, _K.WEB_FORM),
    ),
    _branch(
        ticket,
        ticket.c.kind + NUMBER + ticket.c.number,
        ticket.c.subject,
        ticket.c.who,
        ticket.c.status + " " + ticket.c.stage,
        kinds=(_K.TICKET,),
        moment=ticket.c.next_due_at,
    ),
    _branch(
        sales_order,
        sales_order.c.number,
        sales_order.c.title,
        sales_order.c.currency,
        sales_order.c.status,
        kinds=(_K.ORDER,),
        amount=sales_order.c.total_cents,
        moment=sales_order.c.promised_at,
    ),
    _branch(
        payment,
        payment.c.number,
        func.coalesce(cast(payment.c.due_on, Text), ""),
        payment.c.currency,
        _invoice_state + " " + payment.c.method,
        kinds=(_K.PAYMENT,),
        amount=payment.c.amount_cents,
        moment=payment.c.paid_at,
    ),
    _branch(
        receipt,
        receipt.c.reference,
        receipt.c.method,
        receipt.c.currency,
        kinds=(_K.RECEIPT,),
        amount=receipt.c.amount_cents,
    ),
    _branch(
        survey_answer,
        survey_answer.c.comment,
        survey_answer.c.scale,
        survey_answer.c.who,
        kinds=(_K.SURVEY,),
        amount=survey_answer.c.score,
    ),
    _branch(
        follow_up,
        follow_up.c.kind,
        follow_up.c.title,
        follow_up.c.who,
        case((follow_up.c.done_at.is_(None), ""), (follow_up.c.outcome != "", follow_up.c.outcome),
             else_="done"),
        kinds=(_K.FOLLOW_UP,),
        moment=follow_up.c.due_at,
    ),
    _branch(
        consent,
        consent.c.channel,
        consent.c.purpose,
        consent.c.who,
        consent.c.wording,
        kinds=(_K.CONSENT,),
        amount=cast(consent.c.is_given, Integer),
    ),
    _branch(
        opportunity,
        opportunity.c.title,
        opportunity.c.state + " " + opportunity.c.stage,
        opportunity.c.owner,
        opportunity.c.currency,
        kinds=(_K.LEAD,),
        amount=opportunity.c.value_cents,
        moment=opportunity.c.closed_at,
    ),
    _branch(
        message,
        message.c.subject,
        message.c.body,
        message.c.who,
        message.c.channel + " " + message.c.state,
        kinds=(_K.MESSAGE,),
        moment=message.c.sent_at,
    ),
)  # fmt: skip

BRANCH_OF: Mapping[TimelineKind, Branch] = {
    kind: branch for branch in BRANCHES for kind in branch.kinds
}
