"""Keys of rows: UUIDv7 for what this desk makes, UUIDv5 for what many desks see at once."""

from __future__ import annotations

import uuid

_CALL_NAMESPACE = uuid.UUID("6f1d1c1e-54a3-5c0e-9d0a-3f6f3f0f7c11")
_RANDOM_BYTES = 10


def uuid7(unix_ms: int, random: bytes) -> uuid.UUID:
    """Builds a UUIDv7 (RFC 9562, 5.7) from a time and ten random bytes.

    Args:
        unix_ms: Milliseconds since 1970, 48 bits.
        random: Ten bytes; version and variant bits are overwritten.
    """
    if len(random) != _RANDOM_BYTES:
        raise ValueError(f"need {_RANDOM_BYTES} random bytes, got {len(random)}")
    value = ((unix_ms & (1 << 48) - 1) << 80) | int.from_bytes(random, "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | (0x7 << 76) | (0x2 << 62))


def call_id(phone_system: str, linked_id: str) -> uuid.UUID:
    """The key of a call: the same on every desk that hears of it.

    Args:
        phone_system: Stable name of the phone system (not of the desk's connection to it).
        linked_id: The phone system's own key of the whole call (Asterisk: Linkedid).
    """
    return uuid.uuid5(_CALL_NAMESPACE, f"{phone_system}\x00{linked_id}")
