"""`crmdesk import`: customers out of a file, as one step that can be taken back."""

from __future__ import annotations

import argparse
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.cli.import_file import opened_file
from crmdesk.cli.import_words import print_batches, print_facts, print_result, print_undo
from crmdesk.cli.opening import (
    NoStoreError,
    add_store_options,
    load_settings,
    open_store_of,
    who_of,
)
from crmdesk.cli.output import print_json
from crmdesk.cli.plan_file import plan_writer
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.cli.progress import Reporter
    from crmdesk.domain.importing import ImportSummary
    from crmdesk.settings.model import LineSettings, Settings
    from crmdesk.store import Store
    from crmdesk.sync.bad_rows import BadRowsFile
    from crmdesk.sync.importing import ImportResult
    from crmdesk.sync.profile import ImportProfile
    from crmdesk.sync.records.importing import RecordResult
    from crmdesk.sync.sources import Source

Object = dict[str, Any]

_LISTED = 50
RECORDS = (
    "tickets", "orders", "invoices", "payments", "surveys", "follow_ups", "leads", "notes",
)  # fmt: skip
"""What else there is to bring in; `sync.records.kinds` says what each has."""


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk import --help`."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.list:
        return _run(options, _list, print_batches)
    if options.undo is not None:
        return _run(options, _undo, print_undo)
    if options.file is None:
        parser.error("give a FILE, or --list or --undo")
    if options.show:
        return _run(options, _show, print_facts)
    return _run(options, _import, print_result)


def _run(
    options: argparse.Namespace,
    work: Callable[[argparse.Namespace, Reporter], Object],
    show: Callable[[Object], None],
) -> int:
    return run_job(options, partial(work, options), print_json if options.json else show)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk import",
        description="Bring customers in from a file, or what happened with them: CSV, XLSX, vCard"
        " or JSON lines. Without a profile the columns are guessed by their names and values, and"
        " the guess is told.",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="only say what is in FILE, and the guess")
    what.add_argument("--dry-run", action="store_true", help="only say what would be done")
    what.add_argument("--list", action="store_true", help="list the imports there were")
    what.add_argument("--undo", nargs="?", const="", type=_batch_id, metavar="BATCH",
                      help="take an import back, the newest by default")  # fmt: skip
    parser.add_argument("--as", dest="kind", choices=RECORDS, metavar="KIND",
                        help="FILE holds no customers but their "
                        + ", ".join(name.replace("_", " ") for name in RECORDS))  # fmt: skip
    _add_reading_options(parser)
    parser.add_argument("--bad", type=Path, metavar="CSV",
                        help="where records go that cannot be used, with the reason"
                        " (default: beside FILE)")  # fmt: skip
    parser.add_argument("--plan", type=Path, metavar="JSONL",
                        help="write what becomes of each record, a JSON object a line")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_job_options(parser)
    add_store_options(parser)
    return parser


def _add_reading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="P", help="how to read FILE, as it was saved")
    parser.add_argument("--save-profile", metavar="P", help="save how FILE is read under a name")
    parser.add_argument("--map", action="append", default=[], type=_pair, metavar="COLUMN=TARGET",
                        help="where a column goes; nothing behind = leaves it out;"
                        " custom:NAME is a field of your own")  # fmt: skip
    parser.add_argument("--option", action="append", default=[], type=_pair, metavar="NAME=VALUE",
                        help="how FILE is written: encoding=cp1252, delimiter=;, sheet=...",
                        )  # fmt: skip
    parser.add_argument("--region", type=str, metavar="R",
                        help="country of numbers without one, such as DE (default: the"
                        " line's)")  # fmt: skip
    parser.add_argument("--source-name", type=given.name, metavar="NAME",
                        help="the program the ids in FILE come from")  # fmt: skip
    parser.add_argument("--segment", metavar="NAME",
                        help="of the customers who are there change only those of this saved"
                        " segment; nothing for all")  # fmt: skip


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if text.count("=") > 1 else text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no pair; write Phone=number_mobile")
    return name, value.strip()


def _batch_id(text: str) -> uuid.UUID | str:
    try:
        return uuid.UUID(text) if text else ""
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id of an import") from None


def desk_region(settings: Settings) -> tuple[str, str]:
    """Country and area of the numbers of this desk: those of its first line that has them."""
    from crmdesk.settings.system_region import system_region

    lines: list[LineSettings] = sorted(settings.lines, key=lambda line: not line.enabled)
    line = next((line for line in lines if line.region), None)
    return (line.region, line.area_code) if line else (system_region(), "")


# --- show ---------------------------------------------------------------------------------------


def _show(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.sync.planning.json_form import facts_to_json, records_to_json
    from crmdesk.sync.profile import names

    reporter.progress(0, None, "reading")
    with opened_file(options, reporter) as (source, profile):
        facts = facts_to_json(source.facts, profile.columns)
        rows = records_to_json(source.records())
    return {"file": str(options.file), **facts, "rows": rows, "profiles": list(names())}


# --- import -------------------------------------------------------------------------------------


def _import(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.sync.planning.json_form import facts_to_json, row_to_json, summary_to_json
    from crmdesk.sync.profile import save

    began = time.monotonic()
    with ExitStack() as stack:
        source, profile = stack.enter_context(opened_file(options, reporter))
        reporter.progress(0, source.size, "opening the store")
        store = stack.enter_context(_store_of(options))
        result = _brought_in(options, stack, store, source, profile, reporter)
        _keep_run(store, options, result.summary)
        facts = facts_to_json(source.facts, profile.columns)
    if options.save_profile:
        save(profile, options.save_profile)
    seconds = time.monotonic() - began
    return {
        "dry_run": options.dry_run,
        "file": str(options.file),
        "as": profile.holds,
        "profile": options.profile or options.save_profile,
        "source": facts,
        **summary_to_json(result.summary),
        "seconds": round(seconds, 1),
        "rate": round(result.summary.records / seconds) if seconds else 0,
        "rows": [row_to_json(row) for row in result.rows],
    }


def _brought_in(
    options: argparse.Namespace,
    stack: ExitStack,
    store: Store,
    source: Source,
    profile: ImportProfile,
    reporter: Reporter,
) -> ImportResult | RecordResult:
    from crmdesk.sync.profile_targets import CUSTOMERS

    settings = load_settings(options)
    region, area_code = desk_region(settings)
    who = who_of(options, settings, "import")
    title = f"Import of {options.file.name}"
    bad, each_row = bad_rows(stack, options, source), plan_writer(stack, options.plan)
    if profile.holds == CUSTOMERS:
        from crmdesk.sync.importing import ImportOrder, run_import

        order = ImportOrder(source, profile, title, who, region, area_code,
                            is_dry=options.dry_run, bad=bad, each_row=each_row)  # fmt: skip
        return run_import(store, order, reporter.progress)
    from crmdesk.desk.follow_ups.own_zone import OWN_ZONE
    from crmdesk.sync.records.importing import RecordOrder, import_records

    records = RecordOrder(source, profile, OWN_ZONE, title, who, region, area_code,
                          is_dry=options.dry_run, bad=bad, each_row=each_row)  # fmt: skip
    return import_records(store, records, reporter.progress)


@contextmanager
def _store_of(options: argparse.Namespace) -> Iterator[Store]:
    """The customers; a dry run before there is any store looks at an empty one."""
    with ExitStack() as stack:
        try:
            store = stack.enter_context(open_store_of(options, makes=not options.dry_run))
        except NoStoreError:
            if options.store:
                raise
            store = stack.enter_context(_empty_store())
        yield store


@contextmanager
def _empty_store() -> Iterator[Store]:
    """A store that goes when it was looked at; a dry run writes nothing into it."""
    from crmdesk.store import keys, open_store

    with TemporaryDirectory(prefix="crmdesk-") as folder:
        store = open_store(Path(folder) / "empty.db", keys.DEMO_KEY)
        try:
            yield store
        finally:
            store.close()


def _keep_run(store: Store, options: argparse.Namespace, summary: ImportSummary) -> None:
    """What became of it stands beside the profile; a dry run is none."""
    from crmdesk.store.queries import utc_now
    from crmdesk.sync.runs import keep_run, run_of

    if options.profile and not options.dry_run:
        file = str(options.file.absolute())
        keep_run(store, options.profile, run_of(summary, utc_now(), file=file))


def bad_rows(stack: ExitStack, options: argparse.Namespace, source: Source) -> BadRowsFile | None:
    """The file for what cannot be used: a dry run makes one only where it is asked for."""
    from crmdesk.sync.bad_rows import BadRowsFile

    path = options.bad
    if path is None and options.dry_run:
        return None
    columns = [column.name for column in source.facts.columns]
    return stack.enter_context(BadRowsFile(path or _beside(options.file), columns))


def _beside(file: Path) -> Path:
    """customers.csv -> customers-bad-rows.csv, in our own folder where that one is not ours."""
    from crmdesk.settings import paths

    folder = file.parent if os.access(file.parent, os.W_OK) else paths.home()
    return folder / f"{file.stem}-bad-rows.csv"


# --- list and undo ------------------------------------------------------------------------------


def _list(options: argparse.Namespace, _reporter: Reporter) -> Object:
    from crmdesk.domain.changes import ChangeKind
    from crmdesk.sync.planning.json_form import batch_to_json

    with open_store_of(options) as store:
        page = store.read(lambda r: r.changes(limit=_LISTED, kinds=[ChangeKind.IMPORT])).result()
    return {"imports": [batch_to_json(change) for change in page.changes]}


def _undo(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.store.changes.large import undo_in_parts

    settings = load_settings(options)
    who = who_of(options, settings)
    with open_store_of(options) as store:
        batch = options.undo or _newest(store)
        result = undo_in_parts(
            store, batch, who, lambda done, of: reporter.progress(done, of, "taking back")
        )
    return {"batch": str(batch), "restored": result.restored, "kept": result.kept}


def _newest(store: Any) -> uuid.UUID:  # noqa: ANN401  imported late
    from crmdesk.domain.changes import ChangeKind, ChangeState

    page = store.read(lambda r: r.changes(limit=_LISTED, kinds=[ChangeKind.IMPORT])).result()
    newest = next((one for one in page.changes if one.state is not ChangeState.UNDONE), None)
    if newest is None:
        raise UserFacingError(
            "There is no import to take back.", "Nothing was changed.", "See crmdesk import --list."
        )
    return uuid.UUID(str(newest.id))
