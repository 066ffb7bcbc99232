"""What was seen so far of a source, in a few bytes each: a million records, memory flat.

Python's own sets would take 300 MB for the keys of a million customers; these take 100.
"""

from __future__ import annotations

import uuid
from array import array
from collections.abc import Sequence
from enum import IntFlag
from functools import lru_cache
from hashlib import blake2b

SALT = uuid.uuid4().bytes
"""Of the prints of this program, and of those that read for it."""

_PARTS = 64
_FIRST_SIZE = 1 << 8
_FULLEST = 0.8
_GROWTH = 1.4
_KEY_BYTES = 16
_FAR = 1 << 31
_NAME_CHARS = 60
"""Of a name that is kept for comparing."""


_FILTER_BYTES = 1 << 22
"""Its pages take no room before something is in them."""


def print_of(key: str, salt: bytes = SALT) -> int:
    """64 bits of a key. Not Python's own hash: who writes a file must not choose what collides.

    Args:
        key: Any text.
        salt: Of the import.
    """
    digest = blake2b(salt + key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


class KeyTable:
    """Keys to small numbers. Only the print of a key is kept.

    With five million keys two of them are alike once in a million imports. The table is made
    of small ones, so that growing takes neither the room of two nor seconds at a time. Most
    keys are looked for before they come: a filter of a bit for each print says so at once.
    """

    def __init__(self) -> None:
        self._filter = bytearray(_FILTER_BYTES)
        # Of different sizes, so that they do not all grow, half empty, at the same time.
        step = _FIRST_SIZE * (_GROWTH - 1) / _PARTS
        self._parts = [_Part(_FIRST_SIZE + int(place * step)) for place in range(_PARTS)]

    def __len__(self) -> int:
        return sum(part.count for part in self._parts)

    def get(self, key: str) -> int | None:
        """What was put, None where nothing was."""
        return self.get_print(_print_again(key))

    def get_print(self, wanted: int) -> int | None:
        """The same by the print of a key."""
        if not self._filter[wanted >> 3 & _FILTER_BYTES - 1] >> (wanted & 7) & 1:
            return None
        part = self._parts[wanted % _PARTS]
        at = part.slot(wanted)
        return part.values[at] if part.hashes[at] else None

    def has_any(self, prints: Sequence[int]) -> bool:
        """Whether something was put for one of some prints."""
        known = self._filter
        for wanted in prints:
            if known[wanted >> 3 & _FILTER_BYTES - 1] >> (wanted & 7) & 1:
                part = self._parts[wanted % _PARTS]
                if part.hashes[part.slot(wanted)]:
                    return True
        return False

    def put(self, key: str, value: int) -> int:
        """Puts a value where there is none, and returns what is there then."""
        return self.put_print(_print_again(key), value)

    def put_print(self, wanted: int, value: int) -> int:
        """The same by the print of a key."""
        part = self._parts[wanted % _PARTS]
        at = part.slot(wanted)
        if part.hashes[at]:
            return part.values[at]
        part.hashes[at], part.values[at] = wanted, value
        self._filter[wanted >> 3 & _FILTER_BYTES - 1] |= 1 << (wanted & 7)
        part.count += 1
        if part.count > _FULLEST * part.size:
            part.grow()
        return value


class _Part:
    """A table with open addressing; 0 is no hash."""

    __slots__ = ("count", "hashes", "size", "values")

    def __init__(self, size: int) -> None:
        self.count = 0
        self._make(size)

    def _make(self, size: int) -> None:
        self.size = size
        self.hashes = array("Q", bytes(8 * size))
        self.values = array("I", bytes(4 * size))

    def slot(self, wanted: int) -> int:
        """Where a hash is, or would be."""
        hashes, size = self.hashes, self.size
        at = wanted // _PARTS % size
        while hashes[at] != wanted and hashes[at]:
            at += 1
            if at == size:
                at = 0
        return at

    def grow(self) -> None:
        """Makes room."""
        old = zip(self.hashes, self.values, strict=True)
        self._make(int(self.size * _GROWTH))
        hashes, values, size = self.hashes, self.values, self.size
        for wanted, value in old:
            if wanted:
                at = wanted // _PARTS % size
                while hashes[at]:  # all are different: a free place is the right one
                    at += 1
                    if at == size:
                        at = 0
                hashes[at], values[at] = wanted, value


_print_again = lru_cache(maxsize=256)(print_of)  # what is looked for is put right after


class Trait(IntFlag):
    """What is known of a customer of the source.

    NEW: the source makes it, the store did not have it before. COMPANY: no person.
    ACCOUNT_ID, EXTERNAL_ID: a record gave it one. WRITTEN: what earlier records say of it is
    on its way into the store.
    """

    NONE = 0
    NEW = 1
    COMPANY = 2
    ACCOUNT_ID = 4
    EXTERNAL_ID = 8
    WRITTEN = 16


class SeenCustomers:
    """The customers of the source so far: key, name, and the place that named them first."""

    def __init__(self) -> None:
        self._first_key = 0
        self._keys = array("I")
        self._far_keys = bytearray()
        self._places = array("I")
        self._names = bytearray()
        self._starts = array("I")
        self._lengths = bytearray()
        self._traits = bytearray()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, customer_id: uuid.UUID, name: str, place: int, traits: Trait) -> int:
        """Adds one and returns its number."""
        self._traits.append(traits)
        self._keys.append(self._short_key(customer_id))
        self._places.append(place)
        self._starts.append(0)
        self._lengths.append(0)
        self.rename(len(self._places) - 1, name)
        return len(self._places) - 1

    def _short_key(self, customer_id: uuid.UUID) -> int:
        """How far a key is behind the first one: keys of one import rise by one."""
        self._first_key = self._first_key or customer_id.int
        far = customer_id.int - self._first_key
        if 0 <= far < _FAR:
            return far
        self._far_keys += customer_id.bytes
        return _FAR + len(self._far_keys) // _KEY_BYTES - 1

    def rename(self, number: int, name: str) -> None:
        """Gives one another name; the room of the old one is not used again."""
        raw = name[:_NAME_CHARS].encode("utf-8", "replace")
        self._starts[number], self._lengths[number] = len(self._names), len(raw)
        self._names += raw

    def customer_id(self, number: int) -> uuid.UUID:
        """The key of one."""
        short = self._keys[number]
        if short < _FAR:
            return uuid.UUID(int=self._first_key + short)
        start = (short - _FAR) * _KEY_BYTES
        return uuid.UUID(bytes=bytes(self._far_keys[start : start + _KEY_BYTES]))

    def traits(self, number: int) -> Trait:
        """What is known of it."""
        return Trait(self._traits[number])

    def learn(self, number: int, traits: Trait) -> None:
        """Notes more of it."""
        self._traits[number] |= int(traits)

    def place(self, number: int) -> int:
        """The record that named it first."""
        return self._places[number]

    def name(self, number: int) -> str:
        """Its name, the beginning of a long one."""
        start = self._starts[number]
        return self._names[start : start + self._lengths[number]].decode("utf-8", "replace")
