"""Rows and columns of a customer's history as the screen calls them. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from crmdesk.domain.audit import RowFate, RowHistory
from crmdesk.domain.importing import CustomField
from crmdesk.domain.planning import PicklistKey
from crmdesk.gui.models.custom_words import field_words
from crmdesk.gui.models.history_values import value_words
from crmdesk.gui.models.names import Names
from crmdesk.gui.widgets import times

_P = PicklistKey

TABLES: Mapping[str, str] = {
    "customer": "Customer",
    "customer_number": "Number",
    "email": "E-mail",
    "address": "Address",
    "external_ref": "Key elsewhere",
    "custom_value": "Field",
    "number_claim": "Remark on a number",
    "interaction": "Note",
    "ticket": "Ticket",
    "ticket_entry": "Ticket entry",
    "ticket_link": "Link of a ticket",
    "sales_order": "Order",
    "order_line": "Line of an order",
    "payment": "Invoice",
    "receipt": "Payment",
    "payment_method": "Way to pay",
    "survey_answer": "Survey answer",
    "survey_reply": "Reply in a survey",
    "follow_up": "Follow-up",
    "consent": "Consent",
    "message": "Message",
    "opportunity": "Lead",
    "call": "Call",
}
"""What a row is called; of tables that name a customer."""

HIDDEN = frozenset(
    {
        *("customer_id", "batch_id", "merged_into", "name_key", "sort_key", "national", "region"),
        *("rev_digits", "call_id", "policy_id", "order_id", "invoice_id", "method_id"),
        *("survey_id", "series_id", "template_id", "message_id", "ticket_id", "next_due_at"),
        *("watch_at", "warned_at", "first_warned_at", "next_try_at", "deleted_at", "token"),
        *("field_key", "match_digits", "tries", "answer_id", "question_id", "target_id"),
        "position",
    }
)
"""Columns that follow from others, or say nothing to people; the token of a card is no text."""

_OF_STEP = frozenset({"at", "who"})
"""Columns of a new row that say what the step says already."""

_TITLES: Mapping[str, str] = {
    "account_id": "Account number",
    "address": "Address",
    "after": "After",
    "amount_cents": "Amount",
    "at": "When",
    "bank": "Bank",
    "before": "Before",
    "body": "Text",
    "brand": "Card",
    "breached_at": "Solution overdue since",
    "carrier": "Carrier",
    "channel": "Channel",
    "city": "City",
    "closed_at": "Closed",
    "comment": "Comment",
    "company_id": "Company",
    "country": "Country",
    "currency": "Currency",
    "customer_since": "Customer since",
    "delivered_at": "Delivered",
    "detail": "Text",
    "do_not_call": "Does not want to be called",
    "done_at": "Done",
    "done_by": "Done by",
    "due_at": "Due",
    "due_on": "Due",
    "e164": "Number",
    "ends_at": "Ends",
    "escalated_to": "Escalated to",
    "escalation": "Times escalated",
    "expected_on": "Expected close",
    "expiry": "Expires",
    "extension": "Extension",
    "external_id": "Key",
    "first_answered_at": "First answer",
    "first_breached_at": "First answer overdue since",
    "first_due_at": "First answer due",
    "is_given": "Allowed",
    "is_preferred": "Preferred",
    "kind": "Kind",
    "label": "Kind",
    "language": "Language",
    "last_four": "Last four digits",
    "lost_reason": "Why it was lost",
    "mandate": "Mandate",
    "match_rule": "Matched by",
    "match_state": "Match",
    "method": "Paid by",
    "name": "Name",
    "next_step": "Next step",
    "next_step_at": "Next step due",
    "number": "Number",
    "outcome": "Outcome",
    "owner": "In charge",
    "paid_at": "Paid",
    "paid_cents": "Paid so far",
    "paused_at": "Waiting since",
    "percent": "Likely, percent",
    "place": "Place",
    "postcode": "Postcode",
    "priority": "Priority",
    "promised_at": "Delivery promised",
    "purpose": "Purpose",
    "quantity_milli": "Quantity",
    "question": "Question",
    "raw": "Number",
    "reason": "Reason",
    "reference": "Reference",
    "remind_at": "Reminder",
    "repeats": "Repeats",
    "role": "Role there",
    "salutation": "How to address",
    "scale": "Scale",
    "score": "Score",
    "segment": "Segment",
    "sent_at": "Sent",
    "shipped_at": "Shipped",
    "since": "Since",
    "sku": "Article",
    "solved_at": "Solved",
    "source": "Source",
    "stage": "Stage",
    "state": "State",
    "status": "Status",
    "street": "Street",
    "subject": "Subject",
    "text": "Text",
    "title": "Title",
    "total_cents": "Total",
    "tracking": "Tracking number",
    "trouble": "Trouble",
    "unit_cents": "Price of one",
    "until": "Until",
    "value": "Value",
    "value_cents": "Value",
    "who": "By",
    "wording": "Wording",
}
_OWN_TITLES: Mapping[tuple[str, str], str] = {
    ("customer", "source"): "How they found us",
    ("customer", "owner"): "Own customer of",
    ("opportunity", "source"): "How they found us",
    ("email", "address"): "E-mail",
    ("ticket", "detail"): "Description",
}
_LISTS: Mapping[tuple[str, str], PicklistKey] = {
    ("customer", "segment"): _P.SEGMENT,
    ("customer", "source"): _P.SOURCE,
    ("customer", "status"): _P.CUSTOMER_STATUS,
    ("customer_number", "label"): _P.NUMBER_LABEL,
    ("email", "label"): _P.EMAIL_LABEL,
    ("ticket", "kind"): _P.TICKET_KIND,
    ("ticket", "priority"): _P.TICKET_PRIORITY,
    ("ticket", "stage"): _P.TICKET_STAGE,
    ("sales_order", "status"): _P.ORDER_STATUS,
    ("payment", "method"): _P.PAYMENT_METHOD,
    ("receipt", "method"): _P.PAYMENT_METHOD,
    ("opportunity", "stage"): _P.LEAD_STAGE,
    ("opportunity", "source"): _P.SOURCE,
    ("opportunity", "lost_reason"): _P.LOST_REASON,
    ("consent", "purpose"): _P.CONSENT_PURPOSE,
    ("consent", "source"): _P.CONSENT_SOURCE,
    ("message", "purpose"): _P.CONSENT_PURPOSE,
}
_ENTRY_LISTS = {
    "kind": _P.TICKET_KIND,
    "priority": _P.TICKET_PRIORITY,
    "stage": _P.TICKET_STAGE,
    "status": _P.TICKET_STAGE,
}
"""Of an entry of a ticket, by its kind: what it changed."""

FATES: Mapping[RowFate, str] = {
    RowFate.ADDED: "added",
    RowFate.CHANGED: "changed",
    RowFate.REMOVED: "removed",
    RowFate.RESTORED: "brought back",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value before and after, in words.

    Attributes:
        field: The column; with the row it names what can be set back.
    """

    field: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryWords:
    """Says what was changed.

    Attributes:
        names: People and choices.
        fields: The company's own fields, retired ones too.
        customers: Names of customers that values stand for, and of rows, by key; of a field of
            the company's own the key of the field.
    """

    names: Names
    fields: tuple[CustomField, ...] = ()
    customers: Mapping[uuid.UUID, str] = field(default_factory=dict)

    def title(self, table: str, column: str) -> str:
        """What a column is called on the screen."""
        known = _OWN_TITLES.get((table, column)) or _TITLES.get(column)
        return known or column.replace("_", " ").capitalize()

    def value(self, table: str, column: str, value: object) -> str:
        """A value as people read it, "" where there is none."""
        if value is None or value == "":
            return ""
        if isinstance(value, uuid.UUID):
            return self.customers.get(value, "somebody who is no longer here")
        if isinstance(value, bool) or column.startswith(("is_", "do_not_")):
            return "Yes" if value else "No"
        if isinstance(value, datetime):
            return times.full(value)
        if isinstance(value, date):
            return times.date_text(value)
        if column.endswith("_cents") and isinstance(value, int):
            return f"{value / 100:,.2f}"
        if column.endswith("_milli") and isinstance(value, int):
            return f"{value / 1000:,.3f}".rstrip("0").rstrip(".")
        return self._text(table, column, str(value))

    def changes(self, row: RowHistory) -> tuple[FieldChange, ...]:
        """What became of the columns of a row that people know; a new row has no before."""
        if row.table == "custom_value":
            return self._own_change(row)
        if row.table == "ticket_entry" and row.fate is RowFate.ADDED:
            return self._of_entry(row)
        hidden = HIDDEN | _OF_STEP if row.fate is RowFate.ADDED else HIDDEN
        shown = (name for name in row.after if name not in hidden)
        told = (
            FieldChange(
                name,
                self.title(row.table, name),
                self.value(row.table, name, row.before.get(name)),
                self.value(row.table, name, row.after[name]),
            )
            for name in shown
        )
        return tuple(one for one in told if one.before != one.after)

    def row_title(self, row: RowHistory) -> str:
        """The row and its fate, e.g. "Number removed"."""
        return f"{TABLES.get(row.table, 'Entry')} {FATES[row.fate]}"

    def _own_change(self, row: RowHistory) -> tuple[FieldChange, ...]:
        key = str(row.after.get("field_key") or self.customers.get(row.row_id, ""))
        own = self.own_field(key)
        old, new = (str(one.get("value") or "") for one in (row.before, row.after))
        if row.fate is RowFate.REMOVED:
            new = ""
        before, after = field_words(own.kind, old), field_words(own.kind, new)
        return (FieldChange("value", own.title or "Field", before, after),)

    def own_field(self, key: str) -> CustomField:
        """A field of the company's own; its key where nobody knows it any more."""
        known = next((one for one in self.fields if one.key == key), None)
        return known or CustomField(key, key or "Field")

    def _of_entry(self, row: RowHistory) -> tuple[FieldChange, ...]:
        """What an entry of a ticket says; what it changed is a key of a list of its own."""
        key = _ENTRY_LISTS.get(str(row.after.get("kind", "")))
        told = {name: str(row.after.get(name) or "") for name in ("before", "after")}
        words = {n: self.names.choice(key, text) if key else text for n, text in told.items()}
        kind = self.value(row.table, "kind", row.after.get("kind"))
        said = self.value(row.table, "text", row.after.get("text"))
        facts = (("kind", kind), ("text", said), *words.items())
        every = (FieldChange(name, self.title(row.table, name), "", text) for name, text in facts)
        return tuple(one for one in every if one.after)

    def _text(self, table: str, column: str, text: str) -> str:
        if column in {"who", "owner", "done_by", "escalated_to"}:
            return self.names.anybody(text)
        if column == "language":
            return self.names.language(text)
        if column in {"raw", "e164"}:
            return self.names.number(text)
        if (key := _LISTS.get((table, column))) is not None:
            return self.names.choice(key, text)
        return value_words(table, column, text)
