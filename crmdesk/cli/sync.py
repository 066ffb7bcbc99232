"""`crmdesk sync`: customers out of an address book, a directory or another database.

A profile says where they are and how they are read; `crmdesk sync add` makes one. Its password goes
to the system keyring, or where there is none into the encrypted store: it comes on standard input,
is never an argument and stands in no file.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmdesk.cli.import_ import desk_region
from crmdesk.cli.import_words import print_facts, print_result
from crmdesk.cli.opening import add_store_options, load_settings, opened
from crmdesk.cli.output import print_json
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.cli.progress import Reporter
    from crmdesk.sync.importing import ImportResult
    from crmdesk.sync.profile import ImportProfile
    from crmdesk.sync.server import ServerSource

Object = dict[str, Any]

KINDS = {
    "carddav": "an address book on a CardDAV server",
    "ldap": "a directory",
    "sql": "a table or query of another database, only read",
}

_NOTHING = "Nothing was imported."
_SECRET_MAX = 4096
_TOLD_REMOVED = 1_000


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk sync --help`."""
    options = _parser().parse_args(argv)
    code: int = options.command(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk sync",
        description="Bring customers in from a server. The second run brings what changed since.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for kind, what in KINDS.items():
        _add_run_options(commands.add_parser(kind, help=f"read {what}"), kind)
    _add_add_options(commands.add_parser("add", help="make a profile, and look at the server"))
    password = commands.add_parser("password", help="save another password, from standard input")
    password.add_argument("profile", metavar="P")
    add_store_options(password)
    password.set_defaults(command=_password)
    listing = commands.add_parser("list", help="list the profiles of servers")
    listing.add_argument("--json", action="store_true", help="one JSON object")
    listing.set_defaults(command=_list)
    return parser


def _add_run_options(parser: argparse.ArgumentParser, kind: str) -> None:
    parser.add_argument("--profile", required=True, metavar="P", help="which server, and how")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="only say what is there")
    what.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--all", action="store_true", help="read all, not only what changed")
    parser.add_argument(
        "--bad",
        type=Path,
        metavar="CSV",
        help="where records go that cannot be used, with the reason",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_job_options(parser)
    add_store_options(parser)
    parser.set_defaults(command=_run, kind=kind)


def _add_add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=tuple(KINDS))
    parser.add_argument("profile", metavar="P", help="name of the new profile")
    parser.add_argument(
        "options",
        nargs="+",
        type=_pair,
        metavar="NAME=VALUE",
        help="where it is and who asks: see Address books, directories, databases in the help",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=_pair,
        metavar="COLUMN=TARGET",
        help="where a column goes, instead of the guess",
    )
    parser.add_argument(
        "--region", default="", metavar="R", help="country of numbers without one, such as DE"
    )
    add_store_options(parser)
    parser.set_defaults(command=_add)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no pair; write host=ldap.example.com")
    return name, value.strip()


# --- run ------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    work: Callable[[argparse.Namespace, Reporter], Object] = _show if options.show else _sync
    show = print_facts if options.show else _print_result
    return run_job(options, partial(work, options), print_json if options.json else show)


