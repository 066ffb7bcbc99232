"""A connection to a directory that only searches.

ldap3 speaks the protocol; this module keeps it within bounds: certificates are checked by the
`ssl` module, no referral is followed, and a server can neither keep us waiting nor fill our memory.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from crmdesk.sync.ldap.bounds import BoundedSocket, Bounds, CheckedTls
from crmdesk.sync.server import UNCHANGED, ServerError, explain_tls, is_loopback, tls_cause, trust

with warnings.catch_warnings():
    # ldap3 2.9.1 uses old names of pyasn1's.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPExceptionError, LDAPInvalidFilterError

PAGE = 200
"""Entries asked for at once (RFC 2696)."""

MOST_ENTRIES = 500_000

EMPTY_PAGES = 1_000
"""In a row: referrals and what the user may not see make some."""

PORTS = {"ldaps": 636, "starttls": 389, "none": 389}
"""How a connection is protected -> usual port."""

_SIZE_LIMIT, _TIME_LIMIT, _REFERRAL, _NO_SUCH_OBJECT = 4, 3, 10, 32  # RFC 4511, 4.1.9
_LOGIN_REFUSED = frozenset({48, 49, 53})
_NOT_ALLOWED, _ADMIN_LIMIT = 50, 11
_T = TypeVar("_T")
_PAGED = "1.2.840.113556.1.4.319"


@dataclass(frozen=True, slots=True)
class DirectoryPlace:
    """Where a directory is, and who asks.

    Attributes:
        security: A key of PORTS; "none" sends the password in clear.
        port: 0 for the usual one.
        user: Distinguished name, or what else the server takes; "" for nobody.
        password: From the vault; in no `repr`.
        ca_file: The only authority to trust, "" for the system's.
    """

    host: str
    security: str = "ldaps"
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a directory may take, in seconds.

    Attributes:
        connect: Until it accepts.
        page: For one page of entries.
        run: For all pages of one search.
    """

    connect: float = 10.0
    page: float = 60.0
    run: float = 6 * 3600.0


