"""What the name of a column says: which field it is, of whose address, and the how manieth.

Two tables know the words: resources/import/columns.toml has whole names ("Postleitzahl"),
words.toml the parts that names are made of ("privat", "Rechnung", "of the contact"). A name that
is in no table is taken apart: "Adresse de facturation - Ville" is an address, of invoices, a city.
A word that neither table has leaves the column alone: "Owner phone" is somebody else's.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from crmdesk.settings import paths
from crmdesk.sync.cells.words import meanings, word_set

ADDRESS_PARTS = ("street", "house_number", "street_more", "postcode", "city", "country")
"""Targets that make an address together."""

_MOST_WORDS = 4
"""Of a name in the table."""

_MOST_PIECES = 12
_MOST_CHARS = 120
_LEAST_PART = 3
"""Letters of the parts a word is made of ("firmen|telefon")."""

_LEAST_SIGNS = 2
"""The same in other scripts ("tel会社")."""

_COUNT = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_OTHER = re.compile(r"[\W_]+")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_GOOGLE_VALUE = re.compile(r" (?:value|formatted)$")
_SALESFORCE_OWN = re.compile(r"__c$")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_NUMBER_ORDER = ("number_fax", "number_mobile", "number_switchboard", "number_work", "number_home")
_NUMBER_PLACES = {"work": "number_work", "home": "number_home"}
_TOGETHER = (
    ("owner", {"name"}),
    ("company", {"name"}),
    ("city", {"postcode"}),  # "ZIP/City": the cells tell them apart
    *((part, {"street", "email"}) for part in ("postcode", "city", "country", "house_number")),
    ("street", {"email"}),  # "Mail street"
)
"""What a name says that has words of several targets."""

_PLACELESS = frozenset({"billing", "shipping"})
_AT_WORK = frozenset({"role", "company"})
_NAMES = frozenset({"name", "company", "owner"})
_OF_ADDRESSES = frozenset({"given_name", "family_name", "company", "salutation", "title"})
"""What records of addresses hold beside the address itself."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name says.

    Attributes:
        target: Key of a target, "" where nobody knows.
        place: home, work, billing, shipping, other; "" where it does not say.
        ordinal: Of several, 0 for one without a figure and for the first.
        line: Of an address of several lines, 0 where it does not say.
        is_whole: An address without parts: "Address", "Formatted address".
        is_exact: The name is in the table as it is.
    """

    target: str = ""
    place: str = ""
    ordinal: int = 0
    line: int = 0
    is_whole: bool = False
    is_exact: bool = False


def folded(name: str) -> str:
    """A column's name as the table of names writes it."""
    return _GOOGLE_VALUE.sub("", folded_all(name))


def folded_all(name: str) -> str:
    """The same with the words that Google puts behind."""
    return _OTHER.sub(" ", _COUNT.sub(" ", _spaced(name))).strip()


