"""Names of people and companies out of the cells that hold them, or parts of them."""

from __future__ import annotations

import re
from functools import lru_cache

from crmdesk.store.fold import fold
from crmdesk.sync.cells.words import word_set

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^\s,;/&()]+")
_LONGEST_PART = 4
"""Words of a family name or of first names: more are no name of a person."""

_OF_COMPANIES = re.compile(r"\d|[&+/]|\b(?:und|and|et|y|en)\b", re.IGNORECASE)
_PARTNERS = re.compile(
    r"&\s*(?:co|cie|sons?|brothers|partners?|associates|s[oö]hne|sohn|t[oö]chter|fils|hijos|figli)\b",
    re.IGNORECASE,
)
_ASIAN_COMPANY = re.compile(r"株式会社|有限会社|合同会社|公司|集团|集團|주식회사|\(주\)|㈜|㈱")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3 ]+")

_TITLES = re.compile(r"(?:(?:dr|prof|dipl|ing|mag|med|rer|nat|jur|phil)[.][ -]*)+", re.IGNORECASE)
"""In front of a family name that stands first: "Dr. Weber, Katharina"."""


def turned_round(name: str) -> str:
    """Turned: "Hansen, Jane" becomes "Jane Hansen"; companies and academic suffixes stay."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma or not family or not given or "," in given:
        return name
    given_words = given.split()
    if len(given_words) > _LONGEST_PART or len(family.split()) > _LONGEST_PART:
        return name
    if _OF_COMPANIES.search(name) or is_company_name(name):
        return name
    if all(fold(word) in word_set("suffix") for word in given_words):
        return name
    titles, bare = _titles_of(family)
    return f"{titles}{given} {bare}"


def _titles_of(family: str) -> tuple[str, str]:
    """The academic titles in front of a family name, with a blank, and the rest of it."""
    found = _TITLES.match(family)
    return (
        (found[0], family[found.end() :]) if found and found.end() < len(family) else ("", family)
    )


@lru_cache(maxsize=8192)
def is_company_name(name: str) -> bool:
    """Whether a name has a company's legal form ("GmbH", "Ltd") or trade ("Hotel") in it."""
    words = _WORDS.findall(fold(name))
    if not words or _PARTNERS.search(name) or _ASIAN_COMPANY.search(name):
        return bool(words)
    forms, trades = word_set("legal_form"), word_set("trade")
    if words[0] in word_set("legal_form_first") and len(words) > 1:
        return True
    return any(word in forms or word.strip(".") in forms for word in words[1:]) or any(
        word in trades for word in words
    )


def is_east_asian(name: str) -> bool:
    """Whether a name is in a script that puts the family name first, without a blank."""
    return bool(_EAST_ASIAN.fullmatch(name))


def without_salutation(text: str) -> tuple[str, str]:
    """The text without the "Frau" or "Mr" before it, and that word; titles stay."""
    words = text.split()
    spoken = word_set("salutation")
    count = 0
    while count < len(words) and fold(words[count]) in spoken:
        count += 1
    return " ".join(words[count:]) if count else text, " ".join(words[:count])


def joined(title: str, given: str, middle: str, family: str) -> str:
    """A whole name out of its parts, without one that another holds already."""
    if given and family and not title and not middle and " " not in given:
        return f"{given} {family}"
    parts = [part for part in (given, middle, family) if part]
    if family and given and fold(family) in fold(given).split() and " " in given:
        parts.remove(family)  # "First name: Jane Hansen, Last name: Hansen"
    name = " ".join(parts)
    if title and is_title(title) and not fold(name).startswith(fold(title)):
        name = f"{title} {name}"
    return _SPACES.sub(" ", name).strip()


def is_title(word: str) -> bool:
    """Whether a text is a title before a name ("Dr.") and not what somebody does."""
    return all(fold(part) in word_set("title") for part in word.split())


@lru_cache(maxsize=4096)
def name_words(name: str) -> frozenset[str]:
    """The words that tell names apart: folded, without titles and suffixes."""
    noise = word_set("title") | word_set("suffix")
    words = (word.strip(".'\"") for word in _WORDS.findall(fold(name).replace("-", " ")))
    return frozenset(word for word in words if word and word not in noise)


def agree(one: str, other: str) -> bool:
    """Whether two names can be the same person's or company's.

    All words of the shorter one are in the longer one, an initial standing for a word.
    A name nobody knows agrees with every other.
    """
    left, right = sorted((name_words(one), name_words(other)), key=len)
    if not left:
        return True
    if len(left) == 1 and len(right) > 1:
        return next(iter(left)) in right
    return all(word in right or _has_initial(word, right) for word in left)


def _has_initial(word: str, words: frozenset[str]) -> bool:
    short = min(len(word), *(len(other) for other in words)) == 1
    return short and any(
        other[0] == word[0] for other in words if len(word) == 1 or len(other) == 1
    )


def resemble(one: str, other: str) -> bool:
    """Whether two names may be one person's where the number is personal.

    A family name changes when somebody marries; a given name does not, and a family with one
    number or mailbox has several.
    """
    if agree(one, other):
        return True
    left, right = (_first_word(name) for name in (one, other))
    return len(left) > 1 and left == right and not is_company_name(one)


def _first_word(name: str) -> str:
    words = (word.strip(".") for word in _WORDS.findall(fold(name)))
    return next((word for word in words if word in name_words(name)), "")
