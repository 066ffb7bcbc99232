"""What a template may say of a customer, the agent and today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.planning import PicklistKey, Picklists


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One of them.

    Attributes:
        name: As it is written in a template, e.g. "customer.name".
        title: As it is offered.
        sample: What it might become, for a preview.
    """

    name: str
    title: str
    sample: str


PLACEHOLDERS: tuple[Placeholder, ...] = (
    Placeholder("customer.name", "Name", "Jane Doe"),
    Placeholder("customer.first_name", "First name", "Jane"),
    Placeholder("customer.address", "How to address", "Frau Dr. Doe"),
    Placeholder("customer.company", "Company", "Hansen Logistics"),
    Placeholder("customer.account", "Account number", "K-10442"),
    Placeholder("customer.email", "E-mail address", "jane.doe@hansen.example"),
    Placeholder("customer.segment", "Segment", "Gold"),
    Placeholder("agent.name", "Your name", "Ben Brandt"),
    Placeholder("agent.extension", "Your extension", "1002"),
    Placeholder("today", "Today", "22 Nov 2026"),
)
KNOWN = frozenset(one.name for one in PLACEHOLDERS)

Values = Mapping[str, "str | Mapping[str, str]"]


def samples() -> Values:
    """Values of a preview."""
    return _nested({one.name: one.sample for one in PLACEHOLDERS})


def values_of(
    customer: Customer, agent: str, extension: str, today: date, lists: Picklists
) -> Values:
    """The values for a customer; what is not known is ""."""
    is_person = customer.kind is CustomerKind.PERSON
    email = next(iter(customer.emails), None)
    return _nested(
        {
            "customer.name": customer.name,
            "customer.first_name": customer.name.partition(" ")[0] if is_person else "",
            "customer.address": customer.salutation or customer.name,
            "customer.company": customer.company_name or ("" if is_person else customer.name),
            "customer.account": customer.account_id,
            "customer.email": email.address if email else "",
            "customer.segment": lists.title(PicklistKey.SEGMENT, customer.segment),
            "agent.name": agent,
            "agent.extension": extension,
            "today": f"{today.day} {today:%b %Y}",
        }
    )


def _nested(flat: Mapping[str, str]) -> Values:
    values: dict[str, str | dict[str, str]] = {}
    for name, value in flat.items():
        root, _, leaf = name.partition(".")
        inner = values.setdefault(root, {}) if leaf else None
        if isinstance(inner, dict):
            inner[leaf] = value
        else:
            values[root] = value
    return values
