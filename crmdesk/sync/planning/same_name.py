"""Whether two names are one person's or one company's, and how sure that is.

A family has one line and a mailbox of its own, a company one switchboard: there a name has to say
the whole of it. "J. Doe" may be Jane or John, "Doe" anybody of the house, "John Doe jun." not
his father, "Müller GmbH" not the KG behind the same door. A mobile phone is one person's, and
there a name may be shorter, or the family name another since a wedding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from crmdesk.store.fold import fold
from crmdesk.sync.cells import names
from crmdesk.sync.cells.words import meanings, word_set

_STOPS = ".'\"’`"
_GAPS = str.maketrans(dict.fromkeys("-,;&/()[]", " "))


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken apart, folded.

    Attributes:
        words: Without titles, degrees and legal forms; with double names in their parts.
        first: The first of them, "" of a company.
        marks: What tells people of one name apart: "junior", "senior", "ii", "male".
        forms: Legal forms; a person has none.
    """

    words: frozenset[str]
    first: str
    marks: frozenset[str]
    forms: frozenset[str]


def spoken(name: str, salutation: str) -> str:
    """A name with what its salutation says of the person: "Frau Doe" is not "Herr Doe"."""
    mark = _first_mark(salutation)
    return f"{mark} {name}" if mark else name


@lru_cache(maxsize=1024)
def _first_mark(salutation: str) -> str:
    said = (word.strip(_STOPS) for word in fold(salutation).split())
    return next((word for word in said if word in meanings("name_mark")), "")


def identity(name: str) -> str:
    """The same for all names that are one whatever line they share; as a key of tables."""
    parts = _parts(name)
    if len(parts.words) < 2 and not parts.forms:
        return fold(name)
    return " ".join(sorted(parts.words))


def is_same(one: str, other: str) -> bool:
    """Whether two names are one where several people can be reached: nothing is left open.

    Titles, degrees and the order of the words do not matter ("Doe, Dr. Jane"); a single word
    has to be written alike ("Mr Doe" and "Mrs Doe" are two).
    """
    if fold(one) == fold(other):
        return True
    left, right = _parts(one), _parts(other)
    if identity(one) != identity(other) or _is_marked_apart(left, right):
        return False
    return left.marks & _GENERATIONS == right.marks & _GENERATIONS


def can_be(one: str, other: str) -> bool:
    """Whether two names may be one person's or company's: one says less than the other.

    A name nobody knows can be everybody's.
    """
    left, right = sorted((_parts(one), _parts(other)), key=lambda parts: len(parts.words))
    if not left.words or not right.words:
        return True
    if _is_marked_apart(left, right):
        return False
    if bool(left.forms) is not bool(right.forms) and len(left.words) < len(right.words):
        return False  # "Weiss GmbH" and Anna Weiss
    if len(left.words) == 1 < len(right.words):
        return left.words < right.words
    return all(word in right.words or _has_initial(word, right.words) for word in left.words)


def can_be_renamed(one: str, other: str) -> bool:
    """Whether they may be one person's where the line is a person's own.

    A family name changes when somebody marries; a given name does not, and a family with one
    number or mailbox has several.
    """
    if can_be(one, other):
        return True
    left, right = _parts(one), _parts(other)
    if _is_marked_apart(left, right) or left.forms or right.forms:
        return False
    return len(left.first) > 1 and left.first == right.first


def share_a_word(one: str, other: str) -> bool:
    """Whether they have a word in common: what says a company's new name is still its own."""
    return not _parts(one).words.isdisjoint(_parts(other).words)


def is_fuller(one: str, other: str) -> bool:
    """Whether a name that can be another one says more: a word for an initial, or one more."""
    left, right = _parts(one), _parts(other)
    if not can_be(one, other) or left.words == right.words:
        return False
    return sum(map(len, left.words)) > sum(map(len, right.words))


_GENERATIONS = frozenset({"junior", "senior"})


def _is_marked_apart(one: _Parts, other: _Parts) -> bool:
    """Junior and senior, Mr and Mrs, a GmbH and an AG."""
    marks = one.marks | other.marks
    if any(mark in marks and other_mark in marks for mark, other_mark in _OPPOSITES):
        return True
    return bool(one.forms and other.forms and one.forms != other.forms)


_OPPOSITES = (
    ("junior", "senior"),
    *combinations(("male", "female", "family"), 2),
    *combinations(("ii", "iii", "iv"), 2),
)


_NOBODY = _Parts(frozenset(), "", frozenset(), frozenset())


@lru_cache(maxsize=8192)
def _parts(name: str) -> _Parts:
    if "@" in name or not any(map(str.isalpha, name)):
        return _NOBODY  # a number or an address stands for the name
    plain = fold(name).translate(_GAPS)
    words = [bare for word in plain.split() if (bare := word.strip(_STOPS))]
    if names.is_company_name(name):
        forms = [word for word in words[1:] if word in _bare("legal_form")]
        told = [word for word in words if word not in forms]
        return _Parts(frozenset(told), "", frozenset(), frozenset(forms))
    marks = frozenset(filter(None, map(_mark, words, range(len(words)))))
    told = [word for word in words if word not in meanings("name_mark") and not _is_title(word)]
    without = [word for word in told if word not in _bare("suffix")]
    if len(without) > 1:  # "Jack Ma" is no Master of Arts
        told = without
    return _Parts(frozenset(told), told[0] if told else "", marks, frozenset())


def _mark(word: str, place: int) -> str:
    """What tells people of one name apart; "Sr." is Spanish for Mr in front of a name."""
    if word == "sr":
        return "senior" if place else "male"
    return meanings("name_mark").get(word, "")


def _is_title(word: str) -> bool:
    return len(word) > 1 and word in _bare("title")  # "M." may be an initial


@lru_cache
def _bare(table: str) -> frozenset[str]:
    return frozenset(word.strip(_STOPS) for word in word_set(table))


def _has_initial(word: str, words: frozenset[str]) -> bool:
    """Whether an initial stands for a word, or a word for an initial."""
    if len(word) == 1:
        return any(other[0] == word for other in words)
    return any(other == word[0] for other in words if len(other) == 1)
