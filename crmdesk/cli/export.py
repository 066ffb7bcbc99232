"""`crmdesk export`: customers, calls and records as files for other programs."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmdesk.cli import export_person, export_records, given
from crmdesk.cli.opening import add_store_options, open_store_of
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.cli.segments import members_named
from crmdesk.domain.call_log import CallFilter
from crmdesk.domain.calls import Direction
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.cli.progress import Reporter
    from crmdesk.domain.segments import Members
    from crmdesk.store import Store
    from crmdesk.sync.export.writing import ExportSummary, Progress, Target

FORMATS = ("csv", "xlsx", "vcard", "jsonl")
"""The same as `sync.export.formats.ExportFormat`, for a quick --help."""

_PERSON = "person"
_STANDARD_OUTPUT = Path("-")
_ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".vcf": "vcard", ".vcard": "vcard", ".jsonl": "jsonl"}


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk export --help`."""
    if argv[:1] == [_PERSON]:
        return export_person.run(argv[1:])
    options = _parser().parse_args(argv)
    return run_job(options, partial(_work, options), partial(_show, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk export",
        description="Write customers, calls, or tickets, orders and what else happened with"
        " customers into a file for other programs, or all that is stored of one person. Names"
        " that a spreadsheet would run as a formula are made harmless.",
    )
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    customers = commands.add_parser("customers", help="all customers, or those a search finds")
    customers.add_argument("--text", default="", help="only those that a search for this finds")
    customers.add_argument("--segment", default="", metavar="NAME",
                           help="only those of this saved segment")  # fmt: skip
    calls = commands.add_parser("calls", help="the call log, newest first")
    calls.add_argument("--text", default="", help="part of a name, company or number")
    calls.add_argument("--since", type=given.moment, help="from this day or time (ISO 8601)")
    calls.add_argument("--until", type=given.moment, help="up to this day or time, without it")
    calls.add_argument("--direction", choices=[one.value for one in Direction])
    calls.add_argument("--missed", action="store_true", help="only calls nobody answered")
    calls.add_argument("--extension", default="", help="offered to, answered or placed by it")
    calls.add_argument("--segment", default="", metavar="NAME",
                       help="only calls of customers of this saved segment")  # fmt: skip
    calls.add_argument("--to-call-back", action="store_true",
                       help="only lost calls whose caller nobody has talked to since")  # fmt: skip
    export_records.add_parsers(commands, _add_file_options)
    commands.add_parser(_PERSON, help="all that is stored of one person, as JSON", add_help=False)
    for command in (customers, calls):
        _add_file_options(command)
        add_job_options(command)
        add_store_options(command)
    return parser


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, help="by the name of the file, else csv")
    parser.add_argument("--out", "--to", type=Path, default=_STANDARD_OUTPUT, metavar="FILE",
                        help="where to write it; - for standard output (the default)")  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument("--delimiter", default="comma",
                        help="of csv: comma, semicolon, tab, pipe or one character")  # fmt: skip
    parser.add_argument("--bom", action="store_true",
                        help="begin csv with a byte order mark, for Excel")  # fmt: skip
    parser.add_argument("--vcard-version", choices=("3.0", "4.0"), default="3.0")
    parser.add_argument("--json", action="store_true", help="the summary as a JSON object")


def _work(options: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from crmdesk.sync.export.place import check_free

    target = _target(options)
    if target.place is not None:
        check_free(target.place, replace=target.replace)  # before anybody is asked for a key
    with open_store_of(options) as store:
        return asdict(_export(store, target, reporter.progress, options))


def _export(
    store: Store, target: Target, progress: Progress, options: argparse.Namespace
) -> ExportSummary:
    from crmdesk.sync.export.run import export_calls, export_customers

    if options.what == "customers":
        return export_customers(store, target, progress, options.text, _members(store, options))
    if options.what != "calls":
        return export_records.export(store, options, target, progress)
    chosen = CallFilter(
        text=options.text,
        direction=Direction(options.direction) if options.direction else None,
        since=options.since,
        until=options.until,
        extension=options.extension,
        missed_only=options.missed,
        members=members_named(store, options.segment),
    )
    return export_calls(store, target, progress, chosen, to_call_back=options.to_call_back)


def _members(store: Store, options: argparse.Namespace) -> Members | None:
    """Who belongs to the segment that is named, None where none is.

    Raises:
        UserFacingError: There is no such segment, or it is to be searched.
    """
    if not options.segment:
        return None
    if options.text:
        raise UserFacingError(
            "A search and a segment do not go together.",
            "Nothing was written.",
            "Leave out --text or --segment.",
        )
    return members_named(store, options.segment)


def _target(options: argparse.Namespace) -> Target:
    """What the options name.

    Raises:
        UserFacingError: They do not fit together.
    """
    from crmdesk.sync.export.formats import ExportFormat, FormatOptions, delimiter_of
    from crmdesk.sync.export.writing import Target

    is_stream = options.out == _STANDARD_OUTPUT
    chosen = ExportFormat(options.format or _ENDINGS.get(options.out.suffix.lower(), "csv"))
    if is_stream and options.progress:
        raise UserFacingError(
            "Standard output cannot take progress and the export.",
            "Nothing was written.",
            "Name a file with --out, or leave out --progress.",
        )
    if is_stream and chosen is ExportFormat.XLSX and sys.stdout.isatty():
        raise UserFacingError(
            "A workbook is nothing to read on a terminal.",
            "Nothing was written.",
            "Name a file with --out, or choose another format.",
        )
    style = FormatOptions(delimiter_of(options.delimiter), options.bom, options.vcard_version)
    return Target(chosen, None if is_stream else options.out.absolute(), style, options.force)


def _show(options: argparse.Namespace, result: dict[str, Any]) -> None:
    """The summary; on standard error where standard output has the export itself."""
    out = sys.stdout if result["place"] else sys.stderr
    if options.json:
        import json

        print(json.dumps(result, ensure_ascii=False), file=out)
        return
    what = _words(options.what, result["rows"])
    where = f" in {result['place']}" if result["place"] else ""
    print(f"{result['rows']:,} {what}{where}, {result['seconds']:.1f} s.", file=out)
    for note in result["notes"]:
        print(note, file=out)


def _words(what: str, count: int) -> str:
    """What was written, in words."""
    if what in {"customers", "calls"}:
        return what if count != 1 else what[:-1]
    from crmdesk.sync.records.kinds import SHAPES, RecordKind

    shape = SHAPES[RecordKind(what)]
    return shape.several if count != 1 else shape.one
