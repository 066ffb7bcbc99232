"""What the company wants filled in and is still empty, by situation. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.edits import CUSTOM
from crmdesk.domain.importing import CustomFieldKind
from crmdesk.domain.leads import Lead
from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.domain.tickets import TicketEntryKind, TicketLinkKind, TicketView

_SAID = frozenset({TicketEntryKind.ANSWER, TicketEntryKind.NOTE})


def missing_of_customer(
    one: EditedCustomer, plan: CompanyPlan, situation: Situation
) -> tuple[str, ...]:
    """Names of the required fields that a customer lacks; of own fields "custom:" and the key."""
    found = [name for name, is_there in _CUSTOMER.items() if not is_there(one.customer)]
    found += [
        f"{CUSTOM}{own.key}"
        for own in plan.offered_fields()
        if own.kind is not CustomFieldKind.FLAG and not one.custom.get(own.key)
    ]
    return tuple(name for name in found if plan.is_required(situation, name))


def missing_of_ticket(view: TicketView, plan: CompanyPlan) -> tuple[str, ...]:
    """What a ticket lacks for being solved, in the order in which it is asked."""
    one = view.ticket
    given = {
        "kind": bool(one.kind),
        "owner": bool(one.owner),
        "order": any(link.kind is TicketLinkKind.ORDER for link in view.links),
        "detail": bool(one.detail),
        "comment": any(entry.kind in _SAID and entry.text for entry in view.entries),
    }
    return _missing(given, plan, Situation.SOLVED_TICKET)


def missing_of_lead(one: Lead, plan: CompanyPlan) -> tuple[str, ...]:
    """What a lead lacks for being won, in the order in which it is asked."""
    given = {
        "source": bool(one.source),
        "value": bool(one.value_cents),
        "expected_on": one.expected_on is not None,
        "next_step": bool(one.next_step),
        "owner": bool(one.owner),
    }
    return _missing(given, plan, Situation.WON_LEAD)


def _missing(given: Mapping[str, bool], plan: CompanyPlan, situation: Situation) -> tuple[str, ...]:
    return tuple(
        name
        for name, is_there in given.items()
        if not is_there and plan.is_required(situation, name)
    )


def _of_person(get: Callable[[Customer], object]) -> Callable[[Customer], object]:
    """A field that companies do not have."""
    return lambda one: one.kind is not CustomerKind.PERSON or get(one)


_CUSTOMER: Mapping[str, Callable[[Customer], object]] = {
    "company_id": _of_person(lambda one: one.company_id),
    "role": _of_person(lambda one: one.role),
    "salutation": lambda one: one.salutation,
    "segment": lambda one: one.segment,
    "source": lambda one: one.source,
    "language": lambda one: one.language,
    "account_id": lambda one: one.account_id,
    "customer_since": lambda one: one.customer_since,
    "numbers": lambda one: one.numbers,
    "emails": lambda one: one.emails,
}
