"""What a directory may cost, and TLS that says why it failed: ldap3 leaves both to its user."""

from __future__ import annotations

import socket
import ssl
import time
import warnings
from typing import Any

from crmdesk.sync.sources.limits import MIB

with warnings.catch_warnings():
    # ldap3 2.9.1 uses old names of pyasn1's.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3

PAGE_BYTES = 8 * MIB
"""Of one page; without pictures an entry has some kilobytes."""


class CheckedTls(ldap3.Tls):  # type: ignore[misc]  # ldap3 has no types
    """TLS by our own context, which checks the name as Python does and keeps the reason."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = context
        self._host = host
        self.failure: ssl.SSLError | None = None

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ANN401
        """As ldap3 calls it."""
        plain = connection.socket
        if isinstance(plain, BoundedSocket):
            plain = plain.inner
        try:
            connection.socket = self._context.wrap_socket(
                plain, server_hostname=self._host, do_handshake_on_connect=False
            )
            connection.socket.settimeout(connection.server.connect_timeout)
            connection.socket.do_handshake()
        except ssl.SSLError as error:
            self.failure = error
            raise


class Bounds:
    """What one question may cost.

    Attributes:
        broken: In words, how the server broke a bound, "" where it did not.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.broken = ""
        self.received = 0
        self._left = 0
        self._end = 0.0

    def begin(self) -> None:
        """A new question."""
        self._left = PAGE_BYTES
        self._end = time.monotonic() + self._seconds

    def seconds_left(self) -> float:
        """Until the answer has to be there."""
        left = self._end - time.monotonic()
        if left <= 0:
            self.broken = "stopped answering"
            raise TimeoutError
        return left

    def take(self, count: int) -> None:
        """Notes that so many bytes arrived."""
        self.received += count
        self._left -= count
        if self._left < 0:
            self.broken = f"sends more than {PAGE_BYTES // MIB} MiB in one answer"
            raise OSError(self.broken)


class BoundedSocket:
    """A socket that reads no more and no longer than it may."""

    def __init__(self, inner: socket.socket, bounds: Bounds) -> None:
        self.inner = inner
        self._bounds = bounds

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As a socket has it."""
        self.inner.settimeout(self._bounds.seconds_left())
        try:
            data = self.inner.recv(size, flags)
        except TimeoutError:
            self._bounds.broken = "stopped answering"
            raise
        self._bounds.take(len(data))
        return data

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  the rest is the socket's
        return getattr(self.inner, name)
