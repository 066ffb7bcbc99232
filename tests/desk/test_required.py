"""What is required and missing, by situation."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest

from crmdesk.desk.planning.required import (
    missing_of_customer,
    missing_of_lead,
    missing_of_ticket,
)
from crmdesk.domain.audit import EditedCustomer
from crmdesk.domain.customers import Customer, CustomerKind, Email, PhoneNumber
from crmdesk.domain.importing import CustomField, CustomFieldKind
from crmdesk.domain.leads import Lead
from crmdesk.domain.planning import CompanyPlan, Situation
from crmdesk.domain.tickets import (
    Ticket,
    TicketClocks,
    TicketEntry,
    TicketEntryKind,
    TicketLink,
    TicketLinkKind,
    TicketStatus,
    TicketView,
)
from tests.store.ticket_desk import MONDAY

S = Situation
EVERYTHING = frozenset({
    "company_id", "role", "salutation", "segment", "source", "language", "account_id",
    "customer_since", "numbers", "emails", "custom:card", "custom:vip", "custom:gone",
    "value", "expected_on", "next_step", "owner", "kind", "order", "detail", "comment",
})  # fmt: skip
FIELDS = (
    CustomField("card", "Card"),
    CustomField("vip", "VIP", CustomFieldKind.FLAG),
    CustomField("old", "Old", is_retired=True),
)
ALL = CompanyPlan(fields=FIELDS, required=dict.fromkeys(S, EVERYTHING))
ANNA = Customer(uuid.uuid4(), CustomerKind.PERSON, "Anna")


def test_a_customer_lacks_what_is_required_and_empty_in_the_order_of_the_form() -> None:
    assert missing_of_customer(EditedCustomer(ANNA, {}), ALL, S.AFTER_CALL) == (
        "company_id", "role", "salutation", "segment", "source", "language", "account_id",
        "customer_since", "numbers", "emails", "custom:card",
    )  # fmt: skip
    number = PhoneNumber("030 23125 100", "+493023125100")
    full = replace(
        ANNA, company_id=ANNA.id, role="x", salutation="x", segment="Gold", source="Call",
        language="de", account_id="1", customer_since=date(2019, 5, 1), numbers=(number,),
        emails=(Email("a@example.org"),),
    )  # fmt: skip
    assert missing_of_customer(EditedCustomer(full, {"card": "7"}), ALL, S.AFTER_CALL) == ()
    assert missing_of_customer(EditedCustomer(ANNA, {}), CompanyPlan(), S.AFTER_CALL) == ()


def test_companies_have_no_company_and_no_role() -> None:
    company = EditedCustomer(replace(ANNA, kind=CustomerKind.COMPANY), {})
    found = missing_of_customer(company, ALL, S.CUSTOMER)
    assert found[0] == "salutation"


@pytest.mark.parametrize("kind", [TicketEntryKind.ANSWER, TicketEntryKind.NOTE])
def test_a_ticket_lacks_owner_order_description_and_a_word(kind: TicketEntryKind) -> None:
    one = Ticket(
        uuid.uuid4(), ANNA.id, "1001", "complaint", "Late", MONDAY, "high", TicketStatus.OPEN,
        "open", "Ben", "", "", None, None, 0, "", None, TicketClocks(),
    )  # fmt: skip
    bare = TicketView(one, "Anna", (), ())
    assert missing_of_ticket(bare, ALL) == ("owner", "order", "detail", "comment")
    link = TicketLink(uuid.uuid4(), TicketLinkKind.ORDER, uuid.uuid4(), "A-1", MONDAY)
    said = TicketEntry(uuid.uuid4(), MONDAY, kind, "Ben", "Paid back", "", "")
    full = replace(one, owner="Ben", detail="x")
    assert missing_of_ticket(TicketView(full, "Anna", (said,), (link,)), ALL) == ()
    other = replace(link, kind=TicketLinkKind.CALL)
    assert missing_of_ticket(TicketView(full, "Anna", (said,), (other,)), ALL) == ("order",)


def test_a_lead_lacks_what_was_never_said() -> None:
    one = Lead(uuid.uuid4(), ANNA.id, MONDAY, "Desks", "offer")
    assert missing_of_lead(one, ALL) == ("source", "value", "expected_on", "next_step", "owner")
    full = replace(
        one, source="Call", value_cents=1, expected_on=MONDAY.date(), next_step="x", owner="Ben"
    )
    assert missing_of_lead(full, ALL) == ()
