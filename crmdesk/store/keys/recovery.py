"""The recovery key as people write it down.

Crockford's base32 (https://www.crockford.com/base32.html): no I, L, O or U, so nothing can
be misread; small letters, spaces and dashes are fine. The last three characters are a
checksum: a slip of the pen is told apart from a wrong key.
"""

from __future__ import annotations

import hashlib

SECRET_BYTES = 20
"""160 bits need no slow derivation."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("ILO", "110")
_SEPARATORS = str.maketrans("", "", " -\t\r\n")
_GROUP = 5
_BITS = 5
_SECRET_CHARS = SECRET_BYTES * 8 // _BITS
_CHECK_CHARS = 3


class RecoveryKeyMistyped(ValueError):  # noqa: N818
    """The text is no recovery key: wrong length, a foreign character or the checksum."""


def to_text(secret: bytes) -> str:
    """The written form: seven groups of five characters."""
    plain = _encode(secret) + _checksum(secret)
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def from_text(text: str) -> bytes:
    """The secret of a written recovery key.

    Raises:
        RecoveryKeyMistyped: The text is not one.
    """
    plain = text.upper().translate(_SEPARATORS).translate(_LOOK_ALIKES)
    if len(plain) != _SECRET_CHARS + _CHECK_CHARS or set(plain) - set(_ALPHABET):
        raise RecoveryKeyMistyped
    number = 0
    for char in plain[:_SECRET_CHARS]:
        number = number << _BITS | _ALPHABET.index(char)
    secret = number.to_bytes(SECRET_BYTES, "big")
    if plain[_SECRET_CHARS:] != _checksum(secret):
        raise RecoveryKeyMistyped
    return secret


def _encode(data: bytes) -> str:
    number, count = int.from_bytes(data, "big"), len(data) * 8 // _BITS
    return "".join(_ALPHABET[number >> _BITS * place & 31] for place in reversed(range(count)))


def _checksum(secret: bytes) -> str:
    return _encode(hashlib.sha256(secret).digest()[:5])[:_CHECK_CHARS]
