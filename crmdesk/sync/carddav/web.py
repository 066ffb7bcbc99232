"""Requests to one server, and to no other.

The server may be anybody's: its answers are read in pieces with limits of size and time, and
neither a redirect nor an address in an answer leads to another host, port or scheme.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from crmdesk.sync.server import UNCHANGED, ServerError, explain_tls, is_loopback, tls_cause, trust
from crmdesk.sync.sources.limits import MIB

# At INFO it writes every address, and addresses of address books hold names of people.
logging.getLogger("httpx").setLevel(logging.WARNING)

ANSWER_BYTES = 64 * MIB
"""Of one answer: a batch of cards with their pictures."""

TOTAL_BYTES = 2048 * MIB
"""Of one run."""

_REDIRECTS = 5
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_EXPLAINED_BYTES = 64 * 1024
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds.

    Attributes:
        connect: Until it accepts.
        silence: Between two pieces of an answer.
        answer: For one whole answer; a server that sends a byte now and then ends here.
    """

    connect: float = 10.0
    silence: float = 30.0
    answer: float = 300.0


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


class Web:
    """A client of one server.

    Raises:
        ServerError: The address is none, or would send a password in clear.
    """

    def __init__(self, access: Access, patience: Patience = Patience()) -> None:
        self._home = _checked(access)
        self._patience = patience
        self._received = 0
        self._socket: socket.socket | None = None
        self._is_late = threading.Event()
        timeout = httpx.Timeout(patience.silence, connect=patience.connect)
        self._client = httpx.Client(
            verify=trust(access.ca_file),
            auth=_Challenged(access.user, access.password) if access.user else None,
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

    def inside(self, base: str, href: str) -> str:
        """An address that the server named, made absolute.

        Raises:
            ServerError: It leads to another server.
        """
        try:
            url = urljoin(base, href)
            if _origin(urlsplit(url)) == _origin(self._home) and "@" not in urlsplit(url).netloc:
                return url
        except ValueError:
            pass
        shown = "".join(char for char in href[:120] if char.isprintable())
        raise ServerError(
            f"{self.host} sends us on to another address: {shown}",
            "CRMDesk asks only the server that was set. " + UNCHANGED,
            "If that address is right, put it into the profile as url.",
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
        headers = {"Depth": depth, "Content-Type": 'application/xml; charset="utf-8"'}
        self._is_late.clear()
        watch = threading.Timer(self._patience.answer, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            with self._client.stream(
                method, url, content=body.encode(), headers=headers,
                extensions={"trace": self._remember_socket},
            ) as response:  # fmt: skip
                yield response
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
        if status >= httpx.codes.INTERNAL_SERVER_ERROR and status != 507:
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
            if received > ANSWER_BYTES or self._received > TOTAL_BYTES:
                raise ServerError(
                    f"{self.host} sends more than an address book has "
                    f"({self._received / MIB:,.0f} MiB).",
                    UNCHANGED,
                    "Check that the address is that of an address book.",
                )
            yield piece
        if self._is_late.is_set():  # without a length, hanging up looks like the end
            raise self._stopped()

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


class _Challenged(httpx.Auth):
    """Digest where the server offers it, else Basic; nothing is sent before it asks."""

    def __init__(self, user: str, password: str) -> None:
        self._login = (user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            offers = " ".join(response.headers.get_list("www-authenticate")).lower()
            digest = "digest " in offers
            self._chosen = (
                httpx.DigestAuth(*self._login) if digest else httpx.BasicAuth(*self._login)
            )
        yield from self._chosen.auth_flow(request)


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
