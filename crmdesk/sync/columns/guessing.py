"""A guess where the columns of a source go: by their names, their values and their neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from crmdesk.domain.importing import SourceColumn
from crmdesk.sync.cells import address_columns, names
from crmdesk.sync.cells.dates import parse_date
from crmdesk.sync.cells.words import meanings, word_set
from crmdesk.sync.columns.names import Meaning, folded, folded_all, meaning
from crmdesk.sync.columns.targets import NOTHING, TARGETS

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
_PHONE = re.compile(r"\+?[\d\s()/.\-]{6,24}(?:\s?x\d{1,6})?")
_YIELDING = re.compile(
    r"formatted$|^(?:department|abteilung|ou|service|departamento|dipartimento|reparto|afdeling"
    r"|avdelning|dzial|account|business|type|typ|tipo|rating|priority|tags|labels|locale|active"
    r"|aktiv|voorletters|initialen|initials|initialer|code|kod|cod"
    r"|display name|file as|anzeigename|o|c|l|部署|部门|部門|отдел)$|\bcode$|\biso$"
)
"""Columns that take a field only where no better one does: "Job title" says more."""

_BRAZILIAN = re.compile(r"\d{5}-?\d{3}")

_ENOUGH = 0.6
"""The part of the samples that has to look alike."""

_FEWEST_DIGITS = 3
"""Of something that can be called: an extension is the shortest."""

_MOST_OF_CODE = 7
"""Digits of an area code or extension."""

_SHORTEST_ALONE = 7
_SHORTEST = 5
"""Digits of a number that is more than an extension."""

_LONGEST_NAME = 60
_NAMING = frozenset({"name", "given_name", "family_name", "company"})

_SAMPLED_KINDS = frozenset({"person", "company"})


def guess(columns: Sequence[SourceColumn]) -> dict[str, str]:
    """Column name to target key; columns nobody can guess become `NOTHING`.

    A target that takes one column gets the best that fits; the name counts before the
    values, because "Number" over e-mail addresses happens less often than an odd sample.
    """
    found = {column.name: _meant(column) for column in columns}
    _look_around(columns, found)
    addresses = address_columns.settled(found)
    guessed = dict.fromkeys(found, NOTHING)
    taken: set[str] = set()
    filled = {column.name for column in columns if column.samples}
    for name in sorted(found, key=lambda name: (name not in filled, *_yields(name, found[name]))):
        target = addresses.get(name, found[name].target)
        if target and (target not in taken or TARGETS[target].is_many):
            taken.add(target)
            guessed[name] = target
    return guessed


def _yields(name: str, said: Meaning) -> tuple[bool, bool, bool]:
    is_last = bool(_YIELDING.search(folded_all(name)))
    return is_last, said.place in {"shipping", "other"}, not said.is_exact


def _meant(column: SourceColumn) -> Meaning:
    """What name and values say together."""
    said = meaning(column.name)
    samples = [sample.strip() for sample in column.samples if sample.strip()]
    target = said.target
    if target and samples and not _can_be(target, samples):
        target = NOTHING
    target = target or _labelled(_by_samples(samples), said.place)
    if target == "segment" and samples and _is_kind(samples):
        target = "kind"
    if target == "number_mobile" and samples and all(map(_BRAZILIAN.fullmatch, samples)):
        target = "postcode"  # "CEP" is a mobile phone in Turkish
    if target == "number_work" and samples and all(_digits(each) < _SHORTEST for each in samples):
        target = "extension"  # "Durchwahl"
    return said if target == said.target else replace(said, target=target)


def _labelled(target: str, place: str) -> str:
    """The kind of numbers below "Business"."""
    if target == "number" and place in {"work", "home"}:
        return f"number_{place}"
    return target


# --- by their values ----------------------------------------------------------------------------


def _can_be(target: str, samples: list[str]) -> bool:
    """Whether at least one value is what the name says: "Mobile" may be a yes or no."""
    if target == "number" or target.startswith("number_"):
        return any(_digits(sample) >= _FEWEST_DIGITS for sample in samples)
    test = _TESTS.get(target)
    return test is None or any(map(test, samples))


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


_TESTS: dict[str, Callable[[str], bool]] = {
    "email": lambda text: "@" in text,
    "name": _has_letter,  # a shop's orders: "Name" is "#1001"
    "given_name": _has_letter,
    "family_name": _has_letter,
    "company": _has_letter,
    "city": _has_letter,
    "street": _has_letter,
    "role": lambda text: text.casefold() not in word_set("user_role"),
    "postcode": _has_digit,
    "house_number": _has_digit,
    "extension": lambda text: 0 < _digits(text) <= _MOST_OF_CODE,
    "area_code": lambda text: 0 < _digits(text) <= _MOST_OF_CODE,
    "customer_since": lambda text: parse_date(text) is not None,
}
"""What at least one value of such a column passes."""


def _by_samples(values: list[str]) -> str:
    if _mostly(values, lambda text: bool(_MAIL.fullmatch(text))):
        return "email"
    if _mostly(values, _looks_like_phone):
        return "number"
    return NOTHING


def _looks_like_phone(text: str) -> bool:
    """Long enough, and with a sign of a phone number: amounts and ids are digits too."""
    is_phone = bool(_PHONE.fullmatch(text)) and (text[0] in "+0(" or " " in text)
    return is_phone and parse_date(text) is None


def _is_kind(samples: list[str]) -> bool:
    """Whether a "Type" tells people and companies apart, in words."""
    known = meanings("kind")
    words = [sample.casefold() for sample in samples if _has_letter(sample)]
    found = {known.get(folded(word)) for word in words}
    return bool(found) and found <= _SAMPLED_KINDS


def _mostly(values: list[str], test: Callable[[str], bool]) -> bool:
    return bool(values) and sum(map(test, values)) / len(values) >= _ENOUGH


# --- by their neighbours ------------------------------------------------------------------------


def _look_around(columns: Sequence[SourceColumn], found: dict[str, Meaning]) -> None:
    """What a name means beside others, where that differs from what it means alone."""
    by_name = {column.name: column for column in columns}
    _find_house_numbers(columns, found)
    _tell_titles_from_roles(by_name, found)
    _complete_names(by_name, found)
    _tell_people_from_companies(by_name, found)
    _leave_ids_of_others(columns, found)
    _doubt_bare_numbers(by_name, found)
    _find_names(columns, found)


def _find_house_numbers(columns: Sequence[SourceColumn], found: dict[str, Meaning]) -> None:
    """A "Nr." behind the street."""
    for before, column in pairwise(columns):
        if found[before.name].target == "street" and _is_called(column.name, "short_number"):
            street = found[before.name]
            found[column.name] = replace(street, target="house_number", is_whole=False)


def _tell_titles_from_roles(by_name: Mapping[str, SourceColumn], found: dict[str, Meaning]) -> None:
    """A "Title" is "Dr." or "Head of sales"; beside a "Salutation" mostly the latter."""
    targets = {said.target for said in found.values()}
    for name, said in found.items():
        if said.target != "title":
            continue
        samples = by_name[name].samples
        if samples:
            is_role = 3 * sum(map(names.is_title, samples)) < len(samples)
        else:
            is_role = folded(name) == "title" and "salutation" in targets and "role" not in targets
        if is_role:
            found[name] = replace(said, target="role", is_exact=False)


def _complete_names(by_name: Mapping[str, SourceColumn], found: dict[str, Meaning]) -> None:
    """Lists call the family name "Name" where the given name has a column, and turned round."""
    for one, other in (("given_name", "family_name"), ("family_name", "given_name")):
        firsts = [name for name, said in found.items() if said.target == one]
        if not firsts or any(said.target == other for said in found.values()):
            continue
        known = _words_of(by_name[firsts[0]].samples)
        for name, said in found.items():
            is_short = said.target == "name" and _is_called(name, "short_name")
            if is_short and not _have_in_common(by_name[name].samples, known):
                found[name] = replace(said, target=other)
                break


def _tell_people_from_companies(
    by_name: Mapping[str, SourceColumn], found: dict[str, Meaning]
) -> None:
    """A "Name" is the company's where the person has another column, and no column the company.

    Salesforce: "Account name" beside "Last name"; ERP programs: "Name" beside "Contact person".
    """
    targets = {said.target for said in found.values()}
    whole = [name for name, said in found.items() if said.target == "name"]
    if {"given_name", "family_name"} & targets:
        parts = _words_of(_samples(by_name, found, ("given_name", "family_name")))
        others = [name for name in whole if _is_foreign(by_name[name], parts)]
    else:
        people = [name for name in whole if _is_called(name, "contact_person")]
        others = [name for name in whole if name not in people] if people else []
    if others and "company" not in targets:
        found[others[0]] = replace(found[others[0]], target="company")
    for name in others[1:]:  # "Name 2" of an ERP program
        found[name] = replace(found[name], is_exact=False)


def _is_foreign(column: SourceColumn, parts: frozenset[str]) -> bool:
    """Whether a name beside the parts of one is somebody else's: the company's."""
    if _is_called(column.name, "account_name"):
        return True
    return bool(column.samples and parts) and not _have_in_common(column.samples, parts)


def _leave_ids_of_others(columns: Sequence[SourceColumn], found: dict[str, Meaning]) -> None:
    """The "Account id" of a list of people is their company's; the first "... id" their own."""
    targets = {said.target for said in found.values()}
    if "family_name" in targets:
        for name, said in found.items():
            if said.target == "account_id" and _is_called(name, "company_id"):
                found[name] = replace(said, target=NOTHING)
    first = columns[0].name if columns else ""
    is_id = folded(first).endswith(" id") and not _is_called(first, "company_id")
    if is_id and not found[first].target and "external_id" not in targets:
        found[first] = replace(found[first], target="external_id")


