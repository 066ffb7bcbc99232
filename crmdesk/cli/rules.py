"""`crmdesk rules`: the rules of the matching, and the lab that tries others on past calls."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.cli.opening import add_store_options, load_settings, open_store_of
from crmdesk.cli.output import print_json, print_lines
from crmdesk.cli.progress import add_job_options, run_job
from crmdesk.domain.matches import more_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmdesk.cli.progress import Reporter
    from crmdesk.desk.rule_lab.report import Found, LabExample, LabReport
    from crmdesk.settings.model import Settings
    from crmdesk.store import Reader

EXAMPLES_MAX = 100

_WORDS = {
    "found": "newly found",
    "lost": "lost",
    "ambiguous": "newly ambiguous",
    "moved": "moved to somebody else",
    "suggested": "newly suggested",
    "not_suggested": "no longer suggested",
    "others": "other people to choose from",
    "unchanged": "unchanged",
}
_STATES = {
    "several": "several",
    "suggested": "suggested",
    "none": "nobody",
    "withheld": "withheld",
    "internal": "internal",
}
NO_RUNG = "ladder="
_NOBODY_FOUND = "The ladder has no rung: nobody who calls is found with these rules."
_ABOUT_RULES = (
    "A RULE is NAME=VALUE: ladder=account,e164,national  suffix_digits=6  block_digits=3  "
    "link_from=500  lead=100  line.ID.region=AT  line.ID.area_code=30  line.ID.line_prefix=0  "
    "line.ID.internal=1000-1099"
)


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk rules --help`."""
    options = _parser().parse_args(argv)
    return int(options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk rules",
        description="The rules by which callers are found: show them, try others on the calls of"
        " the past, save them.",
        epilog=_ABOUT_RULES,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    show = commands.add_parser("show", help="print the rules in force")
    show.add_argument("--json", action="store_true", help="one JSON object")
    show.set_defaults(command=_show)
    _try_parser(commands.add_parser("try", help="what other rules would have found; saves nothing"))
    save = commands.add_parser("set", help="save rules", epilog=_ABOUT_RULES)
    save.add_argument("rule", nargs="+", metavar="RULE", help="NAME=VALUE")
    save.set_defaults(command=_set)
    return parser


def _try_parser(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _ABOUT_RULES
    parser.add_argument("--rule", nargs="+", action="append", default=[], metavar="RULE",
                        help="NAME=VALUE, as it shall be; several and repeatable")  # fmt: skip
    parser.add_argument("--since", type=given.moment, help="only calls from this day or time on")
    parser.add_argument(
        "--examples",
        type=_examples,
        default=5,
        metavar="N",
        help=f"numbers to show of each kind of change (default 5, at most {EXAMPLES_MAX})",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_job_options(parser)
    add_store_options(parser)
    parser.set_defaults(command=_try)


def _examples(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= EXAMPLES_MAX):
        raise argparse.ArgumentTypeError(f"{text!r} is no count from 0 to {EXAMPLES_MAX}")
    return int(text)


def _show(options: argparse.Namespace) -> int:
    from crmdesk.desk.rule_lab.texts import rule_texts

    texts = rule_texts(load_settings())
    if options.json:
        print_json({"rules": dict(text.split("=", 1) for text in texts)})
    else:
        print("\n".join(texts))
    return 0


def _set(options: argparse.Namespace) -> int:
    from crmdesk.desk.rule_lab.texts import change_rules, changed_rules
    from crmdesk.settings import file, paths

    before = load_settings()
    after = change_rules(before, options.rule)
    changed = changed_rules(before, after)
    if not changed:
        print("These rules hold already.")
        return 0
    saved = file.save(paths.settings_file(), after, since=before)
    print(f"Saved: {' '.join(changed)}")
    if NO_RUNG in changed:
        print(_NOBODY_FOUND)
    print(f"To go back: crmdesk rules set {' '.join(changed_rules(saved, before))}")
    print("A desk that is open takes them when it starts again.")
    return 0


# --- the lab ------------------------------------------------------------------------------------


def _try(options: argparse.Namespace) -> int:
    texts = tuple(chain.from_iterable(options.rule))
    show = print_json if options.json else _print_report
    return run_job(options, partial(_work, options, texts), show)


def _work(
    options: argparse.Namespace, texts: tuple[str, ...], reporter: Reporter
) -> dict[str, Any]:
    from crmdesk.desk.rule_lab.report import report_to_json
    from crmdesk.desk.rule_lab.texts import change_rules, changed_rules

    began = time.monotonic()
    before = load_settings(options)
    after = change_rules(before, texts)
    job = partial(_tried, (before, after), options, reporter)
    with open_store_of(options) as store:
        report = store.read(job).result()
    took = round(time.monotonic() - began, 1)
    return report_to_json(replace(report, rules=changed_rules(before, after), seconds=took))


def _tried(
    rules: tuple[Settings, Settings],
    options: argparse.Namespace,
    reporter: Reporter,
    reader: Reader,
) -> LabReport:
    """Runs on the store's reader thread: one view of the log, whatever comes in meanwhile."""
    from crmdesk.desk.rule_lab.lab import RuleLab, rule_set
    from crmdesk.store.number_index import NumberIndex

    numbers, calls = reader.index_size(), reader.caller_count(options.since)
    done, of = 0, numbers + calls
    index = NumberIndex(reader, lambda read, _: reporter.progress(read, of, "reading numbers"))
    before, after = map(rule_set, rules)
    lab = RuleLab(before, after, index, datetime.now().astimezone().date())
    for rows in reader.callers(options.since):
        reporter.progress(numbers + done, of, "looking at calls")
        lab.look_at(rows)
        done += len(rows)
    return lab.report(options.examples)


def _print_report(plain: dict[str, Any]) -> None:
    from crmdesk.desk.rule_lab.report import report_from_json

    print_lines(_lines(report_from_json(plain)))


def _lines(report: LabReport) -> Iterator[str]:
    looked = report.looked_at
    yield f"Rules tried: {' '.join(report.rules) or 'none, those in force'}"
    yield f"{_calls(looked.calls)} of {_numbers(looked.numbers)}, in {report.seconds:.1f} s."
    yield f"Not looked at: {report.withheld_calls:,} withheld, {report.internal_calls:,} internal."
    yield (
        f"One customer found: {_calls(report.linked_before.calls)} now,"
        f" {_calls(report.linked_after.calls)} with these rules."
    )
    yield ""
    yield f"{'':<28}{'calls':>14}{'numbers':>12}"
    for kind, count in report.counts.items():
        yield f"{_WORDS[kind]:<28}{count.calls:>14,}{count.numbers:>12,}"
    shown = None
    for example in report.examples:
        if example.kind is not shown:
            shown = example.kind
            yield f"\n{_WORDS[shown].capitalize()}"
        yield from _example_lines(example)
    if NO_RUNG in report.rules:
        yield f"\n{_NOBODY_FOUND}"
    yield "\nNothing was changed."
    if report.rules:
        yield f"To save these rules: crmdesk rules set {' '.join(report.rules)}"


def _example_lines(example: LabExample) -> Iterator[str]:
    line = f" on {example.line}" if example.line else ""
    before, after = _found(example.before), _found(example.after)
    yield f"  {example.number}{line}, {_calls(example.calls)}: {before} -> {after}"
    yield f"      {example.why}"


def _found(found: Found) -> str:
    if found.customer_id is not None:
        return f"{found.name} ({found.rule})"
    words = _STATES.get(found.state, found.state.value)
    if not found.candidates or not found.name:
        return words
    count = found.candidates
    more = f" and {more_words(count - 1, count)}" if count > 1 else ""
    return f"{words}: {found.name}{more}"


def _calls(count: int) -> str:
    return f"{count:,} call{'' if count == 1 else 's'}"


def _numbers(count: int) -> str:
    return f"{count:,} number{'' if count == 1 else 's'}"
