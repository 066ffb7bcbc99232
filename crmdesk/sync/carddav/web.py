"""Requests to one server, and to no other.

The server may be anybody's: its answers are read in pieces with limits of size and time, and
neither a redirect nor an address in an answer leads to another host, port or scheme.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpx

from crmdesk.sync.carddav.login import Login
from crmdesk.sync.server import UNCHANGED, ServerError, explain_tls, is_loopback, tls_cause, trust
from crmdesk.sync.sources.limits import MIB

# At INFO it writes every address, and addresses of address books hold names of people.
logging.getLogger("httpx").setLevel(logging.WARNING)
# At DEBUG it writes headers, and cookies are as good as a password.
logging.getLogger("httpcore").setLevel(logging.WARNING)

ANSWER_BYTES = 64 * MIB
"""Of one answer: a batch of cards with their pictures."""

TOTAL_BYTES = 8192 * MIB
"""Of one run: ten thousand cards with a picture each are 3 GiB."""

MOST_COOKIES = 20
"""A load balancer has one or two; what a server makes us keep goes along with every request."""

_REDIRECTS = 5
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_EXPLAINED_BYTES = 64 * 1024
_PORTS = {"https": 443, "http": 80}
_BUSY = frozenset({429, 503})
_TOLD_BY_STATUS = frozenset({501, 507})
"""Answers from 500 on that say something about the question, not about the server."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds.

    Attributes:
        connect: Until it accepts.
        silence: Between two pieces of an answer.
        answer: For one whole answer; a server that sends a byte now and then ends here.
        run: For all answers of a run: the next night begins its own.
    """

    connect: float = 10.0
    silence: float = 30.0
    answer: float = 300.0
    run: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Access:
    """Where an address book is, and who asks.

    Attributes:
        url: Of the server, a person's page there or the address book itself.
        password: From the vault; in no `repr`.
        ca_file: The only authority to trust, "" for the system's.
        without_tls: The person accepts that everybody on the way reads along.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    without_tls: bool = False


@dataclass(slots=True)
class Answer:
    """An answer that has begun.

    Attributes:
        url: That gave it, after redirects.
        pieces: Its body, to be read once.
    """

    status: int
    url: str
    pieces: Iterator[bytes]

    def explanation(self) -> bytes:
        """The beginning of the body, for errors."""
        read = bytearray()
        for piece in self.pieces:
            read += piece
            if len(read) >= _EXPLAINED_BYTES:
                break
        return bytes(read[:_EXPLAINED_BYTES])


class ElsewhereError(ServerError):
    """A server sends us on to another one."""


class AnswerTooLongError(ServerError):
    """One answer holds more than it may; asking for less at once may help."""


