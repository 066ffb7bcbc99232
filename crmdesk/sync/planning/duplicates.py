"""Which customer a record means: one of the store, one of an earlier record, or nobody yet.

An id says it by itself, unless the names are two people's: a customer number stands on all
contacts of a company, and ids of two programs are alike. A number or an e-mail address says it
where one customer alone has it and it is a person's own; where several answer (a landline, a
mailbox of an office, a placeholder), the whole name has to be the same. What stays open is shown
with the reason and never put together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crmdesk.domain.customers import CustomerKind
from crmdesk.store.fold import fold
from crmdesk.sync.planning import same_name
from crmdesk.sync.planning.earlier import EarlierRecords
from crmdesk.sync.planning.merging import Present
from crmdesk.sync.planning.seen import Trait
from crmdesk.sync.planning.store_answers import StoreAnswers
from crmdesk.sync.planning.verdicts import Candidate, Found, Verdict
from crmdesk.sync.profile import ImportProfile, MatchBy
from crmdesk.sync.reading.drafts import Draft
from crmdesk.sync.reading.record_keys import (
    Key,
    Prints,
    all_texts,
    keys_of,
    name_variants,
    spoken,
)

MOST_MAYBE = 20
"""Names that are shown for the eye: a million share a switchboard."""

_FAMILY = 3
"""Customers who may share a number that is a person's own; with more it is nobody's."""

_UNIQUE_CHARS = 16
"""Ids as long as this are no counters: no other program gives the same."""


class Duplicates:
    """Finds out whom each record of one source means.

    Args:
        profile: With the order of keys.

    Attributes:
        earlier: What the records so far told.
    """

    def __init__(self, profile: ImportProfile) -> None:
        self._profile = profile
        self.earlier = EarlierRecords()

    def find(self, draft: Draft, answers: StoreAnswers, prints: Prints = ()) -> Verdict:
        """Whom a record means, or may mean.

        Args:
            draft: The record.
            answers: What the store knows of it.
            prints: Of a person with something to be known by, where whoever read it made them.
        """
        if prints and self._is_unheard_of(prints, answers):
            return Verdict(maybe=tuple(self._namesakes(draft, answers, prints)))
        keys = keys_of(draft, self._profile)
        maybe: dict[str, None] = {}
        why: list[str] = []
        company = None
        for key in keys:
            candidates = self._candidates(key, draft, answers)
            if not candidates:
                continue
            if key.is_id:
                company = company or _company_of(key, draft, candidates)
                found = self._by_id(key, keys, draft, candidates, answers)
            else:
                found = self._by_line(key, keys, draft, candidates)
            if found is not None:
                return Verdict(found)
            others = [one.name for one in candidates if company is None or one is not company]
            maybe.update(dict.fromkeys(others))
            if others:
                why.append(_open_words(key, others))
        found = self._bare_company(draft, answers)
        if found is None and not keys:
            found = self._by_name_alone(draft, answers)
        if found is None:
            maybe.update(dict.fromkeys(self._namesakes(draft, answers)))
        return Verdict(found, tuple(maybe)[:MOST_MAYBE], tuple(why), company, not keys)

    def _is_unheard_of(self, prints: Prints, answers: StoreAnswers) -> bool:
        is_known = answers.present or answers.by_name
        return not is_known and self.earlier.know_nothing_of(prints)

    def _candidates(self, key: Key, draft: Draft, answers: StoreAnswers) -> list[Candidate]:
        earlier, found = self.earlier, {}
        holders = earlier.holders(key.text, draft)
        if not holders and not answers.present:
            return []
        for seen in holders:
            customer_id = earlier.seen.customer_id(seen)
            is_company = Trait.COMPANY in earlier.seen.traits(seen)
            kind = CustomerKind.COMPANY if is_company else CustomerKind.PERSON
            present = answers.present.get(customer_id)
            name = earlier.seen.name(seen)
            found[customer_id] = Candidate(customer_id, name, kind, seen, present)
        if answers.present:
            for customer_id in answers.with_key(key.text, fold(draft.name)):
                present = answers.present.get(customer_id)
                if present is not None and customer_id not in found:
                    one, seen_as = present.customer, earlier.of_customer(customer_id)
                    name = same_name.spoken(one.name, one.salutation)
                    found[customer_id] = Candidate(one.id, name, one.kind, seen_as, present)
        name = spoken(draft)
        return sorted(
            found.values(),
            key=lambda one: (not same_name.is_same(name, one.name), one.customer_id.bytes),
        )

    # --- ids ----------------------------------------------------------------------------------

    def _by_id(
        self,
        key: Key,
        keys: Sequence[Key],
        draft: Draft,
        candidates: Iterable[Candidate],
        answers: StoreAnswers,
    ) -> Found | None:
        is_account = key.by is MatchBy.ACCOUNT_ID
        for one in candidates:
            is_kind = one.kind is draft.kind
            if is_account and not is_kind:
                if _is_company_itself(draft, one):
                    return self._found(one, key, is_sure=False)
                continue
            is_old = not is_account and key.shown in answers.merged
            if is_old or self._id_holds(key, keys, draft, one, answers):
                return self._found(one, key, is_sure=True, is_old=is_old)
        return None

    def _id_holds(
        self, key: Key, keys: Sequence[Key], draft: Draft, one: Candidate, answers: StoreAnswers
    ) -> bool:
        """Whether an id means a customer whatever the name, or the name can be theirs."""
        is_told_twice = one.seen is not None and self.earlier.is_known(one.seen, key.text)
        is_unique = key.by is MatchBy.EXTERNAL_ID and not is_told_twice
        if is_unique and self._is_trusted(key.shown, one, answers):
            return True
        if draft.kind is one.kind is CustomerKind.COMPANY:
            is_named_so = same_name.share_a_word(draft.name, one.name)
        else:
            is_named_so = self._can_be(key, draft, one)
        return is_named_so or (not is_told_twice and self._shares_a_line(keys, draft, one))

    def _is_trusted(self, external_id: str, one: Candidate, answers: StoreAnswers) -> bool:
        """Whether an id cannot be another program's that happens to be alike."""
        if answers.own.get(external_id) == one.customer_id or self._profile.name:
            return True
        source = self._profile.source_name
        refs = [ref for ref in one.present.refs if ref.source == source] if one.present else ()
        return len(external_id) >= _UNIQUE_CHARS or len(refs) > 1

    def _shares_a_line(self, keys: Sequence[Key], draft: Draft, one: Candidate) -> bool:
        """Whether a number or an address says that an id is theirs, whatever the name."""
        if draft.kind is not one.kind:
            return False
        is_company = draft.kind is CustomerKind.COMPANY
        return any(
            self._has(one, other.text)
            for other in keys
            if not other.is_id and (other.is_personal or is_company)
        )

    def _can_be(self, key: Key, draft: Draft, one: Candidate) -> bool:
        """Whether a name can be theirs; between two records of one file nobody marries."""
        name = spoken(draft)
        if one.seen is not None and self.earlier.is_known(one.seen, key.text):
            return same_name.can_be(name, one.name)
        return same_name.can_be_renamed(name, one.name)

    def _has(self, one: Candidate, text: str) -> bool:
        if one.seen is not None and self.earlier.is_known(one.seen, text):
            return True
        return one.present is not None and text in all_texts(one.present.customer)

    # --- numbers and addresses ----------------------------------------------------------------

    def _by_line(
        self, key: Key, keys: Sequence[Key], draft: Draft, candidates: Sequence[Candidate]
    ) -> Found | None:
        is_shared = not key.is_personal or self.earlier.is_shared(key.text)
        is_own = not is_shared and len(candidates) <= _FAMILY
        fitting = [
            one
            for one in candidates
            if one.kind is draft.kind and self._ids_allow(draft, keys, one, is_own=is_own)
        ]
        same = [one for one in fitting if same_name.is_same(spoken(draft), one.name)]
        if len(same) == 1 or (same and is_own):
            return self._found(same[0], key)
        if same:  # father and son of one name: with an id of its own it is one more
            is_one_more = draft.external_id or draft.account_id
            return None if is_one_more else self._one_of(same, key, keys)
        if not draft.names_itself:
            is_theirs = is_own and len(fitting) == 1
            return self._found(fitting[0], key) if is_theirs else self._one_of(fitting, key, keys)
        alike = [one for one in fitting if self._can_be(key, draft, one)]
        return self._found(alike[0], key) if is_own and len(alike) == 1 else None

    def _one_of(self, several: Sequence[Candidate], key: Key, keys: Sequence[Key]) -> Found | None:
        """One who has all that a record says; which of them it means nobody can tell."""
        for one in several:
            if all(self._has(one, other.text) for other in keys):
                return replace(self._found(one, key), is_vague=True)
        return None

    def _ids_allow(
        self, draft: Draft, keys: Sequence[Key], one: Candidate, *, is_own: bool
    ) -> bool:
        """Two ids of one program are two records; they may be one person of the same name."""
        if any(key.is_id and self._has(one, key.text) for key in keys):
            return True
        if draft.account_id and self._has_other_account(draft, one):
            return False
        if not draft.external_id or not self._has_other_id(draft, one):
            return True
        return is_own and same_name.is_same(spoken(draft), one.name)

    def _has_other_account(self, draft: Draft, one: Candidate) -> bool:
        if one.seen is not None and Trait.ACCOUNT_ID in self.earlier.seen.traits(one.seen):
            return not self.earlier.is_known(one.seen, f"a{draft.account_id}")
        account_id = one.present.customer.account_id if one.present else ""
        return account_id not in {"", draft.account_id}

    def _has_other_id(self, draft: Draft, one: Candidate) -> bool:
        if one.seen is not None and Trait.EXTERNAL_ID in self.earlier.seen.traits(one.seen):
            return not self.earlier.is_known(one.seen, f"x{draft.external_id}")
        source = self._profile.source_name
        refs = one.present.refs if one.present else ()
        ids = {ref.external_id for ref in refs if ref.source == source}
        return bool(ids) and draft.external_id not in ids

    # --- names --------------------------------------------------------------------------------

    def _bare_company(self, draft: Draft, answers: StoreAnswers) -> Found | None:
        """A company of which only the name is known, and this is the record of its own."""
        seen = self.earlier.bare_company(draft)
        if seen is not None:
            place, customer_id = self.earlier.seen.place(seen), self.earlier.seen.customer_id(seen)
            why = f"company of record {place}"
            return Found(customer_id, seen, why, is_sure=True, is_bare=True)
        if draft.kind is not CustomerKind.COMPANY:
            return None
        present = answers.present.get(answers.companies.get(fold(draft.name), _NOBODY))
        if present is None or present.refs or not _is_bare(present):
            return None
        one = present.customer
        seen = self.earlier.of_customer(one.id)
        if seen is not None:
            return None
        return Found(one.id, None, "same name, and nothing else was known of it", is_sure=False)

    def _by_name_alone(self, draft: Draft, answers: StoreAnswers) -> Found | None:
        """A record with nothing of its own but a name is the one of that very name.

        Of several it is the one who has nothing else either.
        """
        if not draft.names_itself:
            return None
        why = "same name, and nothing else to tell them apart"
        seen = self.earlier.by_name_alone(draft)
        if seen is not None:
            place = self.earlier.seen.place(seen)
            customer_id = self.earlier.seen.customer_id(seen)
            return Found(customer_id, seen, f"{why}, as record {place}", is_sure=False)
        known = answers.by_name.get(fold(draft.name), ())
        alike = [
            present
            for each in known
            if (present := answers.present.get(each.customer_id)) and _is_alike(draft, present)
        ]
        if len(alike) > 1:
            alike = [present for present in alike if _is_bare(present)]
        free = [one for one in alike if self.earlier.of_customer(one.customer.id) is None]
        return Found(free[0].customer.id, None, why, is_sure=False) if free else None

    def _namesakes(self, draft: Draft, answers: StoreAnswers, prints: Prints = ()) -> Iterator[str]:
        if not draft.names_itself:
            return
        seen = self.earlier.namesake(draft.name, prints)
        if seen is not None:
            yield f"{self.earlier.seen.name(seen)} (record {self.earlier.seen.place(seen)})"
        for variant in name_variants(draft.name) if answers.by_name else ():
            for known in answers.by_name.get(variant, ()):
                yield known.name

    def _found(
        self, one: Candidate, key: Key, *, is_sure: bool = False, is_old: bool = False
    ) -> Found:
        why = key.words
        if one.seen is not None:
            why = f"{why} as record {self.earlier.seen.place(one.seen)}"
        if is_old:
            why = f"{why}, who is {one.name} now"
        return Found(one.customer_id, one.seen, why, is_sure, is_old=is_old)


