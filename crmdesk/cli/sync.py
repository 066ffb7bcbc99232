"""`crmdesk sync`: customers out of an address book, a directory or another database.

A profile says where they are and how they are read; `crmdesk sync add` makes one. Its password goes
to the system keyring, or where there is none into the encrypted store: it comes on standard input,
is never an argument and stands in no file.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmdesk.cli import sync_passwords, sync_profiles
from crmdesk.cli.import_ import desk_region
from crmdesk.cli.import_words import print_facts, print_result
from crmdesk.cli.opening import add_store_options, load_settings, opened, who_of
from crmdesk.cli.output import print_json
from crmdesk.cli.plan_file import plan_writer
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.cli.sync_profiles import KINDS, profile_of
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.bootstrap.stores import OpenedStore
    from crmdesk.cli.progress import Reporter
    from crmdesk.store import Store
    from crmdesk.sync.importing import ImportOrder, ImportResult
    from crmdesk.sync.profile import ImportProfile
    from crmdesk.sync.server import ServerSource

Object = dict[str, Any]

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
    sync_profiles.add_commands(commands)
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
    parser.add_argument(
        "--plan", type=Path, metavar="JSONL", help="write what becomes of each record"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_job_options(parser)
    add_store_options(parser)
    parser.set_defaults(command=_run, kind=kind)


# --- run ------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    work: Callable[[argparse.Namespace, Reporter], Object] = _show if options.show else _sync
    show = print_facts if options.show else _print_result
    return run_job(options, partial(work, options), print_json if options.json else show)


def _show(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.sync.planning.json_form import facts_to_json, records_to_json

    with ExitStack() as stack:
        store, profile = _opened_store(stack, options, reporter)
        source = _opened_source(stack, options, store, profile, reporter)
        facts = facts_to_json(source.facts, profile.columns)
        rows = records_to_json(source.records())
    return {"file": options.profile, **facts, "rows": rows}


def _sync(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.sync.planning.json_form import facts_to_json, row_to_json, summary_to_json

    began = time.monotonic()
    with ExitStack() as stack:
        store, profile = _opened_store(stack, options, reporter)
        with _failure_kept(options, store.store, profile):
            source = _opened_source(stack, options, store, profile, reporter)
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


def _opened_store(
    stack: ExitStack, options: argparse.Namespace, reporter: Reporter
) -> tuple[OpenedStore, ImportProfile]:
    """The store and the profile; a password that a desk sent is kept for the nights to come."""
    profile = profile_of(options.profile, options.kind)
    reporter.progress(0, None, "opening the store")
    store = stack.enter_context(opened(options))
    sync_passwords.keep_given_password(options, store, profile)
    return store, profile


def _opened_source(
    stack: ExitStack,
    options: argparse.Namespace,
    store: OpenedStore,
    profile: ImportProfile,
    reporter: Reporter,
) -> ServerSource:
    """The server as it is since the last run."""
    from crmdesk.domain.importing import SourceKind
    from crmdesk.sync.server import read_again
    from crmdesk.sync.servers import open_server
    from crmdesk.sync.state import last_state

    state = {} if options.show else last_state(store.store, profile)
    if options.all:
        state = read_again(state)
    password = sync_passwords.password_of(store, profile)
    reporter.progress(0, None, "asking the server")
    kind = SourceKind(profile.kind)
    return stack.enter_context(open_server(kind, profile.options, password, state))


@contextmanager
def _failure_kept(
    options: argparse.Namespace, store: Store, profile: ImportProfile
) -> Iterator[None]:
    """A run that fails at night is seen in the morning, where the profiles are listed."""
    from crmdesk.store.queries import utc_now
    from crmdesk.sync.runs import ProfileRun, keep_run

    try:
        yield
    except UserFacingError as error:
        if not options.dry_run:
            keep_run(store, profile.name, ProfileRun(at=utc_now(), error=error.what))
        raise


def _import(
    stack: ExitStack,
    options: argparse.Namespace,
    store: OpenedStore,
    profile: ImportProfile,
    source: ServerSource,
    reporter: Reporter,
) -> ImportResult:
    from crmdesk.store.queries import utc_now
    from crmdesk.sync.importing import run_import
    from crmdesk.sync.runs import keep_run, run_of
    from crmdesk.sync.state import keep_state

    order = _order(stack, options, profile, source)
    result = run_import(store.store, order, reporter.progress)
    if not options.dry_run:
        # Only now: a run that dies before is simply run again.
        keep_state(store.store, profile, source.state(), result.summary.batch)
        run = run_of(result.summary, utc_now(), removed=len(source.removed))
        keep_run(store.store, profile.name, run)
    return result


def _order(
    stack: ExitStack, options: argparse.Namespace, profile: ImportProfile, source: ServerSource
) -> ImportOrder:
    from crmdesk.settings import paths
    from crmdesk.sync.bad_rows import BadRowsFile
    from crmdesk.sync.importing import ImportOrder

    settings = load_settings(options)
    region, area_code = desk_region(settings)
    bad = options.bad
    if bad is None and not options.dry_run:
        bad = paths.home() / f"{profile.name}-bad-rows.csv"
    columns = [column.name for column in source.facts.columns]
    return ImportOrder(
        source,
        profile,
        f"Sync of {profile.name}",
        who_of(options, settings, "sync"),
        region,
        area_code,
        is_dry=options.dry_run,
        bad=stack.enter_context(BadRowsFile(bad, columns)) if bad else None,
        each_row=plan_writer(stack, options.plan),
    )


def _print_result(plain: Object) -> None:
    print_result(plain)
    if plain["removed"]:
        shown = ", ".join(plain["removed_keys"][:10])
        print(f"No longer there: {plain['removed']:,} ({shown}). Their customers were kept.")
