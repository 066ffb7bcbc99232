"""`crmdesk ledger`: what became of each event of the phone lines."""

from __future__ import annotations

import argparse
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given, output
from crmdesk.cli.opening import add_store_options, open_store_of
from crmdesk.domain.ledger import LedgerFilter, LedgerOutcome, LedgerRule
from crmdesk.domain.matches import MatchRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmdesk.domain.ledger import LedgerLine, LedgerPage
    from crmdesk.store import Reader, Store

PAGE = 500
_OUTCOMES = ", ".join(LedgerOutcome)
_RULE_WIDTH = max(len(rule) for rule in (*LedgerRule, *MatchRule))


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk ledger --help`."""
    options = _parser().parse_args(argv)
    wanted = LedgerFilter(
        text=options.text,
        outcomes=tuple(options.outcome or ()),
        since=options.since,
        call_id=options.call,
    )
    with open_store_of(options) as store:
        shown = 0
        for shown, line in enumerate(_lines(store, wanted, options.limit), start=1):  # noqa: B007
            print_line(line, as_json=options.json)
    if not shown and not options.json:
        is_empty = wanted == LedgerFilter()
        print("The ledger is empty: no calls were followed yet." if is_empty else "No line fits.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk ledger",
        description="Print what became of each event of the phone lines, newest first: card"
        " shown or not, by which rule, and how long it took.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--limit", type=given.count, default=100, help="at most so many (default 100)"
    )
    parser.add_argument("--since", type=given.moment, help="from this day or time (ISO 8601)")
    parser.add_argument(
        "--outcome",
        action="append",
        type=_outcome,
        metavar="OUTCOME",
        help=f"only these (repeatable): {_OUTCOMES}",
    )
    parser.add_argument("--call", type=_call, metavar="ID", help="only events of this call")
    parser.add_argument("--text", default="", help="part of the words, the phone or the digits")
    add_store_options(parser)
    return parser


def _outcome(text: str) -> LedgerOutcome:
    try:
        return LedgerOutcome(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {_OUTCOMES}") from None


def _call(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no id of a call; `crmdesk calls --json` prints them"
        ) from None


def _lines(store: Store, wanted: LedgerFilter, limit: int) -> Iterator[LedgerLine]:
    before: int | None = None
    while limit > 0:
        page = store.read(partial(_page, wanted, before, min(limit, PAGE))).result()
        yield from page.lines
        limit -= len(page.lines)
        before = page.next
        if before is None:
            return


def _page(wanted: LedgerFilter, before: int | None, size: int, reader: Reader) -> LedgerPage:
    return reader.ledger(wanted, before, size)


def print_line(line: LedgerLine, *, as_json: bool) -> None:
    """Prints a line, for people or programs."""
    if as_json:
        output.print_json(line_object(line))
    else:
        print(line_text(line))


def line_object(line: LedgerLine) -> dict[str, Any]:
    """All that is known of a line; `millis` and `call` are null where there is nothing."""
    return {
        "sequence": line.sequence,
        "at": line.at.isoformat(),
        "line": line.line_id,
        "event": line.event,
        "outcome": line.outcome,
        "rule": line.rule,
        "call": str(line.call_id) if line.call_id else None,
        "extension": line.extension,
        "digits": line.digits,
        "candidates": line.candidates,
        "millis": None if line.millis is None else round(line.millis, 1),
        "words": line.words,
    }


def line_text(line: LedgerLine) -> str:
    """A line in columns: when (local time), what came of it, and the sentence."""
    when = line.at.astimezone()
    millis = when.microsecond // 1000
    rule = f"{line.rule:<{_RULE_WIDTH}}"
    return f"{when:%Y-%m-%d %H:%M:%S}.{millis:03}  {line.outcome:<10}  {rule}  {line.words}"
