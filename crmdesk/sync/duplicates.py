"""Which customer a record means: one of the store, one of an earlier record, or nobody yet.

An id says it by itself. A number or an e-mail address says it where it is a person's own and
the names can be one person's, or where the names are the same: a switchboard is everybody's,
a family has one line. Similar names alone are shown to the eye and never put together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crmdesk.domain.customers import Customer, CustomerKind
from crmdesk.domain.importing import Known
from crmdesk.store.fold import fold
from crmdesk.store.importing.lookups import FOUND_OF_ONE
from crmdesk.sync import names
from crmdesk.sync.merging import Present
from crmdesk.sync.profile import ImportProfile, MatchBy
from crmdesk.sync.reading import Draft
from crmdesk.sync.record_keys import (
    Key,
    all_texts,
    has_keys,
    keys_of,
    name_key,
    name_variants,
    texts_of,
    traits_of,
    with_name,
)
from crmdesk.sync.seen import KeyTable, SeenCustomers, Trait

MOST_MAYBE = 20
"""Names that are shown for the eye: a million share a switchboard."""


@dataclass(frozen=True, slots=True)
class StoreAnswers:
    """What the store knows of the keys of some records.

    Attributes:
        by_key: `Key.text` to customers.
        by_name: Folded name to customers.
        companies: Folded name to the company of that name.
        present: The customers that are compared, whole.
    """

    by_key: Mapping[str, Sequence[uuid.UUID]] = field(default_factory=dict)
    by_name: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    companies: Mapping[str, uuid.UUID] = field(default_factory=dict)
    present: Mapping[uuid.UUID, Present] = field(default_factory=dict)

    def with_key(self, text: str, name: str) -> Iterator[uuid.UUID]:
        """Customers with a key; of a crowd that shares it those of a name as well."""
        found = self.by_key.get(text, ())
        yield from found
        if len(found) >= FOUND_OF_ONE:
            for known in self.by_name.get(name, ()):
                one = self.present.get(known.customer_id)
                if one and text in all_texts(one.customer):
                    yield known.customer_id


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a record means.

    Attributes:
        seen: Number of the customer in `Duplicates.seen`, None where no earlier record means
            this one.
        why: What they have in common.
        is_sure: An id says so.
        is_bare: A company of which only the name is known so far, from one of its people.
    """

    customer_id: uuid.UUID
    seen: int | None
    why: str
    is_sure: bool
    is_bare: bool = False


