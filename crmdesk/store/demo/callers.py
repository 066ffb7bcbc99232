"""Numbers of a demo store that show something when they call."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from crmdesk.domain.customers import CustomerKind
from crmdesk.store.demo.numbers import UNKNOWN_CALLERS
from crmdesk.store.reader import Reader
from crmdesk.store.store import Store
from crmdesk.store.tables import customer, customer_number, number_claim, ticket


@dataclass(frozen=True, slots=True)
class DemoNumbers:
    """Callers the simulator can rely on; "" where a demo is too small to have one.

    Attributes:
        single: Belongs to one person with much to tell.
        several: Belongs to several people.
        unknown: Belongs to nobody.
        direct: A direct dial-in of a company that nobody there has.
        former: Belonged to somebody until 2023, and to nobody since.
        handed_on: Belonged to somebody until 2023, and to somebody else now.
        remembered: Belongs to two, one of whom an agent said to take.
    """

    single: str
    several: str
    unknown: str
    direct: str = ""
    former: str = ""
    handed_on: str = ""
    remembered: str = ""


def demo_numbers(store: Store) -> DemoNumbers:
    """Numbers to call a demo store from."""
    return store.read(_known_callers).result()


_number, _other = customer_number, customer_number.alias("other")
_is_shared = exists().where(
    _other.c.e164 == _number.c.e164, _other.c.id != _number.c.id, _other.c.deleted_at.is_(None)
)
_is_claimed = exists().where(number_claim.c.e164 == _number.c.e164)

_owners = func.count(_number.c.customer_id.distinct())
_several = (
    select(_number.c.e164)
    .where(_number.c.e164.is_not(None), ~_is_claimed)
    .group_by(_number.c.e164)
    .having(_owners > 1, func.count(_number.c.since) == 0)
    .limit(1)
)
_has_much_to_tell = (
    select(_number.c.e164)
    .select_from(ticket)
    .join(customer, customer.c.id == ticket.c.customer_id)
    .join(_number, _number.c.customer_id == customer.c.id)
    .where(
        ticket.c.status == "open",
        ticket.c.kind == "complaint",
        customer.c.kind == CustomerKind.PERSON.value,
        _number.c.e164.is_not(None),
        _number.c.until.is_(None),
        ~_is_shared,
    )
    .limit(1)
)
_switchboard = (
    select(_number.c.e164)
    .join(customer, customer.c.id == _number.c.customer_id)
    .where(
        customer.c.kind == CustomerKind.COMPANY.value,
        _number.c.label == "switchboard",
        _number.c.region == "DE",
    )
    .limit(1)
)
_ended = select(_number.c.e164).where(_number.c.until.is_not(None)).limit(1)
_remembered = select(number_claim.c.e164).limit(1)


def _known_callers(reader: Reader) -> DemoNumbers:
    return DemoNumbers(
        single=reader.first_text(_has_much_to_tell),
        several=reader.first_text(_several),
        unknown=UNKNOWN_CALLERS[0],
        direct=_unused_direct_line(reader),
        former=reader.first_text(_ended.where(~_is_shared)),
        handed_on=reader.first_text(_ended.where(_is_shared)),
        remembered=reader.first_text(_remembered),
    )


def _unused_direct_line(reader: Reader) -> str:
    """The last direct line of a company; no company of a demo has so many people."""
    switchboard = reader.first_text(_switchboard)
    return f"{switchboard[:-1]}9" if switchboard else ""