_NOBODY = uuid.UUID(int=0)


def _company_of(key: Key, draft: Draft, candidates: Iterable[Candidate]) -> Candidate | None:
    """The company whose customer number a contact carries: one number for all its people."""
    if key.by is not MatchBy.ACCOUNT_ID or draft.kind is not CustomerKind.PERSON:
        return None
    for one in candidates:
        if one.kind is CustomerKind.COMPANY and not _is_company_itself(draft, one):
            is_named = draft.company and not same_name.share_a_word(draft.company, one.name)
            return None if is_named else one
    return None


def _is_company_itself(draft: Draft, one: Candidate) -> bool:
    """Whether "Weiss" and "Weiss GmbH" of one customer number are the company, and no contact."""
    if draft.company or not draft.names_itself:
        return not draft.names_itself
    return same_name.is_same(spoken(draft), one.name)


def _open_words(key: Key, names: Sequence[str]) -> str:
    who = f"{names[0]} and others" if len(names) > 1 else names[0]
    return f"{key.words} as {who}, but the name does not say that it is the same one"


def _is_bare(present: Present) -> bool:
    one = present.customer
    return not (one.numbers or one.emails or one.account_id)


def _is_alike(draft: Draft, present: Present) -> bool:
    one = present.customer
    if draft.kind is not one.kind or fold(draft.company) != fold(one.company_name):
        return False
    town = draft.address.postcode or draft.address.city if draft.address else ""
    towns = {fold(each.postcode or each.city) for each in one.addresses}
    return not town or not towns or fold(town) in towns
