"""The one place that owns sockets: connect, TLS, deadlines, reconnect, stop.

What is said on the connection is a `Conversation`: bytes and times in, bytes out. So every
phone system gets the same behaviour when its network is slow, wrong or gone.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from crmdesk.telephony.backoff import backoff_delays
from crmdesk.telephony.tls import client_context, explain_tls_error
from crmdesk.telephony.trouble import LineError, LineRefusedError

log = logging.getLogger(__name__)

CONNECT_DEADLINE_S = 10.0
"""For TCP and the TLS handshake; three SYN retries fit in."""
GOODBYE_DEADLINE_S = 1.0
"""How long closing may take; quitting the program waits for it."""
READ_BYTES = 64 * 1024

_NETWORK_REMEDY = "Check the network and the host name; CRMDesk keeps trying."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a phone system listens.

    Attributes:
        tls_ca: File of the only authority to trust, "" for the system's.
    """

    host: str
    port: int
    tls: bool = True
    tls_ca: str = ""


class Conversation(Protocol):
    """One connection's talk; sans-IO. Times are seconds of the driver's clock.

    Each method may raise `LineError` (connect again) or `LineRefusedError` (stop).
    """

    @property
    def is_settled(self) -> bool:
        """Whether this connection proved useful, so that the back-off starts anew."""

    def opened(self, now: float) -> bytes:
        """The connection stands; returns what to send first."""

    def receive(self, data: bytes, now: float) -> bytes:
        """Takes what came in; returns what to send."""

    def next_deadline(self) -> float:
        """When `on_deadline` wants to be called."""

    def on_deadline(self, now: float) -> bytes:
        """A deadline passed; returns what to send."""

    def goodbye(self) -> bytes:
        """Last words before we close."""

    def closed(self) -> None:
        """The connection is gone, for whatever reason."""


class Driver:
    """Keeps one conversation going, connection after connection.

    Args:
        endpoint: Where to connect.
        converse: Makes the conversation of each new connection.
        on_trouble: Told of every failure with the seconds until the next try, None where
            there will be none.
        on_connecting: Told before every try.
        delays: Makes the delays between tries.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        converse: Callable[[], Conversation],
        on_trouble: Callable[[LineError, float | None], None],
        on_connecting: Callable[[], None] = lambda: None,
        delays: Callable[[], Iterator[float]] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._converse = converse
        self._on_trouble = on_trouble
        self._on_connecting = on_connecting
        self._delays = delays or _jittered_delays
        self._writer: asyncio.StreamWriter | None = None

    async def run(self) -> None:
        """Connects and reconnects until cancelled or refused for good."""
        delays = self._delays()
        while True:
            conversation = self._converse()
            self._on_connecting()
            try:
                await self.run_once(conversation)
            except LineRefusedError as error:
                self._on_trouble(error, None)
                return
            except LineError as error:
                if conversation.is_settled:
                    delays = self._delays()
                delay = next(delays)
                self._on_trouble(error, delay)
            await asyncio.sleep(delay)

    async def run_once(self, conversation: Conversation) -> None:
        """One connection, until it ends.

        Raises:
            LineError: How it ended; there is no other way but cancelling.
        """
        try:
            reader, writer = await _connect(self._endpoint)
            self._writer = writer
            try:
                await _talk(reader, writer, conversation)
            finally:
                self._writer = None
                await _close(writer, conversation.goodbye())
        finally:
            conversation.closed()

    def send(self, data: bytes) -> bool:
        """Sends on the connection that stands now; False where none does."""
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(data)
        return True


def _jittered_delays() -> Iterator[float]:
    return backoff_delays(secrets.SystemRandom().uniform)


async def _connect(endpoint: Endpoint) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = client_context(endpoint.tls_ca) if endpoint.tls else None
    where = f"{endpoint.host}, port {endpoint.port}"
    try:
        async with asyncio.timeout(CONNECT_DEADLINE_S):
            reader, writer = await asyncio.open_connection(
                endpoint.host, endpoint.port, ssl=context, limit=READ_BYTES
            )
    except TimeoutError as error:
        raise LineError(
            f"The phone system at {where} does not answer.",
            "No calls can be heard until it does.",
            "Check the address, the firewall and, where TLS is on, that this is the TLS port.",
        ) from error
    except ssl.SSLError as error:
        raise explain_tls_error(error, endpoint.host, endpoint.port) from error
    except OSError as error:
        raise _explain_connect(error, endpoint, where) from error
    except (ValueError, OverflowError) as error:
        # getaddrinfo on labels that are empty or too long (UnicodeError), NUL, ports too high.
        raise LineError(
            f"{endpoint.host[:80]!r}, port {endpoint.port}, is no address.",
            "No calls can be heard until it is corrected.",
            "Correct the host name and the port of the line in the settings.",
        ) from error
    _keep_alive(writer)
    return reader, writer


def _explain_connect(error: OSError, endpoint: Endpoint, where: str) -> LineError:
    meaning = "No calls can be heard until it can be reached."
    if isinstance(error, socket.gaierror):
        return LineError(f"The host {endpoint.host!r} is not known.", meaning, _NETWORK_REMEDY)
    if isinstance(error, ConnectionRefusedError):
        return LineError(
            f"Nothing listens at {where}.",
            meaning,
            "Check the port and that the manager is enabled (manager.conf: enabled = yes).",
        )
    if isinstance(error, ConnectionResetError) and endpoint.tls:
        return LineError(
            f"{where} closed the connection during the TLS handshake.",
            meaning,
            "Check that this is the TLS port of the phone system (usually 5039).",
        )
    reason = error.strerror or type(error).__name__
    return LineError(f"{where} cannot be reached ({reason}).", meaning, _NETWORK_REMEDY)


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, conversation: Conversation
) -> None:
    now = asyncio.get_running_loop().time
    writer.write(conversation.opened(now()))
    while True:
        data = await _read_until(reader, conversation.next_deadline())
        if data is None:
            answer = conversation.on_deadline(now())
        elif data:
            answer = conversation.receive(data, now())
        else:
            raise LineError(
                "The phone system closed the connection.",
                "Calls are not heard until it is back.",
                "CRMDesk keeps trying; if this goes on, see the log of the phone system.",
            )
        if answer:
            writer.write(answer)


async def _read_until(reader: asyncio.StreamReader, deadline: float) -> bytes | None:
    """What came in, b"" at the end of the stream, None at the deadline."""
    try:
        async with asyncio.timeout_at(deadline):
            return await reader.read(READ_BYTES)
    except TimeoutError:
        return None
    except (OSError, ssl.SSLError):
        return b""


async def _close(writer: asyncio.StreamWriter, goodbye: bytes) -> None:
    """Closes in bounded time, whatever the other side does."""
    if goodbye and not writer.is_closing():
        writer.write(goodbye)
    writer.close()
    with suppress(OSError, ssl.SSLError):
        try:
            async with asyncio.timeout(GOODBYE_DEADLINE_S):
                await writer.wait_closed()
        except TimeoutError:
            # Only then: of a connection that is gone, the abort of CPython 3.11.2 raises.
            writer.transport.abort()
