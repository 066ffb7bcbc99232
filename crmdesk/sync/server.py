"""What every server of customers looks like from outside: the same as a file (`sources/source.py`).

Beside the records a server has a state: where the next run goes on. It is kept only after the
records were brought in, so a run that dies is simply run again.
"""

from __future__ import annotations

import json
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

from crmdesk.domain.importing import SourceFacts, SourceRecord
from crmdesk.sync.sources.limits import MIB, SourceError

STATE_BYTES = 64 * MIB
"""Of one profile; 200,000 cards take half of it."""

UNCHANGED = "Nothing was imported, and nothing of the last run was lost."

State = Mapping[str, Any]
"""Plain JSON values."""

# X509_V_ERR_* of OpenSSL (include/openssl/x509_vfy.h).
_NOT_YET_VALID = 9
_EXPIRED = 10
_WRONG_NAME = (62, 64)


class ServerError(SourceError):
    """A server that cannot be read, or not any further."""


class ServerSource(ABC):
    """A server whose records can be read one at a time, as often as wanted.

    Attributes:
        facts: What was found out when it was opened.
        size: How many records there are to read, 0 where nobody knows.
        position: How many of them the running `records()` has read.
    """

    facts: SourceFacts
    size = 0
    position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def removed(self) -> tuple[str, ...]:
        """Keys of records that are no longer there; complete when `records` has ended."""
        return ()

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""

    def records(self) -> Iterator[SourceRecord]:
        """All that is new or changed since the state; bad ones carry the reason.

        Raises:
            ServerError: The server stopped answering, or answers what nobody can use.
        """
        self.position = 0
        for record in self._records():
            self.position = record.place
            yield record

    @abstractmethod
    def _records(self) -> Iterator[SourceRecord]:
        """As `records`, with places from 1."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Where the next run goes on; call it when `records` has ended."""


def read_state(body: str) -> dict[str, Any]:
    """A state as it is kept; one that cannot be read is none, and everything is read again."""
    if len(body) > STATE_BYTES:
        return {}
    try:
        state = json.loads(body or "{}")
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def read_again(state: State) -> dict[str, Any]:
    """A state after which all records are read, and those that are gone are still told."""
    again: dict[str, Any] = dict(state)
    for name in ("token", "mark"):
        again.pop(name, None)
    if isinstance(cards := state.get("cards"), dict):
        again["cards"] = {place: ["", *card[1:]] for place, card in cards.items()}
    if isinstance(entries := state.get("entries"), dict):
        again["entries"] = dict.fromkeys(entries, "")
    return again


def trust(ca_file: str) -> ssl.SSLContext:
    """TLS that checks certificate and name.

    Args:
        ca_file: The only authority (or the server's own certificate) to trust; "" for the
            system's authorities.

    Raises:
        ServerError: The file cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise ServerError(
            f"The certificate file {ca_file} cannot be used ({error}).",
            "The server cannot be checked, so no connection was made.",
            "Give the PEM file with the certificate of its authority: ca_file in the profile,"
            " in the window under More.",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:  # a company's own authority is rarely as strict as RFC 5280 wants it
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def explain_tls(error: ssl.SSLError, host: str) -> ServerError:
    """The words for a failed handshake."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return ServerError(
            f"{host} does not speak TLS on this port.",
            UNCHANGED,
            "Check address and port; the one for TLS is another than the one without.",
        )
    if error.verify_code in _WRONG_NAME:
        what = f"The certificate of the server is for another name than {host}."
        remedy = "Use the host name that stands in the certificate, or have a new one made."
    elif error.verify_code in (_EXPIRED, _NOT_YET_VALID):
        when = "has expired" if error.verify_code == _EXPIRED else "is not valid yet"
        what = f"The certificate of {host} {when}."
        remedy = "Have it renewed, and check that the date of this computer is right."
    else:
        what = f"The certificate of {host} is not trusted ({error.verify_message})."
        remedy = (
            "Give the PEM file of the authority that signed it: ca_file in the profile,"
            " in the window under More."
        )
    return ServerError(what, UNCHANGED + " No password was sent.", remedy)


def tls_cause(error: BaseException | None) -> ssl.SSLError | None:
    """The TLS error behind an error of a library, None where there is none."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, ssl.SSLError):
            return error
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: then nobody listens on the way."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
