"""A card as one row: which properties become which columns.

The columns have names that `sync/columns/targets.py` knows, so a mapping is guessed as for a
table. Each number has its kind in the column before it, as in the exports of Google.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from crmdesk.sync.sources.limits import FIELD_CHARS
from crmdesk.sync.sources.vcard_lines import Card, Property

MOST = {"Phone": 20, "E-mail": 20, "Address": 5}
"""Of one card; a card with more numbers or e-mails than that is a bad one."""

_FIRST = (
    "Name", "Prefix", "First name", "Middle name", "Last name", "Suffix", "Nickname", "Company",
    "Job title", "Department",
)  # fmt: skip
_LAST = ("Website", "Categories", "Language", "Kind", "Note", "UID")
_ADDRESS = ("Address type", "Street", "Postcode", "City", "Region", "Country")

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PART = re.compile(r"(?:\\.|[^;\\])*", re.DOTALL)
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_GROUPS = frozenset({"group"})

_KINDS = (
    (frozenset({"cell", "mobile", "x-mobile", "iphone", "textphone"}), "mobile"),
    (frozenset({"main", "x-main"}), "main"),
    (frozenset({"pager"}), "pager"),
)
_PLACES = (("work", "work"), ("dom", ""), ("home", "home"))


def is_group(card: Card) -> bool:
    """Whether it is a list of other cards and no customer."""
    return any(
        item.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND") and item.value.lower() in _GROUPS
        for item in card.properties
    )


def uid(card: Card) -> str:
    """The card's own id."""
    found = (item.value for item in card.properties if item.name == "UID")
    return next(found, "")[:FIELD_CHARS]


def row(card: Card) -> dict[str, str]:
    """The values of a card by column; columns without a value are not in it.

    A card with too many numbers or e-mails is spoiled.
    """
    values: dict[str, str] = {}
    labels = {p.group: p.value for p in card.properties if p.name == "X-ABLABEL" and p.group}
    counts: Counter[str] = Counter()
    for item in sorted(card.properties, key=_preference):
        for column, value in _columns(item, labels, counts):
            if value:
                values[column] = _joined(values.get(column, ""), value, column)
    for what, most in MOST.items():
        if counts[what] > most and what != "Address":
            card.spoil(f"The card has {counts[what]:,} of {what}; up to {most} are read.")
    return values


def ordered(seen: set[str]) -> tuple[str, ...]:
    """The columns of a file: those that some card has."""
    everything = [
        *_FIRST,
        *(name for what in ("Phone", "E-mail") for name in _pairs(what)),
        *(_numbered(part, n) for n in range(1, MOST["Address"] + 1) for part in _ADDRESS),
        *_LAST,
    ]
    return tuple(name for name in everything if name in seen) or ("Name",)


def _pairs(what: str) -> Iterator[str]:
    for n in range(1, MOST[what] + 1):
        yield f"{what} {n} type"
        yield f"{what} {n}"


def _numbered(part: str, n: int) -> str:
    return part if n == 1 else f"{part} {n}"


def _joined(before: str, value: str, column: str) -> str:
    """Several notes or categories are one; of other things the first counts."""
    if not before:
        return value[:FIELD_CHARS]
    if column in ("Note", "Categories", "Website"):
        return f"{before}{chr(10) if column == 'Note' else ', '}{value}"[:FIELD_CHARS]
    return before


def _columns(
    item: Property, labels: dict[str, str], counts: Counter[str]
) -> Iterator[tuple[str, str]]:
    name = item.name
    if name in ("TEL", "EMAIL"):
        yield from _reached(item, labels, counts)
    elif name == "ADR":
        counts["Address"] += 1
        if counts["Address"] <= MOST["Address"]:
            yield from _address(item, counts["Address"])
    elif name == "N":
        family, given, middle, prefix, suffix = (*parts(item.value), *5 * ("",))[:5]
        yield from zip(
            ("Last name", "First name", "Middle name", "Prefix", "Suffix"),
            (family, given, middle, prefix, suffix),
            strict=True,
        )
    elif name == "ORG":
        company, *units = parts(item.value) or [""]
        yield "Company", company
        yield "Department", ", ".join(unit for unit in units if unit)
    else:
        yield from _plain(item)


_PLAIN = {
    "FN": "Name", "NICKNAME": "Nickname", "TITLE": "Job title", "ROLE": "Job title",
    "NOTE": "Note", "URL": "Website", "CATEGORIES": "Categories", "LANG": "Language", "UID": "UID",
}  # fmt: skip


def _plain(item: Property) -> Iterator[tuple[str, str]]:
    if item.name in _PLAIN:
        yield _PLAIN[item.name], unescaped(item.value)
    elif item.name == "KIND" or (item.name == "X-ABSHOWAS" and item.value.upper() == "COMPANY"):
        yield "Kind", "org" if item.name == "X-ABSHOWAS" else item.value.lower()


def _reached(
    item: Property, labels: dict[str, str], counts: Counter[str]
) -> Iterator[tuple[str, str]]:
    what = "Phone" if item.name == "TEL" else "E-mail"
    value = unescaped(item.value)
    value = re.sub(r"(?i)^(tel|mailto):", "", value)
    if what == "Phone":
        value = re.sub(r"(?i);ext=(\d+)$", r" x\1", value)
    if not value.strip():
        return
    counts[what] += 1
    if counts[what] <= MOST[what]:
        yield f"{what} {counts[what]} type", _label(item, labels)
        yield f"{what} {counts[what]}", value


def _label(item: Property, labels: dict[str, str]) -> str:
    """The kind in words: the person's own, else from the types."""
    if own := labels.get(item.group):
        apple = _APPLE_LABEL.fullmatch(own)
        return (apple[1] if apple else unescaped(own)).strip()
    place = next((word for kind, word in _PLACES if kind in item.types), "")
    if "fax" in item.types:
        return f"{place} fax".strip()
    kind = next((word for kinds, word in _KINDS if kinds & item.types), "")
    return f"{place} {kind}".strip()


def _address(item: Property, n: int) -> Iterator[tuple[str, str]]:
    """RFC 6350 6.3.1: box; extended; street; locality; region; code; country."""
    box, extended, street, city, region, code, country = (*parts(item.value), *7 * ("",))[:7]
    lines = ", ".join(part for part in (street, extended, box) if part)
    kind = next((kind for kind in ("work", "home") if kind in item.types), "")
    for part, value in zip(_ADDRESS, (kind, lines, code, city, region, country), strict=True):
        yield _numbered(part, n), value


def _preference(item: Property) -> int:
    """Preferred ones first: PREF=1 to 100 of version 4, the type of those before."""
    written = item.parameters.get("PREF", "")
    if written.isdecimal() and len(written) < 4:
        return int(written)
    return 1 if "pref" in item.types else 101


def parts(value: str) -> list[str]:
    """The parts between semicolons."""
    found, at = [], 0
    while True:
        match = _PART.match(value, at)
        end = match.end() if match else len(value)
        found.append(unescaped(value[at:end]).strip())
        if end >= len(value) or value[end] != ";":
            return found
        at = end + 1


def unescaped(value: str) -> str:
    """A value without its escapes: backslash and n, comma, semicolon, colon or backslash."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(_escape, value)


def _escape(match: re.Match[str]) -> str:
    char = match[1]
    if char in "nN":
        return "\n"
    return char if char in ",;:\\" else match[0]