def _doubt_bare_numbers(by_name: Mapping[str, SourceColumn], found: dict[str, Meaning]) -> None:
    """A "Number" is a phone's where its values look like it, or where nothing else is."""
    numbers = [name for name, said in found.items() if said.target.startswith("number")]
    for name in numbers:
        samples = by_name[name].samples
        if not _is_called(name, "bare_number") or _mostly(list(samples), _looks_like_phone):
            continue
        is_short = bool(samples) and all(_digits(sample) < _SHORTEST_ALONE for sample in samples)
        if len(numbers) > 1 or is_short:
            found[name] = replace(found[name], target=NOTHING)


def _find_names(columns: Sequence[SourceColumn], found: dict[str, Meaning]) -> None:
    """Where no name of a column tells the name, its values do: in a table without a header."""
    targets = {said.target for said in found.values()}
    has_reach = any(target == "email" or target.startswith("number") for target in targets)
    if not has_reach or targets & _NAMING:
        return
    for column in columns:
        if not found[column.name].target and _look_like_names(column.samples):
            found[column.name] = replace(found[column.name], target="name")
            return


def _look_like_names(samples: Sequence[str]) -> bool:
    """Words with a blank between them, or a company's, and not the same in all rows."""
    values = [sample for sample in samples if sample.strip()]
    if len(values) > 1 and len(set(values)) == 1:
        return False
    return _mostly(values, _looks_like_name)


def _looks_like_name(text: str) -> bool:
    is_short = len(text) <= _LONGEST_NAME and not _has_digit(text) and "@" not in text
    is_name = " " in text.strip() or "," in text or names.is_east_asian(text)
    return is_short and _has_letter(text) and is_name and "://" not in text


def _samples(
    by_name: Mapping[str, SourceColumn], found: Mapping[str, Meaning], targets: Sequence[str]
) -> Iterable[str]:
    for name, said in found.items():
        if said.target in targets:
            yield from by_name[name].samples


def _words_of(samples: Iterable[str]) -> frozenset[str]:
    return frozenset(word for sample in samples for word in folded(sample).split())


def _have_in_common(samples: Iterable[str], words: frozenset[str]) -> bool:
    return any(words & set(folded(sample).split()) for sample in samples)


def _is_called(name: str, words: str) -> bool:
    """Whether a name is one of a list, however its words are put together."""
    return folded(name).replace(" ", "") in _squeezed(words)


@lru_cache
def _squeezed(name: str) -> frozenset[str]:
    return frozenset(folded_all(word).replace(" ", "") for word in word_set(name))
