"""What each field of a rule is in SQL, of the customer in the outer query.

Fields of other tables are asked by correlated statements that an index answers: the same
condition then tells of one customer at once (the pop's chips) and of a million one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    ScalarSelect,
    Select,
    Table,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    select,
)

from crmdesk.store.tables import (
    address,
    call,
    consent,
    custom_value,
    customer,
    customer_number,
    email,
    follow_up,
    interaction,
    opportunity,
    payment,
    sales_order,
    survey_answer,
    ticket,
)
from crmdesk.store.tables.calls import is_lost
from crmdesk.store.tables.history import is_undone, is_unpaid, is_unsolved
from crmdesk.store.tables.sales import is_open_opportunity

company = customer.alias("company")
TEXTS: Mapping[str, tuple[Table, ColumnElement[Any]] | ColumnElement[Any]] = {
    "name": customer.c.name_key,
    "role": customer.c.role,
    "account_id": customer.c.account_id,
    "owner": customer.c.owner,
    "segment": customer.c.segment,
    "status": customer.c.status,
    "source": customer.c.source,
    "language": customer.c.language,
    "number": (customer_number, customer_number.c.e164),
    "email": (email, email.c.address),
    "city": (address, address.c.city),
    "postcode": (address, address.c.postcode),
    "country": (address, address.c.country),
}
"""Texts: a column of the customer, or of rows that are many."""

FOLDED = frozenset({"name", "company"})
"""Columns that are kept without case and accents; the others are folded when they are asked."""


def of_customer(table: Table) -> ColumnElement[bool]:
    """The rows of a table that are the customer's and not removed."""
    mine: ColumnElement[bool] = (table.c.customer_id == customer.c.id) & table.c.deleted_at.is_(
        None
    )
    return mine


def _latest(
    table: Table, moment: ColumnElement[Any], *where: ColumnElement[bool]
) -> ScalarSelect[Any]:
    """The latest moment of a customer's rows; an index that ends in it answers at once."""
    newest = select(moment).where(of_customer(table), *where).order_by(moment.desc()).limit(1)
    return _scalar(newest)


def _scalar(statement: Select[Any]) -> ScalarSelect[Any]:
    return statement.correlate(customer).scalar_subquery()


def _count(table: Table, *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return _scalar(select(func.count()).select_from(table).where(of_customer(table), *where))


def _sum(
    table: Table, cents: ColumnElement[Any], *where: ColumnElement[bool]
) -> Callable[[str], ColumnElement[Any]]:
    """The sum in a currency; in the one of most for "": amounts of two are never added."""
    total = func.sum(cents)
    rows = select(total).select_from(table).where(of_customer(table), *where)
    most = rows.group_by(table.c.currency).order_by(total.desc()).limit(1)

    def of(currency: str) -> ColumnElement[Any]:
        asked = rows.where(table.c.currency == currency) if currency else most
        return func.coalesce(_scalar(asked), 0)

    return of


_talk = call.c.outcome == "answered"
_not_cancelled = sales_order.c.status != "cancelled"
_complaint = ticket.c.kind == "complaint"
_csat = survey_answer.c.scale == "csat"
_nps = survey_answer.c.scale == "nps"

DAYS: Mapping[str, ColumnElement[Any]] = {
    "last_call": _latest(call, call.c.started_at),
    "last_talk": _latest(call, call.c.started_at, _talk),
    "missed_call": _latest(call, call.c.started_at, is_lost),
    "last_note": _latest(interaction, interaction.c.at),
    "last_complaint": _latest(ticket, ticket.c.at, _complaint),
    "last_order": _latest(sales_order, sales_order.c.at, _not_cancelled),
}
"""Moments."""

MONEY: Mapping[str, Callable[[str], ColumnElement[Any]]] = {
    "order_total": _sum(sales_order, sales_order.c.total_cents, _not_cancelled),
    "open_amount": _sum(
        payment,
        payment.c.amount_cents - payment.c.paid_cents,
        is_unpaid,
        payment.c.status == literal_column("'open'"),
    ),
    "lead_value": _sum(opportunity, opportunity.c.value_cents, is_open_opportunity),
}
"""Cents, of a currency."""


def _last_score(scale: ColumnElement[bool]) -> ScalarSelect[Any]:
    newest = select(survey_answer.c.score).where(of_customer(survey_answer), scale)
    return _scalar(newest.order_by(survey_answer.c.at.desc()).limit(1))


def numbers(now: datetime, today: date) -> Mapping[str, ColumnElement[Any]]:
    """Counts and figures; some hang on the present moment."""
    is_open = (is_unpaid, payment.c.status == literal_column("'open'"))
    return {
        "open_tickets": _count(ticket, is_unsolved),
        "overdue_tickets": _count(ticket, is_unsolved, ticket.c.next_due_at < now),
        "orders": _count(sales_order, _not_cancelled),
        "open_invoices": _count(payment, *is_open),
        "overdue_invoices": _count(payment, *is_open, payment.c.due_on < today),
        "satisfaction": _last_score(_csat),
        "nps": _last_score(_nps),
        "open_follow_ups": _count(follow_up, is_undone),
        "overdue_promises": _count(
            follow_up, is_undone, follow_up.c.kind == "promise", follow_up.c.due_at < now
        ),
        "open_leads": _count(opportunity, is_open_opportunity),
    }


def _may_email() -> ColumnElement[bool]:
    newest = (
        select(consent.c.is_given)
        .where(of_customer(consent), consent.c.channel == "email", consent.c.purpose == "updates")
        .order_by(consent.c.at.desc(), consent.c.id.desc())
        .limit(1)
    )
    return func.coalesce(_scalar(newest), literal_column("0")) == literal_column("1")


FLAGS: Mapping[str, ColumnElement[bool]] = {
    "is_company": customer.c.kind == "company",
    "do_not_call": customer.c.do_not_call.is_(True),
    "may_email": _may_email(),
}


def company_name() -> ScalarSelect[Any]:
    """The folded name of the customer's company, NULL where there is none."""
    own = select(company.c.name_key).where(company.c.id == customer.c.company_id)
    return own.correlate(customer).scalar_subquery()


def custom_text(key: str) -> ScalarSelect[Any]:
    """The value of a custom field, NULL where there is none."""
    own = select(custom_value.c.value).where(
        of_customer(custom_value), custom_value.c.field_key == key, custom_value.c.value != ""
    )
    return _scalar(own.limit(1))


def custom_number(key: str) -> ColumnElement[Any]:
    """The same as a number, NULL where it is none: SQLite would take words for 0."""
    text = custom_text(key)
    digits = func.ltrim(text, "-")
    is_number = (
        digits.op("GLOB")("*[0-9]*")
        & not_(digits.op("GLOB")("*[^0-9.]*"))
        & not_(digits.op("GLOB")("*.*.*"))
        & (func.length(text) - func.length(digits) < 2)
    )
    return case((is_number, cast(text, Float)))


def custom_day(key: str) -> ColumnElement[Any]:
    """The same as a day in ISO form, NULL where it is none."""
    text = custom_text(key)
    return case((func.date(text) == text, text))


def any_row(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether any of the customer's rows fulfils a condition."""
    found: ColumnElement[bool] = exists(
        select(table.c.id).where(of_customer(table), condition).correlate(customer)
    )
    return found
