"""The town or area a number belongs to, from the number library's own place names.

`phonenumbers.geocoder` reads all 287,000 prefixes when it is imported: half a second and
100 MB. The names lie in 29 parts that are sorted, one after the other; only the parts that
can hold a number are read here (15 ms each), and few are kept. Their package is put in
place without being run, because running it reads every part.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil
import sys
from bisect import bisect_right
from functools import cache, lru_cache
from types import ModuleType

log = logging.getLogger(__name__)

_PACKAGE = "phonenumbers.geodata"
_LONGEST = 9
"""Digits of the longest prefix, country code included (GEOCODE_LONGEST_PREFIX there)."""

_KEPT = 6
"""Parts that are kept: about 1 MB each; a desk hears from few countries."""


def area_of(digits: str) -> str:
    """The name for the longest known prefix; may be called from any thread.

    Args:
        digits: Country code and national number, without "+".

    Returns:
        In English where there is an English name, "" where no prefix is known.
    """
    for length in range(min(_LONGEST, len(digits)), 0, -1):
        name = _name(digits[:length])
        if name:
            return name
    return ""


def _name(prefix: str) -> str:
    """The name of exactly this prefix, in the part that begins at or before it."""
    place = bisect_right(range(_part_count()), prefix, key=_first_prefix) - 1
    return _part(place).get(prefix, "") if place >= 0 else ""


@lru_cache(maxsize=1)
def _part_count() -> int:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        log.warning("the number library came without place names")
        return 0
    names = {module.name for module in pkgutil.iter_modules(spec.submodule_search_locations)}
    count = 0
    while f"data{count}" in names:
        count += 1
    return count


@cache
def _first_prefix(place: int) -> str:
    return next(iter(_part(place)), "")


@lru_cache(maxsize=_KEPT)
def _part(place: int) -> dict[str, str]:
    data: dict[str, dict[str, str]] = _import_part(f"data{place}").data
    return {prefix: names.get("en") or next(iter(names.values())) for prefix, names in data.items()}


def _import_part(name: str) -> ModuleType:
    """Imports one part; nothing of it stays in `sys.modules`."""
    whole = f"{_PACKAGE}.{name}"
    if _PACKAGE in sys.modules:  # somebody uses the library's geocoder: it has everything
        return importlib.import_module(whole)
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None:
        raise ModuleNotFoundError(_PACKAGE)
    sys.modules[_PACKAGE] = importlib.util.module_from_spec(spec)
    try:
        return importlib.import_module(whole)
    finally:
        sys.modules.pop(whole, None)
        sys.modules.pop(_PACKAGE, None)
