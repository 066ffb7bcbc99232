"""What each driver is told: who the server has to prove to be, how long it may take, read only."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect

from crmdesk.store.foreign.places import NOTHING, ForeignError, ForeignPlace

DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
}
"""What people call a database -> dialect and driver; another pair can be named as it is."""

CONNECT_S = 10

_REQUIRE_AUTH = 160_000
"""libpq 16 is the first that can be told which logins a server may ask for."""

_PYMYSQL = (1, 2)
"""PyMySQL before it goes on without TLS where the server says that it has none."""

Options = Mapping[str, Any]


def options_of(place: ForeignPlace, dialect: Dialect, statement_s: int) -> Options:
    """Arguments for the driver.

    Raises:
        ForeignError: It could not be seen to that the server is the right one.
    """
    made = _MAKERS.get((dialect.name, dialect.driver))
    if place.checks_server and dialect.driver not in _CHECKING:
        raise ForeignError(
            f"The driver {dialect.driver} cannot check that {place.host} is the right server.",
            "Anybody on the way could read the password and the customers. Nothing was sent.",
            "Set without_tls to yes in the profile where the network is trusted "
            "(without ca_file), or make an encrypted tunnel to a port of this computer.",
        )
    password = {"password": _password(place, dialect.driver)} if place.password else {}
    return {**password, **(made(place, statement_s) if made else {})}


def _password(place: ForeignPlace, driver: str) -> str | bytes:
    """PyMySQL takes letters for Latin-1, and its servers got theirs in UTF-8."""
    return place.password.encode() if driver == "pymysql" else place.password


def _postgresql(place: ForeignPlace, statement_s: int) -> Options:
    """The words of libpq: postgresql.org/docs/current/libpq-connect.html."""
    timeouts = f"-c statement_timeout={statement_s * 1000} -c lock_timeout={CONNECT_S * 1000}"
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_S,
        "options": f"-c default_transaction_read_only=on -c datestyle=ISO {timeouts}",
        "application_name": "CRMDesk",
    }
    if place.checks_server:
        return options | {"sslmode": "verify-full", "sslrootcert": place.ca_file or _authorities()}
    return {**options, "sslmode": "prefer", **_no_clear_password()}


def _no_clear_password() -> Options:
    """Whoever answers in a server's place only has to ask for the password to get it."""
    from psycopg import pq

    return {"require_auth": "!password"} if pq.version() >= _REQUIRE_AUTH else {}


def _authorities() -> str:
    """The system's; the OpenSSL of psycopg's wheels has a place for them that is nowhere."""
    file = ssl.get_default_verify_paths().cafile
    return file if file and Path(file).is_file() else "system"


def _pymysql(place: ForeignPlace, statement_s: int) -> Options:
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_S,
        "read_timeout": statement_s,
        "write_timeout": CONNECT_S,
        "local_infile": False,
        "init_command": "SET SESSION TRANSACTION READ ONLY",
    }
    if place.checks_server:
        return options | {"ssl": _mysql_trust(place)}
    refused = dict.fromkeys(("mysql_clear_password", "dialog"), _RefusedLogin)
    return options | {"auth_plugin_map": refused}


def _mysql_trust(place: ForeignPlace) -> ssl.SSLContext:
    import pymysql

    if pymysql.VERSION[:2] < _PYMYSQL:
        raise ForeignError(
            "PyMySQL is too old to check a server.",
            NOTHING,
            "Bring it up to date: pip install --upgrade pymysql.",
        )
    try:
        context = ssl.create_default_context(cafile=place.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise ForeignError(
            f"The certificate file {place.ca_file} cannot be used ({error}).",
            "The server cannot be checked, so no connection was made.",
            "Give the PEM file with the certificate of its authority: ca_file in the profile,"
            " in the window under More.",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if place.ca_file:  # as for the other servers: crmdesk/sync/server.py
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


class _RefusedLogin:
    """Handler of PyMySQL's for logins that send the password as it is."""

    def __init__(self, _connection: object) -> None:
        pass

    def authenticate(self, _packet: object) -> bytes:
        raise ForeignError(
            "The server wants the password in clear.",
            NOTHING + " No password was sent.",
            "Have it use TLS with a certificate, and set ca_file in the profile.",
        )


def _pymssql(place: ForeignPlace, statement_s: int) -> Options:
    return {
        "login_timeout": CONNECT_S,
        "timeout": statement_s,
        "encryption": "request",
        "appname": "CRMDesk",
        "read_only": True,
    }


_MAKERS: dict[tuple[str, str], Callable[[ForeignPlace, int], Options]] = {
    ("postgresql", "psycopg"): _postgresql,
    ("mysql", "pymysql"): _pymysql,
    ("mariadb", "pymysql"): _pymysql,
    ("mssql", "pymssql"): _pymssql,
}
_CHECKING = frozenset({"psycopg", "pymysql"})
