"""What the company plans about its data, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.planning import Choice, CompanyPlan, PicklistKey, Situation
from crmdesk.gui.widgets.text import joined

PICKLISTS: Mapping[PicklistKey, str] = MappingProxyType({
    PicklistKey.SEGMENT: "Customers: segment",
    PicklistKey.SOURCE: "Customers: how they found us",
    PicklistKey.CUSTOMER_STATUS: "Customers: status",
    PicklistKey.LANGUAGE: "Customers: language",
    PicklistKey.NUMBER_LABEL: "Kinds of phone numbers",
    PicklistKey.EMAIL_LABEL: "Kinds of e-mail addresses",
    PicklistKey.TICKET_KIND: "Tickets: kind",
    PicklistKey.TICKET_PRIORITY: "Tickets: priority",
    PicklistKey.TICKET_STAGE: "Tickets: stage",
    PicklistKey.ORDER_STATUS: "Orders: status",
    PicklistKey.PAYMENT_METHOD: "Payments: how they are paid",
    PicklistKey.LEAD_STAGE: "Leads: stage",
    PicklistKey.LOST_REASON: "Leads: why they were lost",
    PicklistKey.CONSENT_PURPOSE: "Consents: what for",
    PicklistKey.CONSENT_SOURCE: "Consents: how they were given",
})  # fmt: skip
"""What each list is for, in the order in which they are offered."""

KINDS: Mapping[CustomFieldKind, str] = MappingProxyType({
    CustomFieldKind.TEXT: "Text",
    CustomFieldKind.NUMBER: "Number",
    CustomFieldKind.DATE: "Date",
    CustomFieldKind.CHOICE: "One of several choices",
    CustomFieldKind.FLAG: "Yes or no",
})  # fmt: skip

TONES: Mapping[str, str] = MappingProxyType(
    {"": "None", "good": "Green", "warn": "Amber", "bad": "Red"}
)

MEANINGS: Mapping[PicklistKey, Mapping[str, str]] = MappingProxyType({
    PicklistKey.TICKET_STAGE: MappingProxyType({
        "open": "Open: its clock runs",
        "waiting": "Waiting for the customer: its clock stands",
        "solved": "Solved: its clock ends",
    }),
    PicklistKey.LEAD_STAGE: MappingProxyType({
        "open": "Open: it counts in the forecast",
        "won": "Won: the lead becomes a customer",
        "lost": "Lost: a reason is asked",
    }),
})  # fmt: skip
"""What the program takes a choice for, where it acts on it."""

_IN_FILES = frozenset({PicklistKey.SEGMENT, PicklistKey.SOURCE, PicklistKey.LOST_REASON})
"""Lists whose words are in imported and exported files as they were at first."""

SITUATIONS: Mapping[Situation, str] = MappingProxyType({
    Situation.CUSTOMER: "Saving a customer",
    Situation.AFTER_CALL: "After a call",
    Situation.NEW_TICKET: "Opening a ticket",
    Situation.SOLVED_TICKET: "Solving a ticket",
    Situation.NEW_LEAD: "Saving a lead",
    Situation.WON_LEAD: "Winning a lead",
    Situation.LOST_LEAD: "Losing a lead",
})  # fmt: skip

_FORMS = "A name is always needed. A form is not saved before it has what is ticked here."
_STEPS = "What is ticked here and still empty is asked for; without it the step is not made."
_QUIETLY = (
    "When a talk with a customer is over, a line over the page says what is still empty. It can "
    "be put off, and asks once for each call."
)
WHEN_ASKED: Mapping[Situation, str] = MappingProxyType(
    {
        **dict.fromkeys(Situation, _FORMS),
        Situation.AFTER_CALL: _QUIETLY,
        Situation.SOLVED_TICKET: _STEPS,
        Situation.WON_LEAD: _STEPS,
        Situation.LOST_LEAD: "A lead is not lost before it is said why.",
    }
)
"""What a tick does, by situation."""

_CUSTOMER = MappingProxyType({
    "company_id": "Company (of a person)",
    "role": "Role there (of a person)",
    "salutation": "How to address",
    "segment": "Segment",
    "source": "How they found us",
    "language": "Language",
    "account_id": "Account number",
    "customer_since": "Customer since",
    "numbers": "A phone number",
    "emails": "An e-mail address",
})  # fmt: skip
_LEAD = MappingProxyType({
    "source": "How they found us",
    "value": "Value",
    "expected_on": "Expected to close",
    "next_step": "Next step",
    "owner": "Owner",
})  # fmt: skip
_OF_CUSTOMERS = frozenset({Situation.CUSTOMER, Situation.AFTER_CALL})

_REQUIRABLE: Mapping[Situation, Mapping[str, str]] = MappingProxyType({
    Situation.CUSTOMER: _CUSTOMER,
    Situation.AFTER_CALL: _CUSTOMER,
    Situation.NEW_TICKET: MappingProxyType({
        "detail": "Description",
        "owner": "Owner",
    }),
    Situation.SOLVED_TICKET: MappingProxyType({
        "kind": "Kind",
        "owner": "Owner",
        "order": "A linked order (of a customer who has one)",
        "detail": "Description",
        "comment": "What was answered or noted",
    }),
    Situation.NEW_LEAD: _LEAD,
    Situation.WON_LEAD: _LEAD,
    Situation.LOST_LEAD: MappingProxyType({"lost_reason": "Why it was lost"}),
})  # fmt: skip


def requirable(situation: Situation, plan: CompanyPlan) -> dict[str, str]:
    """Name and title of what can be made required; of own fields those with something to type."""
    found = dict(_REQUIRABLE[situation])
    if situation in _OF_CUSTOMERS:
        own = (one for one in plan.offered_fields() if one.kind is not CustomFieldKind.FLAG)
        found |= {f"custom:{one.key}": one.title for one in own}
    return found


def field_note(one: CustomField) -> str:
    """What stands below a field of the company's own."""
    choices = ", ".join(one.choices) if one.kind is CustomFieldKind.CHOICE else ""
    retired = "retired" if one.is_retired else ""
    return joined((retired, KINDS[one.kind], choices, one.hint))


def choice_note(key: PicklistKey, one: Choice) -> str:
    """What stands below a choice."""
    meaning = MEANINGS.get(key, {}).get(one.meaning, "").split(":")[0]
    means = f"means “{meaning}”" if meaning and meaning != one.title else ""
    percent = f"{one.percent} %" if one.percent is not None else ""
    is_word = key in _IN_FILES and one.key != one.title
    stored = f"in files: {one.key}" if is_word else ""
    return joined(("retired" if one.is_retired else "", means, percent, stored))


def customers(count: int) -> str:
    """How many customers have something, e.g. "37 customers have it"."""
    if not count:
        return "Nobody has it"
    return "1 customer has it" if count == 1 else f"{count:,} customers have it"


def places(count: int) -> str:
    """In how many places a choice is used."""
    if not count:
        return "It is used nowhere"
    return "It is used in 1 place" if count == 1 else f"It is used in {count:,} places"
