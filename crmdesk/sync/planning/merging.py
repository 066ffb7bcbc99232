"""What a record changes in a customer that is there, field by field, by the profile's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from crmdesk.domain.customers import Address, Customer, Email, PhoneNumber
from crmdesk.domain.importing import ExternalRef, FieldChange
from crmdesk.sync.cells import names
from crmdesk.sync.planning import same_name
from crmdesk.sync.profile import ImportProfile, Merge
from crmdesk.sync.reading.drafts import Draft

_SINGLE = (
    "name", "kind", "role", "account_id", "language", "salutation", "source", "status", "segment",
    "customer_since", "do_not_call", "owner",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Present:
    """A customer that is there, with what a `Customer` does not hold.

    Attributes:
        notes: Texts of notes they have, where the profile brings notes to those who are there.
        has_notes: Whether they have any note; asked where the profile's rule is FILL.
        is_outside: They are not in the segment whose customers the profile changes.
    """

    customer: Customer
    refs: tuple[ExternalRef, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    has_notes: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """A customer as it shall be.

    Attributes:
        refs: Keys elsewhere that are new.
        custom: Own fields that get another value.
        notes: Notes that are new.
        changes: Each field before and after; empty where nothing changes.
    """

    customer: Customer
    refs: tuple[ExternalRef, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()


def merge(
    draft: Draft, present: Present, profile: ImportProfile, *, is_sure: bool, is_old: bool = False
) -> Merged:
    """The customer with what a record brings; equal values are no change.

    Args:
        draft: What the record says.
        present: The customer it means; a company it names is not merged here.
        profile: With the rules.
        is_sure: An id says that it is this one. Where only a number or an e-mail address
            does, a name comes in where it says more, unless the profile says otherwise; and
            "J. Doe" never comes for "Jane Doe".
        is_old: The record is of somebody who was merged into the customer since: it fills
            what is empty and takes nothing's place.
    """
    if is_old:
        profile = _only_filling(profile)
    changes: list[FieldChange] = []
    values = _fields(draft, present.customer, profile, changes, is_sure=is_sure)
    values |= _sets(draft, present.customer, profile, changes)
    custom = _custom(draft, present, profile, changes)
    refs = _refs(draft, present, profile, changes)
    notes = _notes(draft, present, profile, changes)
    return Merged(replace(present.customer, **values), refs, custom, notes, tuple(changes))


def _fields(
    draft: Draft,
    before: Customer,
    profile: ImportProfile,
    changes: list[FieldChange],
    *,
    is_sure: bool,
) -> dict[str, Any]:
    values = {}
    for name in _SINGLE:
        old, new = getattr(before, name), _given(draft, name)
        takes = _takes(profile.rule(name), old, new)
        if name == "name" and name not in profile.merge:
            takes = bool(new) and _takes_name(draft, before, is_sure=is_sure)
        if takes and not _says_the_same(name, old, new):
            values[name] = new
            changes.append(FieldChange(name, shown(old), shown(new)))
    return values


def _takes_name(draft: Draft, before: Customer, *, is_sure: bool) -> bool:
    """Whether a name takes the place of the one that is there, where no rule says so.

    A record with an id of its own is the customer's from then on, and says the name at once.
    """
    if same_name.is_fuller(draft.name, before.name):
        return True
    has_id = draft.kind is before.kind and bool(draft.external_id or draft.account_id)
    return (is_sure or has_id) and not same_name.is_fuller(before.name, draft.name)


def _sets(
    draft: Draft, before: Customer, profile: ImportProfile, changes: list[FieldChange]
) -> dict[str, Any]:
    values = {}
    for name, old, new in (
        ("numbers", before.numbers, _numbers(before.numbers, draft, profile.rule("numbers"))),
        ("emails", before.emails, _emails(before.emails, draft, profile.rule("emails"))),
        ("addresses", before.addresses, _addresses(before.addresses, draft, profile)),
    ):
        if new != old:
            values[name] = new
            changes.append(FieldChange(name, shown(old), shown(new)))
    return values


def _only_filling(profile: ImportProfile) -> ImportProfile:
    """The rules of a profile, but what is there stays."""
    rules = {name: profile.rule(name) for name in (*_SINGLE, "numbers", "emails", "addresses")}
    rules |= profile.merge
    filling = {
        name: Merge.FILL if rule is Merge.OVERWRITE else rule for name, rule in rules.items()
    }
    return msgspec.structs.replace(profile, merge=filling)


def _given(draft: Draft, name: str) -> object:
    if name == "name":
        return draft.name if draft.names_itself else ""
    value: object = getattr(draft, name)
    return value


def _takes(rule: Merge, old: object, new: object) -> bool:
    if new in {None, ""} or new == old or rule is Merge.KEEP:
        return False
    return rule is not Merge.FILL or old in {None, "", False}


def _says_the_same(name: str, old: object, new: object) -> bool:
    """Whether a value is the old one as an import reads it: what goes out comes back so."""
    if not isinstance(old, str) or not isinstance(new, str):
        return old == new
    if name == "name":
        return _bare(new) in map(_bare, _readings(old))
    if name == "language":
        return old.lower().partition("-")[0] == new
    return " ".join(old.split()) == " ".join(new.split())


def _readings(name: str) -> Iterator[str]:
    """How a name that stands here is read in a table and in a card."""
    yield name
    plain, _ = names.without_salutation(name)
    yield names.joined("", names.turned_round(plain), "", "")
    given, _, family = name.rpartition(" ")
    yield names.joined("", given, "", family)


def _bare(text: str) -> str:
    return "".join(text.split())


def same_number(one: PhoneNumber, other: PhoneNumber) -> bool:
    """Whether two are one number: by E.164 and extension, else as they are written."""
    if one.e164 or other.e164:
        return (one.e164, one.extension) == (other.e164, other.extension)
    return one.raw == other.raw


def _numbers(old: tuple[PhoneNumber, ...], draft: Draft, rule: Merge) -> tuple[PhoneNumber, ...]:
    given = draft.numbers
    if not given or rule is Merge.KEEP or (rule is Merge.FILL and old):
        return old
    new = tuple(n for n in given if not any(same_number(n, known) for known in old))
    if rule is not Merge.OVERWRITE:
        return (*old, *new)
    staying = tuple(n for n in old if any(same_number(n, each) for each in given))
    return (*staying, *new)


def _emails(old: tuple[Email, ...], draft: Draft, rule: Merge) -> tuple[Email, ...]:
    given = draft.emails
    if not given or rule is Merge.KEEP or (rule is Merge.FILL and old):
        return old
    known = {email.address.lower() for email in old}
    new = tuple(email for email in given if email.address.lower() not in known)
    if rule is not Merge.OVERWRITE:
        return (*old, *new)
    wanted = {email.address.lower() for email in given}
    return (*(email for email in old if email.address.lower() in wanted), *new)


def _addresses(
    old: tuple[Address, ...], draft: Draft, profile: ImportProfile
) -> tuple[Address, ...]:
    """OVERWRITE takes the place of the address of the same kind; another kind stays."""
    given, rule = draft.addresses, profile.rule("addresses")
    new = tuple(each for each in given if not any(_lines(each) == _lines(one) for one in old))
    if not new or rule is Merge.KEEP or (rule is Merge.FILL and old):
        return old
    if rule is Merge.OVERWRITE:
        kinds = {each.kind for each in given}
        old = tuple(each for each in old if each.kind not in kinds or each in given)
    return (*old, *new)


def _lines(address: Address) -> tuple[str, ...]:
    """An address as it is compared: whatever its kind, and where its lines break."""
    parts = (address.street, address.postcode, address.city, address.country)
    return tuple(" ".join(part.split()) for part in parts)


def _custom(
    draft: Draft, present: Present, profile: ImportProfile, changes: list[FieldChange]
) -> Mapping[str, str]:
    found = {}
    for key, new in draft.custom.items():
        old, name = present.custom.get(key, ""), f"custom:{key}"
        if _takes(profile.rule(name), old, new):
            found[key] = new
            changes.append(FieldChange(name, old, new))
    return found


def _refs(
    draft: Draft, present: Present, profile: ImportProfile, changes: list[FieldChange]
) -> tuple[ExternalRef, ...]:
    if not draft.external_id:
        return ()
    ref = ExternalRef(profile.source_name, draft.external_id)
    if ref in present.refs:
        return ()
    changes.append(FieldChange("external_id", "", ref.external_id))
    return (ref,)


def _notes(
    draft: Draft, present: Present, profile: ImportProfile, changes: list[FieldChange]
) -> tuple[str, ...]:
    rule = profile.rule("note")
    if not draft.note or draft.note in present.notes or rule is Merge.KEEP:
        return ()
    if rule is Merge.FILL and (present.notes or present.has_notes):
        return ()
    changes.append(FieldChange("note", "", draft.note))
    return (draft.note,)


def shown(value: object) -> str:
    """A value in a line for people."""
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    if isinstance(value, PhoneNumber):
        more = f" ext. {value.extension}" if value.extension else ""
        return f"{value.e164 or value.raw}{more} ({value.label})"
    if isinstance(value, Email):
        return value.address
    if isinstance(value, Address):
        return _address_line(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _address_line(address: Address) -> str:
    town = " ".join(filter(None, (address.postcode, address.city)))
    return ", ".join(filter(None, (address.street, town, address.country)))


def set_fields(draft: Draft, company: str) -> tuple[FieldChange, ...]:
    """What a creation sets."""
    values: Sequence[tuple[str, object]] = (
        *((name, getattr(draft, name)) for name in _SINGLE),
        ("company", company),
        ("numbers", draft.numbers),
        ("emails", draft.emails),
        ("addresses", draft.addresses),
        ("external_id", draft.external_id),
        ("note", draft.note),
        *((f"custom:{key}", value) for key, value in draft.custom.items()),
    )
    return tuple(FieldChange(name, "", text) for name, value in values if (text := shown(value)))


def added(
    numbers: tuple[PhoneNumber, ...], emails: tuple[Email, ...], refs: tuple[ExternalRef, ...]
) -> tuple[FieldChange, ...]:
    """What a customer gets that was written already."""
    values = (
        ("numbers", shown(numbers)),
        ("emails", shown(emails)),
        ("external_id", ", ".join(ref.external_id for ref in refs)),
    )
    return tuple(FieldChange(name, "", text) for name, text in values if text)
