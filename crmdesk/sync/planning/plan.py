"""What becomes of each record, and why: the same for a dry run and for the real one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, repeat

from crmdesk.domain.customers import Customer, CustomerKind, CustomerStatus, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, FieldChange, NewCustomer, RowAction, RowPlan
from crmdesk.store.fold import fold
from crmdesk.sync.planning import same_name
from crmdesk.sync.planning.duplicates import Duplicates
from crmdesk.sync.planning.merging import Merged, Present, added, merge, set_fields
from crmdesk.sync.planning.planned import (
    HELD_COMPANIES,
    CustomerUpdate,
    HeldCustomers,
    Planned,
    after,
)
from crmdesk.sync.planning.seen import Trait
from crmdesk.sync.planning.store_answers import StoreAnswers
from crmdesk.sync.planning.unchanged import place_of
from crmdesk.sync.planning.verdicts import Found, Verdict
from crmdesk.sync.profile import ImportProfile, Merge
from crmdesk.sync.reading.drafts import BadRecord, Draft, contacts_only
from crmdesk.sync.reading.record_keys import (
    Prints,
    email_text,
    has_keys,
    id_words,
    number_text,
)

_Company = tuple[uuid.UUID | None, str]
_News = tuple[tuple[PhoneNumber, ...], tuple[Email, ...], tuple[ExternalRef, ...]]
_NO_COMPANY: _Company = (None, "")
_FAR = "an earlier record, far before, says the rest"


class Planner:
    """Plans the records of one source, some at a time.

    Args:
        profile: With the rules.
        new_key: Gives keys to new customers.
        ask: Asks the store for a single record, where what it was asked for is not enough.

    """

    def __init__(
        self,
        profile: ImportProfile,
        new_key: Callable[[], uuid.UUID],
        ask: Callable[[Draft], StoreAnswers] = lambda _: StoreAnswers(),
    ) -> None:
        self._tells_new = True
        self._profile = profile
        self._ask = ask
        self._new_key = new_key
        self._duplicates = Duplicates(profile)
        self._earlier = self._duplicates.earlier
        self._held = HeldCustomers()
        self._companies: dict[uuid.UUID, NewCustomer] = {}

    def plan(
        self,
        records: Iterable[Draft | BadRecord],
        answers: StoreAnswers,
        prints: Iterable[Prints] = (),
    ) -> Planned:
        """Plans some records.

        Args:
            records: They.
            answers: What the store knows of them.
            prints: Of each of them, where whoever read them made them.
        """
        planned = Planned()
        for record, own in zip(records, chain(prints, repeat(())), strict=False):
            if isinstance(record, BadRecord):
                row = RowPlan(record.place, RowAction.BAD, record.title, why=(record.reason,))
            else:
                row = self._plan(record, answers, planned, own)
            planned.rows.append(row)
        return planned

    def tell_less(self) -> None:
        """Plans need not say any more what a new customer gets, and who has the same name."""
        self._tells_new = self._earlier.tells_names = False

    def rest(self) -> Planned:
        """What waited for later records, when there are none any more."""
        planned = Planned(new=self._companies)
        self._companies = {}
        self._held.release(planned)
        return planned

    def _plan(
        self, draft: Draft, answers: StoreAnswers, planned: Planned, prints: Prints
    ) -> RowPlan:
        same = answers.unchanged.get(place_of(draft)) if answers.unchanged else None
        if same is not None:
            if self._earlier.knows_neither(same, prints):
                return self._keep(draft, same, prints)
            answers = self._ask(draft)
        verdict = self._duplicates.find(draft, answers, prints)
        found = verdict.found
        if found is None:
            return self._create(draft, answers, planned, verdict, prints)
        if found.is_vague:
            draft = Draft(draft.place, draft.kind, draft.name, names_itself=False, why=draft.why)
        if found.is_bare and found.seen is not None:
            return self._fill_company(draft, found, found.seen, planned)
        if found.seen is None:
            present = answers.present[found.customer_id]
            one = present.customer
            seen = self._remember(draft, found, same_name.spoken(one.name, one.salutation))
            self._note_company(draft, one)
            return self._update(draft, found, seen, present, answers, planned)
        if self._held.is_far(len(self._earlier.seen) - found.seen):
            draft = replace(contacts_only(draft), why=(*draft.why, _FAR))
        present_now = self._present(found.customer_id, found.seen, answers)
        if present_now is None:
            return self._add_to_written(draft, found, found.seen, planned)
        self._remember(draft, found)
        return self._update(draft, found, found.seen, present_now, answers, planned)

    def _remember(self, draft: Draft, found: Found, name: str = "") -> int:
        is_keyless = not has_keys(draft, self._profile)
        return self._earlier.remember(
            draft, found.customer_id, found.seen, name=name, is_keyless=is_keyless
        )

    def _present(self, customer_id: uuid.UUID, seen: int, answers: StoreAnswers) -> Present | None:
        """A customer of an earlier record as they are now; None where that is being written."""
        held = self._held.present(customer_id)
        if held is not None or self._earlier.seen.traits(seen) & (Trait.NEW | Trait.WRITTEN):
            return held
        return answers.present.get(customer_id)

    # --- new --------------------------------------------------------------------------------

    def _create(
        self,
        draft: Draft,
        answers: StoreAnswers,
        planned: Planned,
        verdict: Verdict,
        prints: Prints,
    ) -> RowPlan:
        if not self._profile.creates:
            left_out = verdict.why or ("nobody in the store",)
            left_out = (*left_out, "the profile makes no new customers")
            return RowPlan(
                draft.place, RowAction.SKIP, draft.name, why=left_out, maybe=verdict.maybe
            )
        why: tuple[str, ...] = verdict.why or ("nobody in the store has it",)
        company_id, company = self._company_of_new(draft, answers, planned, verdict)
        if company != draft.company:
            why = (*verdict.why, f"customer number {draft.account_id} is that of {company}")
            draft = replace(draft, company=company)
        key = self._new_key()
        seen = self._earlier.remember(
            draft, key, None, is_new=True, is_keyless=verdict.is_keyless, prints=prints
        )
        self._held.make(self._new_customer(draft, key, company_id), planned)
        if draft.kind is CustomerKind.COMPANY:
            self._earlier.name_company(draft.name, seen)
        return RowPlan(
            draft.place,
            RowAction.CREATE,
            draft.name,
            why=(*why, *draft.why),
            changes=set_fields(draft, company) if self._tells_new else (),
            maybe=verdict.maybe,
        )

    def _company_of_new(
        self, draft: Draft, answers: StoreAnswers, planned: Planned, verdict: Verdict
    ) -> _Company:
        """The company a contact names, else the one whose customer number they carry."""
        by_number = verdict.company
        if by_number is None or (draft.company and self._known_company(draft, answers)):
            return self._company(draft, answers, planned)
        return by_number.customer_id, by_number.name

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

    # --- companies ----------------------------------------------------------------------------

    def _known_company(self, draft: Draft, answers: StoreAnswers) -> uuid.UUID | None:
        known = self._earlier.company(draft.company)
        return answers.companies.get(fold(draft.company)) if known is None else known

    def _company(self, draft: Draft, answers: StoreAnswers, planned: Planned) -> _Company:
        """The company a record names; made where there is none of that name."""
        if not draft.company:
            return _NO_COMPANY
        if (earlier := self._earlier.company(draft.company)) is not None:
            return earlier, draft.company
        known = answers.companies.get(fold(draft.company))
        is_made = known is None and self._profile.creates
        if is_made:
            known = self._new_key()
            self._hold_company(Customer(known, CustomerKind.COMPANY, draft.company), planned)
            planned.companies += 1
        if known is not None:
            self._earlier.remember_company(draft.company, known, draft.place, is_made=is_made)
        return known, draft.company

    def _hold_company(self, company: Customer, planned: Planned) -> None:
        self._companies[company.id] = NewCustomer(company)
        if len(self._companies) > HELD_COMPANIES:
            oldest = next(iter(self._companies))
            planned.new[oldest] = self._companies.pop(oldest)

    def _note_company(self, draft: Draft, one: Customer) -> None:
        if one.kind is CustomerKind.COMPANY:
            self._earlier.remember_company(one.name, one.id, draft.place, is_made=False)

    def _fill_company(self, draft: Draft, found: Found, seen: int, planned: Planned) -> RowPlan:
        """A company that one of its people named before gets what its own record says."""
        self._earlier.fill(seen)
        self._remember(draft, found)
        new = self._new_customer(draft, found.customer_id, None)
        if self._companies.pop(found.customer_id, None):
            self._held.make(new, planned)
        elif found.customer_id in planned.new:
            planned.new[found.customer_id] = new
        else:  # written long ago: how to reach it can still be added
            more = CustomerUpdate(found.customer_id, Merged(new.customer, new.refs), is_new=True)
            planned.updates.append(more)
        why = (found.why, *draft.why)
        changes = set_fields(draft, "")
        return RowPlan(draft.place, RowAction.CREATE, draft.name, why=why, changes=changes)

    # --- there already ----------------------------------------------------------------------

    def _keep(self, draft: Draft, customer_id: uuid.UUID, prints: Prints) -> RowPlan:
        """A customer of the store of whom a record says nothing new, known by its id."""
        self._earlier.remember(draft, customer_id, None, prints=prints)
        why = (id_words(draft), *draft.why)
        return RowPlan(draft.place, RowAction.SAME, draft.name, customer_id, why)

    def _update(
        self,
        draft: Draft,
        found: Found,
        seen: int,
        present: Present,
        answers: StoreAnswers,
        planned: Planned,
    ) -> RowPlan:
        """Lays a record over a customer that is there, or that earlier records brought."""
        is_first = found.seen is None
        if answers.own.get(draft.external_id) == found.customer_id:
            draft = replace(draft, external_id="")  # our own id is no key elsewhere
        one = present.customer
        merged = merge(draft, present, self._profile, is_sure=found.is_sure, is_old=found.is_old)
        changes, company = list(merged.changes), _NO_COMPANY
        if self._takes_company(draft, one, is_old=found.is_old):
            changes.append(FieldChange("company", one.company_name, draft.company))
        title = one.name if is_first else draft.name
        why = (found.why, *draft.why)
        nothing = RowAction.SAME if is_first else RowAction.SKIP
        row = RowPlan(draft.place, nothing, title, one.id, why)
        if not changes:
            return row
        kept = self._why_kept(present)
        if kept:
            return replace(row, action=RowAction.SKIP, why=(found.why, kept))
        if changes[-1].field == "company":
            company = self._company(draft, answers, planned)
        written = self._held.change(present, after(present, merged, company), seen, planned)
        if written is not None:
            self._earlier.seen.learn(written, Trait.WRITTEN)
        return replace(row, action=RowAction.UPDATE, changes=tuple(changes))

    def _why_kept(self, present: Present) -> str:
        """Why a customer stays as they are, "" where the profile lets them be changed."""
        if not self._profile.updates:
            return "the profile changes no customers"
        if present.is_outside:
            return f"not in the segment “{self._profile.segment}”"
        return ""

    def _takes_company(self, draft: Draft, one: Customer, *, is_old: bool) -> bool:
        rule = self._profile.rule("company")
        if not draft.company or fold(draft.company) == fold(one.company_name):
            return False
        if one.kind is CustomerKind.COMPANY or fold(draft.company) == fold(one.name):
            return False
        if rule is Merge.OVERWRITE and not is_old:
            return True
        return rule is not Merge.KEEP and not one.company_name

    # --- written already --------------------------------------------------------------------

    def _add_to_written(self, draft: Draft, found: Found, seen: int, planned: Planned) -> RowPlan:
        """A customer of a record long ago: that one says the fields, all add numbers."""
        row = RowPlan(draft.place, RowAction.SKIP, draft.name, found.customer_id, (found.why,))
        numbers, emails, refs = news = self._news(draft, seen)
        self._remember(draft, found)
        changes = added(*news)
        if not changes or not self._profile.updates:
            return row
        nobody = Customer(
            found.customer_id, CustomerKind.PERSON, "", numbers=numbers, emails=emails
        )
        is_new = Trait.NEW in self._earlier.seen.traits(seen)
        planned.updates.append(
            CustomerUpdate(found.customer_id, Merged(nobody, refs), is_new=is_new)
        )
        return replace(row, action=RowAction.UPDATE, changes=changes)

    def _news(self, draft: Draft, seen: int) -> _News:
        """What no earlier record of a customer had."""

        def is_new(text: str) -> bool:
            return not self._earlier.is_known(seen, text)

        numbers = tuple(each for each in draft.numbers if is_new(number_text(each)))
        emails = tuple(each for each in draft.emails if is_new(email_text(each)))
        refs = self._refs(draft) if is_new(f"x{draft.external_id}") else ()
        return numbers, emails, refs
