"""`crmdesk match`: who a number is, by which rule, and why; one number or a file of them."""

from __future__ import annotations

import argparse
import uuid
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.cli.opening import add_store_options, load_settings, open_store_of
from crmdesk.cli.output import print_json, print_lines
from crmdesk.cli.progress import add_job_options
from crmdesk.domain.calls import Call, Direction, Verification
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.matches import MatchState, more_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmdesk.settings.model import LineSettings, Settings
    from crmdesk.store import Reader

_UNVERIFIED = Verification.UNKNOWN.value


def run(argv: list[str]) -> int:
    """Runs the command: 0 where there is an answer, also the answer that it is nobody."""
    parser = _parser()
    options = parser.parse_args(argv)
    if (options.number is None) == (options.file is None):
        parser.error("give one NUMBER, or --file with a file of numbers")
    if options.file is not None:
        return _run_file(parser, options)
    if options.progress or options.out:
        parser.error("--progress and --out are for --file")
    return _run_one(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk match",
        description="Say who a number is, by which rule and why, as for a call that comes in now."
        " Nothing is changed.",
    )
    parser.add_argument("number", nargs="?", metavar="NUMBER", help="as the phone system tells it")
    parser.add_argument("--line", metavar="L", help="id of the line that is called")
    parser.add_argument("--account", default="", metavar="ID", help="what the caller keyed in")
    parser.add_argument(
        "--verification",
        choices=[status.value for status in Verification],
        default=_UNVERIFIED,
        help="what the network says of the number's signature",
    )
    parser.add_argument("--day", type=given.moment, help="day of the call (default: today)")
    parser.add_argument("--dialled", metavar="N", help="the number that was called")
    parser.add_argument(
        "--file", metavar="NUMBERS", help="a file with a number on each line, - for standard input"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where the answers go, with --file"
    )
    parser.add_argument("--json", action="store_true", help="JSON, one object a line")
    add_job_options(parser)
    add_store_options(parser)
    return parser


def line_of(settings: Settings, line_id: str | None) -> LineSettings:
    """The line that was named; else the first one, else the built-in one of softphones.

    Raises:
        UserFacingError: There is no such line.
    """
    from crmdesk.bootstrap.lines import softphone_line

    built_in = softphone_line(settings)
    lines = {line.id: line for line in (*settings.lines, built_in)}
    if line_id is None:
        return next(iter(lines.values()))
    if line_id not in lines:
        raise UserFacingError(
            f"There is no phone line {line_id[:60]!r}.",
            f"Lines: {', '.join(lines)}.",
            "crmdesk lines list shows them.",
        )
    return lines[line_id]


# --- one number -----------------------------------------------------------------------------------


def _run_one(options: argparse.Namespace) -> int:
    settings = load_settings(options)
    line = line_of(settings, options.line)
    with open_store_of(options) as store:
        answer = store.read(partial(_matched, _call(options, line), line, settings)).result()
    if options.json:
        print_json({**answer, "number": _plain(options.number)})
    else:
        print_lines(_lines(answer))
        if not answer["e164"] and answer["state"] != MatchState.WITHHELD:
            _hint_at_country(line)
    return 0


def _hint_at_country(line: LineSettings) -> None:
    """Why a number may not have been read, where the line is the reason."""
    from crmdesk.matching.plan_checks import is_region

    if is_region(line.region):
        return
    country = f"the unknown country {line.region[:20]!r}" if line.region else "no country"
    print(f"\nThe line {line.id} has {country}, so only numbers with + can be read.")
    print("Give it one in its settings, or with --region when it is added.")


def _call(options: argparse.Namespace, line: LineSettings) -> Call:
    """The call that is asked about; at noon where a day is given."""
    day = options.day or datetime.now().astimezone()
    at = datetime.combine(day.date(), time(12)).astimezone() if options.day else day
    return Call(
        id=uuid.uuid4(),
        line_id=line.id,
        direction=Direction.INBOUND,
        started_at=at,
        caller_raw=_plain(options.number),
        dialled=_plain(options.dialled) if options.dialled else None,
        account_id=_plain(options.account) or None,
        verification=Verification(options.verification),
    )


def _plain(text: str) -> str:
    """An argument without the half characters that undecodable bytes become."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _matched(call: Call, line: LineSettings, settings: Settings, reader: Reader) -> dict[str, Any]:
    """What the desk would find; runs on the store's reader thread."""
    from crmdesk.desk.caller import LookUp, read_caller
    from crmdesk.desk.matching.json_form import match_to_json
    from crmdesk.matching.number_facts import facts_of

    caller = read_caller(reader, call, LookUp.of(line, settings), call.started_at)
    facts = facts_of(caller.number, line.region)
    return {**match_to_json(caller.match, facts, caller.ignored), "line": line.id}


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    """The answer for people."""
    customer, facts, trust = answer["customer"], answer["facts"], answer["trust"]
    yield answer["explanation"]
    yield ""
    yield from _row("Customer", f"{customer['name']}  {customer['id']}" if customer else "")
    yield from _row("State", f"{answer['state']} (rule: {answer['rule']})")
    yield from _row("Read as", _read_as(answer))
    yield from _row("Compared", answer["digits"])
    for step in answer["steps"]:
        yield from _row("", step)
    for reading in answer["other_readings"]:
        yield from _row("", f"could also mean {reading}")
    yield from _row("From", ", ".join(filter(None, (facts or {}).values())).replace("_", " "))
    yield from _row("Trust", "; ".join([trust["level"], *trust["reasons"]]))
    if answer["ignored"]:
        ignored = answer["ignored"]
        yield from _row("Ignored", f"{ignored['kind']} {ignored['text']}: {ignored['reason']}")
    yield from _candidate_lines(answer)


def _read_as(answer: dict[str, Any]) -> str:
    extension = f" extension {answer['extension']}" if answer["extension"] else ""
    return f"{answer['e164'] or 'no phone number'}{extension}"


def _candidate_lines(answer: dict[str, Any]) -> Iterator[str]:
    if not answer["candidates"]:
        return
    yield ""
    needed = answer["link_from"]
    yield f"Candidates, {needed} points needed:" if needed else "Candidates:"
    for found in answer["candidates"]:
        mark = "*" if found["linked"] else "-" if found["barred"] else " "
        who = ", ".join(filter(None, (found["name"], found["company"])))
        yield f" {mark} {found['score']:>5}  {who}"
        told = [_evidence(one["words"], one["points"]) for one in found["evidence"]]
        if told:
            yield f"          {', '.join(told)}"
        if found["barred"]:
            yield f"          never linked: {found['barred']}"
    more = answer["owner_count"] - len(answer["candidates"])
    if more > 0:
        yield f"          and {more_words(more, answer['owner_count'])}"


def _evidence(words: str, points: int) -> str:
    return f"{words} ({points:+d})" if points else words


def _row(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"{name:<10}{text}"


def _run_file(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    for name in ("account", "dialled", "day"):
        if getattr(options, name):
            parser.error(f"--{name} is for one number")
    if options.verification != _UNVERIFIED:
        parser.error("--verification is for one number")
    if options.file == "-" and options.key_from_stdin:
        parser.error("--file - and --key-from-stdin both read standard input")
    from crmdesk.cli.match_file import match_file

    return match_file(options, line_of)
