"""Words inside cells and what they mean: resources/import/words.toml, read once."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

from crmdesk.settings import paths
from crmdesk.store.fold import fold


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, list[str]]]:
    file = paths.resources() / "import" / "words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache
def word_set(name: str) -> frozenset[str]:
    """The folded words of a table that only has words: "empty", "yes", "legal_form"."""
    return frozenset(map(fold, _file()[name]["words"]))


@lru_cache
def meanings(name: str) -> dict[str, str]:
    """Folded word to what it means, of a table of meanings: "label", "status", "month"."""
    table = _file()[name]
    return {fold(word): meaning for meaning, words in table.items() for word in words}


@lru_cache(maxsize=4096)
def is_empty(text: str) -> bool:
    """Whether a cell says in words that nothing is known."""
    return fold(text) in word_set("empty")


@lru_cache(maxsize=4096)
def flag(text: str) -> bool | None:
    """Yes or no in the languages of the table; None where it is neither."""
    plain = fold(text)
    if plain in word_set("yes"):
        return True
    return False if plain in word_set("no") else None


@lru_cache(maxsize=1024)
def region_of(country: str) -> str:
    """ISO 3166 code of a country by its codes or its name; "" where unknown."""
    whole = _region(country.strip())
    if whole:
        return whole
    parts = (_region(part.strip()) for part in _IN_PARTS.split(country) if part.strip())
    return next(filter(None, parts), "")


def _region(text: str) -> str:
    if len(text) == 2 and text.upper() in _regions():
        return text.upper()
    plain = fold(text)
    return _SHORT.get(plain) or meanings("country").get(plain) or _country_names().get(plain, "")


_IN_PARTS = re.compile(r"[()\[\]/|,;:]|\s[-–]\s")
"""Between a name and a code: "Germany (DE)", "DE - Deutschland"."""


_SHORT = {
    "d": "DE", "a": "AT", "f": "FR", "i": "IT", "e": "ES", "b": "BE", "uk": "GB", "gb": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB",
    "grossbritannien": "GB",
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "deu": "DE",
    "ger": "DE", "brd": "DE", "aut": "AT", "che": "CH", "fra": "FR", "ita": "IT", "esp": "ES",
    "nld": "NL", "bel": "BE", "gbr": "GB", "pol": "PL", "swe": "SE", "can": "CA", "cze": "CZ",
    "svk": "SK", "hun": "HU",
    "nor": "NO", "fin": "FI", "grc": "GR", "rus": "RU", "ukr": "UA", "rou": "RO", "bgr": "BG",
    "hrv": "HR", "svn": "SI", "jpn": "JP", "chn": "CN", "kor": "KR", "ind": "IN", "bra": "BR",
    "mex": "MX", "aus": "AU", "nzl": "NZ", "irl": "IE", "lux": "LU", "lie": "LI", "ee.uu": "US",
    "dnk": "DK", "tur": "TR",
    "prt": "PT", "holland": "NL", "the netherlands": "NL", "turkey": "TR", "czech republic": "CZ",
}  # fmt: skip
"""Plates, three letters and names that are no locale's first choice."""


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Names of the number library's own data; a leading "*" there refers to another locale."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    return {
        fold(name): region
        for region, names in LOCALE_DATA.items()
        for name in names.values()
        if not name.startswith("*")
    }