USUAL_PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One entry; attribute names are in small letters."""

    name: str
    values: dict[str, list[bytes]]


class Directory:
    """A directory that was logged in to.

    Raises:
        ServerError: It cannot be reached or refuses the login.
    """

    def __init__(self, place: DirectoryPlace, patience: Patience = USUAL_PATIENCE) -> None:
        self._place = place
        self._patience = patience
        self.referrals = 0
        _check(place)
        has_tls = place.security != "none"
        self._tls = CheckedTls(trust(place.ca_file), place.host) if has_tls else None
        server = ldap3.Server(
            place.host, place.port or PORTS[place.security], place.security == "ldaps",
            tls=self._tls, get_info=ldap3.NONE, connect_timeout=patience.connect,
            allowed_referral_hosts=[],
        )  # fmt: skip
        self._connection = ldap3.Connection(
            server, place.user or None, place.password or None,
            authentication=ldap3.SIMPLE if place.user else ldap3.ANONYMOUS,
            client_strategy=ldap3.SYNC, auto_bind=ldap3.AUTO_BIND_NONE, auto_referrals=False,
            read_only=True, check_names=False,
            return_empty_attributes=False,
        )  # fmt: skip
        self._bounds = Bounds(patience.page)
        try:
            self._log_in()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        # ldap3 raises whatever its socket raises, and a broken connection is as good as closed.
        with suppress(Exception):
            self._bounds.begin()
            self._connection.unbind()
        sock = self._connection.socket
        if sock is not None:
            with suppress(OSError):
                sock.close()

    def search(
        self, base: str, condition: str, attributes: Sequence[str]
    ) -> Iterator[DirectoryEntry]:
        """All entries below a place, a page at a time.

        Args:
            base: Distinguished name of the place.
            condition: A filter (RFC 4515).
            attributes: That are wanted; others are not sent.

        Raises:
            ServerError: It stops, has a limit below the number of entries, or refuses.
        """
        cookie: bytes | None = None
        count = empty = 0
        end = time.monotonic() + self._patience.run
        while True:
            found, cookie = self._page(base, condition, attributes, cookie)
            empty = 0 if found else empty + 1
            if empty > EMPTY_PAGES or time.monotonic() > end:
                raise ServerError(
                    f"{self._place.host} gives pages without end.", UNCHANGED, "Ask who runs it."
                )
            for entry in found:
                count += 1
                if count > MOST_ENTRIES:
                    raise ServerError(
                        f"The directory has more than {MOST_ENTRIES:,} entries.", UNCHANGED,
                        "Narrow it: base or filter in the profile.",
                    )  # fmt: skip
                yield entry
            if not cookie:
                return

    def _page(
        self, base: str, condition: str, attributes: Sequence[str], cookie: bytes | None
    ) -> tuple[list[DirectoryEntry], bytes | None]:
        connection = self._connection

        def ask() -> tuple[list[DirectoryEntry], bytes | None]:
            connection.search(
                base, condition, ldap3.SUBTREE, ldap3.DEREF_NEVER, list(attributes),
                time_limit=int(self._patience.page) or 1, paged_size=PAGE, paged_cookie=cookie,
            )  # fmt: skip
            result: dict[str, Any] = connection.result
            if result["result"]:
                raise self._refused(result["result"], base)
            answers = connection.response or ()
            found = [_entry(answer) for answer in answers if answer["type"] == "searchResEntry"]
            self.referrals += len(answers) - len(found)
            control = (result.get("controls") or {}).get(_PAGED)
            return found, (control["value"]["cookie"] or None) if control else None

        return self._guarded(ask)

    # --- talking ----------------------------------------------------------------------------------

    def _log_in(self) -> None:
        connection = self._connection
        self._guarded(lambda: connection.open(read_server_info=False))
        self._bound()
        if self._place.security == "starttls":
            self._guarded(lambda: connection.start_tls(read_server_info=False))
            self._bound()
        self._guarded(lambda: connection.bind(read_server_info=False))
        code = self._guarded(lambda: connection.result["result"])
        if code:
            raise self._refused(code, "")

    def _bound(self) -> None:
        if not isinstance(self._connection.socket, BoundedSocket):
            self._connection.socket = BoundedSocket(self._connection.socket, self._bounds)

    def _guarded(self, step: Callable[[], _T]) -> _T:
        """One question; whatever the decoder stumbles over is the server's fault."""
        self._bounds.begin()
        try:
            return step()
        except LDAPInvalidFilterError:
            raise ServerError(
                "The filter of the profile is none.", UNCHANGED,
                "Write it as LDAP has it, such as (objectClass=person).",
            ) from None  # fmt: skip
        except ServerError:
            raise
        except Exception as error:
            raise self._explained(error) from error

    def _explained(self, error: Exception) -> ServerError:
        host = self._place.host
        if self._bounds.broken:
            return ServerError(
                f"{host} {self._bounds.broken}.", UNCHANGED,
                "Try again later; if it comes again, narrow base, filter or attributes.",
            )  # fmt: skip
        tls = (self._tls.failure if self._tls else None) or tls_cause(error)
        if tls is not None:
            return explain_tls(tls, host)
        if self._connection.socket is None or not self._bounds.received:
            return ServerError(
                f"{host} cannot be reached, or does not speak LDAP on this port.", UNCHANGED,
                "Check host, port and security in the profile, and the network.",
            )  # fmt: skip
        if isinstance(error, LDAPExceptionError | OSError):
            return ServerError(f"{host} stopped answering.", UNCHANGED, "Try again later.")
        return ServerError(
            f"The answer of {host} cannot be used ({type(error).__name__}).", UNCHANGED,
            "Check that it is an LDAP server.",
        )  # fmt: skip

    def _refused(self, code: int, base: str) -> ServerError:
        host = self._place.host
        if code in _LOGIN_REFUSED:
            what, remedy = f"{host} refuses the login.", "Check user and password."
        elif code in (_SIZE_LIMIT, _TIME_LIMIT, _ADMIN_LIMIT):
            what = f"{host} does not give all entries: it has a limit for this user."
            remedy = "Have the limit raised, or narrow base or filter in the profile."
        elif code == _REFERRAL:
            what = f"{host} sends us on to another server, which is not asked."
            remedy = "Put the server that has the entries into the profile."
        elif code == _NO_SUCH_OBJECT:
            what, remedy = (
                f"There is no {base[:120]!r} in the directory.",
                "Check base in the profile.",
            )
        else:
            why = str(self._connection.result.get("description", code))[:60]
            what, remedy = f"{host} refuses the search ({why}).", "Check user, base and filter."
        return ServerError(what, UNCHANGED, remedy)


def _entry(answer: dict[str, Any]) -> DirectoryEntry:
    """With the values in a language (`cn;lang-de`, RFC 3866) behind those without."""
    values: dict[str, list[bytes]] = {}
    for name, several in sorted(answer["raw_attributes"].items(), key=lambda pair: ";" in pair[0]):
        values.setdefault(name.partition(";")[0].lower(), []).extend(map(bytes, several))
    return DirectoryEntry(str(answer["dn"]), values)


def _check(place: DirectoryPlace) -> None:
    if place.security not in PORTS:
        raise ServerError(
            f"There is no security {place.security[:20]!r}.", "Nothing was asked.",
            f"Use one of: {', '.join(PORTS)}.",
        )  # fmt: skip
    if not place.host or any(char in place.host for char in "/@? \\"):
        raise ServerError(
            f"{place.host[:80]!r} is no host.", "Nothing was asked.",
            "Write its name alone, such as ldap.example.com.",
        )  # fmt: skip
    if place.security == "none" and place.user and not is_loopback(place.host):
        raise ServerError(
            f"The password would go to {place.host} without encryption.",
            "Everybody on the way could read it. Nothing was sent.",
            "Use ldaps or starttls as security.",
        )
    if place.user and not place.password:  # RFC 4513, 5.1.2: it would count as nobody
        raise ServerError(
            "There is a user and no password.", "Nothing was asked.",
            "Save it with crmdesk sync password NAME.",
        )  # fmt: skip
