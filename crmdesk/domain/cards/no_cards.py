"""What is no card number for certain: IBANs, which prove themselves, and keys of programs. Pure.

IBANs are those of ISO 13616 with the check digits of ISO 7064, keys UUIDs of RFC 9562.
"""

from __future__ import annotations

import re

_BEGINNING = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[ -]?[0-9]{2}[ -]?[A-Za-z0-9]")
_UUID = re.compile(
    r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE
)
_NEXT = re.compile(r"[ -]?([A-Za-z0-9])")
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20,
    "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "KW": 30,
    "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
    "UA": 29, "XK": 20,
}  # fmt: skip
"""Characters of each country's, ISO 13616 register."""


def no_cards_in(image: str) -> list[tuple[int, int]]:
    """Start and end of every UUID, and every IBAN whose check digits are right, in order."""
    found = [match.span() for match in _UUID.finditer(image)]
    for match in _BEGINNING.finditer(image):
        length = _LENGTHS.get(match[1].upper())
        end = _end(image, match.start(), length) if length else None
        if end is not None:
            found.append((match.start(), end))
    return sorted(found)


def _end(image: str, start: int, length: int) -> int | None:
    """Where an IBAN of so many characters ends; None where there is none."""
    chars, place = "", start
    while len(chars) < length:
        match = _NEXT.match(image, place)
        if match is None:
            return None
        chars, place = chars + match[1], match.end()
    is_longer = image[place : place + 1].isalnum()
    return place if not is_longer and _is_checked(chars.upper()) else None


def _is_checked(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
