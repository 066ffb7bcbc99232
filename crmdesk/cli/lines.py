"""`crmdesk lines`: phone lines without windows.

A password comes from standard input (or is asked for) and goes into the system keyring, or
where there is none into the encrypted store; it is never an argument and never in a file.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import msgspec

from crmdesk.cli import given
from crmdesk.cli.findings import print_finding
from crmdesk.cli.opening import NoStoreError, add_store_options, load_settings, opened
from crmdesk.cli.output import print_json
from crmdesk.domain.errors import UserFacingError
from crmdesk.settings import file, paths
from crmdesk.settings.model import AgentSettings, LineSettings, Settings
from crmdesk.settings.secrets import open_system_keyring
from crmdesk.telephony.findings import FindingState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmdesk.settings.secrets import SecretVault

HOW_TO_ADD = "Add one: see crmdesk lines add --help, or start crmdesk."
_SECRET_MAX = 4096
_FIELDS = (
    "host", "username", "phone_system", "pop_when", "dial_context",
)  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk lines --help`."""
    options = _parser().parse_args(argv)
    code: int = options.command(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk lines", description="Add, list, test and remove phone lines."
    )
    parser.set_defaults(command=_list, json=False)
    commands = parser.add_subparsers(metavar="COMMAND", help="(default: list)")
    _add_parser(commands.add_parser("add", help="add a line; its password is read from stdin"))
    listing = commands.add_parser("list", help="list the lines, without secrets")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    listing.set_defaults(command=_list)
    test = commands.add_parser("test", help="connect, log in and say what works")
    test.add_argument("line", nargs="?", help="id of a line (default: all)")
    test.add_argument("--json", action="store_true", help="one JSON object per finding")
    add_store_options(test)
    test.set_defaults(command=_test)
    remove = commands.add_parser("remove", help="remove a line and its secret")
    remove.add_argument("line", help="id of the line")
    add_store_options(remove)
    remove.set_defaults(command=_remove)
    me = commands.add_parser("me", help="say which phone is yours: only its calls pop here")
    me.add_argument("--extension", help='your phone, e.g. 1001; "" watches all')
    me.add_argument("--name", help="your name, as notes are signed")
    me.set_defaults(command=_me)
    return parser


def _add_parser(add: argparse.ArgumentParser) -> None:
    add.add_argument("name", help="what people call it")
    add.add_argument("--id", default=None, help="key of the line (default: from the name)")
    add.add_argument("--system", default="asterisk", choices=("asterisk", "simulator", "softphone"))
    add.add_argument("--host", help="the phone system")
    add.add_argument("--port", help="default 5039, the manager's TLS port")
    add.add_argument("--no-tls", action="store_true", help="without encryption (port 5038)")
    add.add_argument("--tls-ca", metavar="FILE", help="PEM file of the CA to trust")
    add.add_argument("--username", help="login of the manager; its password comes on stdin")
    add.add_argument("--phone-system", help="stable name of the phone system (default: host)")
    add.add_argument("--region", help="country of the line, e.g. DE")
    add.add_argument("--area-code", help="area code of the line, e.g. 30")
    add.add_argument("--line-prefix", help="digits before outside numbers, e.g. 0")
    add.add_argument("--internal", action="append", default=[], metavar="RANGE",
                     help="internal extensions, e.g. 1001-1199 (repeatable)")  # fmt: skip
    add.add_argument("--pop-when", choices=("ringing", "answer", "asked"))
    add.add_argument("--dial-context", help="context for click-to-dial")
    add_store_options(add)
    add.set_defaults(command=_add)


