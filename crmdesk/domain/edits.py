"""Two people edit one customer: what each changed, and what becomes of both. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from crmdesk.domain.audit import Conflict, EditedCustomer
from crmdesk.domain.cards import mask_card_numbers

CUSTOM = "custom:"
"""Before the key of a field of the company's own, where fields are named."""
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

MINE, THEIRS = "mine", "theirs"

T = TypeVar("T")


def get(one: EditedCustomer, name: str) -> object:
    """The value of a field; "" for one of the company's own that is empty."""
    if name.startswith(CUSTOM):
        return one.custom.get(name.removeprefix(CUSTOM), "")
    value: object = getattr(one.customer, name)
    return value


def with_values(one: EditedCustomer, values: Mapping[str, Any]) -> EditedCustomer:
    """The same with other values of some fields."""
    plain = {name: value for name, value in values.items() if not name.startswith(CUSTOM)}
    custom = {
        name.removeprefix(CUSTOM): str(value)
        for name, value in values.items()
        if name.startswith(CUSTOM)
    }
    return EditedCustomer(replace(one.customer, **plain), {**one.custom, **custom})


def changed(base: EditedCustomer, edited: EditedCustomer) -> set[str]:
    """Fields of one value that are others now."""
    custom = {CUSTOM + key for key in {*base.custom, *edited.custom}}
    return {name for name in (*FIELDS, *custom) if get(base, name) != get(edited, name)}


def clashes(name: str, base: EditedCustomer, edited: EditedCustomer, now: EditedCustomer) -> bool:
    """Whether somebody else made something else of a field that was edited."""
    return get(now, name) not in (get(base, name), get(edited, name))


def settled(
    base: EditedCustomer,
    edited: EditedCustomer,
    conflicts: Iterable[Conflict],
    chosen: Mapping[str, str],
) -> tuple[EditedCustomer, EditedCustomer]:
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


def without_cards(one: EditedCustomer) -> EditedCustomer:
    """The same with every card number in it masked."""
    customer = _masked(one.customer)
    sets: dict[str, Any] = {name: tuple(map(_masked, getattr(customer, name))) for name in SETS}
    custom = {key: mask_card_numbers(value)[0] for key, value in one.custom.items()}
    return EditedCustomer(replace(customer, **sets), custom)


def _masked(value: T) -> T:
    """A frozen value with all of its plain texts masked."""
    names: tuple[str, ...] = tuple(value.__dataclass_fields__)  # type: ignore[attr-defined]
    texts = {name: getattr(value, name) for name in names}
    masked = {
        name: mask_card_numbers(text)[0]
        for name, text in texts.items()
        if type(text) is str and mask_card_numbers(text)[1]
    }
    return replace(value, **masked) if masked else value  # type: ignore[type-var]
