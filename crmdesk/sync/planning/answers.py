"""Asks the store what it knows of some records: a few statements for hundreds of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from crmdesk.domain.customers import CustomerKind
from crmdesk.domain.importing import Known
from crmdesk.store.fold import fold
from crmdesk.store.importing.lookups import FOUND_OF_ONE
from crmdesk.store.reader import Reader
from crmdesk.sync.planning.merging import Present
from crmdesk.sync.planning.segment import outside
from crmdesk.sync.planning.store_answers import StoreAnswers
from crmdesk.sync.planning.unchanged import place_of, unchanged
from crmdesk.sync.profile import ImportProfile, MatchBy, Merge
from crmdesk.sync.reading.drafts import Draft
from crmdesk.sync.reading.facts import Facts
from crmdesk.sync.reading.record_keys import Key, keys_of, name_variants, own_id


def ask(
    reader: Reader, drafts: Sequence[Draft], profile: ImportProfile, facts: Sequence[Facts] = ()
) -> StoreAnswers:
    """What the store knows of the keys, names and companies of some drafts.

    Args:
        reader: Of the store.
        drafts: They.
        profile: With the order of keys.
        facts: Of each of them, where whoever read them made them.
    """
    same = unchanged(reader, drafts, facts, profile) if facts else {}
    if same:
        drafts = [draft for draft in drafts if place_of(draft) not in same]
    keyed = [(draft, keys_of(draft, profile)) for draft in drafts]
    by_key = _by_key(reader, (key for _, keys in keyed for key in keys), profile)
    own, merged = _own_ids(reader, drafts, profile)
    for text, customer_id in own.items():
        by_key[f"x{text}"] = list(dict.fromkeys((customer_id, *by_key.get(f"x{text}", ()))))
    crowded = {text for text, found in by_key.items() if len(found) >= FOUND_OF_ONE}
    named = [draft for draft, keys in keyed if _needs_name(keys, by_key, crowded)]
    bare = [draft for draft, keys in keyed if not keys or any(k.text in crowded for k in keys)]
    names = {name for draft in named if draft.names_itself for name in name_variants(draft.name)}
    companies = {fold(draft.company) for draft in drafts if draft.company}
    companies |= {fold(draft.name) for draft in named if draft.kind is CustomerKind.COMPANY}
    by_name = reader.known_by_name(names | companies)
    wanted = {one for found in by_key.values() for one in found}
    wanted.update(known.customer_id for name in companies for known in by_name.get(name, ()))
    for draft in bare:
        wanted.update(known.customer_id for known in by_name.get(fold(draft.name), ()))
    present = _present(reader, wanted, drafts, profile)
    return StoreAnswers(
        by_key, by_name, _companies(companies, by_name, present), present, own, merged, same
    )


def _present(
    reader: Reader, wanted: Set[uuid.UUID], drafts: Sequence[Draft], profile: ImportProfile
) -> dict[uuid.UUID, Present]:
    """Customers with all that a record may change; of notes what the profile's rule needs."""
    found = reader.whole_customers(wanted)
    rule, notes = profile.rule("note"), defaultdict[uuid.UUID, list[str]](list)
    texts = {draft.note for draft in drafts if draft.note}
    if texts and rule is Merge.ADD:
        for customer_id, text in sorted(reader.notes_among(found, texts)):
            notes[customer_id].append(text)
    noted = reader.with_notes(found) if texts and rule is Merge.FILL else frozenset()
    others = outside(reader, found, profile.segment)
    return {
        key: Present(
            one.customer, one.refs, one.custom, tuple(notes[key]), key in noted, key in others
        )
        for key, one in found.items()
    }


def _own_ids(
    reader: Reader, drafts: Sequence[Draft], profile: ImportProfile
) -> tuple[dict[str, uuid.UUID], set[str]]:
    """Ids that customers of this very store have, and those of them that were merged since.

    They are 122 random bits: no other program or store gives the same ones.
    """
    if MatchBy.EXTERNAL_ID not in profile.match_by:
        return {}, set()
    asked = {
        draft.external_id: key
        for draft in drafts
        if draft.external_id and (key := own_id(draft.external_id))
    }
    living = reader.living(asked.values())
    own = {text: key for text, key in asked.items() if key in living}
    merged = {
        text: now
        for text, key in asked.items()
        if key not in living and (now := reader.merged_into(key))
    }
    return own | merged, set(merged)


def _needs_name(
    keys: Sequence[Key], by_key: Mapping[str, Sequence[uuid.UUID]], crowded: Set[str]
) -> bool:
    """Whether a draft is nobody's by its own keys; a name costs more than all of them."""
    known = [key.text for key in keys if by_key.get(key.text)]
    return not known or any(text in crowded for text in known)


def _by_key(
    reader: Reader, keys: Iterable[Key], profile: ImportProfile
) -> dict[str, list[uuid.UUID]]:
    texts: dict[MatchBy, set[str]] = defaultdict(set)
    for key in keys:
        texts[key.by].add(key.text[1:])
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    if ids := texts[MatchBy.EXTERNAL_ID]:
        _note(found, "x", reader.known_by_ref(profile.source_name, ids))
    if accounts := texts[MatchBy.ACCOUNT_ID]:
        _note(found, "a", reader.known_by_account(accounts))
    if addresses := texts[MatchBy.EMAIL]:
        _note(found, "m", reader.known_by_email(addresses))
    numbers = {text.partition("x")[0] for text in texts[MatchBy.NUMBER]}
    for e164, known in (reader.known_by_number(numbers) if numbers else {}).items():
        for one in known:
            text = f"t{e164}x{one.extension}" if one.extension else f"t{e164}"
            found[text].append(one.customer_id)
    return found


def _note(
    found: dict[str, list[uuid.UUID]], prefix: str, answers: dict[str, tuple[Known, ...]]
) -> None:
    for text, known in answers.items():
        found[prefix + text].extend(one.customer_id for one in known)


def _companies(
    names: set[str],
    by_name: dict[str, tuple[Known, ...]],
    present: dict[uuid.UUID, Present],
) -> dict[str, uuid.UUID]:
    """The company of each name; of several the one that was there first."""
    found: dict[str, uuid.UUID] = {}
    for name in names:
        keys = sorted(known.customer_id for known in by_name.get(name, ()))
        for key in keys:
            if key in present and present[key].customer.kind is CustomerKind.COMPANY:
                found.setdefault(name, key)
    return found