def _add(options: argparse.Namespace) -> int:
    settings = load_settings()
    line = _line(options)
    if settings.line(line.id):
        raise UserFacingError(
            f"There is already a line with the id {line.id!r}.",
            "Nothing was changed.",
            f"Choose another with --id, or run crmdesk lines remove {line.id} first.",
        )
    if line.username:
        secret = _read_secret()
        line = msgspec.structs.replace(line, secret_ref=f"line-{line.id}")
        with _vault(options, makes=True) as vault:
            vault.set(line.secret_ref, secret)
            print(f"The password was saved. Place: {vault.name}.")
    _save(settings, (*settings.lines, line))
    print(f"Added {line.name!r}. Try it: crmdesk lines test {line.id}")
    if not line.region:
        print(
            "It has no country, so numbers without + cannot be read."
            f" Remove it with crmdesk lines remove {line.id} and add it with --region DE or yours.",
            file=sys.stderr,
        )
    return 0


def _line(options: argparse.Namespace) -> LineSettings:
    """The line that the options describe.

    Raises:
        UserFacingError: One of them cannot be.
    """
    _check_words(options)
    values: dict[str, Any] = {
        name: getattr(options, name) for name in _FIELDS if getattr(options, name) is not None
    }
    if options.no_tls:
        values |= {"port": 5038, "tls": False}
    if options.port is not None:
        values["port"] = given.port(options.port)
    key = options.id or re.sub(r"[^a-z0-9]+", "-", options.name.lower()).strip("-") or "line"
    values |= {
        "id": key, "name": options.name, "system": options.system,
        "region": given.region(options.region or ""),
        "area_code": given.digits("--area-code", options.area_code),
        "line_prefix": given.digits("--line-prefix", options.line_prefix),
        "tls_ca": given.certificate_file(options.tls_ca or ""),
        "internal": given.internal(options.internal),
    }  # fmt: skip
    try:
        return msgspec.convert(values, LineSettings)
    except msgspec.ValidationError as error:
        raise UserFacingError(
            f"The line cannot be used: {error}.", "Nothing was changed."
        ) from None


def _check_words(options: argparse.Namespace) -> None:
    """What the types would refuse in words of programmers, or not at all.

    Raises:
        UserFacingError: Something is missing or wrong.
    """
    if options.system == "asterisk":
        for name in ("host", "username"):
            if not getattr(options, name):
                raise UserFacingError(
                    f"An Asterisk line needs --{name}.", "Nothing was changed.",
                    "For example: crmdesk lines add Main --host pbx.example.com"
                    " --username crmdesk --region DE",
                )  # fmt: skip
    if options.id is not None and not _ID.fullmatch(options.id):
        raise UserFacingError(
            f"The id {options.id!r} cannot be used.", "Nothing was changed.",
            "Give --id letters, digits, dots and dashes, such as main-office.",
        )  # fmt: skip


def _list(options: argparse.Namespace) -> int:
    settings = load_settings()
    lines = settings.lines
    if not lines:
        print(f"No phone line is set up. {HOW_TO_ADD}", file=sys.stderr)
    if options.json:
        for line in lines:
            print_json({**msgspec.to_builtins(line), "secret_ref": bool(line.secret_ref)})
    else:
        _print_table(settings)
    return 0


def _print_table(settings: Settings) -> None:
    from crmdesk.bootstrap.lines import softphone_line

    row = "{:<16} {:<10} {:<28} {:<6} {}".format
    print(row("ID", "SYSTEM", "WHERE", "REGION", "NAME"))
    for line in settings.lines:
        where = f"{line.host}:{line.port}" if line.host else "-"
        state = "" if line.enabled else "  (off)"
        print(row(line.id, line.system, where, line.region or "-", line.name + state))
    softphone = softphone_line(settings)
    if softphone not in settings.lines:
        region, name = softphone.region or "-", f"{softphone.name}  (built in)"
        print(row(softphone.id, softphone.system, "crmdesk pop", region, name))
    _warn_of_countries(settings.lines)


def _warn_of_countries(lines: Iterable[LineSettings]) -> None:
    """Tells of countries that no phone number belongs to: the file was written by hand."""
    from crmdesk.matching.plan_checks import is_region

    for line in lines:
        if line.region and not is_region(line.region):
            print(
                f"The line {line.id} has the unknown country {line.region[:20]!r},"
                " so numbers without + cannot be read. Write two letters, such as DE.",
                file=sys.stderr,
            )


