"""What the company decides about its own data: choices, fields, what must be filled in, blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crmdesk.domain.importing import CustomField


class PicklistKey(StrEnum):
    """A list of choices that the company may change."""

    SEGMENT = "segment"
    SOURCE = "source"
    CUSTOMER_STATUS = "customer_status"
    NUMBER_LABEL = "number_label"
    EMAIL_LABEL = "email_label"
    LANGUAGE = "language"
    TICKET_KIND = "ticket_kind"
    TICKET_PRIORITY = "ticket_priority"
    TICKET_STAGE = "ticket_stage"
    ORDER_STATUS = "order_status"
    PAYMENT_METHOD = "payment_method"
    LEAD_STAGE = "lead_stage"
    LOST_REASON = "lost_reason"
    CONSENT_PURPOSE = "consent_purpose"
    CONSENT_SOURCE = "consent_source"


FIXED = frozenset({PicklistKey.CUSTOMER_STATUS, PicklistKey.ORDER_STATUS})
"""Lists whose choices the program itself acts on: they may be renamed, not added to."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a picklist.

    Attributes:
        key: What rows hold; never changes.
        title: What people read.
        meaning: What the program takes it for, e.g. "waiting" for a stage of a ticket.
        tone: "", "good", "warn" or "bad"; always beside the word.
        percent: Of a lead's stage: how likely it comes off, 0 to 100.
        is_retired: No longer offered; rows that have it keep it.
    """

    key: str
    title: str
    meaning: str = ""
    tone: str = ""
    percent: int | None = None
    is_retired: bool = False


def _plain(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(title, title) for title in titles)


def _named(**titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, title) for key, title in titles.items())


DEFAULTS: Mapping[PicklistKey, tuple[Choice, ...]] = {
    PicklistKey.SEGMENT: _plain("Gold", "Silver", "Standard", "New"),
    PicklistKey.SOURCE: _plain(
        "Recommendation", "Web search", "Advertisement", "Trade fair", "Walk-in", "Call"
    ),
    PicklistKey.CUSTOMER_STATUS: (
        Choice("lead", "Lead"),
        Choice("active", "Active", tone="good"),
        Choice("dormant", "Dormant", tone="warn"),
        Choice("former", "Former"),
    ),
    PicklistKey.NUMBER_LABEL: _named(
        mobile="mobile", work="work", home="home", switchboard="switchboard", fax="fax",
        other="other",
    ),
    PicklistKey.EMAIL_LABEL: _named(work="work", home="home", other="other"),
    PicklistKey.LANGUAGE: _named(
        de="German", en="English", fr="French", es="Spanish", it="Italian", nl="Dutch",
        pl="Polish", pt="Portuguese", tr="Turkish", ru="Russian", uk="Ukrainian", cs="Czech",
        da="Danish", sv="Swedish", ar="Arabic", he="Hebrew", fa="Persian", ja="Japanese",
        zh="Chinese", ko="Korean", hi="Hindi",
    ),
    PicklistKey.TICKET_KIND: (
        Choice("complaint", "Complaint", tone="bad"),
        Choice("request", "Support request"),
        Choice("question", "Question"),
    ),
    PicklistKey.TICKET_PRIORITY: (
        Choice("urgent", "Urgent", tone="bad"),
        Choice("high", "High", tone="warn"),
        Choice("normal", "Normal"),
        Choice("low", "Low"),
    ),
    PicklistKey.TICKET_STAGE: (
        Choice("open", "Open", meaning="open"),
        Choice("waiting", "Waiting for the customer", meaning="waiting"),
        Choice("solved", "Solved", meaning="solved", tone="good"),
    ),
    PicklistKey.ORDER_STATUS: (
        Choice("placed", "Placed"),
        Choice("shipped", "Shipped"),
        Choice("delivered", "Delivered", tone="good"),
        Choice("cancelled", "Cancelled"),
        Choice("returned", "Returned", tone="warn"),
    ),
    PicklistKey.PAYMENT_METHOD: _named(
        transfer="Bank transfer", card="Card", direct_debit="Direct debit", cash="Cash",
        other="Other",
    ),
    PicklistKey.LEAD_STAGE: (
        Choice("new", "New", meaning="open", percent=10),
        Choice("talking", "In talks", meaning="open", percent=30),
        Choice("offer", "Offer made", meaning="open", percent=60),
        Choice("won", "Won", meaning="won", tone="good", percent=100),
        Choice("lost", "Lost", meaning="lost", percent=0),
    ),
    PicklistKey.LOST_REASON: _plain("Price", "Competitor", "No need", "No answer"),
    PicklistKey.CONSENT_PURPOSE: _named(
        updates="Product updates", offers="Offers", surveys="Surveys"
    ),
    PicklistKey.CONSENT_SOURCE: _named(
        call="On the phone", letter="In writing", web="On the web", shop="In the shop"
    ),
}  # fmt: skip
"""What is offered before the company changes anything. Keys are what rows of older stores hold."""


@dataclass(frozen=True, slots=True)
class Picklists:
    """The choices in force.

    Attributes:
        lists: Every list whole, retired choices included, in order.
    """

    lists: Mapping[PicklistKey, tuple[Choice, ...]] = field(default_factory=lambda: DEFAULTS)

    def offered(self, key: PicklistKey, present: str = "") -> tuple[Choice, ...]:
        """What may be chosen; `present` is offered too whatever became of it."""
        found = tuple(one for one in self.lists[key] if not one.is_retired or one.key == present)
        if present and all(one.key != present for one in found):
            found += (self.choice(key, present),)
        return found

    def choice(self, key: PicklistKey, value: str) -> Choice:
        """The choice a row holds; of a value that is in no list, one that shows it as it is."""
        known = next((one for one in self.lists[key] if one.key == value), None)
        return known or Choice(value, value)

    def title(self, key: PicklistKey, value: str) -> str:
        """What people read for a value, "" for none."""
        return self.choice(key, value).title if value else ""


class Situation(StrEnum):
    """When fields have to be filled in."""

    CUSTOMER = "customer"
    AFTER_CALL = "after_call"
    NEW_TICKET = "new_ticket"
    SOLVED_TICKET = "solved_ticket"
    NEW_LEAD = "new_lead"
    WON_LEAD = "won_lead"
    LOST_LEAD = "lost_lead"


class BlockPlace(StrEnum):
    """Where blocks stand."""

    PAGE = "page"
    POP = "pop"


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block of the customer page or the pop; the order is that of the list it is in."""

    block: str
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    """All of it, as one value that is read once and again when it was changed.

    Attributes:
        fields: Fields of the company's own, retired ones included, in order.
        required: Names of fields ("segment", "custom:contract_end") by situation.
        blocks: Order and visibility by place; a block that is not named comes last, shown.
    """

    picklists: Picklists = field(default_factory=Picklists)
    fields: tuple[CustomField, ...] = ()
    required: Mapping[Situation, frozenset[str]] = field(default_factory=dict)
    blocks: Mapping[BlockPlace, tuple[PlacedBlock, ...]] = field(default_factory=dict)

    def offered_fields(self) -> tuple[CustomField, ...]:
        """Custom fields that are still filled in."""
        return tuple(one for one in self.fields if not one.is_retired)

    def is_required(self, situation: Situation, name: str) -> bool:
        """Whether a field has to be filled in."""
        return name in self.required.get(situation, frozenset())
