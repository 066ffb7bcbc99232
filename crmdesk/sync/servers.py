"""A profile's options as a server to read: address, login and what is wanted there.

A profile names its password (`secret_ref`) and does not hold it; whoever opens the server brings it
from the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crmdesk.domain.importing import SourceKind
from crmdesk.sync.server import UNCHANGED, ServerError, ServerSource, State

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
    from crmdesk.sync.carddav.web import Access

    access = Access(
        options["url"],
        options.get("user", ""),
        password,
        options.get("ca_file", ""),
        _is_yes(options, "without_tls"),
    )
    return CardDavSource(access, options.get("book", ""), state)


def _ldap(options: Options, password: str, _state: State) -> ServerSource:
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
    return LdapSource(place, options["base"], options.get("filter", "") or USUAL_FILTER, attributes)


def _sql(options: Options, password: str, state: State) -> ServerSource:
    from crmdesk.store.foreign import ForeignPlace, ForeignQuery
    from crmdesk.sync.sql.source import SqlSource

    place = ForeignPlace(
        options["system"],
        options["database"],
        options.get("host", ""),
        _port(options) or None,
        options.get("user", ""),
        password,
        options.get("ca_file", ""),
        _is_yes(options, "without_tls"),
    )
    columns = tuple(filter(None, (one.strip() for one in options.get("columns", "").split(","))))
    query = ForeignQuery(
        options.get("table", ""), options.get("query", ""), columns, options.get("updated", "")
    )
    return SqlSource(place, query, options.get("key", ""), state)


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