def _test(options: argparse.Namespace) -> int:
    from crmdesk.telephony import registry

    lines = _chosen(load_settings(), options.line)
    failed = False
    for line in lines:
        if line.system == "softphone":
            print(f"{line.name}: needs no connection; let the softphone start crmdesk pop.")
            continue
        if not options.json:
            print(f"{line.name} ({line.id})")
        for finding in asyncio.run(registry.probe(line, secret_of(line, options))):
            print_finding(finding, as_json=options.json, about=line.id)
            failed |= finding.state is FindingState.FAILED
    return 1 if failed else 0


def _remove(options: argparse.Namespace) -> int:
    settings = load_settings()
    (line,) = _chosen(settings, options.line)
    kept = tuple(kept for kept in settings.lines if kept.id != line.id)
    try:
        # Opened first: a secret that cannot be removed keeps its line.
        with _vault(options) if line.secret_ref else nullcontext() as vault:
            if vault is not None:
                vault.delete(line.secret_ref)
            _save(settings, kept)
    except NoStoreError:
        if options.store is not None:  # mistyped, perhaps
            raise
        _save(settings, kept)  # its secret went with the store
    print(f"Removed {line.name!r}; its calls stay in the log.")
    return 0


def _me(options: argparse.Namespace) -> int:
    settings = load_settings()
    values = {
        name: value.strip()
        for name in ("extension", "name")
        if (value := getattr(options, name)) is not None
    }
    try:
        agent = msgspec.convert(msgspec.to_builtins(settings.agent) | values, AgentSettings)
    except msgspec.ValidationError:
        raise UserFacingError(
            "This extension or name cannot be used.", "Nothing was changed.",
            "For example: crmdesk lines me --extension 1001 --name Alice",
        ) from None  # fmt: skip
    if values:
        changed = msgspec.structs.replace(settings, agent=agent)
        file.save(paths.settings_file(), changed, since=settings)
    phone = f"extension {agent.extension}" if agent.extension else "all extensions"
    print(f"You are {agent.name or 'not named'}; the calls of {phone} pop here.")
    return 0


def _chosen(settings: Settings, line_id: str | None) -> tuple[LineSettings, ...]:
    line = settings.line(line_id) if line_id else None
    if line_id and line is None:
        known = ", ".join(line.id for line in settings.lines) or "none"
        raise UserFacingError(
            f"There is no line {line_id!r}.", f"Known: {known}.", "See crmdesk lines list."
        )
    if not settings.lines:
        raise UserFacingError("No phone line is set up.", "", HOW_TO_ADD)
    return (line,) if line else settings.lines


def _save(settings: Settings, lines: tuple[LineSettings, ...]) -> None:
    changed = msgspec.structs.replace(settings, lines=lines)
    file.save(paths.settings_file(), changed, since=settings)


def secret_of(line: LineSettings, options: argparse.Namespace) -> str:
    """The password of a line, "" where it has none."""
    if not line.secret_ref:
        return ""
    with _vault(options) as vault:
        return vault.get(line.secret_ref) or ""


def _read_secret() -> str:
    if sys.stdin.isatty():
        secret = getpass.getpass("Password of the manager login: ")
    else:
        secret = sys.stdin.readline(_SECRET_MAX + 1).rstrip("\r\n")
    if not 0 < len(secret) <= _SECRET_MAX:
        raise UserFacingError(
            "No password came on standard input.", "Nothing was changed.", "Type or pipe it in."
        )
    return secret


@contextmanager
def _vault(options: argparse.Namespace, *, makes: bool = False) -> Iterator[SecretVault]:
    """The keyring, or the encrypted store where there is none."""
    keyring = open_system_keyring()
    if keyring is not None:
        yield keyring
        return
    with opened(options, makes=makes) as store:
        if store.is_demo:
            raise UserFacingError(
                "There is no keyring, and a demo store has a public key.",
                "The password was not saved.",
                "Use a store of your own: set a passphrase with --passphrase-file.",
            )
        yield store.vault
