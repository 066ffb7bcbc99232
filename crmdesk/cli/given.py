"""What people give as options: read, or refused in words with an example."""

from __future__ import annotations

import argparse
import ssl
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.text import sanitise_external
from crmdesk.matching.ranges import InternalRanges

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNCHANGED = "Nothing was changed."
_PORT_MAX = 65535


def moment(text: str) -> datetime:
    """A local day or time, for argparse."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day or time; write 2026-03-31 or 2026-03-31T09:30"
        ) from None


def name(text: str) -> str:
    """A name that is kept in the store, for argparse: bytes that are no text are left out."""
    made = sanitise_external(text)
    if text.strip() and not made:
        raise argparse.ArgumentTypeError(f"{text!r} is no name; write it in letters")
    return made


def count(text: str) -> int:
    """A whole number above zero, for argparse."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write 1 or more, such as 200")
    return int(text)


def port(text: str) -> int:
    """A TCP port.

    Raises:
        UserFacingError: It is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= _PORT_MAX):
        raise UserFacingError(
            f"The port {text!r} does not exist.",
            _UNCHANGED,
            f"Give --port a number from 1 to {_PORT_MAX}, such as 5039.",
        )
    return int(text)


def digits(option: str, text: str | None) -> str:
    """Digits of a line, "" where none are given.

    Raises:
        UserFacingError: There is something else among them.
    """
    if text and not (text.isascii() and text.isdigit()):
        raise UserFacingError(
            f"{option} {text!r} is not digits only.", _UNCHANGED, f"Write {option} 30, for example."
        )
    return text or ""


def region(text: str) -> str:
    """The country of a line, "" where none is given.

    Raises:
        UserFacingError: No phone number belongs to such a country.
    """
    from phonenumbers import SUPPORTED_REGIONS

    code = text.strip().upper()
    if code and code not in SUPPORTED_REGIONS:
        raise UserFacingError(
            f"The region {text!r} is no country code.",
            _UNCHANGED,
            "Give --region two letters, such as DE, GB or US.",
        )
    return code


def internal(texts: Iterable[str]) -> list[str]:
    """Ranges of extensions; each text may hold several with commas between them.

    Raises:
        UserFacingError: One is no range.
    """
    parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    try:
        InternalRanges.parse(parts)
    except UserFacingError as error:
        raise UserFacingError(
            f"--internal: {error.what}",
            _UNCHANGED,
            "Write 1001-1199, or 20 for one extension; several with commas between them.",
        ) from None
    return parts


def certificate_file(text: str) -> str:
    """The absolute path of a file of certificates to trust, "" where none is given.

    Raises:
        UserFacingError: It cannot be read, or holds no certificate.
    """
    if not text:
        return ""
    file = Path(text).expanduser().absolute()
    try:
        file.read_bytes()
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except ssl.SSLError:
        raise UserFacingError(
            f"{file} holds no certificate.",
            _UNCHANGED,
            "Give --tls-ca a PEM file: one that begins with -----BEGIN CERTIFICATE-----.",
        ) from None
    except OSError as error:
        raise UserFacingError(
            f"{file} cannot be read: {error.strerror or error}.",
            _UNCHANGED,
            "Give --tls-ca the file with the certificate of the CA.",
        ) from None
    return str(file)
