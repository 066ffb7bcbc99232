"""A profile's options as a server to read: address, login and what is wanted there.

A profile names its password (`secret_ref`) and does not hold it; whoever opens the server brings it
from the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmdesk.domain.importing import SourceKind
from crmdesk.sync.server import UNCHANGED, ServerError, ServerSource, State

if TYPE_CHECKING:
    from crmdesk.store.foreign.database import ForeignPlace
    from crmdesk.sync.carddav.web import Access

OPTIONS = {
    SourceKind.CARDDAV: ("url", "user", "secret_ref", "book", "ca_file", "without_tls"),
    SourceKind.LDAP: (
        "host",
        "port",
        "security",
        "user",
        "secret_ref",
        "base",
        "filter",
        "attributes",
        "ca_file",
    ),
    SourceKind.SQL: (
        "system",
        "host",
        "port",
        "database",
        "user",
        "secret_ref",
        "table",
        "query",
        "columns",
        "key",
        "updated",
        "ca_file",
        "without_tls",
    ),
}
"""What can be set for each kind of server."""

NEEDED = {
    SourceKind.CARDDAV: ("url",),
    SourceKind.LDAP: ("host", "base"),
    SourceKind.SQL: ("system", "database"),
}

Options = Mapping[str, str]


def open_server(
    kind: SourceKind, options: Options, password: str = "", state: State | None = None
) -> ServerSource:
    """Connects to what a profile names.

    Args:
        kind: A key of `OPTIONS`.
        options: Of the profile.
        password: From the vault, "" for none.
        state: Of the last run, None to read everything.

    Raises:
        UserFacingError: An option is missing or wrong, or the server cannot be read.
    """
    check_options(kind, options)
    return _OPENERS[kind](options, password, state or {})


@dataclass(frozen=True, slots=True)
class Choices:
    """What a server offers to choose among.

    Attributes:
        option: Name of the option, "" where there is nothing to choose.
        offered: Value and title of each.
        is_open: One has to be chosen before anything can be read.
    """

    option: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    is_open: bool = False


def choices(kind: SourceKind, options: Options, password: str = "") -> Choices:
    """The address books of a person, or the tables of a database.

    Raises:
        UserFacingError: An option is missing or wrong, or the server cannot be asked.
    """
    check_options(kind, options)
    if kind is SourceKind.CARDDAV:
        return _books(options, password)
    return _tables(options, password) if kind is SourceKind.SQL else Choices()


def check_options(kind: SourceKind, options: Options) -> None:
    """Raises ServerError where an option does not exist or is missing."""
    unknown = next((name for name in options if name not in OPTIONS[kind]), None)
    if unknown is not None:
        raise ServerError(
            f"There is no option {unknown[:40]!r} for {kind.value}.",
            UNCHANGED,
            f"The options are: {', '.join(OPTIONS[kind])}.",
        )
    missing = next((name for name in NEEDED[kind] if not options.get(name, "").strip()), None)
    if missing is not None:
        raise ServerError(
            f"The option {missing!r} is missing.", UNCHANGED, f"{kind.value} needs it."
        )


# Each library is imported when it is needed.


def _carddav(options: Options, password: str, state: State) -> ServerSource:
    from crmdesk.sync.carddav.source import CardDavSource

    return CardDavSource(_access(options, password), options.get("book", ""), state)


def _access(options: Options, password: str) -> Access:
    from crmdesk.sync.carddav.web import Access

    return Access(
        options["url"],
        options.get("user", ""),
        password,
        options.get("ca_file", ""),
        _is_yes(options, "without_tls"),
    )


def _books(options: Options, password: str) -> Choices:
    from crmdesk.sync.carddav.discovery import find_books
    from crmdesk.sync.carddav.web import Web

    web = Web(_access(options, password))
    try:
        books = find_books(web, options["url"])
    finally:
        web.close()
    offered = tuple((book.key, book.name) for book in books)
    return Choices("book", offered, is_open=len(books) > 1 and not options.get("book"))


def _ldap(options: Options, password: str, state: State) -> ServerSource:
    from crmdesk.sync.ldap.directory import DirectoryPlace
    from crmdesk.sync.ldap.source import USUAL_FILTER, LdapSource, read_attributes

    place = DirectoryPlace(
        options["host"],
        options.get("security", "ldaps"),
        _port(options),
        options.get("user", ""),
        password,
        options.get("ca_file", ""),
    )
    attributes = read_attributes(options.get("attributes", ""))
    condition = options.get("filter", "") or USUAL_FILTER
    return LdapSource(place, options["base"], condition, attributes, state)


def _sql(options: Options, password: str, state: State) -> ServerSource:
    from crmdesk.store.foreign.database import ForeignQuery
    from crmdesk.sync.sql.source import SqlSource

    columns = tuple(filter(None, (one.strip() for one in options.get("columns", "").split(","))))
    query = ForeignQuery(
        options.get("table", ""), options.get("query", ""), columns, options.get("updated", "")
    )
    return SqlSource(_place(options, password), query, options.get("key", ""), state)


def _place(options: Options, password: str) -> ForeignPlace:
    from crmdesk.store.foreign.database import ForeignPlace

    return ForeignPlace(
        options["system"],
        options["database"],
        options.get("host", ""),
        _port(options) or None,
        options.get("user", ""),
        password,
        options.get("ca_file", ""),
        _is_yes(options, "without_tls"),
    )


def _tables(options: Options, password: str) -> Choices:
    from crmdesk.store.foreign.database import ForeignDatabase

    with ForeignDatabase(_place(options, password)) as database:
        offered = tuple((name, name) for name in database.tables())
    is_open = not options.get("table") and not options.get("query")
    return Choices("table", offered, is_open=is_open)


_OPENERS: dict[SourceKind, Callable[[Options, str, State], ServerSource]] = {
    SourceKind.CARDDAV: _carddav,
    SourceKind.LDAP: _ldap,
    SourceKind.SQL: _sql,
}


def _port(options: Options) -> int:
    text = options.get("port", "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536):
        raise ServerError(f"The port {text[:20]!r} does not exist.", UNCHANGED, "Use 1 to 65535.")
    return int(text)


def _is_yes(options: Options, name: str) -> bool:
    said = options.get(name, "no").strip().lower()
    if said not in ("yes", "no"):
        raise ServerError(f"{name} is {said[:20]!r}.", UNCHANGED, "Write yes or no.")
    return said == "yes"
