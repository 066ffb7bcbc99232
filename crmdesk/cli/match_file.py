"""`crmdesk match --file`: a million numbers, an answer for each in the order they came."""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import chain, islice
from json import JSONEncoder
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from crmdesk.cli.opening import load_settings, open_store_of
from crmdesk.cli.progress import run_job
from crmdesk.desk.caller import LookUp
from crmdesk.desk.matching.bulk import BulkMatcher, count_lines, in_columns, read_lines
from crmdesk.desk.matching.json_form import linked_name, short_match_to_json
from crmdesk.domain.errors import UserFacingError
from crmdesk.store.number_index import NumberIndex

if TYPE_CHECKING:
    from crmdesk.cli.progress import Reporter
    from crmdesk.domain.matches import Match
    from crmdesk.matching.lookup import OwnerLookup
    from crmdesk.settings.model import LineSettings, Settings
    from crmdesk.store import Reader

FEW = 5_000
"""Up to so many numbers are asked of the store one by one; an index in memory takes longer to
make than they take."""

_encode = JSONEncoder().encode

LineOf = Callable[["Settings", str | None], "LineSettings"]


def match_file(options: argparse.Namespace, line_of: LineOf) -> int:
    """Answers every line of a file."""
    return run_job(options, partial(_work, options, line_of), _print_summary)


def _work(options: argparse.Namespace, line_of: LineOf, reporter: Reporter) -> dict[str, Any]:
    began = time.monotonic()
    settings = load_settings(options)
    line = line_of(settings, options.line)
    write = _as_json if options.json else _as_columns
    with _numbers(options.file) as stream, _answers(options) as out:
        total = count_lines(stream) if stream.seekable() else None
        job = partial(_answer_all, stream, out, write, (line, settings), total, reporter)
        with open_store_of(options) as store:
            return _with_rate(store.read(job).result(), began)


def _answer_all(
    stream: BinaryIO,
    out: TextIO | None,
    write: Callable[[Match], str],
    rules: tuple[LineSettings, Settings],
    total: int | None,
    reporter: Reporter,
    reader: Reader,
) -> dict[str, Any]:
    """Runs on the store's reader thread."""
    line, settings = rules
    texts = read_lines(stream)
    first = list(islice(texts, FEW + 1))
    lookup: OwnerLookup = reader
    if len(first) > FEW:
        lookup = NumberIndex(reader, lambda _, __: reporter.progress(0, total, "reading numbers"))
    today = datetime.now().astimezone().date()
    matcher = BulkMatcher(lookup, LookUp.of(line, settings), line.id, today)
    count = 0
    for count, text in enumerate(chain(first, texts), start=1):
        reporter.progress(count, total, "matching")
        match = matcher.match(text)
        if out is not None:
            out.write(write(match) + "\n")
    return {"numbers": count, "states": dict(matcher.states.most_common())}


def _with_rate(result: dict[str, Any], began: float) -> dict[str, Any]:
    seconds = time.monotonic() - began
    rate = result["numbers"] / seconds if seconds else 0.0
    return {**result, "seconds": round(seconds, 1), "rate": round(rate)}


def _as_json(match: Match) -> str:
    return _encode(short_match_to_json(match))


def _as_columns(match: Match) -> str:
    key = str(match.customer_id or "")
    return in_columns((match.number.raw, match.state, match.rule, key, linked_name(match)))


@contextmanager
def _numbers(place: str) -> Iterator[BinaryIO]:
    """The file, or standard input.

    Raises:
        UserFacingError: It cannot be read.
    """
    if place == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(place).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        raise UserFacingError(
            f"The file {place} cannot be read: {error.strerror or error}.",
            "Nothing was looked up.",
            "Give --file a text file with a number on each line, or - for standard input.",
        ) from None
    with stream:
        yield stream


@contextmanager
def _answers(options: argparse.Namespace) -> Iterator[TextIO | None]:
    """Where the answers go; None where a parent wants progress only.

    Raises:
        UserFacingError: The file cannot be written.
    """
    if options.out is None:
        yield None if options.progress else _standard_output()
        return
    try:
        out = options.out.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserFacingError(
            f"The file {options.out} cannot be written: {error.strerror or error}.",
            "Nothing was looked up.",
            "Give --out a file in a folder that is yours.",
        ) from None
    with out:
        yield out


def _standard_output() -> TextIO:
    """Standard output; what its encoding has no sign for is written as an escape."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return sys.stdout


def _print_summary(result: dict[str, Any]) -> None:
    sys.stdout.flush()
    states = ", ".join(f"{state} {count:,}" for state, count in result["states"].items())
    words = f"{result['numbers']:,} numbers: {states}." if states else "There are no numbers."
    print(f"{words} {result['seconds']:.1f} s, {result['rate']:,.0f} a second.", file=sys.stderr)
