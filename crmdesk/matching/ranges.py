"""Internal extensions of a line, as ranges: "1001-1199", "20", "30-39"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crmdesk.domain.errors import UserFacingError

_MAX_DIGITS = 15


class InternalRangeError(UserFacingError):
    """A range of extensions cannot be read."""


@dataclass(frozen=True, slots=True)
class InternalRanges:
    """A set of extensions. Leading zeros count: "0100" is not "100"."""

    ranges: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> InternalRanges:
        """Reads ranges such as `("1001-1199", "20")`.

        Raises:
            InternalRangeError: One of them is no range of digits.
        """
        return cls(tuple(_parse_range(text) for text in texts))

    def __contains__(self, extension: object) -> bool:
        if not isinstance(extension, str) or not _is_digits(extension):
            return False
        size = len(extension)
        return any(len(low) == size and low <= extension <= high for low, high in self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)


def _parse_range(text: str) -> tuple[str, str]:
    low, dash, high = (part.strip() for part in text.partition("-"))
    high = high if dash else low
    if not (_is_digits(low) and _is_digits(high) and len(low) == len(high) and low <= high):
        raise InternalRangeError(
            f"{text!r} is no range of extensions.",
            remedy="Write a range like 1001-1199, or one extension like 20.",
        )
    return low, high


def _is_digits(text: str) -> bool:
    return 0 < len(text) <= _MAX_DIGITS and text.isascii() and text.isdigit()
