"""Two people edit one record: what each changed, and what becomes of both. Pure.

A record is a frozen dataclass. Its fields are named by their attributes; attributes that are one
thing to people, as an amount and its currency, are one field: see `AND`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from crmdesk.domain.audit import Conflict, EditedCustomer
from crmdesk.domain.follow_ups import FollowUp
from crmdesk.domain.kept_text import kept_line, kept_text
from crmdesk.domain.leads import Lead
from crmdesk.domain.records import Interaction
from crmdesk.domain.sales import Invoice, Order, PaymentMethod
from crmdesk.domain.tickets import Ticket

LONGEST_CUSTOM = 2_000
"""Code points of a field of the company's own."""
CUSTOM = "custom:"
"""Before the key of a field of the company's own, where fields are named."""
AND = "+"
"""Between attributes that are one field: the values of one person hold, never a mixture."""
FIELDS = (
    "kind",
    "name",
    "company_id",
    "role",
    "account_id",
    "language",
    "salutation",
    "source",
    "status",
    "segment",
    "customer_since",
    "do_not_call",
    "owner",
)
"""Attributes of `Customer` that hold one value each; sets are merged element by element."""
SETS = ("numbers", "emails", "addresses")
"""Attributes of `Customer` that hold several."""
LINES = "lines+total_cents+currency"
AMOUNT = "amount_cents+currency"
RECORD_FIELDS: Mapping[type, tuple[str, ...]] = {
    Order: (
        "number",
        "title",
        "at",
        "status+shipped_at+delivered_at",
        LINES,
        "promised_at",
        "carrier",
        "tracking",
        "detail",
    ),
    Invoice: ("number", "at", AMOUNT, "due_on", "method", "order_id"),
    PaymentMethod: (
        "kind+brand+last_four+expiry+token+bank+mandate",
        "is_preferred",
    ),
    Lead: (
        "title",
        "stage+state+closed_at+lost_reason",
        "source",
        "value_cents+currency",
        "percent",
        "expected_on",
        "next_step+next_step_at",
        "owner",
    ),
    FollowUp: (
        "kind",
        "title",
        "owner",
        "due_at+ends_at",
        "remind_at",
        "repeat",
        "place",
        "e164",
        "detail",
    ),
    Ticket: ("subject", "kind", "priority", "owner", "detail"),
    Interaction: ("detail",),
}
"""What people edit of the other records; what follows from it or is another's to write is not."""

MINE, THEIRS = "mine", "theirs"

T = TypeVar("T")


def get(one: object, name: str) -> object:
    """The value of a field, a tuple where it has several attributes; "" for an empty own one."""
    if isinstance(one, EditedCustomer):
        if name.startswith(CUSTOM):
            return one.custom.get(name.removeprefix(CUSTOM), "")
        one = one.customer
    values = tuple(getattr(one, attribute) for attribute in name.split(AND))
    return values if len(values) > 1 else values[0]


def with_values(one: T, values: Mapping[str, Any]) -> T:
    """The same with other values of some fields."""
    if isinstance(one, EditedCustomer):
        return cast("T", _customer_with(one, values))
    changes: dict[str, Any] = {}
    for name, value in values.items():
        attributes = name.split(AND)
        changes |= zip(attributes, value if len(attributes) > 1 else (value,), strict=True)
    return replace(one, **changes)  # type: ignore[type-var]


def _customer_with(one: EditedCustomer, values: Mapping[str, Any]) -> EditedCustomer:
    plain = {name: value for name, value in values.items() if not name.startswith(CUSTOM)}
    custom = {
        name.removeprefix(CUSTOM): str(value)
        for name, value in values.items()
        if name.startswith(CUSTOM)
    }
    return EditedCustomer(replace(one.customer, **plain), {**one.custom, **custom})


def changed(base: T, edited: T) -> set[str]:
    """Fields that are others now; of customers those of one value, sets are not compared."""
    return {name for name in _names(base, edited) if get(base, name) != get(edited, name)}


def _names(base: object, edited: object) -> Iterable[str]:
    if isinstance(base, EditedCustomer) and isinstance(edited, EditedCustomer):
        return (*FIELDS, *(CUSTOM + key for key in {*base.custom, *edited.custom}))
    return RECORD_FIELDS[type(base)]


def clashes(name: str, base: T, edited: T, now: T) -> bool:
    """Whether somebody else made something else of a field that was edited."""
    return get(now, name) not in (get(base, name), get(edited, name))


def settled(
    base: T, edited: T, conflicts: Iterable[Conflict], chosen: Mapping[str, str]
) -> tuple[T, T]:
    """An edit after somebody decided its conflicts.

    It begins with what the other one wrote, so that what a third person writes meanwhile is a
    conflict again and not written over.

    Args:
        base: What the edit began with when the conflicts were found.
        edited: What it held.
        conflicts: All of them.
        chosen: `MINE` or `THEIRS` by field.

    Returns:
        What the edit began with, and what it holds.
    """
    theirs = {one.field: one.theirs for one in conflicts}
    taken = {name: value for name, value in theirs.items() if chosen[name] == THEIRS}
    return with_values(base, theirs), with_values(edited, taken)


def caught_up(
    base: EditedCustomer, edited: EditedCustomer, now: EditedCustomer
) -> tuple[EditedCustomer, EditedCustomer]:
    """An edit that goes on after somebody else wrote: their news, and all that was typed here.

    Fields that both changed keep what was typed here, and stay a conflict for when it is saved.

    Returns:
        What the edit begins with now, and what it holds.
    """
    mine = changed(base, edited)
    custom = {CUSTOM + key for key in {*base.custom, *edited.custom, *now.custom}}
    clashing = {name for name in mine if clashes(name, base, edited, now)}
    news = {name: get(now, name) for name in (*FIELDS, *custom) if name not in clashing}
    untouched = {name: value for name, value in news.items() if name not in mine}
    sets = {name: getattr(now.customer, name) for name in SETS}
    merged = {
        name: _merged(getattr(base.customer, name), getattr(edited.customer, name), sets[name])
        for name in SETS
    }
    company = {"company_name": now.customer.company_name}
    if "company_id" in mine:
        company = {"company_name": edited.customer.company_name}
    return (
        with_values(base, {**news, **sets, "company_name": now.customer.company_name}),
        with_values(edited, {**untouched, **merged, **company}),
    )


def _merged(base: tuple[T, ...], edited: tuple[T, ...], now: tuple[T, ...]) -> tuple[T, ...]:
    """What is there now, without what was removed here, and with what was added."""
    kept = [one for one in now if one in edited or one not in base]
    return (*kept, *(one for one in edited if one not in base and one not in kept))


def as_kept(one: EditedCustomer) -> EditedCustomer:
    """The same as it may be kept: every text safe, without card numbers, and not too long."""
    customer = _kept_texts(one.customer)
    sets: dict[str, Any] = {name: tuple(map(_kept_texts, getattr(customer, name))) for name in SETS}
    custom = {key: kept_text(value, LONGEST_CUSTOM) for key, value in one.custom.items()}
    return EditedCustomer(replace(customer, **sets), custom)


def _kept_texts(value: T) -> T:
    """A frozen value with all of its plain texts as they may be kept."""
    names: tuple[str, ...] = tuple(value.__dataclass_fields__)  # type: ignore[attr-defined]
    texts = {name: getattr(value, name) for name in names}
    news = {
        name: new
        for name, text in texts.items()
        if type(text) is str and (new := kept_line(text)) != text
    }
    return replace(value, **news) if news else value  # type: ignore[type-var]
