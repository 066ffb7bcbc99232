"""What becomes of each record, and why: the same for a dry run and for the real one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from crmdesk.domain.customers import Customer, CustomerKind, CustomerStatus, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, FieldChange, NewCustomer, RowAction, RowPlan
from crmdesk.store.fold import fold
from crmdesk.sync.duplicates import Duplicates, Found, StoreAnswers
from crmdesk.sync.merging import Merged, Present, merge, set_fields, shown
from crmdesk.sync.profile import ImportProfile, Merge
from crmdesk.sync.reading import BadRecord, Draft
from crmdesk.sync.record_keys import email_text, number_text
from crmdesk.sync.seen import Trait


@dataclass(frozen=True, slots=True)
class CustomerUpdate:
    """What a record changes in a customer that is there.

    Attributes:
        fields: New values by name of a field of `Customer`.
        before: As it is, None where it was not read: then there is something to add only.
        is_new: Made by an earlier record of the source.
    """

    customer_id: uuid.UUID
    merged: Merged
    before: Customer | None = None
    company_id: uuid.UUID | None = None
    is_new: bool = False


@dataclass(slots=True)
class Planned:
    """What becomes of some records.

    Attributes:
        rows: One per record, in their order.
        new: Customers to make; a company before its people.
        updates: Customers to change.
    """

    rows: list[RowPlan] = field(default_factory=list)
    new: dict[uuid.UUID, NewCustomer] = field(default_factory=dict)
    updates: list[CustomerUpdate] = field(default_factory=list)
    companies: int = 0


HELD_COMPANIES = 10_000
"""Companies of which only the name is known wait for their own record, to be written once."""


class Planner:
    """Plans the records of one source, some at a time.

    Args:
        profile: With the rules.
        new_key: Gives keys to new customers.

    Attributes:
        tells_new: Whether plans say what a new customer gets; a tenth of the time for nothing
            where nobody looks.
    """

    def __init__(self, profile: ImportProfile, new_key: Callable[[], uuid.UUID]) -> None:
        self.tells_new = True
        self._profile = profile
        self._new_key = new_key
        self.duplicates = Duplicates(profile)
        self._held: dict[uuid.UUID, NewCustomer] = {}

    def plan(self, records: Iterable[Draft | BadRecord], answers: StoreAnswers) -> Planned:
        """Plans some records; `answers` has what the store knows of them."""
        planned = Planned()
        for record in records:
            if isinstance(record, BadRecord):
                row = RowPlan(record.place, RowAction.BAD, record.title, why=(record.reason,))
            else:
                row = self._plan(record, answers, planned)
            planned.rows.append(row)
        return planned

    def _plan(self, draft: Draft, answers: StoreAnswers, planned: Planned) -> RowPlan:
        found, maybe = self.duplicates.find(draft, answers)
        if found is None:
            return self._create(draft, answers, planned, maybe)
        if found.seen is not None:
            return self._add_to_earlier(draft, found, answers, planned)
        self.duplicates.remember(draft, found.customer_id, None)
        present = answers.present[found.customer_id]
        self._note_company(draft, present.customer)
        return self._update(draft, found, present, answers, planned)

    # --- new --------------------------------------------------------------------------------

    def _create(
        self, draft: Draft, answers: StoreAnswers, planned: Planned, maybe: Sequence[str]
    ) -> RowPlan:
        if not self._profile.creates:
            why = ("nobody in the store, and the profile makes no new customers",)
            return RowPlan(draft.place, RowAction.SKIP, draft.name, why=why, maybe=tuple(maybe))
        company_id = self._company(draft, answers, planned)
        key = self._new_key()
        seen = self.duplicates.remember(draft, key, None, is_new=True)
        planned.new[key] = self._new_customer(draft, key, company_id)
        if draft.kind is CustomerKind.COMPANY:
            self.duplicates.name_company(draft.name, seen)
        return RowPlan(
            draft.place,
            RowAction.CREATE,
            draft.name,
            why=("nobody in the store has it", *draft.why),
            changes=set_fields(draft, draft.company) if self.tells_new else (),
            maybe=tuple(maybe),
        )

    def _new_customer(
        self, draft: Draft, key: uuid.UUID, company_id: uuid.UUID | None
    ) -> NewCustomer:
        customer = Customer(
            key,
            draft.kind,
            draft.name,
            company_id=company_id,
            company_name=draft.company,
            role=draft.role,
            account_id=draft.account_id,
            language=draft.language,
            salutation=draft.salutation,
            source=draft.source,
            status=draft.status or CustomerStatus.ACTIVE,
            segment=draft.segment,
            customer_since=draft.customer_since,
            do_not_call=bool(draft.do_not_call),
            owner=draft.owner,
            numbers=draft.numbers,
            emails=draft.emails,
            addresses=draft.addresses,
        )
        notes = (draft.note,) if draft.note else ()
        return NewCustomer(customer, self._refs(draft), draft.custom, notes, draft.readings)

    def _refs(self, draft: Draft) -> tuple[ExternalRef, ...]:
        if not draft.external_id:
            return ()
        return (ExternalRef(self._profile.source_name, draft.external_id),)

    def _company(self, draft: Draft, answers: StoreAnswers, planned: Planned) -> uuid.UUID | None:
        """The company a record names; made where there is none of that name."""
        if not draft.company:
            return None
        known = self.duplicates.company(draft.company)
        if known is None:
            known = answers.companies.get(fold(draft.company))
            is_made = known is None and self._profile.creates
            if is_made:
                known = self._new_key()
                made = Customer(known, CustomerKind.COMPANY, draft.company)
                self._hold(NewCustomer(made), planned)
                planned.companies += 1
            if known is not None:
                self.duplicates.remember_company(draft.company, known, draft.place, is_made=is_made)
        return known

    def _hold(self, company: NewCustomer, planned: Planned) -> None:
        self._held[company.customer.id] = company
        if len(self._held) > HELD_COMPANIES:
            oldest = next(iter(self._held))
            planned.new[oldest] = self._held.pop(oldest)

    def rest(self) -> list[NewCustomer]:
        """Companies that waited for a record of their own, and have none."""
        held, self._held = list(self._held.values()), {}
        return held

    # --- there already ----------------------------------------------------------------------

    def _note_company(self, draft: Draft, one: Customer) -> None:
        if one.kind is CustomerKind.COMPANY:
            self.duplicates.remember_company(one.name, one.id, draft.place, is_made=False)

    def _update(
        self, draft: Draft, found: Found, present: Present, answers: StoreAnswers, planned: Planned
    ) -> RowPlan:
        merged = merge(draft, present, self._profile, is_sure=found.is_sure)
        changes = list(merged.changes)
        one, company_id = present.customer, None
        if self._takes_company(draft, one):
            company_id = self._company(draft, answers, planned)
            changes.append(FieldChange("company", one.company_name, draft.company))
        row = RowPlan(
            draft.place,
            RowAction.UPDATE,
            one.name,
            one.id,
            (found.why, *draft.why),
            tuple(changes),
        )
        if not changes:
            return replace(row, action=RowAction.SAME)
        if not self._profile.updates:
            why = (found.why, "the profile changes no customers")
            return replace(row, action=RowAction.SKIP, why=why, changes=())
        planned.updates.append(CustomerUpdate(one.id, merged, one, company_id))
        return row

    def _takes_company(self, draft: Draft, one: Customer) -> bool:
        rule = self._profile.rule("company")
        if not draft.company or fold(draft.company) == fold(one.company_name):
            return False
        if one.kind is CustomerKind.COMPANY or fold(draft.company) == fold(one.name):
            return False
        return rule is Merge.OVERWRITE or (rule is Merge.FILL and not one.company_name)

    def _add_to_earlier(
        self, draft: Draft, found: Found, answers: StoreAnswers, planned: Planned
    ) -> RowPlan:
        """Of several records of one customer the first says the fields, all add numbers."""
        if found.seen is None:
            raise ValueError("the record means nobody of an earlier one")
        if found.is_bare:
            return self._fill_company(draft, found, found.seen, planned)
        row = RowPlan(draft.place, RowAction.SKIP, draft.name, found.customer_id, (found.why,))
        numbers, emails, refs = self._news(
            draft, found.seen, answers.present.get(found.customer_id)
        )
        self.duplicates.remember(draft, found.customer_id, found.seen)
        changes = _added(numbers, emails, refs)
        if not changes or not self._profile.updates:
            return row
        self._add(found.customer_id, found.seen, (numbers, emails, refs), planned)
        return replace(row, action=RowAction.UPDATE, changes=changes)

    def _news(
        self, draft: Draft, seen: int, present: Present | None
    ) -> tuple[tuple[PhoneNumber, ...], tuple[Email, ...], tuple[ExternalRef, ...]]:
        """What no earlier record of a customer had, nor the store."""
        there: set[str] = set()
        if present is not None:
            there.update(map(number_text, present.customer.numbers))
            there.update(map(email_text, present.customer.emails))
            there.update(f"x{ref.external_id}" for ref in present.refs)

        def is_new(text: str) -> bool:
            return text not in there and not self.duplicates.is_known(seen, text)

        numbers = tuple(each for each in draft.numbers if is_new(number_text(each)))
        emails = tuple(each for each in draft.emails if is_new(email_text(each)))
        refs = self._refs(draft) if is_new(f"x{draft.external_id}") else ()
        return numbers, emails, refs

    def _add(
        self,
        customer_id: uuid.UUID,
        seen: int,
        news: tuple[tuple[PhoneNumber, ...], tuple[Email, ...], tuple[ExternalRef, ...]],
        planned: Planned,
    ) -> None:
        numbers, emails, refs = news
        fresh = planned.new.get(customer_id)
        if fresh is not None:
            one = fresh.customer
            grown = replace(one, numbers=one.numbers + numbers, emails=one.emails + emails)
            planned.new[customer_id] = replace(
                fresh, customer=grown, refs=fresh.refs + refs, readings=()
            )
            return
        nobody = Customer(customer_id, CustomerKind.PERSON, "", numbers=numbers, emails=emails)
        is_new = Trait.NEW in self.duplicates.seen.traits(seen)
        planned.updates.append(CustomerUpdate(customer_id, Merged(nobody, refs), is_new=is_new))

    def _fill_company(self, draft: Draft, found: Found, seen: int, planned: Planned) -> RowPlan:
        """A company that one of its people named before gets what its own record says."""
        self.duplicates.fill(seen)
        self.duplicates.remember(draft, found.customer_id, seen)
        new = self._new_customer(draft, found.customer_id, None)
        if self._held.pop(found.customer_id, None) or found.customer_id in planned.new:
            planned.new[found.customer_id] = new
        else:  # written long ago: how to reach it can still be added
            more = CustomerUpdate(found.customer_id, Merged(new.customer, new.refs), is_new=True)
            planned.updates.append(more)
        changes = set_fields(draft, "")
        return RowPlan(
            draft.place, RowAction.CREATE, draft.name, why=(found.why, *draft.why), changes=changes
        )


def _added(
    numbers: tuple[PhoneNumber, ...], emails: tuple[Email, ...], refs: tuple[ExternalRef, ...]
) -> tuple[FieldChange, ...]:
    values = (
        ("numbers", shown(numbers)),
        ("emails", shown(emails)),
        ("external_id", ", ".join(ref.external_id for ref in refs)),
    )
    return tuple(FieldChange(name, "", text) for name, text in values if text)
