"""What a column of a source can become, and a guess from its name and its first values.

The names that other programs give their columns are data: resources/import/columns.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crmdesk.domain.importing import SourceColumn
from crmdesk.settings import paths

CUSTOM = "custom:"
"""A target "custom:KEY" is a field that the company made itself."""

NOTHING = ""
"""The column is left out."""


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a customer, as mappings name it.

    Attributes:
        title: As the mapping shows it.
        is_many: Several columns may go there; each value is one more.
    """

    key: str
    title: str
    is_many: bool = False


TARGETS = {
    target.key: target
    for target in (
        Target("name", "Name"),
        Target("given_name", "First name"),
        Target("middle_name", "Middle name"),
        Target("family_name", "Last name"),
        Target("title", "Title before the name"),
        Target("salutation", "How to address them"),
        Target("company", "Company"),
        Target("role", "Role in the company"),
        Target("account_id", "Customer number"),
        Target("external_id", "Id in the other program"),
        Target("number", "Phone, kind by its number", is_many=True),
        Target("number_mobile", "Mobile phone", is_many=True),
        Target("number_work", "Work phone", is_many=True),
        Target("number_home", "Home phone", is_many=True),
        Target("number_switchboard", "Switchboard", is_many=True),
        Target("number_fax", "Fax", is_many=True),
        Target("label_of_number", "Kind of the phone beside it", is_many=True),
        Target("email", "E-mail", is_many=True),
        Target("label_of_email", "Kind of the e-mail beside it", is_many=True),
        Target("street", "Street"),
        Target("postcode", "Postcode"),
        Target("city", "City"),
        Target("country", "Country"),
        Target("language", "Language"),
        Target("source", "How they found us"),
        Target("status", "Status"),
        Target("segment", "Segment"),
        Target("customer_since", "Customer since"),
        Target("do_not_call", "Do not call"),
        Target("owner", "Own customer of (agent)"),
        Target("kind", "Person or company"),
        Target("note", "Note", is_many=True),
    )
}
"""All fields but those of the company's own."""

_COUNT = re.compile(r"\b\d{1,2}\b")
_OTHER = re.compile(r"[^0-9a-z]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GOOGLE_VALUE = re.compile(r" (?:value|formatted)$")
_GOOGLE_KIND = re.compile(r"(phone|e mail|email) (?:type|label)$")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
_PHONE = re.compile(r"\+?[\d\s()/.\-]{6,24}(?:\s?x\d{1,6})?")
_YIELDING = re.compile(r"formatted$|^(?:department|abteilung|ou)$")
"""Columns that take a field only where no better one does: "Job title" says more."""

_SHORT_NAMES = frozenset({"name", "naam", "namn", "navn", "nome"})
"""What lists call the family name where the given name has a column of its own."""

_ENOUGH = 0.6
"""The part of the samples that has to look alike."""


def guess(columns: Sequence[SourceColumn]) -> dict[str, str]:
    """Column name to target key; columns nobody can guess become `NOTHING`.

    A target that takes one column gets the first that fits; the name counts before the
    values, because "Number" over e-mail addresses happens less often than an odd sample.
    """
    guessed = dict.fromkeys((column.name for column in columns), NOTHING)
    taken: set[str] = set()
    by_name = _by_names(columns)
    for column in sorted(
        columns, key=lambda column: bool(_YIELDING.search(folded_all(column.name)))
    ):
        target = by_name[column.name] or _by_samples(column.samples)
        if target == "name" and column.samples and not any(map(_has_letter, column.samples)):
            target = NOTHING  # a shop's orders: "Name" is "#1001"
        if target in taken and not TARGETS[target].is_many:
            target = NOTHING
        if target:
            taken.add(target)
        guessed[column.name] = target
    return guessed


def folded(name: str) -> str:
    """A column's name as the table of names writes it."""
    return _GOOGLE_VALUE.sub("", folded_all(name))


def folded_all(name: str) -> str:
    """The same with the words that Google puts behind."""
    spaced = _HUMP.sub(" ", name)
    plain = unicodedata.normalize("NFKD", spaced.replace("ß", "ss").casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _OTHER.sub(" ", _COUNT.sub(" ", _OTHER.sub(" ", bare))).strip()


def _by_names(columns: Sequence[SourceColumn]) -> dict[str, str]:
    """What each name means, where some mean something else beside others.

    Salesforce: "Account Name" is the person's company, and "Title" beside "Salutation" a job.
    German lists: "Name, Vorname" is the family name before the given one.
    """
    found = {column.name: _by_name(column.name) for column in columns}
    plain = {folded(name): name for name in found}
    if "family_name" in found.values() and "account name" in plain:
        found[plain["account name"]] = "company"
    given = next((column for column in columns if found[column.name] == "given_name"), None)
    if given and "family_name" not in found.values():
        found |= {column.name: "family_name" for column in columns if _is_family(column, given)}
    if {"salutation", "title"} <= plain.keys() and "role" not in found.values():
        found[plain["title"]] = "role"
    return found


def _is_family(column: SourceColumn, given: SourceColumn) -> bool:
    """Whether a column "Name" lacks the given names that stand in one of their own."""
    if folded(column.name) not in _SHORT_NAMES:
        return False
    first = {word for sample in given.samples for word in folded(sample).split()}
    return not any(first & set(folded(sample).split()) for sample in column.samples)


def _by_name(name: str) -> str:
    plain = folded(name)
    if _GOOGLE_KIND.search(plain):
        return "label_of_number" if "phone" in plain else "label_of_email"
    names = _names()
    return names.get(plain) or names.get(plain.replace(" ", "")) or NOTHING


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    file = paths.resources() / "import" / "columns.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for target, entry in table.items():
        for name in entry["names"]:
            plain = folded(name)
            found.setdefault(plain, target)
            found.setdefault(plain.replace(" ", ""), target)
    return found


def _by_samples(samples: Iterable[str]) -> str:
    values = [sample.strip() for sample in samples if sample.strip()]
    if _mostly(values, lambda text: bool(_MAIL.fullmatch(text))):
        return "email"
    if _mostly(values, _looks_like_phone):
        return "number"
    return NOTHING


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _looks_like_phone(text: str) -> bool:
    """Long enough, and with a sign of a phone number: amounts and ids are digits too."""
    return bool(_PHONE.fullmatch(text)) and (text[0] in "+0(" or " " in text)


def _mostly(values: list[str], test: Callable[[str], bool]) -> bool:
    return bool(values) and sum(map(test, values)) / len(values) >= _ENOUGH