class Duplicates:
    """Finds out whom each record of one source means. Memory: about 100 bytes a customer.

    Args:
        profile: With the order of keys.

    Attributes:
        seen: The customers of the records so far.
    """

    def __init__(self, profile: ImportProfile) -> None:
        self._profile = profile
        self._keys = KeyTable()
        self.seen = SeenCustomers()

    def find(self, draft: Draft, answers: StoreAnswers) -> tuple[Found | None, list[str]]:
        """Whom a record means, and names of customers that it may mean, for the eye."""
        maybe: dict[str, None] = {}
        keys = keys_of(draft, self._profile)
        for key in keys:
            found = self._in_source(draft, key, keys, maybe) or self._in_store(
                draft, key, keys, answers, maybe
            )
            if found is not None:
                return found, list(maybe)
        found = self._bare_company(draft)
        if found is not None:
            return found, list(maybe)
        if not keys:
            found = self._by_name_alone(draft, answers)
            if found is not None:
                return found, list(maybe)
        maybe.update(dict.fromkeys(self._namesakes(draft, answers)))
        return None, list(maybe)[:MOST_MAYBE]

    def remember(
        self, draft: Draft, customer_id: uuid.UUID, seen: int | None, *, is_new: bool = False
    ) -> int:
        """Notes that a record means a customer; returns its number in `seen`."""
        if seen is None:
            traits = Trait.NEW if is_new else Trait.NONE
            seen = self.seen.add(customer_id, draft.name, draft.place, traits)
            if not is_new:  # the store does not tell of new ones
                self._keys.put(f"c{customer_id.hex}", seen)
        self.seen.learn(seen, traits_of(draft))
        for text in texts_of(draft):
            if self._keys.put(text, seen) != seen:  # shared: the first one has the short key
                self._keys.put(f"{seen}\0{text}", seen)
                self._keys.put(with_name(text, draft), seen)
        if not has_keys(draft, self._profile):
            self._keys.put(name_key(draft), seen)
        self._keys.put(f"N{fold(draft.name)}", seen)
        return seen

    def is_known(self, seen: int, text: str) -> bool:
        """Whether an earlier record of a customer had this key."""
        return self._keys.get(text) == seen or self._keys.get(f"{seen}\0{text}") is not None

    # --- companies that people name ---------------------------------------------------------

    def company(self, name: str) -> uuid.UUID | None:
        """The company of an earlier record, by its name."""
        seen = self._keys.get(f"C{fold(name)}")
        return None if seen is None else self.seen.customer_id(seen)

    def name_company(self, name: str, seen: int) -> None:
        """Notes that a customer is the company of a name; the first one stays."""
        self._keys.put(f"C{fold(name)}", seen)

    def remember_company(
        self, name: str, customer_id: uuid.UUID, place: int, *, is_made: bool
    ) -> None:
        """Notes a company; one that is made of its name alone takes what its own record says."""
        seen = self._keys.get(f"c{customer_id.hex}")
        if seen is None:
            traits = Trait.COMPANY | (Trait.NEW if is_made else Trait.NONE)
            seen = self.seen.add(customer_id, name, place, traits)
            if is_made:
                self._keys.put(f"c{customer_id.hex}", seen)
                self._keys.put(f"B{fold(name)}", seen)
        self.name_company(name, seen)

    def _bare_company(self, draft: Draft) -> Found | None:
        if draft.kind is not CustomerKind.COMPANY:
            return None
        seen = self._keys.get(f"B{fold(draft.name)}")
        if seen is None or self.is_filled(seen):
            return None
        return Found(
            self.seen.customer_id(seen),
            seen,
            f"company of record {self.seen.place(seen)}",
            is_sure=True,
            is_bare=True,
        )

    def is_filled(self, seen: int) -> bool:
        """Whether a company made of its name has met its own record."""
        return self._keys.get(f"F{seen}") is not None

    def fill(self, seen: int) -> None:
        """Notes that it has."""
        self._keys.put(f"F{seen}", seen)

    def _in_source(
        self, draft: Draft, key: Key, keys: list[Key], maybe: dict[str, None]
    ) -> Found | None:
        seen = self._keys.get(key.text)
        if seen is None:
            return None
        if self._can_be(draft, key, keys, seen):
            return self._found_again(seen, key.words, key.is_id)
        maybe[self.seen.name(seen)] = None
        other = self._keys.get(with_name(key.text, draft))
        if other is not None and self._can_be(draft, key, keys, other):
            return self._found_again(other, key.words, key.is_id)
        return None

    def _can_be(self, draft: Draft, key: Key, keys: list[Key], seen: int) -> bool:
        name, is_company = self.seen.name(seen), Trait.COMPANY in self.seen.traits(seen)
        if not key.is_id and is_company != (draft.kind is CustomerKind.COMPANY):
            return False
        if not is_company and _is_colleague(draft, key, name):
            return False
        return self._ids_allow(draft, name, keys, seen) and _is_same(key, draft.name, name)

    def _found_again(self, seen: int, why: str, is_sure: bool) -> Found:
        place = self.seen.place(seen)
        return Found(self.seen.customer_id(seen), seen, f"{why} as record {place}", is_sure)

    def _ids_allow(self, draft: Draft, name: str, keys: list[Key], seen: int) -> bool:
        """Two ids of one program are two records; they may be one person of the same name."""
        if any(key.is_id and self.is_known(seen, key.text) for key in keys):
            return True
        both = self.seen.traits(seen) & traits_of(draft)
        if Trait.ACCOUNT_ID in both:
            return False
        return Trait.EXTERNAL_ID not in both or fold(draft.name) == fold(name)

    def _in_store(
        self,
        draft: Draft,
        key: Key,
        keys: list[Key],
        answers: StoreAnswers,
        maybe: dict[str, None],
    ) -> Found | None:
        if not answers.present:
            return None
        candidates = [
            answers.present[one].customer
            for one in answers.with_key(key.text, fold(draft.name))
            if one in answers.present
        ]
        candidates.sort(key=lambda one: fold(one.name) != fold(draft.name))
        for one in candidates:
            if self._may_be(draft, key, one, answers.present[one.id]):
                seen = self._keys.get(f"c{one.id.hex}")
                if seen is not None:
                    return self._found_again(seen, key.words, key.is_id)
                return Found(one.id, None, key.words, key.is_id)
            maybe[one.name] = None
        return None

    def _may_be(self, draft: Draft, key: Key, one: Customer, present: Present) -> bool:
        if key.is_id:
            return one.kind is CustomerKind.COMPANY or not _is_colleague(draft, key, one.name)
        if draft.kind is not one.kind or not _is_same(key, draft.name, one.name):
            return False
        if draft.account_id and one.account_id and draft.account_id != one.account_id:
            return False
        source = self._profile.source_name
        ids = {ref.external_id for ref in present.refs if ref.source == source}
        if not draft.external_id or not ids or draft.external_id in ids:
            return True
        return fold(draft.name) == fold(one.name)

    def _by_name_alone(self, draft: Draft, answers: StoreAnswers) -> Found | None:
        """A record with nothing of its own but a name is the one of that very name."""
        if not draft.names_itself:
            return None
        why = "same name, and nothing else to tell them apart"
        seen = self._keys.get(name_key(draft))
        if seen is not None:
            return self._found_again(seen, why, is_sure=False)
        for known in answers.by_name.get(fold(draft.name), ()):
            present = answers.present.get(known.customer_id)
            if present is None or not _is_alike(draft, present):
                continue
            seen = self._keys.get(f"c{known.customer_id.hex}")
            if seen is None:
                return Found(known.customer_id, None, why, is_sure=False)
        return None

    def _namesakes(self, draft: Draft, answers: StoreAnswers) -> Iterable[str]:
        if not draft.names_itself:
            return
        seen = self._keys.get(f"N{fold(draft.name)}")
        if seen is not None:
            yield f"{self.seen.name(seen)} (record {self.seen.place(seen)})"
        for variant in name_variants(draft.name) if answers.by_name else ():
            for known in answers.by_name.get(variant, ()):
                yield known.name


def _is_alike(draft: Draft, present: Present) -> bool:
    one = present.customer
    if draft.kind is not one.kind or fold(draft.company) != fold(one.company_name):
        return False
    town = draft.address.postcode or draft.address.city if draft.address else ""
    towns = {fold(each.postcode or each.city) for each in one.addresses}
    return not town or not towns or fold(town) in towns


def _is_colleague(draft: Draft, key: Key, name: str) -> bool:
    """Whether somebody else of the same company has its customer number: one for all contacts."""
    is_contact = draft.kind is CustomerKind.PERSON and bool(draft.company)
    return key.by is MatchBy.ACCOUNT_ID and is_contact and not names.resemble(draft.name, name)


def _is_same(key: Key, name: str, other: str) -> bool:
    if key.is_id:
        return True
    return names.resemble(name, other) if key.is_personal else names.agree(name, other)