def _spaced(name: str) -> str:
    """Small letters without accents, a blank between the words; with figures."""
    spaced = _HUMP.sub(" ", _SALESFORCE_OWN.sub("", name[:_MOST_CHARS]))
    plain = unicodedata.normalize("NFKD", spaced.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _OTHER.sub(" ", bare.translate(_LETTERS))


@lru_cache(maxsize=2048)
def meaning(name: str) -> Meaning:
    """What a name says."""
    plain = folded(name)
    pieces = _pieces(plain)
    found = _names()
    exact = found.get(plain) or found.get(plain.replace(" ", "")) or ""
    target = exact or _company_of_address(plain, pieces)
    target = target or _combined(pieces) or _behind_noise(plain)
    if "/" in name and target.startswith("number_") and ("target", "number") in pieces:
        target = "number"  # "Phone / fax": the cell may hold either
    first, second = _figures(name)
    return Meaning(
        target,
        place=_place(plain, pieces),
        ordinal=first if first > 1 else 0,
        line=second,
        is_whole=target == "street" and _is_whole(pieces),
        is_exact=bool(exact),
    )


def _company_of_address(plain: str, pieces: list[Piece]) -> str:
    """Shops: "address_company" is no address of the company."""
    has_address = any(kind == "address" for kind, _ in pieces)
    return "company" if has_address and plain.endswith(" company") else ""


def _behind_noise(plain: str) -> str:
    """What is left of "Person - Organization" without the words that say nothing."""
    words = plain.split()
    while len(words) > 1 and words[0] in _column_words("noise"):
        words = words[1:]
        rest = " ".join(words)
        if rest in _places() or rest in _weak_words():
            return ""
        if target := _names().get(rest):
            return target
    return ""


def _place(plain: str, pieces: list[Piece]) -> str:
    """Whose address it is; said also by names that are in the table as a whole."""
    known = next((word for kind, word in pieces if kind == "place"), "")
    words = plain.split()
    for count in (3, 2, 1):
        for start in range(len(words) - count + 1):
            known = known or _places().get(" ".join(words[start : start + count]), "")
    return known


def _figures(name: str) -> tuple[int, int]:
    """The first two counting figures of a name: "Address 1: Street 2" has 1 and 2."""
    figures = [int(found) for found in _COUNT.findall(_spaced(name))[:2]]
    first, second = (*figures, 0, 0)[:2]
    return first, second


# --- parts of a name ----------------------------------------------------------------------------

Piece = tuple[str, str]
"""Kind (place, noise, type, address, target) and which."""


def _pieces(plain: str) -> list[Piece]:
    """A name in known pieces, the longest first; [] where a word is unknown."""
    words = tuple(plain.split())
    return list(_cut(words) or ()) if len(words) <= _MOST_PIECES else []


@lru_cache(maxsize=4096)
def _cut(words: tuple[str, ...]) -> tuple[Piece, ...] | None:
    if not words:
        return ()
    for end in range(min(len(words), _MOST_WORDS), 0, -1):
        found = _known(" ".join(words[:end]))
        rest = _cut(words[end:]) if found else None
        if rest is not None:
            return found + rest
    return None


@lru_cache(maxsize=4096)
def _known(phrase: str) -> tuple[Piece, ...]:
    found = _piece(phrase)
    if found or " " in phrase:
        return (found,) if found else ()
    least = _LEAST_PART if phrase.isascii() else _LEAST_SIGNS
    for cut in range(len(phrase) - least, least - 1, -1):
        head, tail = _piece(phrase[:cut]), _piece(phrase[cut:])
        if head and tail:
            return head, tail
    return ()


def _piece(phrase: str) -> Piece | None:
    found = _part(phrase)
    if found:
        return found
    if " " in phrase and all(map(_part, phrase.split())):
        return None  # "billing address": its parts say more
    is_weak = " " not in phrase and (len(phrase) < _LEAST_PART and phrase.isascii())
    if is_weak or phrase in _weak_words():
        return None
    target = _names().get(phrase)
    return ("target", target) if target else None


def _part(phrase: str) -> Piece | None:
    if place := _places().get(phrase):
        return "place", place
    if phrase in _column_words("figure"):
        return "noise", "figure"
    kinds = (kind for kind in ("noise", "type", "address") if phrase in _column_words(kind))
    kind = next(kinds, "")
    return (kind, "") if kind else None


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    return {folded_all(word): place for word, place in meanings("column_place").items()}


@lru_cache
def _column_words(kind: str) -> frozenset[str]:
    return frozenset(map(folded_all, word_set(f"column_{kind}")))


def _weak_words() -> frozenset[str]:
    """Names that mean something only where they stand alone."""
    return _column_words("alone")


# --- putting the parts together -----------------------------------------------------------------


def _combined(pieces: list[Piece]) -> str:
    """The one target that all parts of a name agree on, "" where they do not."""
    kinds = {kind for kind, _ in pieces}
    targets = {word for kind, word in pieces if kind == "target"}
    places = {word for kind, word in pieces if kind == "place"}
    has_address = "address" in kinds or bool(targets & set(ADDRESS_PARTS))
    if "type" in kinds:
        return _label(targets, is_address=has_address)
    if any(target.startswith("number") for target in targets):
        return _number(targets, places)
    if not targets:
        return "street" if "address" in kinds else ""
    if len(targets) > 1:
        return _of_several(targets)
    (target,) = targets
    if target in _NAMES and ("noise", "figure") in pieces:
        return ""  # "Org. nr"
    return target if _may_be_at(target, places, has_address=has_address) else ""


def _may_be_at(target: str, places: set[str], *, has_address: bool) -> bool:
    if target == "email" or target in ADDRESS_PARTS:
        return True
    if has_address:
        return target in _OF_ADDRESSES
    return places <= _PLACELESS or (target in _AT_WORK and "other" not in places)


def _label(targets: set[str], *, is_address: bool) -> str:
    if targets and all(target.startswith("number") for target in targets):
        return "label_of_number"
    if targets == {"email"}:
        return "label_of_email"
    return "label_of_address" if is_address and targets <= set(ADDRESS_PARTS) else ""


def _number(targets: set[str], places: set[str]) -> str:
    others = {target for target in targets if not target.startswith("number")}
    if others:
        return others.pop() if others in ({"extension"}, {"area_code"}) else ""
    best = next((target for target in _NUMBER_ORDER if target in targets), "number")
    if best != "number":
        return best
    return next((_NUMBER_PLACES[place] for place in places if place in _NUMBER_PLACES), best)


def _of_several(targets: set[str]) -> str:
    if targets >= {"street", "postcode", "city"}:
        return "street"  # all of it in one cell
    for first, others in _TOGETHER:
        if first in targets and targets <= {first, *others}:
            return first
    return ""


def _is_whole(pieces: list[Piece]) -> bool:
    return bool(pieces) and all(kind in {"address", "place", "noise"} for kind, _ in pieces)


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
