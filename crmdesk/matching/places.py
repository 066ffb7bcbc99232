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
import threading
from bisect import bisect_right
from collections import OrderedDict
from types import ModuleType

log = logging.getLogger(__name__)

_PACKAGE = "phonenumbers.geodata"
_LONGEST = 9
"""Digits of the longest prefix, country code included (GEOCODE_LONGEST_PREFIX there)."""

_KEPT = 6
"""Parts that are kept: about 1 MB each; a desk hears from few countries."""

Part = dict[str, str]


class PlaceNames:
    """Finds place names by prefix; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = _part_count()
        self._first: dict[int, str] = {}
        self._parts: OrderedDict[int, Part] = OrderedDict()

    def find(self, digits: str) -> str:
        """The name for the longest known prefix.

        Args:
            digits: Country code and national number, without "+".

        Returns:
            In English where there is an English name, "" where no prefix is known.
        """
        with self._lock:
            for length in range(min(_LONGEST, len(digits)), 0, -1):
                name = self._name(digits[:length])
                if name:
                    return name
        return ""

    def _name(self, prefix: str) -> str:
        place = self._place_of(prefix)
        return self._part(place).get(prefix, "") if place >= 0 else ""

    def _place_of(self, prefix: str) -> int:
        """The part that begins at or before a prefix; -1 where all begin behind it."""
        return bisect_right(range(self._count), prefix, key=self._first_of) - 1

    def _first_of(self, place: int) -> str:
        if place not in self._first:
            self._part(place)
        return self._first[place]

    def _part(self, place: int) -> Part:
        part = self._parts.get(place)
        if part is None:
            part = self._parts[place] = _read_part(place)
            self._first[place] = next(iter(part), "")
            while len(self._parts) > _KEPT:
                self._parts.popitem(last=False)
        self._parts.move_to_end(place)
        return part


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


def _read_part(place: int) -> Part:
    module = _import_part(f"data{place}")
    data: dict[str, dict[str, str]] = module.data
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


place_names = PlaceNames()
"""The one reader of this process."""
