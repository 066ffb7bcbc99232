"""What a record can be known by: ids, numbers, addresses, its name; as tables of keys have it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from crmdesk.domain.customers import Customer, CustomerKind, Email, PhoneNumber
from crmdesk.store.fold import fold
from crmdesk.sync.cells import names
from crmdesk.sync.cells.emails import is_shared
from crmdesk.sync.cells.words import word_set
from crmdesk.sync.planning import same_name
from crmdesk.sync.planning.seen import SALT, Trait, print_of
from crmdesk.sync.profile import ImportProfile, MatchBy
from crmdesk.sync.reading.drafts import Draft

_SHARED_LABELS = frozenset({"work", "home", "switchboard", "fax", "other", ""})
"""All but mobile: several people answer there."""

_MADE_UP = re.compile(r"(\d)\1{5}$|0?1234567?8?9?$|987654(?:3(?:2(?:10?)?)?)?$")
"""Ends of numbers that somebody typed where a form wanted one."""

_NINES = 5
"""So many and no other digit are the customer number of whoever has none, as zeros are."""

_OWN_ID = re.compile(
    r"(?:urn:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE
)

_WORDS = {
    MatchBy.EXTERNAL_ID: "same id",
    MatchBy.ACCOUNT_ID: "same customer number",
    MatchBy.NUMBER: "same number",
    MatchBy.EMAIL: "same e-mail address",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a record can be known by.

    Attributes:
        text: As tables of keys have it.
        shown: For people.
        is_personal: One person's alone.
    """

    by: MatchBy
    text: str
    shown: str
    is_personal: bool = True

    @property
    def is_id(self) -> bool:
        """Whether it says by itself who it is."""
        return self.by in {MatchBy.EXTERNAL_ID, MatchBy.ACCOUNT_ID}

    @property
    def words(self) -> str:
        """Why a record is a duplicate."""
        return f"{_WORDS[self.by]} {self.shown}"


def id_words(draft: Draft) -> str:
    """Why a record is somebody's where its id says so."""
    return f"{_WORDS[MatchBy.EXTERNAL_ID]} {draft.external_id}"


def keys_of(draft: Draft, profile: ImportProfile) -> list[Key]:
    """What a record can be known by, in the order of the profile."""
    return list(_keys(draft, profile))


def has_keys(draft: Draft, profile: ImportProfile) -> bool:
    """Whether there is anything a record can be known by; makes the first one only."""
    return next(_keys(draft, profile), None) is not None


def _keys(draft: Draft, profile: ImportProfile) -> Iterator[Key]:
    for by in profile.match_by:
        if by is MatchBy.EXTERNAL_ID and draft.external_id:
            yield Key(by, f"x{draft.external_id}", draft.external_id)
        elif by is MatchBy.ACCOUNT_ID and not is_no_id(draft.account_id):
            yield Key(by, f"a{draft.account_id}", draft.account_id)
        elif by is MatchBy.NUMBER:
            yield from _number_keys(draft)
        elif by is MatchBy.EMAIL:
            for one in draft.emails:
                mailbox = fold(one.address.partition("@")[0])
                if mailbox not in word_set("no_mailbox"):
                    yield Key(by, email_text(one), one.address, not is_shared(one.address))


def _number_keys(draft: Draft) -> Iterator[Key]:
    by = MatchBy.NUMBER
    for number in draft.numbers:
        if number.e164 and number.label != "fax" and not _MADE_UP.search(number.e164):
            more = f" ext. {number.extension}" if number.extension else ""
            is_personal = bool(more) or number.label not in _SHARED_LABELS
            yield Key(by, number_text(number), f"{number.e164}{more}", is_personal)


def is_no_id(account_id: str) -> bool:
    """Whether a customer number is nobody's own."""
    return not account_id.strip("0") or (len(account_id) >= _NINES and not account_id.strip("9"))


def own_id(external_id: str) -> uuid.UUID | None:
    """The id as exports of this program write it, None where it cannot be one."""
    found = _OWN_ID.fullmatch(external_id)
    return uuid.UUID(found[1]) if found else None


def number_text(number: PhoneNumber) -> str:
    """A number as tables of keys have it."""
    if number.e164 is None:
        return f"u{number.raw}"
    return f"t{number.e164}x{number.extension}" if number.extension else f"t{number.e164}"


def email_text(email: Email) -> str:
    """An e-mail address as tables of keys have it."""
    return f"m{email.address.lower()}"


def texts_of(draft: Draft) -> Iterator[str]:
    """All that is told of a customer and can be told again."""
    if draft.external_id:
        yield f"x{draft.external_id}"
    if draft.account_id:
        yield f"a{draft.account_id}"
    yield from map(number_text, draft.numbers)
    yield from map(email_text, draft.emails)


Prints = Sequence[int]
"""Of the name of a record, then of its `texts_of`; none where nobody made them."""


def prints_of(draft: Draft, salt: bytes = SALT) -> Prints:
    """What tables of keys have of a record."""
    name = print_of(same_name_text(draft.name), salt)
    return (name, *(print_of(text, salt) for text in texts_of(draft)))


def same_name_text(name: str) -> str:
    """The key that all of one name have."""
    return f"N{fold(name)}"


def spoken(draft: Draft) -> str:
    """The name of a record, with what tells two people of one family apart."""
    return same_name.spoken(draft.name, draft.salutation) if draft.salutation else draft.name


def with_name(text: str, name: str) -> str:
    """A key that several have, of the one of them with this name."""
    return f"{text}\0{same_name.identity(name)}"


def traits_of(draft: Draft) -> Trait:
    """What a record tells of its customer."""
    is_company = draft.kind is CustomerKind.COMPANY
    return _TRAITS[is_company, bool(draft.account_id), bool(draft.external_id)]


# Made once: flags of `enum` take a microsecond each to be put together.
_TRAITS = {
    (is_company, has_account, has_id): (
        (Trait.COMPANY if is_company else Trait.NONE)
        | (Trait.ACCOUNT_ID if has_account else Trait.NONE)
        | (Trait.EXTERNAL_ID if has_id else Trait.NONE)
    )
    for is_company, has_account, has_id in product((False, True), repeat=3)
}


def name_key(draft: Draft) -> str:
    """The key of a record that has nothing but a name."""
    town = draft.address.postcode or draft.address.city if draft.address else ""
    return "n" + fold(f"{draft.kind}|{draft.name}|{draft.company}|{town}")


def all_texts(one: Customer) -> set[str]:
    """The numbers, e-mail addresses and customer number of one as tables of keys have them."""
    account = {f"a{one.account_id}"} if one.account_id else set()
    return {*map(number_text, one.numbers), *map(email_text, one.emails), *account}


def name_variants(name: str) -> tuple[str, ...]:
    """How the same name may stand in the store, folded: turned round, without its title."""
    plain = fold(name)
    words = [word for word in plain.replace(",", " ").split() if not names.is_title(word)]
    if names.is_company_name(name):
        words = [word for word in words if not names.is_company_name(f"x {word}")]
        return tuple(dict.fromkeys((plain, " ".join(words))))
    turned = " ".join((*words[1:], *words[:1]))
    return tuple(dict.fromkeys((plain, " ".join(words), turned)))
