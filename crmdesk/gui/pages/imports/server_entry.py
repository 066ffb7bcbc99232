"""The form of a server: what is asked of each kind, and what is wrong with an answer. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.importing import SourceKind
from crmdesk.sync import profile as profiles

SERVERS: Final = (SourceKind.CARDDAV, SourceKind.LDAP, SourceKind.SQL)
SECRET_REF: Final = "sync-{}"  # noqa: S105  the name of a secret, not one
READS: Final = "reads"
"""The one answer that is no option: whether a database gives a table or a query."""

_PORT_MAX: Final = 65535
SQLITE: Final = "sqlite"
_PLAIN: Final = (
    "Allow a connection without encryption",
    "Everybody on the way can read the password.",
)
_CA_HINT: Final = "The PEM file of your own authority; messages call it ca_file."


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the form.

    Attributes:
        option: Name in the profile, or READS.
        title: Above the field; beside it for a box to tick.
        form: text, secret, choice, offered (a text with things to choose), file, lines or box.
        sample: What a text could be.
        choices: Title and value, for a choice.
        is_more: Few need it: it stands behind "More".
        width: In quarters of a row; fields that fit stand beside each other.
    """

    option: str
    title: str
    form: str = "text"
    sample: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_more: bool = False
    width: int = 4


_LOGIN: Final = (
    Asked("user", "User", width=2),
    Asked("password", "Password", "secret", width=2),
)
_CERTIFICATE: Final = Asked("ca_file", "Certificate to trust", "file", "The system's own", _CA_HINT,
                            is_more=True)  # fmt: skip

FORMS: Final[dict[SourceKind, tuple[Asked, ...]]] = {
    SourceKind.CARDDAV: (
        Asked("url", "Address", sample="https://cloud.example.com",
              hint="Of the server, of your page there, or of one address book."),
        _LOGIN[0],
        Asked("password", "Password", "secret", hint="Often an app password.", width=2),
        Asked("book", "Address book", "offered", "The only one", "Connect lists them."),
        _CERTIFICATE,
        Asked("without_tls", _PLAIN[0], "box", hint=_PLAIN[1], is_more=True),
    ),
    SourceKind.LDAP: (
        Asked("host", "Server", sample="ldap.example.com", width=3),
        Asked("port", "Port", sample="636", width=1),
        Asked("security", "Protection", "choice", choices=(
            ("TLS from the first byte (ldaps)", "ldaps"), ("TLS after a greeting (StartTLS)",
             "starttls"), ("None: everybody on the way reads along", "none"))),
        Asked("base", "Begin at", sample="ou=people,dc=example,dc=com",
              hint="The part of the directory that is read, with all below it."),
        Asked("user", "User", sample="cn=crm,dc=example,dc=com",
              hint="Its distinguished name; empty where everybody may read."),
        Asked("password", "Password", "secret"),
        Asked("filter", "Only entries with", sample="(objectClass=person)", is_more=True,
              hint="A filter of LDAP. Usually persons, organizations and contacts."),
        Asked("attributes", "Attributes", sample="cn, telephoneNumber:3, mail:2", is_more=True,
              hint="With the number of columns of those that can be several."),
        _CERTIFICATE,
    ),
    SourceKind.SQL: (
        Asked("system", "Kind of database", "choice", choices=(
            ("PostgreSQL", "postgresql"), ("MySQL", "mysql"), ("MariaDB", "mariadb"),
            ("Microsoft SQL Server", "mssql"), ("Oracle", "oracle"), ("SQLite file", SQLITE))),
        Asked("host", "Server", sample="db.example.com", width=3),
        Asked("port", "Port", sample="usual", width=1),
        Asked("database", "Database", "file", "shop"),
        *_LOGIN,
        Asked(READS, "What is read", "choice", choices=(
            ("A table or view", "table"), ("A query of your own", "query"))),
        Asked("table", "Table", "offered", "customer", "Connect lists them."),
        Asked("query", "Query", "lines", "SELECT id, name, phone FROM customer WHERE …",
              "One SELECT. It is never let write."),
        Asked("updated", "Column of the last change", "offered", "none",
              "With it a later run reads only what changed since."),
        Asked("key", "Column with the row's id", "offered", "The primary key", is_more=True),
        Asked("columns", "Only these columns", sample="id, name, phone", is_more=True),
        _CERTIFICATE,
        Asked("without_tls", _PLAIN[0], "box", hint=_PLAIN[1], is_more=True),
    ),
}  # fmt: skip

FIRST_NAMES: Final = {
    SourceKind.CARDDAV: "address-book",
    SourceKind.LDAP: "directory",
    SourceKind.SQL: "database",
}
_NEEDED: Final = {
    SourceKind.CARDDAV: {"url": "The address of the server is needed."},
    SourceKind.LDAP: {
        "host": "The name or address of the server is needed.",
        "base": "Where to begin is needed: at least dc=example,dc=com.",
    },
    SourceKind.SQL: {"database": "The name of the database is needed."},
}


def first_name(kind: SourceKind, taken: Collection[str]) -> str:
    """A name that no profile has yet."""
    stem, number = FIRST_NAMES[kind], 1
    name = stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def is_asked(option: str, answers: Mapping[str, str]) -> bool:
    """Whether a question makes sense after the other answers."""
    if answers.get("system") == SQLITE and option in {
        "host", "port", "user", "password", "ca_file", "without_tls",
    }:  # fmt: skip
        return False
    if READS in answers and option in {"table", "query"}:
        return answers[READS] == option
    return True


def options_of(answers: Mapping[str, str]) -> dict[str, str]:
    """The options of a profile: without what is empty, not asked, usual, or no option."""
    kept = {
        option: value
        for option, value in answers.items()
        if value and option not in {READS, "password"} and is_asked(option, answers)
    }
    return {option: value for option, value in kept.items() if (option, value) != _USUAL}


_USUAL: Final = ("security", "ldaps")


def answers_of(kind: SourceKind, options: Mapping[str, str]) -> dict[str, str]:
    """What the form shows for a profile."""
    answers = {asked.option: options.get(asked.option, "") for asked in FORMS[kind]}
    if READS in answers:
        answers[READS] = "query" if options.get("query") else "table"
    return answers


def problems(kind: SourceKind, answers: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by option."""
    found = {option: text for option, text in _NEEDED[kind].items() if not answers.get(option)}
    if answers.get("system", SQLITE) != SQLITE and not answers.get("host"):
        found["host"] = "The name or address of the server is needed."
    if answers.get(READS) == "query" and not answers.get("query"):
        found["query"] = "One SELECT is needed."
    port = answers.get("port", "")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _PORT_MAX):
        found["port"] = "1 to 65535."
    if "://" in answers.get("host", ""):
        found["host"] = "Only the name or address, without ldap:// or a path."
    return {option: text for option, text in found.items() if is_asked(option, answers)}


def name_problem(name: str, own: str, taken: Collection[str]) -> str:
    """What is wrong with the name of a profile, "" for nothing.

    Args:
        name: As typed.
        own: The name of the profile that is edited, "" for a new one.
        taken: The names there are.
    """
    try:
        profiles.file_of(name)
    except UserFacingError as error:
        return error.remedy
    return "There is a profile of that name." if name != own and name in taken else ""
