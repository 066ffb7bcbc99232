"""Where two customers differ, and what of each stays. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.planning import PicklistKey, Picklists
from crmdesk.gui.models.names import language_name

Side = Literal["keep", "other"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which only one value can stay.

    Attributes:
        fields: Columns it stands for.
        keep, other: The values, as shown.
    """

    fields: tuple[str, ...]
    title: str
    keep: str
    other: str


def differences(
    keep: Customer, other: Customer, lists: Picklists | None = None
) -> tuple[Difference, ...]:
    """Fields that have a value with both, and not the same; choices by what people read."""
    known = lists or Picklists()
    told = zip(_values(keep, known), _values(other, known), strict=True)
    return tuple(
        Difference(fields, title, mine, theirs)
        for (fields, title, mine), (_, _, theirs) in told
        if mine and theirs and mine != theirs
    )


def summary(keep: Customer, other: Customer) -> str:
    """What moves, in one sentence."""
    new = (
        _counted(len(_new(keep.numbers, other.numbers)), "number", "numbers"),
        _counted(len(_new(keep.emails, other.emails)), "e-mail", "e-mails"),
        _counted(len(_new(keep.addresses, other.addresses)), "address", "addresses"),
    )
    things = [*filter(None, new), "all calls, notes, tickets, orders and payments"]
    listed = things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
    return f"{listed[:1].upper()}{listed[1:]} of {other.name} go to {keep.name}."


def _values(customer: Customer, lists: Picklists) -> tuple[tuple[tuple[str, ...], str, str], ...]:
    title = lists.title
    is_company = customer.kind is CustomerKind.COMPANY
    return (
        (("kind",), "Kind", "Company" if is_company else "Person"),
        (("name",), "Name", customer.name),
        (("company_id",), "Company", customer.company_name),
        (("role",), "Role", customer.role),
        (("account_id",), "Customer number", customer.account_id),
        (("salutation",), "How to address them", customer.salutation),
        (("language",), "Language", language_name(customer.language, lists)),
        (("status",), "Status", title(PicklistKey.CUSTOMER_STATUS, customer.status.value)),
        (("segment",), "Segment", title(PicklistKey.SEGMENT, customer.segment)),
        (("customer_since",), "Customer since", _day(customer.customer_since)),
        (("source",), "How they found us", title(PicklistKey.SOURCE, customer.source)),
        (("owner",), "Own customer of", customer.owner),
    )


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def _new(there: tuple[object, ...], coming: tuple[object, ...]) -> list[object]:
    known = {_sameness(one) for one in there}
    return [one for one in coming if _sameness(one) not in known]


def _sameness(one: object) -> object:
    """What makes two entries one: the number or the address, not their keys and labels."""
    for name in ("e164", "raw", "address"):
        value = getattr(one, name, None)
        if value:
            return value
    return one


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
