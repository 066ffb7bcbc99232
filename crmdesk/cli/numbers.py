"""`crmdesk numbers`: the number clinic, its bulk fixes and taking them back."""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.cli.opening import add_store_options, load_settings, open_store_of, who_of
from crmdesk.cli.output import print_json, print_lines
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.domain.errors import UserFacingError

if TYPE_CHECKING:
    from crmdesk.cli.progress import Reporter
    from crmdesk.desk.clinic.fixes import FixPlan, PlannedFix
    from crmdesk.desk.clinic.report import ClinicReport, LineRate, ProblemCount
    from crmdesk.settings.model import Settings

FIXES = ("missing-plus", "wrong-region", "extension", "letters")
"""The same as `desk.clinic_report.FIXABLE`, for a quick --help."""

_WORDS = {
    "missing-plus": "the + before the country code is missing",
    "wrong-region": "read in the wrong country",
    "extension": "extension inside the number",
    "letters": "letters in the number",
    "unreadable": "no phone number",
    "unreachable": "no call can match",
    "costly": "premium rate or shared cost",
    "short": "emergency number or short code",
    "duplicate": "twice with one customer",
    "fax-only": "only a fax number",
}

Object = dict[str, Any]


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk numbers --help`."""
    options = _parser().parse_args(argv)
    return int(options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk numbers",
        description="Find what is wrong with the phone numbers of customers, and put it right.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    clinic = commands.add_parser("clinic", help="look at all numbers; changes nothing")
    clinic.add_argument("--examples", type=given.count, default=5, metavar="N",
                        help="numbers to show of each problem (default 5)")  # fmt: skip
    clinic.set_defaults(command=_clinic)
    fix = commands.add_parser("fix", help="put numbers right, as one step that can be undone")
    fix.add_argument("kinds", nargs="+", choices=FIXES, metavar="KIND", help=", ".join(FIXES))
    fix.add_argument("--dry-run", action="store_true", help="only show what would be done")
    fix.add_argument("--examples", type=given.count, default=20, metavar="N",
                     help="numbers to show (default 20)")  # fmt: skip
    fix.set_defaults(command=_fix)
    undo = commands.add_parser("undo", help="take a fix back, the newest by default")
    undo.add_argument("id", nargs="?", type=_change_id, help="of the fix, as `fix` printed it")
    undo.set_defaults(command=_undo)
    for command in (clinic, fix, undo):
        command.add_argument("--json", action="store_true", help="one JSON object")
        add_job_options(command)
        add_store_options(command)
    for command in (clinic, fix):
        command.add_argument("--line", default="", metavar="L", help="id of a line: numbers"
                             " without a country are read as on it")  # fmt: skip
    return parser


def _change_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id of a fix") from None


def _settings(options: argparse.Namespace) -> Settings:
    """The settings, with the line that was asked for in them."""
    settings = load_settings(options)
    if options.line and settings.line(options.line) is None:
        known = ", ".join(line.id for line in settings.lines) or "none"
        raise UserFacingError(
            f"There is no line {options.line!r}.",
            "Nothing was changed.",
            f"The lines are: {known}.",
        )
    return settings


# --- clinic -------------------------------------------------------------------------------------


def _clinic(options: argparse.Namespace) -> int:
    show = print_json if options.json else _print_report
    return run_job(options, partial(_examine, options), show)


def _examine(options: argparse.Namespace, reporter: Reporter) -> Object:
    import msgspec

    from crmdesk.desk.clinic.report import report_to_json
    from crmdesk.desk.clinic.run import run_clinic

    began = time.monotonic()
    settings = _settings(options)
    with open_store_of(options) as store:
        report = run_clinic(store, settings, datetime.now(UTC), reporter.progress,
                            line_id=options.line, examples=options.examples)  # fmt: skip
        took = round(time.monotonic() - began, 1)
        report = msgspec.structs.replace(report, seconds=took)
        text = msgspec.json.encode(report).decode()
        store.write(lambda writer: writer.keep_clinic_report(text)).result()
    return report_to_json(report)


def _print_report(plain: Object) -> None:
    from crmdesk.desk.clinic.report import report_from_json

    print_lines(_report_lines(report_from_json(plain)))


def _report_lines(report: ClinicReport) -> Iterator[str]:
    yield (
        f"{report.numbers:,} numbers of {report.customers:,} customers,"
        f" in {report.seconds:.1f} s. Nothing was changed."
    )
    if not report.problems:
        yield "Every number can be read and matched."
    else:
        yield f"\n{'':<44}{'numbers':>10}{'can be fixed':>14}"
    for problem in report.problems:
        yield from _problem_lines(problem)
    yield f"\nShared by several customers: {_numbers(report.shared.numbers)}"
    for size in report.shared.histogram:
        yield f"  {size.numbers:>9,} with {size.owners} owners"
    for shared in report.shared.top:
        yield f"  {shared.number}: {shared.owners:,} owners ({', '.join(shared.names)}...)"
    yield from _rate_lines(report)
    kinds = [problem.kind.value for problem in report.problems if problem.fixable]
    if kinds:
        yield f"\nTo see what a fix does: crmdesk numbers fix --dry-run {' '.join(kinds)}"


def _problem_lines(problem: ProblemCount) -> Iterator[str]:
    words = _WORDS[problem.kind] + (f" on {problem.line}" if problem.line else "")
    fixable = f"{problem.fixable:,}" if problem.fixable else ""
    yield f"{words:<44}{problem.count:>10,}{fixable:>14}".rstrip()
    for example in problem.examples:
        after = f" -> {example.after}" if example.after else ""
        yield f"    {example.name}: {example.raw}{after}. {example.why}"


def _rate_lines(report: ClinicReport) -> Iterator[str]:
    yield "\nCalls of the last 30 days that find one customer"
    if not report.rates:
        yield "  No calls from outside in that time."
    for rate in report.rates:
        yield f"  {rate.name or 'calls without a line'}: {_rate(rate)}"
    if report.sampled:
        yield f"  From a sample of {report.sampled:,} of {report.callers:,} callers."


def _rate(rate: LineRate) -> str:
    now, after = rate.now, rate.after
    return (
        f"{now.matched:,} of {rate.calls:,} now, {after.matched:,} after the fixes"
        f" (several {now.several:,} and {after.several:,},"
        f" nobody {now.nobody:,} and {after.nobody:,})"
    )


# --- fix ----------------------------------------------------------------------------------------


def _fix(options: argparse.Namespace) -> int:
    show = print_json if options.json else _print_fix
    return run_job(options, partial(_do_fix, options), show)


def _do_fix(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.desk.clinic.fixes import fix_numbers, planned_fixes, preview
    from crmdesk.desk.clinic.report import Problem

    settings = _settings(options)
    kinds = {Problem(kind) for kind in options.kinds}
    with open_store_of(options) as store:
        pages = planned_fixes(store, settings, kinds, reporter.progress, options.line)
        if options.dry_run:
            plan = preview(pages, options.examples)
        else:
            who = who_of(options, settings, "numbers")
            plan = fix_numbers(store, pages, who, options.examples)
    return _fix_object(plan, dry_run=options.dry_run)


def _fix_object(plan: FixPlan, *, dry_run: bool) -> Object:
    return {
        "dry_run": dry_run,
        "fixable": plan.count,
        "kinds": {kind.value: count for kind, count in plan.counts.items()},
        "fixed": plan.fixed,
        "skipped": plan.skipped,
        "change": str(plan.change.id) if plan.change else None,
        "rows": [_fix_row(row) for row in plan.rows],
    }


def _fix_row(planned: PlannedFix) -> Object:
    number, finding = planned
    before = number.e164 or ""
    if before and number.extension:
        before += f" ext. {number.extension}"
    return {
        "customer": str(uuid.UUID(bytes=number.customer)),
        "name": number.name,
        "raw": number.raw,
        "before": before,
        "after": finding.fix.shown if finding.fix else "",
        "kind": finding.problem.value,
        "why": finding.why,
    }


def _print_fix(result: Object) -> None:
    for row in result["rows"]:
        before = f" ({row['before']})" if row["before"] else ""
        print_lines([f"{row['name']}: {row['raw']}{before} -> {row['after']}. {row['why']}"])
    more = result["fixable"] - len(result["rows"])
    if more > 0:
        print(f"and {more:,} more")
    if result["dry_run"]:
        print(f"{_numbers(result['fixable'])} would be fixed. Nothing was changed.")
        return
    print(f"{_numbers(result['fixed'])} fixed.")
    if result["skipped"]:
        print(f"Left alone, because somebody changed them meanwhile: {result['skipped']:,}.")
    if result["change"]:
        print(f"To take it back: crmdesk numbers undo {result['change']}")


# --- undo ---------------------------------------------------------------------------------------


def _undo(options: argparse.Namespace) -> int:
    show = print_json if options.json else _print_undo
    return run_job(options, partial(_do_undo, options), show)


def _do_undo(options: argparse.Namespace, reporter: Reporter) -> Object:
    from crmdesk.desk.clinic.fixes import undo_fix

    who = who_of(options, load_settings(options))
    with open_store_of(options) as store:
        change, result = undo_fix(store, options.id, who, reporter.progress)
    return {"change": str(change.id), "restored": result.restored, "kept": result.kept}


def _print_undo(result: Object) -> None:
    verb = "is" if result["restored"] == 1 else "are"
    print(f"{_numbers(result['restored'])} {verb} as before.")
    if result["kept"]:
        print(f"Left as they are, because somebody changed them since: {result['kept']:,}.")


def _numbers(count: int) -> str:
    return f"{count:,} number{'' if count == 1 else 's'}"
