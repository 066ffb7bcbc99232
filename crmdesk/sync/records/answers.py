"""What the store knows of some records: asked in one visit to the reader thread."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from crmdesk.domain.importing import Known
from crmdesk.domain.kept_text import kept_line
from crmdesk.matching.numbers import LineRules, normalise
from crmdesk.sync.reading.record_keys import own_id
from crmdesk.sync.records.kinds import NO_COLUMNS, SHAPES, RecordKind, own_cells
from crmdesk.sync.records.reading import RecordDraft

if TYPE_CHECKING:
    from crmdesk.store import Reader

_SHOWN = 80
_SAID = {
    "customer_account": "customer number",
    "customer_external_id": "the id",
    "customer_number": "phone",
    "customer_email": "e-mail",
}
NOBODY_NAMED = (
    "It does not say whose it is: no column with something in it is customer_account,"
    " customer_external_id, customer_number or customer_email."
)
_IDS = ("customer_account", "customer_external_id")
_FOLLOWED: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.TICKETS: ("policy_id", "solved_at", "status"),
    RecordKind.INVOICES: ("status", "paid_at", "paid_cents", "order_id"),
    RecordKind.PAYMENTS: ("invoice_id", "currency"),
    RecordKind.SURVEYS: ("survey_id",),
    RecordKind.FOLLOW_UPS: ("done_at", "due_at", "remind_at"),
    RecordKind.LEADS: ("state", "closed_at"),
}
"""Columns that what a file says may change besides those it names."""

Owners = dict[uuid.UUID, str]


class Answers:
    """Of some drafts.

    Attributes:
        known: External id to the key of the row, present or removed.
        present: Values of the rows that are there, by key.
        lines: Fields of the lines of known orders.
        paid_on: Known invoices on which money came in.
    """

    def __init__(
        self,
        reader: Reader,
        kind: RecordKind,
        source: str,
        rules: LineRules,
        drafts: Sequence[RecordDraft],
    ) -> None:
        self.now = reader.moment()
        self._source = source
        self._numbers = {
            text: normalise(text, rules).e164 or "" for text in _texts(drafts, "customer_number")
        }
        self._ask_for_customers(reader, drafts)
        self._ask_for_records(reader, kind, drafts)
        self._ask_for_others(reader, drafts)

    # --- asking ---------------------------------------------------------------------------------

    def _ask_for_customers(self, reader: Reader, drafts: Sequence[RecordDraft]) -> None:
        ids = {text for key in _IDS for text in _texts(drafts, key)}
        own = {text: key for text in ids if (key := own_id(text))}
        living = reader.living(own.values())
        by_number = reader.known_by_number(list(filter(None, self._numbers.values())))
        by_email = reader.known_by_email(_texts(drafts, "customer_email"))
        by_account = reader.known_by_account(_texts(drafts, "customer_account"))
        self._own: dict[str, uuid.UUID] = {}
        for text, key in own.items():
            if found := key if key in living else reader.merged_into(key):
                self._own[text] = found
        strange = own.keys() - self._own.keys()
        self._found: dict[str, dict[str, Owners]] = {
            "customer_account": _owners(by_account),
            "customer_external_id": reader.customers_by_any_ref(
                set(_texts(drafts, "customer_external_id")) - strange, self._source
            )
            | reader.customers_by_any_ref(strange),
            "customer_number": _owners(by_number),
            "customer_email": _owners(by_email),
        }

    def _ask_for_records(
        self, reader: Reader, kind: RecordKind, drafts: Sequence[RecordDraft]
    ) -> None:
        table = SHAPES[kind].table
        ids = [draft.external_id for draft in drafts]
        own = {text: key for text in ids if (key := own_id(text))}
        ours = reader.own_records(table, own.values()) if own else set()
        self.known = reader.records_by_any_ref(table, list(own))
        self.known |= reader.records_by_ref(self._source, table, ids)
        self.known |= {text: key for text, key in own.items() if key in ours}
        cells = {cell.key for cell in own_cells(kind) if not cell.is_line} - NO_COLUMNS
        columns = {*cells, *_FOLLOWED.get(kind, ()), "customer_id"}
        keys = list(self.known.values())
        self.present = reader.present_records(table, columns, keys)
        with_lines = [self.known[one.external_id] for one in drafts
                      if one.lines is not None and one.external_id in self.known]  # fmt: skip
        self.lines = reader.lines_of_orders(with_lines) if with_lines else {}
        self.paid_on = reader.paid_on(keys) if kind is RecordKind.INVOICES else set()
        owners = {row["customer_id"] for row in self.present.values()}
        self._names = reader.customer_names(owners) if owners else {}

    def _ask_for_others(self, reader: Reader, drafts: Sequence[RecordDraft]) -> None:
        invoices, orders = (_extras(drafts, key) for key in ("invoice_number", "order_number"))
        self._invoices = reader.invoices_by_number(invoices) if invoices else {}
        self._orders = reader.orders_by_number(orders) if orders else {}
        self._surveys = reader.surveys_by_name() if _extras(drafts, "survey") else {}

    # --- answers --------------------------------------------------------------------------------

    def owner(self, draft: RecordDraft) -> tuple[uuid.UUID | None, str]:
        """Whose a record is and why; None and the reason where nobody can say.

        An id that only this program gives comes first, then what it says, one after the other.
        """
        several = ""
        for key in _IDS:
            if found := self._own.get(draft.owner.get(key, "")):
                return found, f"the id {draft.owner[key]}"
        for key, text in draft.owner.items():
            owners = self._owners_of(key, text)
            shown = f"{_SAID[key]} {kept_line(text, _SHOWN)}"
            if len(owners) == 1:
                return next(iter(owners)), shown
            if owners:
                several = f"Several customers have {shown}."
        if several:
            return None, several
        said = ", ".join(
            f"{_SAID[key]} {kept_line(text, _SHOWN)}" for key, text in draft.owner.items()
        )
        return None, f"No customer has {said}." if said else NOBODY_NAMED

    def _owners_of(self, key: str, text: str) -> Owners:
        asked = self._numbers.get(text, "") if key == "customer_number" else text
        found = self._found[key].get(asked.lower() if key == "customer_email" else asked, {})
        if not found and key == "customer_account":
            return self._found["customer_external_id"].get(text, {})
        return found

    def name(self, customer_id: uuid.UUID) -> str:
        """What the customer of a known record is called."""
        return self._names.get(customer_id, "")

    def linked(
        self, draft: RecordDraft, owner: uuid.UUID, present: Collection[object]
    ) -> tuple[dict[str, object], str]:
        """Columns of what a record names, and why it cannot name it.

        Args:
            draft: The record.
            owner: Whose it is.
            present: Values of the known row: what it hangs on already is meant.
        """
        values: dict[str, object] = {}
        if number := draft.extra.get("invoice_number"):
            found = _meant(self._invoices.get((owner, number), []), present)
            if len(found) != 1:
                how = "no invoice" if not found else "more than one invoice"
                return {}, f"There is {how} {number} of this customer."
            values["invoice_id"], currency = found[0]
            if draft.values.get("currency", currency) != currency:
                return {}, f"Invoice {number} is in {currency}."
            values["currency"] = currency
        if number := draft.extra.get("order_number"):
            found = _meant(self._orders.get((owner, number), []), present)
            if len(found) == 1:
                values["order_id"] = found[0][0]
        if (name := draft.extra.get("survey")) and name in self._surveys:
            values["survey_id"] = self._surveys[name]
        return values, ""


def _meant(
    found: Sequence[tuple[uuid.UUID, str]], present: Collection[object]
) -> Sequence[tuple[uuid.UUID, str]]:
    return [one for one in found if one[0] in present] or found


def _owners(found: Mapping[str, Sequence[Known]]) -> dict[str, Owners]:
    return {text: {one.customer_id: one.name for one in every} for text, every in found.items()}


def _texts(drafts: Sequence[RecordDraft], key: str) -> list[str]:
    return [text for draft in drafts if (text := draft.owner.get(key))]


def _extras(drafts: Sequence[RecordDraft], key: str) -> set[str]:
    return {text for draft in drafts if (text := draft.extra.get(key))}