def _show(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.sync.plan_json import facts_to_json, records_to_json

    with ExitStack() as stack:
        _, profile, source = _opened_server(stack, options, reporter)
        facts = facts_to_json(source.facts, profile.columns)
        rows = records_to_json(source.records())
    return {"file": options.profile, **facts, "rows": rows}


def _sync(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.sync.plan_json import facts_to_json, row_to_json, summary_to_json

    began = time.monotonic()
    with ExitStack() as stack:
        store, profile, source = _opened_server(stack, options, reporter)
        result = _import(stack, options, store, profile, source, reporter)
        facts = facts_to_json(source.facts, profile.columns)
        removed = source.removed
    seconds = time.monotonic() - began
    return {
        "dry_run": options.dry_run,
        "file": options.profile,
        "profile": options.profile,
        "source": facts,
        **summary_to_json(result.summary),
        "removed": len(removed),
        "removed_keys": list(removed[:_TOLD_REMOVED]),
        "seconds": round(seconds, 1),
        "rate": round(result.summary.records / seconds) if seconds else 0,
        "rows": [row_to_json(row) for row in result.rows],
    }


def _opened_server(
    stack: ExitStack, options: argparse.Namespace, reporter: Reporter
) -> tuple[OpenedStore, ImportProfile, ServerSource]:
    """The store, the profile, and the server as it is since the last run."""
    from crmdesk.domain.importing import SourceKind
    from crmdesk.sync.servers import open_server
    from crmdesk.sync.state import last_state

    profile = _profile(options.profile, options.kind)
    reporter.progress(0, None, "opening the store")
    store = stack.enter_context(opened(options))
    reads_all = options.all or options.show
    state = {} if reads_all else last_state(store.store, profile)
    password = _password_of(store, profile)
    reporter.progress(0, None, "asking the server")
    source = stack.enter_context(
        open_server(SourceKind(profile.kind), profile.options, password, state)
    )
    return store, profile, source


def _import(
    stack: ExitStack,
    options: argparse.Namespace,
    store: OpenedStore,
    profile: ImportProfile,
    source: ServerSource,
    reporter: Reporter,
) -> ImportResult:
    from crmdesk.settings import paths
    from crmdesk.sync.bad_rows import BadRowsFile
    from crmdesk.sync.importing import ImportOrder, run_import
    from crmdesk.sync.state import keep_state

    settings = load_settings(options)
    region, area_code = desk_region(settings)
    who = settings.agent.name or settings.agent.extension
    bad = options.bad
    if bad is None and not options.dry_run:
        bad = paths.home() / f"{profile.name}-bad-rows.csv"
    columns = [column.name for column in source.facts.columns]
    order = ImportOrder(
        source,
        profile,
        f"Sync of {profile.name}",
        who,
        region,
        area_code,
        is_dry=options.dry_run,
        bad=stack.enter_context(BadRowsFile(bad, columns)) if bad else None,
    )
    result = run_import(store.store, order, reporter.progress)
    if not options.dry_run:
        # Only now: a run that dies before is simply run again.
        keep_state(store.store, profile, source.state(), result.summary.batch)
    return result


def _print_result(plain: Object) -> None:
    print_result(plain)
    if plain["removed"]:
        shown = ", ".join(plain["removed_keys"][:10])
        print(f"No longer there: {plain['removed']:,} ({shown}). Their customers were kept.")


# --- profiles -------------------------------------------------------------------------------------


def _profile(name: str, kind: str) -> ImportProfile:
    from crmdesk.sync import profile as profiles

    profile = profiles.load(name)
    if profile.kind != kind:
        raise UserFacingError(
            f"The profile {name} is for {profile.kind or 'files'}.",
            _NOTHING,
            f"Run crmdesk sync {profile.kind}."
            if profile.kind in KINDS
            else "Files are read by crmdesk import; crmdesk sync add makes a profile for a server.",
        )
    return profile


def _add(options: argparse.Namespace) -> int:
    """Connects first: a profile that is saved has worked once."""
    from crmdesk.domain.importing import SourceKind
    from crmdesk.sync import profile as profiles
    from crmdesk.sync.servers import check_options, open_server

    name, kind = options.profile, SourceKind(options.kind)
    if profiles.file_of(name).exists():
        raise UserFacingError(
            f"There is already a profile {name!r}.", "Nothing was changed.", "Choose another name."
        )
    settings = dict(options.options)
    check_options(kind, settings)
    password = _read_password() if settings.get("user") else ""
    if password:
        settings["secret_ref"] = _ref(name)
    with open_server(kind, settings, password) as source:
        facts = source.facts
        profile = _new_profile(options, settings, source)
    if password:
        with _store_for_secrets(options, makes=True) as store:
            store.vault.set(_ref(name), password)
    profiles.save(profile, name)
    from crmdesk.sync.plan_json import facts_to_json

    print_facts({"file": name, **facts_to_json(facts, profile.columns)})
    print(f"\nSaved. Try it: crmdesk sync {kind.value} --profile {name!r} --dry-run")
    return 0


def _new_profile(
    options: argparse.Namespace, settings: dict[str, str], source: ServerSource
) -> ImportProfile:
    import msgspec

    from crmdesk.cli import given
    from crmdesk.sync import profile as profiles
    from crmdesk.sync.importing import guessed_profile

    guessed = guessed_profile(source.facts)
    mapped = dict(options.map)
    unknown = next((column for column in mapped if column not in guessed.columns), None)
    if unknown is not None:
        raise UserFacingError(
            f'There is no column "{unknown[:60]}".',
            "Nothing was saved.",
            f"The columns are: {', '.join(guessed.columns)}.",
        )
    return profiles.checked(
        msgspec.structs.replace(
            guessed,
            name=options.profile,
            options=settings,
            columns={**guessed.columns, **mapped},
            region=given.region(options.region),
            source_name=options.profile,
        )
    )


def _list(options: argparse.Namespace) -> int:
    from crmdesk.sync import profile as profiles

    found = [profile for name in profiles.names() if (profile := profiles.load(name)).kind in KINDS]
    if options.json:
        shown = [{"profile": one.name, "kind": one.kind, "options": one.options} for one in found]
        print_json({"profiles": shown})
        return 0
    for one in found:
        where = one.options.get("url") or one.options.get("host") or one.options.get("database", "")
        print(f"{one.name:<20} {one.kind:<8} {where}")
    if not found:
        print("There is no profile of a server yet: see crmdesk sync add --help.", file=sys.stderr)
    return 0


# --- passwords ------------------------------------------------------------------------------------


def _password(options: argparse.Namespace) -> int:
    from crmdesk.sync import profile as profiles

    ref = profiles.load(options.profile).options.get("secret_ref", "")
    if not ref:
        raise UserFacingError(
            f"The profile {options.profile} has no secret_ref, so it needs no password.",
            "Nothing was changed.",
            f'Set secret_ref = "{_ref(options.profile)}" under [options] in the profile first.',
        )
    password = _read_password()
    with _store_for_secrets(options) as store:
        store.vault.set(ref, password)
        print(f"The password was saved. Place: {store.vault.name}.")
    return 0


def _password_of(store: OpenedStore, profile: ImportProfile) -> str:
    ref = profile.options.get("secret_ref", "")
    if not ref:
        return ""
    password = store.vault.get(ref)
    if password is None:
        raise UserFacingError(
            f"The password of {profile.name} is not in {store.vault.name}.",
            _NOTHING,
            f"Save it: crmdesk sync password {profile.name!r}",
        )
    return password


@contextmanager
def _store_for_secrets(
    options: argparse.Namespace, *, makes: bool = False
) -> Iterator[OpenedStore]:
    with opened(options, makes=makes) as store:
        if store.is_demo:
            raise UserFacingError(
                "A demo store has a public key.",
                "The password was not saved.",
                "Use a store of your own: crmdesk makes one.",
            )
        yield store


def _read_password() -> str:
    if sys.stdin.isatty():
        password = getpass.getpass("Password there: ")
    else:
        password = sys.stdin.readline(_SECRET_MAX + 1).rstrip("\r\n")
    if not 0 < len(password) <= _SECRET_MAX:
        raise UserFacingError(
            "No password came on standard input.", "Nothing was changed.", "Type or pipe it in."
        )
    return password


def _ref(name: str) -> str:
    return f"sync-{name}"
