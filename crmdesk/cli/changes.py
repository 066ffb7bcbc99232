"""`crmdesk changes`: what was changed, and taking a step of it back."""

from __future__ import annotations

import argparse
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from crmdesk.cli import given
from crmdesk.cli.opening import add_store_options, load_settings, open_store_of, who_of
from crmdesk.cli.output import print_json, print_lines
from crmdesk.cli.progress import add_job_options, run_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmdesk.cli.progress import Reporter
    from crmdesk.domain.changes import ChangePage, ChangePlace, ChangeSet
    from crmdesk.store import Reader, Store

PAGE = 200


def run(argv: list[str]) -> int:
    """Runs the command; see `crmdesk changes --help`."""
    options = _parser().parse_args(argv)
    if options.undo is not None:
        show = print_json if options.json else _print_undone
        return run_job(options, partial(_undo, options), show)
    with open_store_of(options) as store:
        shown = 0
        for shown, change in enumerate(_changes(store, options.limit), start=1):  # noqa: B007
            _print(change, as_json=options.json)
    if not shown and not options.json:
        print("Nothing was changed yet.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmdesk changes",
        description="List what was said of numbers, imports, merges and bulk fixes, newest"
        " first, and take one of them back.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--limit", type=given.count, default=50, help="at most so many (default 50)"
    )
    parser.add_argument("--undo", type=_change_id, metavar="ID", help="take this change back")
    add_job_options(parser)
    add_store_options(parser)
    return parser


def _change_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id of a change") from None


def _changes(store: Store, limit: int) -> Iterator[ChangeSet]:
    before: ChangePlace | None = None
    while limit > 0:
        page = store.read(partial(_page, before, min(limit, PAGE))).result()
        yield from page.changes
        limit -= len(page.changes)
        before = page.next
        if before is None:
            return


def _page(before: ChangePlace | None, size: int, reader: Reader) -> ChangePage:
    return reader.changes(before, size)


def _print(change: ChangeSet, *, as_json: bool) -> None:
    from crmdesk.desk.taking_back import size_words, state_words

    if as_json:
        print_json(_object(change))
        return
    state = state_words(change)
    about = ", ".join(filter(None, (change.who, size_words(change), state)))
    at = f"{change.at.astimezone():%Y-%m-%d %H:%M}"
    print_lines([f"{change.id}  {at}  {change.title}  [{about}]"])


def _object(change: ChangeSet) -> dict[str, Any]:
    return {
        "id": str(change.id),
        "kind": change.kind,
        "title": change.title,
        "who": change.who,
        "at": change.at.isoformat(),
        "rows": change.rows,
        "created": change.created,
        "state": change.state,
        "undone_at": change.undone_at.isoformat() if change.undone_at else None,
        "undone_by": change.undone_by,
        "kept": change.kept,
    }


def _undo(options: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from crmdesk.desk.taking_back import take_back
    from crmdesk.store.changes import refusals

    who = who_of(options, load_settings(options))
    with open_store_of(options) as store:
        change = store.read(lambda reader: reader.change_set(options.undo)).result()
        if change is None:
            raise refusals.unknown_change()
        told = partial(_told, reporter)
        result = take_back(store, change, who, told)
    return {
        "change": str(change.id),
        "title": change.title,
        "restored": result.restored,
        "kept": result.kept,
    }


def _told(reporter: Reporter, done: int, of: int) -> None:
    reporter.progress(done, of, "taking back")


def _print_undone(plain: dict[str, Any]) -> None:
    from crmdesk.desk.taking_back import result_words
    from crmdesk.domain.changes import UndoResult

    words = result_words(UndoResult(plain["restored"], plain["kept"]))
    print_lines([f"Taken back: {plain['title']}.", *filter(None, words)])
