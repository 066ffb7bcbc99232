"""Foreign databases: where they are, and the words where one cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.text import sanitise_external

NOTHING = "Nothing was imported, and nothing was changed there."

_IN_NO_HOST = ",;@?\\ \t\n\r\"'{}()="


class ForeignError(UserFacingError):
    """A foreign database cannot be read."""


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """Where a database is, and who asks.

    Attributes:
        system: A key of DRIVERS, or a dialect and driver of SQLAlchemy.
        database: Its name; the file for SQLite.
        password: From the vault; in no `repr`.
        ca_file: The authority of the server's certificate, "" for the system's.
        without_tls: The person accepts that everybody on the way reads along.
    """

    system: str
    database: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    without_tls: bool = False

    @property
    def is_here(self) -> bool:
        """This machine, or a socket in a folder: nobody listens on the way."""
        if self.host in ("", "localhost") or self.host.startswith("/"):
            return True
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def checks_server(self) -> bool:
        """Whether the server has to prove with a certificate who it is."""
        return bool(self.ca_file) or not (self.without_tls or self.is_here)


def check_host(place: ForeignPlace) -> None:
    """Raises ForeignError where the host is several, or more than a host."""
    host = place.host
    is_path = host.startswith("/")
    if any(char in host for char in _IN_NO_HOST) or ("/" in host and not is_path):
        raise ForeignError(
            f"{sanitise_external(host.rpartition('@')[2], 80)!r} is no host.",
            NOTHING,
            "Write its name alone, such as db.example.com; user and port are other options.",
        )


def no_such_system(system: str, names: str) -> ForeignError:
    """The words for a database system that nobody knows; of an address only its beginning."""
    return ForeignError(
        f"There is no database system {sanitise_external(system.partition(':')[0], 40)!r}.",
        NOTHING,
        f"Use one of: {names}.",
    )


def no_driver(system: str, error: ImportError) -> ForeignError:
    """The words for a driver that is not installed."""
    module = (error.name or system).partition(".")[0]
    extra = {"psycopg": "postgresql", "pymysql": "mysql"}.get(module, "")
    brings = f" (crmdesk[{extra}] brings it)" if extra else ""
    return ForeignError(
        f"The driver for {system[:40]} is not installed: {module}.",
        NOTHING,
        f"Install it beside CRMDesk with pip install {module}{brings}.",
    )
