"""What was seen so far of a source, in a few bytes each: a million records, memory flat.

Python's own sets would take 300 MB for the keys of a million customers; these take 100.
"""

from __future__ import annotations

import uuid
from array import array
from enum import IntFlag
from functools import lru_cache
from hashlib import blake2b

_FIRST_SIZE = 1 << 12
_FULLEST = 0.7
_KEY_BYTES = 16
_NAME_CHARS = 60
"""Of a name that is kept for comparing."""


class KeyTable:
    """Keys to small numbers. Only 64 bits of a key's hash are kept.

    With five million keys two of them are alike once in a million imports.
    """

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * _FIRST_SIZE))
        self._values = array("I", bytes(4 * _FIRST_SIZE))
        self._mask = _FIRST_SIZE - 1
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def get(self, key: str) -> int | None:
        """What was put, None where nothing was."""
        wanted = _hash(key)
        at = self._slot(wanted)
        return self._values[at] if self._hashes[at] else None

    def put(self, key: str, value: int) -> int:
        """Puts a value where there is none, and returns what is there then."""
        wanted = _hash(key)
        at = self._slot(wanted)
        if self._hashes[at]:
            return self._values[at]
        self._hashes[at], self._values[at] = wanted, value
        self._count += 1
        if self._count > _FULLEST * len(self._hashes):
            self._grow()
        return value

    def _slot(self, wanted: int) -> int:
        hashes, mask = self._hashes, self._mask
        at = wanted & mask
        while hashes[at] not in (0, wanted):
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        old = zip(self._hashes, self._values, strict=True)
        size = 2 * len(self._hashes)
        self._hashes, self._values = array("Q", bytes(8 * size)), array("I", bytes(4 * size))
        self._mask = mask = size - 1
        hashes, values = self._hashes, self._values
        for wanted, value in old:
            if wanted:
                at = wanted & mask
                while hashes[at]:  # no key is there twice
                    at = (at + 1) & mask
                hashes[at], values[at] = wanted, value


@lru_cache(maxsize=256)  # what a record is looked up by is put right after
def _hash(key: str) -> int:
    """Not Python's own hash: who writes a file must not choose what collides."""
    digest = blake2b(_SALT + key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


_SALT = uuid.uuid4().bytes


class Trait(IntFlag):
    """What is known of a customer of the source.

    NEW: the source makes it, the store did not have it before. COMPANY: no person.
    ACCOUNT_ID, EXTERNAL_ID: a record gave it one.
    """

    NONE = 0
    NEW = 1
    COMPANY = 2
    ACCOUNT_ID = 4
    EXTERNAL_ID = 8


class SeenCustomers:
    """The customers of the source so far: key, name, and the place that named them first."""

    def __init__(self) -> None:
        self._keys = bytearray()
        self._places = array("I")
        self._names = bytearray()
        self._ends = array("I")
        self._traits = bytearray()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, customer_id: uuid.UUID, name: str, place: int, traits: Trait) -> int:
        """Adds one and returns its number."""
        self._traits.append(traits)
        self._keys += customer_id.bytes
        self._places.append(place)
        self._names += name[:_NAME_CHARS].encode("utf-8", "replace")
        self._ends.append(len(self._names))
        return len(self._places) - 1

    def customer_id(self, number: int) -> uuid.UUID:
        """The key of one."""
        start = number * _KEY_BYTES
        return uuid.UUID(bytes=bytes(self._keys[start : start + _KEY_BYTES]))

    def traits(self, number: int) -> Trait:
        """What is known of it."""
        return Trait(self._traits[number])

    def learn(self, number: int, traits: Trait) -> None:
        """Notes more of it."""
        self._traits[number] |= traits

    def place(self, number: int) -> int:
        """The record that named it first."""
        return self._places[number]

    def name(self, number: int) -> str:
        """Its name, the beginning of a long one."""
        start = self._ends[number - 1] if number else 0
        return self._names[start : self._ends[number]].decode("utf-8", "replace")