class Web:
    """A client of one server.

    Raises:
        ServerError: The address is none, or would send a password in clear.
    """

    def __init__(self, access: Access, patience: Patience = Patience()) -> None:
        self._home = _checked(access)
        self._patience = patience
        self._end = time.monotonic() + patience.run
        self._received = 0
        self._socket: socket.socket | None = None
        self._is_late = threading.Event()
        timeout = httpx.Timeout(patience.silence, connect=patience.connect)
        self._login = Login(self.host, access.user, access.password)
        self._client = httpx.Client(
            verify=trust(access.ca_file),
            timeout=timeout,
            trust_env=False,  # a proxy of the environment would be another address
            limits=httpx.Limits(max_connections=1),
            headers={"User-Agent": "CRMDesk", "Accept-Encoding": "identity"},
        )

    @property
    def host(self) -> str:
        """The server's name."""
        return self._home.hostname or ""

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    def insist(self) -> bool:
        """Logs in from now on without being asked; False where that changes nothing."""
        return self._login.insist()

    def inside(self, base: str, href: str) -> str:
        """An address that the server named, made absolute.

        A server behind a proxy may not know that it is reached over TLS, and names itself with
        http:// (a common mistake with Nextcloud); it is still asked over TLS.

        Raises:
            ElsewhereError: It leads to another server.
        """
        try:
            url = urljoin(base, href)
            parts = urlsplit(url)
            if "@" not in parts.netloc:
                if _origin(parts) == _origin(self._home):
                    return url
                if self._is_home_without_tls(parts):
                    home = self._home
                    return urlunsplit((home.scheme, home.netloc, parts.path, parts.query, ""))
        except ValueError:
            pass
        shown = "".join(char for char in href[:120] if char.isprintable())
        raise ElsewhereError(
            f"{self.host} sends us on to another address: {shown}",
            "CRMDesk asks only the server that was set. " + UNCHANGED,
            "If that address is right, put it into the profile as url.",
        )

    def _is_home_without_tls(self, parts: SplitResult) -> bool:
        is_home = (parts.hostname or "").lower() == (self._home.hostname or "").lower()
        ports = (None, _PORTS["http"], self._home.port)
        return (
            (self._home.scheme, parts.scheme) == ("https", "http")
            and is_home
            and (parts.port in ports)
        )

    @contextmanager
    def ask(self, method: str, url: str, body: str = "", depth: str = "0") -> Iterator[Answer]:
        """Sends a request and gives its answer, following redirects within the server.

        Raises:
            ServerError: The server cannot be reached, refuses the login, or breaks a limit.
        """
        for _ in range(_REDIRECTS + 1):
            with self._sent(method, self.inside(url, url), body, depth) as response:
                onward = response.headers.get("location", "")
                if response.status_code not in _REDIRECTED or not onward:
                    self._check(response)
                    yield Answer(response.status_code, url, self._pieces(response))
                    return
                url = self.inside(url, onward)
        raise ServerError(
            f"{self.host} sends us round in circles.",
            UNCHANGED,
            "Check the address in the profile.",
        )

    @contextmanager
    def _sent(self, method: str, url: str, body: str, depth: str) -> Iterator[httpx.Response]:
        if time.monotonic() > self._end:
            raise self._stopped()
        self._is_late.clear()
        watch = threading.Timer(self._patience.answer, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            request = self._client.build_request(
                method, url, content=body.encode(),
                headers={"Depth": depth, "Content-Type": 'application/xml; charset="utf-8"'},
                extensions={"trace": self._remember_socket},
            )  # fmt: skip
            if len(self._client.cookies.jar) > MOST_COOKIES:
                self._client.cookies.clear()
                request.headers.pop("cookie", None)
            response = self._login.send(self._client, request)
            try:
                yield response
            finally:
                response.close()
        except httpx.InvalidURL:
            raise _no_address(url) from None
        except httpx.HTTPError as error:
            raise self._explained(error) from error
        finally:
            watch.cancel()
            watch.join()

    def _remember_socket(self, event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def _hang_up(self) -> None:
        """Runs on the watch's thread: wakes the reader, which sees the connection closed."""
        self._is_late.set()
        if self._socket is not None:
            with suppress(OSError, ValueError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == httpx.codes.UNAUTHORIZED:
            raise ServerError(
                f"{self.host} refuses the login.",
                UNCHANGED,
                "Check user and password; many servers want an app password made for CRMDesk: "
                "crmdesk sync password NAME.",
            )
        is_error = status >= httpx.codes.INTERNAL_SERVER_ERROR and status not in _TOLD_BY_STATUS
        if is_error or status in _BUSY:
            raise ServerError(
                f"{self.host} answered with error {status}.", UNCHANGED, "Try again later."
            )
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ServerError(
                f"{self.host} packs its answers although it was asked not to.",
                UNCHANGED,
                "Turn compression off for the address books of that server.",
            )

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """The body as it arrives."""
        received = 0
        for piece in response.iter_raw():
            received += len(piece)
            self._received += len(piece)
            if received > ANSWER_BYTES:
                raise AnswerTooLongError(*self._too_much(received))
            if self._received > TOTAL_BYTES:
                raise ServerError(*self._too_much(self._received))
            yield piece
        if self._is_late.is_set():  # without a length, hanging up looks like the end
            raise self._stopped()

    def _too_much(self, received: int) -> tuple[str, str, str]:
        return (
            f"{self.host} sends more than an address book has ({received / MIB:,.0f} MiB).",
            UNCHANGED,
            "Check that the address is that of an address book.",
        )

    def _stopped(self) -> ServerError:
        return ServerError(f"{self.host} stopped answering.", UNCHANGED, "Try again later.")

    def _explained(self, error: httpx.HTTPError) -> ServerError:
        if self._is_late.is_set() or isinstance(error, httpx.TimeoutException):
            return self._stopped()
        tls = tls_cause(error)
        if tls is not None:
            return explain_tls(tls, self.host)
        if isinstance(error, httpx.ConnectError):
            return ServerError(
                f"{self.host} cannot be reached.",
                UNCHANGED,
                "Check the address in the profile and the network.",
            )
        return ServerError(
            f"{self.host} broke off in the middle of an answer.", UNCHANGED, "Try again later."
        )


def _checked(access: Access) -> SplitResult:
    try:
        parts = urlsplit(access.url.strip())
        _ = parts.port
    except ValueError:
        raise _no_address(access.url) from None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        raise _no_address(access.url)
    if parts.scheme == "http" and not access.without_tls and not is_loopback(parts.hostname):
        raise ServerError(
            f"{parts.hostname} would be asked without encryption.",
            "Everybody on the way could read the password and the customers. Nothing was sent.",
            "Use https://, or set without_tls to yes in the profile where the network is trusted.",
        )
    return parts


def _no_address(url: str) -> ServerError:
    return ServerError(
        f"{url.rpartition('@')[2][:80]!r} is no address of an address book.",
        "Nothing was asked.",
        "Write it with https:// and without user or password, "
        "such as https://cloud.example.com/remote.php/dav.",
    )


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)
