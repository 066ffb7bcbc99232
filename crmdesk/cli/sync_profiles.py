"""`crmdesk sync add, look, list, password, remove`: the profiles of servers."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.cli.import_words import print_facts
from crmdesk.cli.opening import add_store_options, opened
from crmdesk.cli.output import print_json
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.cli.sync_passwords import read_password, ref_of, store_for_secrets
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.bootstrap.desk_line import GivenServer
    from crmdesk.cli.progress import Reporter
    from crmdesk.sync.profile import ImportProfile
    from crmdesk.sync.server import ServerSource

Object = dict[str, Any]

KINDS = {
    "carddav": "an address book on a CardDAV server",
    "ldap": "a directory",
    "sql": "a table or query of another database, only read",
}

_NOTHING = "Nothing was imported."

Commands = Any
"""What `add_subparsers` gives; argparse does not name it."""


def add_commands(commands: Commands) -> None:
    """Adds all that is about profiles."""
    _add_add_options(commands.add_parser("add", help="make a profile, and look at the server"))
    look = commands.add_parser("look", help="only look: try a login, list books or tables")
    _add_look_options(look)
    password = commands.add_parser("password", help="save another password, from standard input")
    password.add_argument("profile", metavar="P")
    add_store_options(password)
    password.set_defaults(command=_password)
    listing = commands.add_parser("list", help="list the profiles of servers")
    listing.add_argument("--json", action="store_true", help="one JSON object")
    listing.set_defaults(command=_list)
    remove = commands.add_parser("remove", help="delete a profile and its password")
    remove.add_argument("profile", metavar="P")
    remove.add_argument("--json", action="store_true", help="one JSON object")
    add_job_options(remove)
    add_store_options(remove)
    remove.set_defaults(command=_remove)


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


def _add_look_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=tuple(KINDS))
    parser.add_argument(
        "options", nargs="*", type=_pair, metavar="NAME=VALUE", help="as for crmdesk sync add"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_job_options(parser)
    add_store_options(parser)
    parser.set_defaults(command=_look)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no pair; write host=ldap.example.com")
    return name, value.strip()


# --- look -----------------------------------------------------------------------------------------


def _look(options: argparse.Namespace) -> int:
    """Asks a server what is there; saves nothing."""
    if not options.key_from_stdin:
        settings = dict(options.options)
        from crmdesk.bootstrap.desk_line import GivenServer

        password = read_password() if settings.get("user") else ""
        options.given_server = GivenServer(settings, password)
    return run_job(options, partial(_looked, options), print_json if options.json else _print_look)


def _looked(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.domain.importing import SourceKind
    from crmdesk.sync.importing import guessed_profile
    from crmdesk.sync.planning.json_form import facts_to_json, records_to_json
    from crmdesk.sync.servers import choices, open_server

    kind, given = SourceKind(options.kind), options.given_server
    reporter.progress(0, None, "asking the server")
    password = given.password or _kept_password(options, given)
    offered = choices(kind, given.options, password)
    plain: Object = {
        "file": options.kind,
        "kind": options.kind,
        "columns": [],
        "rows": [],
        "choices": {},
    }
    if offered.option:
        plain["choices"] = {offered.option: [list(one) for one in offered.offered]}
    if offered.is_open:
        return {**plain, "details": {}, "notes": [], "records": None}
    with open_server(kind, given.options, password) as source:
        guessed = guessed_profile(source.facts)
        facts = facts_to_json(source.facts, guessed.columns)
        return {**plain, **facts, "rows": records_to_json(source.records())}


def _kept_password(options: argparse.Namespace, given: GivenServer) -> str:
    """The password of a profile that is edited: the form does not hold it."""
    ref = given.options.get("secret_ref", "")
    if not ref:
        return ""
    with opened(options) as store:
        return store.vault.get(ref) or ""


def _print_look(plain: Object) -> None:
    for name, listed in plain["choices"].items():
        print(f"{name}: " + ", ".join(f'"{title}" ({value})' for value, title in listed))
    if plain["columns"]:
        print_facts(plain)


# --- profiles -------------------------------------------------------------------------------------


def profile_of(name: str, kind: str) -> ImportProfile:
    """A profile, which has to be for this kind of server.

    Raises:
        UserFacingError: There is none of that name, or it is for something else.
    """
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
    password = read_password() if settings.get("user") else ""
    if password:
        settings["secret_ref"] = ref_of(name)
    with open_server(kind, settings, password) as source:
        facts = source.facts
        profile = _new_profile(options, settings, source)
    if password:
        with store_for_secrets(options, makes=True) as store:
            store.vault.set(ref_of(name), password)
    profiles.save(profile, name)
    from crmdesk.sync.planning.json_form import facts_to_json

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


def _remove(options: argparse.Namespace) -> int:
    return run_job(options, partial(_removed, options), print_json if options.json else _say_gone)


def _removed(options: argparse.Namespace, reporter: Reporter) -> Object:
    """The password goes first: without it the profile is only words."""
    from crmdesk.sync import profile as profiles
    from crmdesk.sync import runs

    reporter.progress(0, None, "deleting the profile")
    name = options.profile
    with opened(options) as store:
        ref = profiles.load(name).options.get("secret_ref", "")
        if ref == ref_of(name):
            store.vault.delete(ref)
        profiles.remove(name)
        runs.forget(store.store, name)
    return {"profile": name}


def _say_gone(plain: Object) -> None:
    print(f"The profile {plain['profile']} was deleted. Its customers were kept.")


def _password(options: argparse.Namespace) -> int:
    from crmdesk.sync import profile as profiles

    ref = profiles.load(options.profile).options.get("secret_ref", "")
    if not ref:
        raise UserFacingError(
            f"The profile {options.profile} has no secret_ref, so it needs no password.",
            "Nothing was changed.",
            f'Set secret_ref = "{ref_of(options.profile)}" under [options] in the profile first.',
        )
    password = read_password()
    with store_for_secrets(options) as store:
        store.vault.set(ref, password)
        print(f"The password was saved. Place: {store.vault.name}.")
    return 0
